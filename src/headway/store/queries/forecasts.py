"""What the newest analysis foretold, in total and of many deals (of one: `deal_chances`); and what past days said."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max

from headway.forecast.forecast_json import from_json
from headway.forecast.period import key_of as period_key
from headway.forecast.value import NOTHING
from headway.store.models import Analysis, Workspace
from headway.store.models import DealForecast as DealForecastRow
from headway.store.models import ForecastTotal as TotalRow
from headway.store.queries.access import Access

__all__ = ["DealForecastRow", "Said", "TotalRow", "period_key"]

PER_PAGE = 50
MOST_PAGES = 400
MOST_DAYS = 400


class Said(NamedTuple):
    """What a forecast said of some deals in a period, as of a moment."""

    low: float
    middle: float
    high: float
    as_of: datetime


def find_forecast(workspace: Workspace) -> str:
    """The newest forecast without its deals, as JSON (`headway.forecast.forecast_json`); empty where there is none."""
    return _newest(workspace).values_list("text__forecast", flat=True).first() or ""


def find_said(workspace: Workspace, period: str, kind: str, name: str) -> Said | None:
    """What the newest forecast says of a period and of these deals; None where it says nothing of them."""
    try:
        forecast = from_json(find_forecast(workspace))
    except ValueError:  # none yet, or one of another version
        return None
    if forecast.basis == NOTHING or period_key(forecast.period) != period:
        return None
    totals = (forecast.total,) if kind == forecast.total.kind else forecast.groups
    said = [total for total in totals if total.kind == kind and (kind == "all" or total.name == name)]
    return Said(said[0].low, said[0].middle, said[0].high, forecast.as_of) if said else None


def list_deal_forecasts(
    access: Access, *, owner: str | None = None, team: str | None = None, segment: str | None = None,
    stalled: bool = False, page: int = 1, whole: bool = False,
) -> tuple[list[DealForecastRow], bool]:  # fmt: skip
    """(rows with their `deal`, whether there are more), the largest expected amount first; 50 a page, open deals only.

    `owner`, `team`, `segment`: names, as in the totals. `stalled`: these alone. `whole`: with their `text`.
    """
    narrowed: dict[str, Any] = {
        f"deal__{field}": name
        for field, name in {"owner__name": owner, "team": team, "segment": segment}.items()
        if name is not None
    }
    if stalled:
        narrowed["stalled"] = True
    rows = DealForecastRow.objects.filter(
        workspace=access.workspace, deal__is_live=True, deal__outcome="", **narrowed
    ).select_related("deal__owner")
    start = (min(max(page, 1), MOST_PAGES) - 1) * PER_PAGE
    rows = rows.order_by("-expected", "id")
    found = list((rows if whole else rows.defer("text"))[start : start + PER_PAGE + 1])
    return found[:PER_PAGE], len(found) > PER_PAGE


def list_totals(access: Access, period: str, *, kind: str = "all", name: str = "") -> list[TotalRow]:
    """What was said of a period on each past day, the oldest first; at most 400 days, the last ones."""
    rows = TotalRow.objects.filter(workspace=access.workspace, period=period, kind=kind, name=name)
    newest = rows.order_by("-on").values("on").annotate(last=Max("id")).values_list("last", flat=True)[:MOST_DAYS]
    return list(TotalRow.objects.filter(pk__in=list(newest)).order_by("on"))


def _newest(workspace: Workspace) -> Any:
    return Analysis.objects.filter(workspace=workspace).order_by("-finished_at", "-id")
