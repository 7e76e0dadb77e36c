"""Time in the simulated firm: working days as real numbers, Monday to Friday, 08:00 to 18:00 UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

OPENS_AT, OPEN_HOURS = 8.0, 10.0
PRESSED_DAYS = 10  # the last calendar days of a quarter


@dataclass(frozen=True, slots=True)
class Workdays:
    """`moment` 12.5 is the middle of the 13th working day after `starts_on`, a Monday; `days` is how many there are."""

    starts_on: date
    days: int

    @classmethod
    def between(cls, starts_on: date, ends_before: date) -> Workdays:
        """From the Monday at or before `starts_on` to the last working day before `ends_before`."""
        monday = starts_on - timedelta(days=starts_on.weekday())
        weeks, rest = divmod((ends_before - monday).days, 7)
        return cls(monday, weeks * 5 + min(rest, 5))

    def day(self, moment: float) -> date:
        """The date of a moment; moments before the start fall before it."""
        return _date(self.starts_on, int(moment // 1))

    def instant(self, moment: float) -> datetime:
        """The instant (UTC, whole seconds) of a moment."""
        hours = OPENS_AT + OPEN_HOURS * (moment % 1)
        return datetime.combine(self.day(moment), time(), UTC) + timedelta(seconds=round(hours * 3600))

    def stamps(self, moments: NDArray[np.float64]) -> NDArray[np.str_]:
        """`instant` for many moments at once, written `2026-01-31T09:15:00`."""
        return np.datetime_as_string(self.instants(moments))

    def instants(self, moments: NDArray[np.float64]) -> NDArray[np.datetime64]:
        """`instant` for many moments at once, without a zone, in seconds."""
        whole = np.floor(moments).astype(np.int64)
        seconds = np.rint((OPENS_AT + OPEN_HOURS * (moments - whole)) * 3600).astype(np.int64)
        days = np.datetime64(self.starts_on, "D") + (whole // 5 * 7 + whole % 5)
        instants: NDArray[np.datetime64] = days.astype("datetime64[s]") + seconds.astype("timedelta64[s]")
        return instants

    def moment(self, day: date) -> float:
        """When a date begins; a weekend begins with the Monday after it."""
        weeks, weekday = divmod((day - self.starts_on).days, 7)
        return float(weeks * 5 + min(weekday, 5))

    def pressed(self, moment: float) -> bool:
        """Whether a moment lies in the last ten days of a calendar quarter."""
        return _pressed(self.starts_on, int(moment // 1))


@cache
def _date(starts_on: date, place: int) -> date:
    weeks, weekday = divmod(place, 5)
    return starts_on + timedelta(days=7 * weeks + weekday)


@cache
def _pressed(starts_on: date, place: int) -> bool:
    day = _date(starts_on, place)
    return (quarter_end(day) - day).days < PRESSED_DAYS


def quarter_end(day: date) -> date:
    """The last day of the calendar quarter of `day`."""
    return month_end(date(day.year, day.month + (-day.month) % 3, 1))


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)


def working(calendar_days: float) -> float:
    """About how many working days lie in so many calendar days."""
    return calendar_days * 5 / 7
