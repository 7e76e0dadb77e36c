"""Periods that totals are forecast for: calendar quarters and months, or any span of days.

They are written `2026-Q4`, `2026-11` or `2026-10-01..2026-12-31`, in commands and addresses alike, and named
`Q4 2026`, `November 2026`, `1 Oct to 15 Dec 2026`. Weeks of a period are counted from its first day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from headway.basics.errors import UserError
from headway.forecast.value import Period

Kind = Literal["quarter", "month"]

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WRITTEN = re.compile(r"(\d{4})-(?:Q([1-4])|(0[1-9]|1[0-2]))", re.ASCII | re.IGNORECASE)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1900, 2999
LONGEST_DAYS = 1_100  # about three years


def period_of(day: date, kind: Kind = "quarter") -> Period:
    """The calendar quarter or month that holds `day`."""
    if kind not in ("quarter", "month"):
        raise ValueError(f"a period is a quarter or a month, not {kind!r}")
    months = 3 if kind == "quarter" else 1
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return _named(first, _months_later(first, months) - DAY)


def period_between(starts_on: date, ends_on: date) -> Period:
    """Any span of days, both included; a whole calendar quarter or month gets its name. ValueError if it ends first."""
    if ends_on < starts_on:
        raise ValueError(f"a period ends no earlier than it starts, not {starts_on} to {ends_on}")
    return _named(starts_on, ends_on)


def parsed(text: str) -> Period:
    """The period that is written as `2026-Q4`, `2026-11` or `2026-10-01..2026-12-31`; UserError for anything else."""
    written = " ".join(text.split())
    short = WRITTEN.fullmatch(written)
    if short and FIRST_YEAR <= int(short[1]) <= LAST_YEAR:
        month = 3 * int(short[2]) - 2 if short[2] else int(short[3])
        return period_of(date(int(short[1]), month, 1), "quarter" if short[2] else "month")
    first, two_dots, last = written.partition("..")
    starts_on, ends_on = _day(first), _day(last)
    if not two_dots or starts_on is None or ends_on is None:
        raise UserError(f"`{written[:40]}` is no period: write 2026-Q4, 2026-11 or 2026-10-01..2026-12-31.")
    if ends_on < starts_on:
        raise UserError(f"The period {written} ends before it starts: write the earlier day first.")
    if (ends_on - starts_on).days >= LONGEST_DAYS:
        raise UserError(f"The period {written} is too long: write one of at most three years.")
    return period_between(starts_on, ends_on)


def key_of(period: Period) -> str:
    """How the period is written: what `parsed` reads."""
    kind = kind_of(period)
    first = period.starts_on
    if kind == "quarter":
        return f"{first.year}-Q{_quarter(first)}"
    if kind == "month":
        return f"{first.year}-{first.month:02}"
    return f"{first.isoformat()}..{period.ends_on.isoformat()}"


def kind_of(period: Period) -> Kind | None:
    """Whether it is a whole calendar quarter or month; None for any other span."""
    first, after = period.starts_on, period.ends_on + DAY
    if first.day != 1 or after.day != 1:
        return None
    months = 12 * (after.year - first.year) + after.month - first.month
    if months == 1:
        return "month"
    return "quarter" if months == 3 and first.month % 3 == 1 else None


def previous(period: Period) -> Period:
    """The period just before it: the quarter or month before, else as many days."""
    kind = kind_of(period)
    if kind:
        return period_of(period.starts_on - DAY, kind)
    return period_between(period.starts_on - (period.ends_on - period.starts_on) - DAY, period.starts_on - DAY)


def following(period: Period) -> Period:
    """The period just after it: the next quarter or month, else as many days."""
    kind = kind_of(period)
    if kind:
        return period_of(period.ends_on + DAY, kind)
    return period_between(period.ends_on + DAY, period.ends_on + DAY + (period.ends_on - period.starts_on))


def weeks_of(period: Period) -> tuple[date, ...]:
    """The last day of each week of the period, counted from its first day; the last one is the period's end.

    Under four days that are left over belong to the week before, so a quarter has 13 weeks and a month 4.
    """
    days = (period.ends_on - period.starts_on).days + 1
    weeks = max((days + 3) // 7, 1)
    return (*(period.starts_on + week * WEEK - DAY for week in range(1, weeks)), period.ends_on)


def week_of(period: Period, day: date) -> int:
    """Which week of the period holds `day`, from 1; 0 before it starts, the last one after it ended."""
    if day < period.starts_on:
        return 0
    return min((day - period.starts_on).days // 7 + 1, len(weeks_of(period)))


def horizon_days(period: Period, on: date) -> int:
    """Days from the end of `on` to the end of the period; 0 once it is over."""
    return max((period.ends_on - on).days, 0)


def _named(starts_on: date, ends_on: date) -> Period:
    kind = kind_of(Period("", starts_on, ends_on))
    if kind == "quarter":
        return Period(f"Q{_quarter(starts_on)} {starts_on.year}", starts_on, ends_on)
    if kind == "month":
        return Period(f"{MONTHS[starts_on.month - 1]} {starts_on.year}", starts_on, ends_on)
    if starts_on == ends_on:
        return Period(_day_text(ends_on, ends_on.year - 1), starts_on, ends_on)
    name = f"{_day_text(starts_on, ends_on.year)} to {_day_text(ends_on, ends_on.year - 1)}"
    return Period(name, starts_on, ends_on)


def _day_text(day: date, told_year: int) -> str:
    """`1 Oct`, with its year unless that is told already."""
    said = f"{day.day} {MONTHS[day.month - 1][:3]}"
    return said if day.year == told_year else f"{said} {day.year}"


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def _months_later(first: date, months: int) -> date:
    year, month = divmod(first.month - 1 + months, 12)
    return date(first.year + year, month + 1, 1)


def _day(text: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip(), re.ASCII):
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
