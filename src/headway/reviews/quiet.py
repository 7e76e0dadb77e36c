"""When somebody is told and when not: the hour of the digest, quiet hours, in their own time zone.

Everything is settled in instants: a wall clock that is put forward or back neither skips a digest nor doubles one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY = timedelta(days=1)


def zone_of(name: str) -> ZoneInfo:
    """The zone of this name; UTC for one that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def moment_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which clocks of `zone` show `clock` of `day` or later.

    A time that is left out when clocks go forward falls on the moment of the change, one that comes twice on its first.
    Never decreases as `day` and `clock` grow.
    """
    wall = datetime.combine(day, clock.replace(tzinfo=None))
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == wall:
        return late
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)  # before the change; `late` is after it
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        before = middle.astimezone(zone).replace(tzinfo=None) < wall
        early, late = (middle, late) if before else (early, middle)
    return late.replace(microsecond=0)


def digest_day(at: datetime, zone: ZoneInfo, digest_at: time, weekdays: str) -> date | None:
    """The local day whose digest is due at this instant: today, once its hour has come, if it is a chosen weekday.

    A day that has gone by is never made up for: the next digest says all that is still open. `weekdays`: digits, 0
    Monday to 6 Sunday.
    """
    today = at.astimezone(zone).date()
    if str(today.weekday()) not in weekdays or at < moment_of(today, digest_at, zone):
        return None
    return today


def next_digest_day(day: date, weekdays: str) -> date:
    """The first chosen weekday after `day`; the day after it where none is chosen."""
    later = (day + n * DAY for n in range(1, 8))
    return next((found for found in later if str(found.weekday()) in weekdays), day + DAY)


def quiet_until(at: datetime, zone: ZoneInfo, quiet_from: time, until: time) -> datetime | None:
    """When the quiet hours end that hold at this instant; None outside of them. Equal times: there are none.

    Hours that reach past midnight belong to the day on which they begin.
    """
    if quiet_from == until:
        return None
    today = at.astimezone(zone).date()
    for begins_on in (today - DAY, today):
        ends_on = begins_on if quiet_from < until else begins_on + DAY
        ends = moment_of(ends_on, until, zone)
        if moment_of(begins_on, quiet_from, zone) <= at < ends:
            return ends
    return None
