"""A column of written dates to instants: the order of day and month from all values, or a question, never a guess."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from headway.connectors.files import iso_dates
from headway.connectors.files.centuries import full_years
from headway.connectors.files.date_forms import (
    FIRST_YEAR,
    LAST_YEAR,
    DayOrder,
    Form,
    WrittenDay,
    day_or_none,
    from_serial,
    taken_apart,
)
from headway.connectors.files.day_order import Contradiction, OrderFound, OrderKnown, order_of
from headway.connectors.files.distinct import DistinctColumn, Unreadable, distinct_column, is_missing

__all__ = ["Contradiction", "DateColumn", "DayOrder", "OrderKnown", "Unreadable", "ZoneKnown", "parse_dates"]

ZoneKnown = Literal["stated", "told", "assumed", "no time"]

_DAY_US = 86_400_000_000
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class DateColumn:
    """What a column of written dates says.

    `at` has one timestamp (microseconds, UTC) per row, null where missing, unreadable or undecided. A column
    whose values all stand at midnight holds days, not instants (`has_time` False): each is midnight UTC of the
    day as written, whatever the zone. `order_known` tells how the order of day and month was found; when it is
    *unknown* the column is `ambiguous` (ask, showing `example`, then parse again with `order`), or `contradiction`
    names a value that only fits day first and one that only fits month first. `zone_known` is *assumed* where
    a time was written without a zone and none was told: UTC was taken.
    """

    at: pa.Array
    has_time: bool
    zone_known: ZoneKnown
    order: DayOrder | None
    order_known: OrderKnown
    ambiguous: bool
    example: str | None
    contradiction: Contradiction | None
    unreadable: tuple[Unreadable, ...]
    missing: int

    @property
    def unreadable_count(self) -> int:
        """The number of rows with a value that could not be read."""
        return sum(value.count for value in self.unreadable)


def parse_dates(
    values: pa.Array | pa.ChunkedArray | Sequence[str | None],
    *,
    order: DayOrder | None = None,
    zone: ZoneInfo | None = None,
    excel_serials: bool = False,
    lines: pa.Array | Iterable[int] | None = None,
) -> DateColumn:
    """The dates in a column of strings (one per row), looked at as distinct values.

    `order` answers an earlier question about day and month and is obeyed; a value that does not fit it is
    unreadable. `zone` is where times without a zone were written. `excel_serials` allows day numbers (45355).
    `lines` gives each row's line for `Unreadable` and `Contradiction`. The method is in docs/methods/reading-files.md.
    """
    column = distinct_column(values, lines)
    missing_places = [is_missing(value) for value in column.values]
    per_value = np.bincount(column.codes[column.codes >= 0], minlength=len(column.values))
    missing = int((column.codes < 0).sum()) + int(per_value[np.array(missing_places, bool)].sum())
    plain = iso_dates.parsed(column.values, missing_places, zone) if not excel_serials else None
    if plain is not None:
        at, has_time, stated = plain
        known: ZoneKnown = _zone_known(has_time, stated, zone)
        return DateColumn(column.spread(at), has_time, known, None, "not needed", False, None, None, (), missing)
    forms: dict[int, Form] = {}
    why: dict[int, str] = {}
    for place, value in enumerate(column.values):
        if missing_places[place]:
            continue
        form = from_serial(value) if excel_serials else taken_apart(value)
        if isinstance(form, str) and excel_serials:
            form = taken_apart(value)
        if isinstance(form, str):
            why[place] = _hinted(form, value, excel_serials)
        else:
            forms[place] = form
    return _column(column, forms, why, order, zone, missing)


def _hinted(why: str, value: str, excel_serials: bool) -> str:
    digits = value.strip().split(".")[0]
    if not excel_serials and digits.isascii() and digits.isdigit() and len(digits) == 5:
        return "looks like a spreadsheet's day number: format the column as dates, or say that it holds day numbers"
    return why


def _column(
    column: DistinctColumn,
    forms: dict[int, Form],
    why: dict[int, str],
    order: DayOrder | None,
    zone: ZoneInfo | None,
    missing: int,
) -> DateColumn:
    places: dict[WrittenDay, int] = {}
    for place, form in forms.items():
        if form.day is not None:
            places.setdefault(form.day, place)
    found = order_of(places, order, column)
    ordinals, no_day = _ordinals(list(places), found)
    for place, form in forms.items():
        if form.day in no_day:
            why[place] = no_day[form.day]
    at, has_time, stated = _instants(forms, ordinals, len(column.values), zone)
    return DateColumn(
        at=column.spread(at),
        has_time=has_time,
        zone_known=_zone_known(has_time, stated, zone),
        order=found.order,
        order_known=found.known,
        ambiguous=found.example is not None,
        example=found.example,
        contradiction=found.contradiction,
        unreadable=column.unreadable(why),
        missing=missing,
    )


def _ordinals(days: list[WrittenDay], found: OrderFound) -> tuple[dict[WrittenDay, int], dict[WrittenDay | None, str]]:
    """The day number of each written day that is one, and why others are none; undecided ones are in neither."""
    no_day: dict[WrittenDay | None, str] = {}
    parts: dict[WrittenDay, tuple[int, int, int]] = {}
    for day in days:
        reading = day.parts if day.parts is not None else found.reading(day)
        if isinstance(reading, str):
            no_day[day] = reading
        elif reading is not None:
            parts[day] = reading
    ordinals: dict[WrittenDay, int] = {}
    for day, full in full_years(parts).items():
        real = day_or_none(*full)
        if real is not None:
            ordinals[day] = real.toordinal()
        else:
            no_day[day] = "no such day" if FIRST_YEAR <= full[0] <= LAST_YEAR else "the year is not plausible"
    return ordinals, no_day


def _zone_known(has_time: bool, stated: bool, zone: ZoneInfo | None) -> ZoneKnown:
    if not has_time:
        return "no time"
    if stated:
        return "stated"
    return "told" if zone is not None else "assumed"


def _instants(
    forms: dict[int, Form], ordinals: dict[WrittenDay, int], size: int, zone: ZoneInfo | None
) -> tuple[pa.Array, bool, bool]:
    """Microseconds UTC per distinct value, whether any has a time of day, whether each that has states its zone."""
    instants = np.zeros(size, np.int64)
    known = np.zeros(size, bool)
    usable = {place: form for place, form in forms.items() if form.day in ordinals or form.instant is not None}
    has_time = any(
        form.time or form.offset or (form.instant is not None and form.instant % _DAY_US) for form in usable.values()
    )
    stated = True
    for place, form in usable.items():
        if form.instant is not None:
            instants[place] = form.instant
        elif form.day is not None:
            midnight = (ordinals[form.day] - _EPOCH_DAY) * _DAY_US
            instants[place] = midnight + (form.time or 0)
            if has_time and form.time is not None:
                if form.offset is not None:
                    instants[place] -= form.offset * 60_000_000
                else:
                    stated = False
                    if zone is not None:
                        instants[place] = iso_dates.in_zone(int(instants[place]), zone)
        known[place] = True
    timestamps = pa.array(instants, pa.int64(), mask=~known).cast(pa.timestamp("us", "UTC"))
    return timestamps, has_time, stated
