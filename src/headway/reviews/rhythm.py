"""When a recurring review takes place: from its rule and local time to instants, right across daylight saving.

The local time is what people agreed on: ten o'clock stays ten o'clock where the team is, whatever the clock of the
world does. RFC 5545 (3.3.5) settles the two hours a year that are not plain: a time that the clocks skip is read with
the offset from before they were put on (02:30 takes place at 03:30), one that comes twice is the first of the two. An
occurrence on a holiday is dropped and not moved: nobody has agreed to another day, and a rhythm that pushes itself
into the next one is soon none. Method page: docs/methods/rhythm.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from headway.basics.errors import UserError
from headway.reviews.recurrence import Rule, read_rule

AT_MOST = 4_000  # occurrences of one answer: more than ten years of every day
MARGIN = timedelta(days=2)  # local days and instants are never further apart
LONGEST_GRACE = 7


@dataclass(frozen=True, slots=True)
class Recurring:
    """A recurring review. `first_on`, `starts`: local day and time in `zone` from which `rule` (an RRULE) counts."""

    first_on: date
    starts: time
    zone: str
    rule: str
    minutes: int


def occurrences(
    recurring: Recurring, since: datetime, until: datetime, holidays: Collection[date] = ()
) -> tuple[datetime, ...]:
    """When it takes place from `since` up to, not including, `until`: instants in UTC, ascending, each once.

    `holidays`: local days on which it does not. At most 4,000. UserError for a rule or zone that is none.
    """
    found = takewhile(lambda moment: moment < until, _instants(recurring, since, holidays))
    return tuple(islice(found, AT_MOST))


def next_occurrence(recurring: Recurring, since: datetime, holidays: Collection[date] = ()) -> datetime | None:
    """The first from `since` on; None only where holidays cover years."""
    return next(islice(_instants(recurring, since, holidays), 1), None)


def local_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant of a local time, in UTC: skipped ones by the offset before, of two the first."""
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


def local_day(moment: datetime, zone: str) -> date:
    """The day it is, there."""
    return moment.astimezone(zone_of(zone)).date()


def zone_of(name: str) -> ZoneInfo:
    """The time zone. UserError where there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UserError(f"There is no time zone {name[:64]!r}: write it as in Europe/Berlin.") from None


def grace_days(rule: Rule) -> int:
    """Whole days after its own on which a review may still be held, late: half the way to the next, at most seven."""
    return min(LONGEST_GRACE, int(rule.period_days / 2))


def _instants(recurring: Recurring, since: datetime, holidays: Collection[date]) -> Iterator[datetime]:
    zone, free = zone_of(recurring.zone), frozenset(holidays)
    rule = read_rule(recurring.rule)  # only what is known to be harmless reaches the library
    start = datetime.combine(recurring.first_on, recurring.starts.replace(tzinfo=None, fold=0))
    from_local = max(start, since.astimezone(UTC).replace(tzinfo=None) - MARGIN)
    last = None
    for local in islice(rrulestr(rule.text, dtstart=start).xafter(from_local, inc=True), 2 * AT_MOST):
        if local.date() in free:
            continue
        moment = local_instant(local.date(), local.time(), zone)
        if moment >= since and moment != last:  # two local days are one instant where a zone skips a day
            yield moment
            last = moment
