"""A diagnosis as JSON text: the versioned schema that `docs/generated/diagnosis.schema.json` shows."""

from __future__ import annotations

import dataclasses
import json
import math
from datetime import date, datetime
from typing import Any

from headway.diagnosis.value import Diagnosis


def json_text(diagnosis: Diagnosis, *, indent: int | None = 1) -> str:
    """The diagnosis as JSON: keys in the order of the value, instants in ISO 8601 UTC, no NaN.

    `indent` None: on one line, in a third of the time; for what is kept rather than read.
    """
    separators = (",", ":") if indent is None else None
    return json.dumps(plain(diagnosis), ensure_ascii=False, indent=indent, separators=separators, allow_nan=False)


def plain(value: Any) -> Any:
    """Dataclasses to dictionaries, tuples to lists, instants and dates to ISO text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a figure of the diagnosis is not finite")
    return value
