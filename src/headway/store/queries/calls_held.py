"""How far the calls of a workspace have been from what came true, as a figure of before and after."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Sum

from headway.basics.errors import UserError
from headway.forecast.calls import FEW_PERIODS, LEADER, score_of
from headway.forecast.calls import Call as PlainCall
from headway.forecast.period import parsed
from headway.forecast.value import Period
from headway.reviews.embedding import Figure
from headway.store.models import Call, Deal, Workspace
from headway.store.queries.rates import rates_in_force, worth_of

ALL = "all"
MOST_CALLS = 1_000


def calls_figure(workspace: Workspace, moment: datetime) -> Figure:
    """Calls for all deals, of periods that were over at `moment`, by whomever, as one; a share of what came true."""
    rows = Call.objects.filter(workspace=workspace, kind=ALL, voiding=None, recorded_at__lte=moment)
    called = [(row, period) for row in rows.order_by("-pk")[:MOST_CALLS] if (period := _period(row.period)) is not None]
    today = moment.astimezone(UTC).date()
    over = {period for _, period in called if period.ends_on < today}
    came = {(ALL, period): _booked(workspace, period) for period in over}
    said = [
        PlainCall(ALL, LEADER, ALL, period, float(row.commit), None, row.happened_at)
        for row, period in called
        if period in over
    ]
    score = score_of(ALL, said, came)
    if score is None or score.off is None:
        return Figure("calls", None, reason=f"it takes {FEW_PERIODS} periods with a call that are over")
    return Figure("calls", score.off.value, score.off.low, score.off.high, score.off.n)


def _period(key: str) -> Period | None:
    try:
        return parsed(key)
    except (UserError, ValueError):
        return None


def _booked(workspace: Workspace, period: Period) -> float:
    """In the workspace's own currency, by the rates in force when the period ended; days in UTC."""
    won = Deal.objects.filter(workspace=workspace, is_live=True, outcome="won", amount__gt=0)
    worth = worth_of(workspace.currency, rates_in_force(workspace, period.ends_on))
    after = _midnight(period.ends_on + timedelta(days=1))
    total = won.filter(decided_at__gte=_midnight(period.starts_on), decided_at__lt=after).aggregate(sum=Sum(worth))
    return float(total["sum"] or 0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
