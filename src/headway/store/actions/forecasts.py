"""Write what was forecast: a row per open deal in place of those before, and the totals beside what was said so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from headway.forecast.value import Total
from headway.store.bulk import ROWS_AT_ONCE, insert_rows
from headway.store.models import Deal, DealForecast, ForecastTotal, Workspace

KEPT = ("all", "team", "segment")  # kinds of totals of which the past days are kept; owners' follow from their calls
MOST_GROUPS = 500
DEAL_SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("basis", pa.string()),
        *((name, pa.float64()) for name in ("by_end", "won", "lost", "no_decision", "expected")),
        ("stalled", pa.bool_()),
        ("text", pa.string()),
    ]
)
"""A deal's forecast as a row: the deal's key, then the columns of `DealForecast`."""


@dataclass(frozen=True, slots=True)
class ForecastTexts:
    """A forecast as it is stored. `text`: as JSON without its deals; `period`: its key; `on`: the day it was made of.

    `totals`: of all deals and of every group; `deals`: as DEAL_SCHEMA.
    """

    text: str
    period: str
    on: date
    basis: str
    totals: tuple[Total, ...]
    deals: pa.Table


def replace_forecast(*, workspace: Workspace, forecast: ForecastTexts | None, at: datetime) -> None:
    """Put this forecast in place of the one before; None: there is none now. Inside the transaction of the analysis."""
    DealForecast.objects.filter(workspace=workspace).delete()
    if forecast is not None:
        _write_deals(workspace, forecast.deals)
        _append_totals(workspace, forecast, at)


def _write_deals(workspace: Workspace, deals: pa.Table) -> None:
    """Deals that are gone meanwhile are left out."""
    known = list(Deal.objects.filter(workspace=workspace, is_live=True).values_list("key", "pk"))
    places = pc.index_in(deals["key"], pa.array([key for key, _ in known], pa.string()))
    ids = pc.take(pa.array([pk for _, pk in known], pa.int64()), places)
    rows = deals.drop_columns(["key"]).append_column("deal_id", ids)
    rows = rows.append_column("workspace_id", pa.array([workspace.pk] * len(rows), pa.int64()))
    insert_rows("store_dealforecast", rows.filter(pc.is_valid(ids)).to_batches(ROWS_AT_ONCE))


def _append_totals(workspace: Workspace, forecast: ForecastTexts, at: datetime) -> None:
    """What was not said on this day already; at most 500 groups."""
    said = ForecastTotal.objects.filter(workspace=workspace, period=forecast.period, on=forecast.on).order_by("pk")
    last = {(row.kind, row.name): _figures(row) for row in said}
    made: list[ForecastTotal] = []
    for total in forecast.totals:
        row = ForecastTotal(
            workspace=workspace, period=forecast.period, kind=total.kind, on=forecast.on, recorded_at=at,
            name="" if total.kind == "all" else total.name[:200], basis=forecast.basis, booked=total.booked,
            low=total.low, middle=total.middle, high=total.high, stage_weighted=total.stage_weighted,
        )  # fmt: skip
        if total.kind in KEPT and len(made) < MOST_GROUPS and last.get((row.kind, row.name)) != _figures(row):
            made.append(row)
    ForecastTotal.objects.bulk_create(made, batch_size=500)


def _figures(row: ForecastTotal) -> tuple[str, float, float, float, float, float | None]:
    return row.basis, row.booked, row.low, row.middle, row.high, row.stage_weighted
