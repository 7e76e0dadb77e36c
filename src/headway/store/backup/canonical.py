"""The one form in which a value stands in a backup, whichever database it came from, and the ways from and to it.

A row is a JSON array in the order of its table's columns, UTF-8, no blanks: instants as UTC to the microsecond,
decimals with all their places, JSON as text with sorted keys and whole numbers without a point, bytes as base64.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from headway.store.backup.schema import Column

Change = Callable[[Any], Any]
encode_row: Callable[[Sequence[Any]], str] = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")
).encode
_encode_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def expression(table: str, column: Column, vendor: str) -> str:
    """What to select so that the database hands the column over plainly."""
    name = f'"{table}"."{column.name}"'  # with its table: SQLite takes an unknown name alone for a text
    if vendor == "sqlite":
        return f"+{name}"  # an expression has no declared type, by which Django would convert it
    return {
        "decimal": f"{name}::text",
        "json": f"{name}::text",
        "date": f"{name}::text",
        "instant": f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
        "time": f"to_char({name}, 'HH24:MI:SS.US')",
    }.get(column.kind, name)


def from_database(column: Column, vendor: str, home: Path) -> Change | None:
    """How what was selected becomes canonical; None where it is so already. Values are never None."""
    if column.kind == "path":
        return lambda path: _below(path, home)
    changes: dict[str, Change] = {"json": canonical_json, "bytes": _base64, "float": _plain_float}
    if vendor == "sqlite":
        changes |= {"instant": _instant, "time": _time, "bool": bool}
        changes["decimal"] = lambda value: f"{_number(value):z.{column.places}f}"
    return changes.get(column.kind)


def to_database(column: Column, vendor: str, home: Path) -> Change | None:
    """How a canonical value becomes one to insert; None where it is so already. Values are never None."""
    if column.kind == "path":
        return lambda path: path if path.startswith("/") else str(home / path)
    changes: dict[str, Change] = {"bytes": base64.b64decode, "float": float}
    if vendor == "sqlite":
        changes |= {"instant": _naive, "time": _without_zeros, "bool": int}
    return changes.get(column.kind)


def canonical_json(text: str) -> str:
    """The same value as text with sorted keys, no blanks, and 2.0 written 2."""
    return text if text in ("{}", "[]") else _short_json(text) if len(text) < 400 else _json(text)


def _json(text: str) -> str:
    return _encode_json(json.loads(text, parse_float=_whole))


_short_json = lru_cache(maxsize=4096)(_json)  # proofs and reasons repeat


def _whole(text: str) -> float | int:
    """PostgreSQL keeps no difference between 2.0, 2e0 and 2."""
    value = float(text)
    return int(value) if value.is_integer() else value


def _plain_float(value: float) -> float | str:
    """Without a negative zero, which SQLite does not keep; what no JSON number can be is a word."""
    return value + 0.0 if math.isfinite(value) else repr(value)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _number(value: object) -> Any:
    """What SQLite holds of a decimal: it keeps most as floating point, which has places enough up to 15 digits."""
    return value if isinstance(value, float) else Decimal(str(value))


def _instant(text: str) -> str:
    """From what Django writes into SQLite: naive, UTC, without a fraction where it is zero."""
    if len(text) == 19:
        return f"{text[:10]}T{text[11:]}.000000Z"
    if len(text) == 26:
        return f"{text[:10]}T{text[11:]}Z"
    read = datetime.fromisoformat(text)
    aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _naive(text: str) -> str:
    return _without_zeros(f"{text[:10]} {text[11:-1]}")


def _time(text: str) -> str:
    return time.fromisoformat(text).isoformat("microseconds")


def _without_zeros(text: str) -> str:
    return text.removesuffix(".000000")


def _below(path: str, home: Path) -> str:
    """Relative to the home where it lies below it, so that a restored installation finds it in its own."""
    return Path(path).relative_to(home).as_posix() if Path(path).is_relative_to(home) else path
