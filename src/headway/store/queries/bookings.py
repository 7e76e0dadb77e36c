"""What periods brought: amounts of deals won, to hold calls against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from django.db.models import Q, Sum

from headway.forecast.value import Period
from headway.store.models import Deal
from headway.store.queries.access import Access
from headway.store.queries.calls import OWNER, TEAM, Scope
from headway.store.queries.rates import rates_in_force, worth_of

MOST_PERIODS = 40


def booked_in(
    access: Access, periods: Iterable[Period], currency: str | None, on: date
) -> dict[tuple[Scope, Period], float]:
    """What was won in each period (days in UTC), of all deals and by team and owner; 0 where nothing was.

    In `currency`, by the rates in force `on` that day; at most 40 periods, in two queries.
    """
    asked = list(dict.fromkeys(periods))[:MOST_PERIODS]
    if not asked:
        return {}
    names = {f"in_{place}": period for place, period in enumerate(asked)}
    worth = worth_of(currency or access.workspace.currency, rates_in_force(access.workspace, on))
    sums = {name: Sum(worth, filter=_within(period), default=0) for name, period in names.items()}
    rows = (
        Deal.objects.filter(workspace=access.workspace, is_live=True, outcome="won", amount__gt=0)
        .values("team", "owner__name")
        .annotate(**sums)
    )
    found: dict[tuple[Scope, Period], float] = {(Scope("all"), period): 0.0 for period in asked}
    for row in cast(Iterable[dict[str, Any]], rows):
        scopes = (Scope("all"), Scope(TEAM, row["team"] or ""), Scope(OWNER, row["owner__name"] or ""))
        for name, period in names.items():
            for scope in scopes:
                found[scope, period] = found.get((scope, period), 0.0) + float(row[name])
    return found


def _within(period: Period) -> Q:
    first = datetime.combine(period.starts_on, time(), UTC)
    after = datetime.combine(period.ends_on + timedelta(days=1), time(), UTC)
    return Q(decided_at__gte=first, decided_at__lt=after)
