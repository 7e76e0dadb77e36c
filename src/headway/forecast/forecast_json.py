"""A forecast as JSON text and back: how it is kept between the job that makes it and the pages that show it.

What a text lacks of the newer fields gets their defaults, and what it has of unknown ones is left out. Chances and
weeks, of which every deal has dozens, are lists in the order of their fields; everything else is named.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any, Union, get_args, get_origin, get_type_hints

from headway.forecast.value import Chance, DealForecast, Forecast, Week

VERSION = 1
PACKED = (Chance, Week)
# One for all: a deal has dozens of lists, and none of them holds itself.
ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), allow_nan=False)
Turn = Callable[[Any], Any] | None  # None: as it is


def to_json(forecast: Forecast) -> str:
    """The forecast as JSON: instants in ISO 8601 UTC, no needless space. ValueError for a figure that is not finite."""
    return ENCODER.encode({"version": VERSION} | _writing(Forecast)(forecast))


def from_json(text: str) -> Forecast:
    """The forecast that `to_json` wrote. ValueError for any other text, and for another version's."""
    try:
        data = json.loads(text)
        if data["version"] != VERSION:
            raise ValueError(f"it is of version {data['version']}, not {VERSION}")
        found: Forecast = _reading(Forecast)(data)
        return found
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"this is not a forecast that can be shown ({error}); analyse again") from error


def deal_to_json(deal: DealForecast) -> str:
    """The forecast of one deal as JSON, by itself. ValueError for a figure that is not finite."""
    return ENCODER.encode(_writing(DealForecast)(deal))


def deal_from_json(text: str) -> DealForecast:
    """The forecast of a deal that `deal_to_json` wrote. ValueError for any other text."""
    try:
        found: DealForecast = _reading(DealForecast)(json.loads(text))
        return found
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"this is not a deal's forecast that can be shown ({error}); analyse again") from error


@cache
def _writing(kind: Any) -> Callable[[Any], Any]:
    """From a dataclass to what JSON holds; worked out once per class, for there are a hundred thousand deals."""
    names = tuple(field.name for field in fields(kind))
    read, turns = attrgetter(*names), tuple(_write(hint) for hint in _hints(kind, names))
    if not any(turns):
        return (
            (lambda value: list(read(value)))
            if kind in PACKED
            else lambda value: dict(zip(names, read(value), strict=True))
        )

    def values(value: Any) -> list[Any]:
        return [v if turn is None or v is None else turn(v) for v, turn in zip(read(value), turns, strict=True)]

    return values if kind in PACKED else lambda value: dict(zip(names, values(value), strict=True))


@cache
def _reading(kind: Any) -> Callable[[Any], Any]:
    """From what JSON holds to the dataclass."""
    names = tuple(field.name for field in fields(kind))
    turns = dict(zip(names, (_read(hint) for hint in _hints(kind, names)), strict=True))
    needed = tuple(f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING)

    def value(name: str, data: Any) -> Any:
        turn = turns[name]
        return data if turn is None or data is None else turn(data)

    def made(data: Any) -> Any:
        told = dict(zip(names, data, strict=False)) if kind in PACKED else data
        missing = [name for name in needed if name not in told]
        if missing:
            raise ValueError(f"{kind.__name__} lacks {', '.join(missing)}")
        return kind(**{name: value(name, told[name]) for name in names if name in told})

    return made


def _hints(kind: Any, names: tuple[str, ...]) -> list[Any]:
    hints = get_type_hints(kind)
    return [_without_none(hints[name]) for name in names]


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (one for one in get_args(hint) if one is not types.NoneType)
    return hint


def _write(hint: Any) -> Turn:
    if _is_value(hint):
        return _writing(hint)
    if hint is datetime:
        return lambda value: value.isoformat().replace("+00:00", "Z")
    if hint is date:
        return date.isoformat
    if get_origin(hint) is not tuple:
        return None
    item = _write(_without_none(get_args(hint)[0])) if _is_many(hint) else None
    return list if item is None else lambda value: [item(one) for one in value]


def _read(hint: Any) -> Turn:
    if _is_value(hint):
        return _reading(hint)
    if hint is datetime:
        return datetime.fromisoformat
    if hint is date:
        return date.fromisoformat
    if get_origin(hint) is not tuple:
        return None
    item = _read(_without_none(get_args(hint)[0])) if _is_many(hint) else None
    return tuple if item is None else lambda value: tuple(item(one) for one in value)


def _is_value(hint: Any) -> bool:
    return is_dataclass(hint)


def _is_many(hint: Any) -> bool:
    """Whether it is `tuple[X, ...]`; a tuple of given places, as in `Moved.causes`, holds only what JSON has."""
    return len(get_args(hint)) == 2 and get_args(hint)[1] is Ellipsis
