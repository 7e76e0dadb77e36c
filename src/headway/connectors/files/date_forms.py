"""How one written date can be read: every reading that makes a real day, and none that is guessed."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from headway.connectors.files.months import MONTHS, folded, without_weekday


class DayOrder(Enum):
    """Which part of `03/04/05` comes first. Year first concerns years of two digits only: `2005-04-03` is plain."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    YEAR_FIRST = "year first"


class WrittenDay(NamedTuple):
    """A day as written, without its time of day.

    `parts` are (year, month, day) where the text says which is which, else None and `numbers` holds the three
    numbers as written with their `separator`. `short_year` says that the year has two digits.
    """

    parts: tuple[int, int, int] | None
    numbers: tuple[int, int, int] | None = None
    separator: str = ""
    short_year: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One value taken apart: a day with its time of day (microseconds after midnight) and the minutes east of UTC.

    Both are None where not stated. `instant` (microseconds since 1970, UTC) stands instead of a day for Unix times.
    """

    day: WrittenDay | None = None
    time: int | None = None
    offset: int | None = None
    instant: int | None = None


FIRST_YEAR, LAST_YEAR = 1900, 2199
_SPACES = re.compile("[\u00a0\u202f\u2009\u2007\t ]+")
_TIME = (
    r"(?P<hour>[0-9]{1,2})(?=[:.h][0-9]{2}| ?[ap]\.? ?m)"
    r"(?:[:.h](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?)?"
    r"(?: ?(?P<half>[ap])\.? ?m\.?)?(?: ?(?:uhr|uur))?"
)
_ZONE = r"(?P<zone>z|(?:utc|gmt)?[+\-\u2212][0-9]{2}(?::?[0-9]{2})?|utc|gmt)"
_BETWEEN = r"(?:t| ?, ?| (?:at |um |om |a las |as |a )?)"
_SPLIT = re.compile(rf"(?P<date>.*?[0-9.])(?:{_BETWEEN}{_TIME}(?: ?{_ZONE})?(?:\[[^\]]*\]| ?\([^)]*\))?)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:t?([0-9]{2})([0-9]{2})([0-9]{2})?(z)?)?")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.]) ?([0-9]{1,2})\2 ?([0-9]{4}|[0-9]{2})")
_WORD = r"([a-z]{3,})\.?"
_GAP = r"(?:[ ,./-]+(?:de |of |del )?|)"
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th|er|\.|º|°|ª)?"
_YEAR = r"(?:'?([0-9]{4}|[0-9]{2}))"
_DAY_MONTH = re.compile(rf"(?:le |den |el |the )?{_DAY}{_GAP}{_WORD}{_GAP}{_YEAR}")
_MONTH_DAY = re.compile(rf"{_WORD}[ ./-]*{_DAY}(?:, ?|[ ./-]+){_YEAR}")
_YEAR_MONTH = re.compile(rf"([0-9]{{4}}){_GAP}{_WORD}{_GAP}{_DAY}")
_EPOCH_UNITS = {10: 1_000_000, 13: 1_000, 16: 1}  # digits to microseconds: seconds, milli-, microseconds
_SERIAL = re.compile(r"[0-9]{1,7}(?:\.[0-9]+)?")
_DAY_US = 86_400_000_000


def taken_apart(text: str) -> Form | str:
    """The parts of a written date, or why it is none. Reads no order into `03/04/05`."""
    plain = _SPACES.sub(" ", text).strip()
    if len(plain) > 100:
        return "too long for a date"
    if plain.isascii() and plain.isdigit() and len(plain) in _EPOCH_UNITS:
        return Form(instant=int(plain) * _EPOCH_UNITS[len(plain)])
    lower = folded(plain)
    if lower[0:1].isalpha():
        lower = without_weekday(lower)
    compact = _COMPACT.fullmatch(lower)
    if compact:
        return _from_compact(compact)
    match = _SPLIT.fullmatch(lower)
    if match is None:
        return "not a date"
    time = _time_of(match)
    if isinstance(time, str):
        return time
    date = _date_of(match["date"].strip().rstrip("."))
    if isinstance(date, str):
        return date
    offset = _offset_of(match["zone"])
    if offset is not None and abs(offset) > 14 * 60:
        return "no such time zone"
    return Form(date, time, offset)


def from_serial(text: str) -> Form | str:
    """A day number as spreadsheets store dates (1 = 1 January 1900, 60 = the 29 February 1900 that never was)."""
    if not _SERIAL.fullmatch(text.strip()):
        return "not a day number"
    serial = float(text)
    days = int(serial)
    microseconds = round((serial - days) * 86_400_000) * 1000
    if days == 60 or days < 1:
        return "no such day"
    epoch = dt.date(1899, 12, 31) if days < 60 else dt.date(1899, 12, 30)
    try:
        day = epoch + dt.timedelta(days=days + microseconds // _DAY_US)
    except OverflowError:
        return "no such day"
    time = microseconds % _DAY_US
    return Form(WrittenDay((day.year, day.month, day.day)), time or None)


def _from_compact(match: re.Match[str]) -> Form | str:
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    time = None
    if match[4]:
        hour, minute, second = int(match[4]), int(match[5]), int(match[6] or 0)
        if hour > 23 or minute > 59 or second > 59:
            return "no such time of day"
        time = ((hour * 60 + minute) * 60 + second) * 1_000_000
    return Form(WrittenDay((year, month, day)), time, 0 if match[7] else None)


def _time_of(match: re.Match[str]) -> int | str | None:
    if match["hour"] is None:
        return None
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return "no such time of day"
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return "no such time of day"
    fraction = int((match["fraction"] or "0").ljust(6, "0")[:6])
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction


def _offset_of(zone: str | None) -> int | None:
    if zone is None:
        return None
    digits = re.sub(r"[^0-9]", "", zone)
    if not digits:
        return 0
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return minutes if "+" in zone else -minutes


@lru_cache(maxsize=65_536)  # a column has millions of moments, but only thousands of days
def _date_of(text: str) -> WrittenDay | str:
    if match := _YEAR_FIRST.fullmatch(text):
        return WrittenDay((int(match[1]), int(match[3]), int(match[4])))
    if match := _NUMERIC.fullmatch(text):
        short = len(match[4]) == 2
        return WrittenDay(None, (int(match[1]), int(match[3]), int(match[4])), match[2], short)
    for pattern, day, month, year in ((_DAY_MONTH, 1, 2, 3), (_MONTH_DAY, 2, 1, 3), (_YEAR_MONTH, 3, 2, 1)):
        if (match := pattern.fullmatch(text)) and match[month] in MONTHS:
            parts = (int(match[year]), MONTHS[match[month]], int(match[day]))
            return WrittenDay(parts, short_year=len(match[year]) == 2)
    if compact := _COMPACT.fullmatch(text):
        return WrittenDay((int(compact[1]), int(compact[2]), int(compact[3])))
    return "not a date"


def day_or_none(year: int, month: int, day: int) -> dt.date | None:
    """The day, or None where the calendar has no such day or the year is none that a CRM holds."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def ordered(numbers: tuple[int, int, int], order: DayOrder) -> tuple[int, int, int]:
    """Three numbers as written to (year, month, day)."""
    first, second, third = numbers
    if order is DayOrder.DAY_FIRST:
        return third, second, first
    if order is DayOrder.MONTH_FIRST:
        return third, first, second
    return first, second, third
