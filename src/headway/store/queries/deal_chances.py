"""What the newest analysis forecasts of deals, read together with their rows: no list pays a query for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet, Subquery

from headway.basics.errors import UserError
from headway.basics.figures import percent_figure
from headway.forecast.period import parsed
from headway.forecast.value import BASE_RATE
from headway.store.models import Analysis, Workspace
from headway.store.models import Deal as DealRow
from headway.store.models import DealForecast as DealForecastRow
from headway.store.models import ForecastTotal as TotalRow

__all__ = ["DealChance", "DealSaid", "chance_of", "find_said_of", "with_chances"]


@dataclass(frozen=True, slots=True)
class DealChance:
    """What a row says of an open deal: the chance to be won by the end of the period, 0 to 1, and whether it stalls.

    `ends_on`: None where no period is known.
    """

    by_end: float | None
    ends_on: date | None
    basis: str
    stalled: bool

    @property
    def words(self) -> str:
        """`won by 31 Dec: 42 %`; empty where nothing is known."""
        if self.by_end is None:
            return ""
        by = f"{self.ends_on.day} {self.ends_on:%b}" if self.ends_on else "the end of the period"
        from_where = ", base rate" if self.basis == BASE_RATE else ""
        return f"won by {by}: {percent_figure(self.by_end)} %{from_where}"


@dataclass(frozen=True, slots=True)
class DealSaid:
    """The whole forecast of a deal as JSON (`forecast_json.deal_from_json`), and the analysis that it comes from.

    `as_of`: the moment it was asked about; `started_at`: what was recorded later is not in it.
    """

    text: str
    ends_on: date | None
    as_of: datetime | None
    started_at: datetime | None


def with_chances(rows: QuerySet[DealRow], workspace: Workspace) -> QuerySet[DealRow]:
    """The same rows with what `chance_of` reads, in the same query."""
    return rows.annotate(
        chance_by_end=F("forecast__by_end"), chance_basis=F("forecast__basis"), chance_stalled=F("forecast__stalled"),
        chance_period=_period(workspace),
    )  # fmt: skip


def chance_of(deal: DealRow) -> DealChance | None:
    """Of an open deal's row that `with_chances` brought; None where nothing was forecast of it."""
    basis = getattr(deal, "chance_basis", None)
    if basis is None:
        return None
    period = getattr(deal, "chance_period", None)
    by_end, stalled = getattr(deal, "chance_by_end", None), bool(getattr(deal, "chance_stalled", False))
    return DealChance(by_end, last_day(period or ""), basis, stalled)


def find_said_of(deal: DealRow) -> DealSaid | None:
    """What is forecast of an open deal; None where nothing is. One query."""
    if deal.outcome:
        return None
    newest = Analysis.objects.filter(workspace=deal.workspace_id).order_by("-finished_at", "-id")
    row = (
        DealForecastRow.objects.filter(deal=deal)
        .annotate(
            period=_period(deal.workspace), at=Subquery(newest.values("as_of")[:1]),
            begun=Subquery(newest.values("started_at")[:1]),
        )
        .values_list("text", "period", "at", "begun")
        .first()
    )  # fmt: skip
    return DealSaid(row[0], last_day(row[1] or ""), row[2], row[3]) if row else None


def last_day(period: str) -> date | None:
    """Of a period by its key, as `2026-Q4`; None for what is none."""
    try:
        return parsed(period).ends_on
    except UserError:
        return None


def _period(workspace: Workspace) -> Subquery:
    """Of the newest forecast, by its key."""
    return Subquery(TotalRow.objects.filter(workspace=workspace).order_by("-pk").values("period")[:1])


def newest_period(workspace: Workspace) -> str:
    """Key of the period that the newest forecast is of; empty where nothing was forecast yet."""
    return TotalRow.objects.filter(workspace=workspace).order_by("-pk").values_list("period", flat=True).first() or ""
