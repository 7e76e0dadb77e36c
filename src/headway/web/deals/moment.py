"""Which moment a deal's page is about: the present, or the end of a past day as it was known then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from headway.basics.periods import AsOf
from headway.store.queries.clock import shown_at
from headway.store.queries.deal_page import DealRow
from headway.web.requests import Inside

FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Moment:
    """`past_on`: the day asked for, None for the present. `problem`: why the day asked for is not shown."""

    as_of: AsOf
    past_on: date | None = None
    problem: str = ""

    @property
    def at(self) -> datetime:
        """The moment shown."""
        return self.as_of.at


def moment_of(request: Inside, deal: DealRow) -> Moment:
    """From `?on=2026-09-20`. A deal that people touched lives in the present, also where the data's day is past."""
    shown = shown_at(request.access.workspace, request.now)
    at = request.now if deal.touched_at is not None and deal.touched_at > shown else shown
    present, asked = AsOf.moment(at), request.GET.get("on", "").strip()
    if not asked:
        return Moment(present)
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return Moment(present, problem="That is no day: pick one, or write it as 2026-09-20.")
    if day >= at.date():
        return Moment(present, problem="That day is not over: this is the deal as it is known now." * (day > at.date()))
    if day.year < FIRST_YEAR:
        return Moment(present, problem=f"Days begin in {FIRST_YEAR} here: pick a later one.")
    return Moment(AsOf.end_of(day), day)


def today_of(request: Inside) -> date:
    """Today where the workspace is."""
    return request.now.astimezone(ZoneInfo(request.access.workspace.zone)).date()


def moment_on(request: Inside, day: date) -> datetime:
    """An instant on that day where the workspace is: now where it is today, else at noon."""
    today = today_of(request)
    if day == today:
        return request.now
    if day == today - timedelta(days=1):
        return request.now - timedelta(days=1)
    return datetime.combine(day, time(12), ZoneInfo(request.access.workspace.zone)).astimezone(UTC)
