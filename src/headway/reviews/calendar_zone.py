"""What a time zone's clocks do, as iCalendar tells it (VTIMEZONE, RFC 5545 3.6.5), from the zones Python knows.

Where a change recurs on the same day of every year (the last Sunday in March), it is told as a yearly rule, which
holds for ever; any other change is told by itself. Lists of dates (RDATE) would be shorter and are not used: readers
were found that take the first date of a list and forget the rest.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from headway.reviews.recurrence import CODES
from headway.reviews.rhythm import zone_of

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LEAST_YEARS = 3  # of one rule, until it counts as one


@dataclass(frozen=True, slots=True)
class Change:
    """The clocks change. `local`: what they show the moment before, as a time without zone."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str


@lru_cache(maxsize=512)
def zone_text(name: str, first_year: int, last_year: int) -> Timezone:
    """The zone from the first until the last year, as a component. UserError where there is none of this name."""
    zone = zone_of(name)
    begin = datetime(first_year, 1, 1, tzinfo=UTC)
    told = Timezone()
    told.add("tzid", name)
    offset = _offset(begin, name)
    start = begin.astimezone(zone)
    _observe(told, Change(start.replace(tzinfo=None), offset, offset, start.tzname() or name), None)
    for group in _groups(_changes(name, begin, datetime(last_year + 1, 1, 1, tzinfo=UTC))):
        rule = _yearly(group, last_year)
        for change in group[:1] if rule else group:
            _observe(told, change, rule)
    return told


def _changes(name: str, begin: datetime, end: datetime) -> list[Change]:
    zone, found, at = zone_of(name), [], begin
    while at < end:
        before, after = _offset(at, name), _offset(at + DAY, name)
        if before != after:
            low, high = at, at + DAY
            while high - low > MINUTE:
                middle = low + (high - low) // 2
                low, high = (middle, high) if _offset(middle, name) == before else (low, middle)
            moment = high.replace(second=0, microsecond=0)
            local = (moment + before).replace(tzinfo=None)
            found.append(Change(local, before, after, moment.astimezone(zone).tzname() or name))
        at += DAY
    return found


def _groups(changes: list[Change]) -> list[list[Change]]:
    """Changes that may be one rule: from the same offset to the same, in the same month."""
    found: dict[tuple[timedelta, timedelta, int], list[Change]] = defaultdict(list)
    for change in changes:
        found[change.before, change.after, change.local.month].append(change)
    return list(found.values())


def _yearly(group: list[Change], last_year: int) -> str | None:
    """The rule of these changes: one each year up to the last, on the same weekday of the month at the same time."""
    years = [change.local.year for change in group]
    if len(years) < LEAST_YEARS or years != list(range(years[0], last_year + 1)):
        return None
    if len({(change.local.weekday(), change.local.time()) for change in group}) > 1:
        return None
    nths = {(change.local.day - 1) // 7 + 1 for change in group}
    last = all((change.local + timedelta(days=7)).month != change.local.month for change in group)
    if not last and len(nths) > 1:
        return None
    local = group[0].local
    return f"FREQ=YEARLY;BYMONTH={local.month};BYDAY={-1 if last else nths.pop()}{CODES[local.weekday()]}"


def _observe(told: Timezone, change: Change, rule: str | None) -> None:
    observed = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    observed.add("dtstart", change.local)
    if rule:
        observed.add("rrule", vRecur.from_ical(rule))
    observed.add("tzname", change.name)
    observed.add("tzoffsetfrom", change.before)
    observed.add("tzoffsetto", change.after)
    told.add_component(observed)


def _offset(moment: datetime, name: str) -> timedelta:
    return moment.astimezone(zone_of(name)).utcoffset() or timedelta()
