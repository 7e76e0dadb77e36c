"""A rewind as JSON text and back: how it is kept between the job that makes it and the pages that show it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from headway.diagnosis.json_text import plain
from headway.diagnosis.rewind_value import Level, Part, ProcessDay, Rewind, RewindDay, RewoundProcess

VERSION = 1
PARTS = ("evidenced", "unproven", "unobserved", "sandbagged")


def to_json(rewind: Rewind) -> str:
    """The rewind as JSON: keys in the order of the value, instants in ISO 8601 UTC, no NaN, no needless space."""
    return json.dumps({"version": VERSION} | plain(rewind), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> Rewind:
    """The rewind that `to_json` wrote. ValueError for any other text, and for another version's."""
    try:
        data = json.loads(text)
        if data["version"] != VERSION:
            raise ValueError(f"it is of version {data['version']}, not {VERSION}")
        return Rewind(
            as_of=datetime.fromisoformat(data["as_of"]),
            currency=data["currency"],
            processes=tuple(
                RewoundProcess(one["name"], one["version"], tuple(one["stages"])) for one in data["processes"]
            ),
            days=tuple(_day(day) for day in data["days"]),
            quarter_ends=tuple(date.fromisoformat(end) for end in data["quarter_ends"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"this is not a rewind that can be shown ({error}); make it again") from error


def _day(data: dict[str, Any]) -> RewindDay:
    processes = tuple(_process_day(one) for one in data["processes"])
    return RewindDay(**data | {"on": date.fromisoformat(data["on"]), "processes": processes})


def _process_day(data: dict[str, Any]) -> ProcessDay:
    return ProcessDay(**data | {"levels": tuple(_level(one) for one in data["levels"])})


def _level(data: dict[str, Any]) -> Level:
    return Level(**{name: _part(data[name]) for name in PARTS})


def _part(data: dict[str, Any]) -> Part:
    return Part(tuple(data["counts"]), tuple(data["amounts"]), data["without_amount"])
