"""When an export was made, where its file name says so."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_HUBSPOT = re.compile(
    r"^hubspot-(?:crm-exports|custom-report)-.*?-?(\d{4}-\d{2}-\d{2})(?:-\d+)?(?:\D.*)?$", re.IGNORECASE
)


def exported_at(name: str, zone: ZoneInfo | None) -> datetime | None:
    """The end of the day (naive UTC) that a file's name says it was exported on, else None.

    HubSpot writes `hubspot-crm-exports-<view>-YYYY-MM-DD.csv`. What the file holds was known by that day's end.
    """
    found = _HUBSPOT.match(name)
    return end_of_day(found[1], zone) if found else None


def end_of_day(day: str, zone: ZoneInfo | None) -> datetime | None:
    """The last second of a day YYYY-MM-DD in a zone (UTC if None), as naive UTC; None if there is no such day."""
    try:
        midnight = datetime.combine(
            datetime.fromisoformat(day).date() + timedelta(days=1), time(), zone or ZoneInfo("UTC")
        )
    except (ValueError, OverflowError):
        return None
    return midnight.astimezone(ZoneInfo("UTC")).replace(tzinfo=None) - timedelta(seconds=1)
