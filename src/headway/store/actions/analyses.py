"""Write what an analysis found: its texts, the findings, and the rows of all deals; only what changed is touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from headway.deals.event_log import EventLog
from headway.diagnosis.departures import Departure
from headway.diagnosis.team.value import TeamFigures
from headway.store.actions.findings import settle_since
from headway.store.actions.forecasts import ForecastTexts, replace_forecast
from headway.store.actions.standing import refresh
from headway.store.actions.team import write_team
from headway.store.analysis_plan import work_out
from headway.store.bulk import ROWS_AT_ONCE, insert_rows, update_rows
from headway.store.deal_row import COLUMNS
from headway.store.finding_plan import FindingPlan
from headway.store.models import Analysis, AnalysisText, Deal, DealFinding, Owner, Workspace
from headway.store.queries.analyses import scale_from
from headway.store.queries.clock import shown_at
from headway.store.statistics import refresh_statistics

KEPT = 2  # analyses of a workspace: the newest, and the one before it
AT_ONCE = 2_000
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Texts:
    """What pages show of an analysis: `diagnosis`, `rewind` as JSON; `short`, `sections`, `page` as HTML; `summary`."""

    summary: dict[str, Any]
    diagnosis: str
    rewind: str
    short: str
    sections: str
    page: str


def write_analysis(
    *, workspace: Workspace, log: EventLog, texts: Texts, rows: Iterable[pa.RecordBatch], findings: Iterable[Departure],
    last_event: int, as_of: datetime, started_at: datetime, at: datetime, forecast: ForecastTexts | None = None,
    team: TeamFigures | None = None,
) -> Analysis:  # fmt: skip
    """Store it in one transaction. Deals that somebody touched since `started_at` keep what was worked out then.

    `rows` (batches of `analysis_plan.ROW_SCHEMA`), `findings`: of every deal the analysis saw, compared in `log` with
    what is stored before anything is locked. `forecast`: None where none could be made. `team`: the figures of
    the team's pages.
    """
    plan = work_out(log, workspace, rows, findings, as_of=as_of, started_at=started_at)
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        made = Analysis.objects.create(
            workspace=workspace, as_of=as_of, started_at=started_at, finished_at=at, last_event=last_event,
            summary=texts.summary | {"open_findings": plan.findings.open}, short=texts.short,
        )  # fmt: skip
        AnalysisText.objects.create(
            workspace=workspace, analysis=made, diagnosis=texts.diagnosis, rewind=texts.rewind,
            forecast=forecast.text if forecast else "", sections=texts.sections, page=texts.page,
        )  # fmt: skip
        _write_rows(workspace, plan.rows, started_at, at)
        _refresh_others(workspace, plan.seen, texts.summary, as_of, at)
        for part in _parts(plan.findings.stale):
            DealFinding.objects.filter(workspace=workspace, pk__in=part).delete()
        _write_findings(workspace, plan.findings, at)
        settle_since(workspace=workspace, since=started_at, shown=as_of)
        replace_forecast(workspace=workspace, forecast=forecast, at=at)
        if team is not None:
            write_team(analysis=made, figures=team)
        older = (
            Analysis.objects.filter(workspace=workspace).order_by("-finished_at", "-id").values_list("pk", flat=True)
        )
        Analysis.objects.filter(workspace=workspace).exclude(pk__in=list(older[:KEPT])).delete()
    refresh_statistics()
    return made


def _write_rows(workspace: Workspace, changed: pa.Table, started_at: datetime, at: datetime) -> None:
    touched = Deal.objects.filter(workspace=workspace, touched_at__gt=started_at).values_list("pk", flat=True)
    changed = changed.filter(pc.invert(pc.is_in(changed["id"], pa.array(list(touched), pa.int64()))))
    names = set(pc.unique(changed["owner"]).to_pylist()) - {""}
    known = dict(Owner.objects.filter(workspace=workspace).values_list("name", "pk"))
    missing = [Owner(workspace=workspace, name=name) for name in sorted(names - known.keys())]
    Owner.objects.bulk_create(missing, batch_size=500)
    known |= {owner.name: owner.pk for owner in missing}
    owners = changed["owner"].combine_chunks().dictionary_encode()
    ids = pa.array([known.get(name) for name in owners.dictionary.to_pylist()], pa.int64())
    columns = {"id": changed["id"], **{name: changed[name] for name in COLUMNS}}
    columns |= {"owner_id": ids.take(owners.indices), "last_event": changed["last_event"]}
    columns["standing_at"] = pa.array([at] * len(changed), pa.timestamp("us"))
    update_rows("store_deal", pa.table(columns).to_batches(ROWS_AT_ONCE))


def _refresh_others(
    workspace: Workspace, seen: frozenset[str], summary: dict[str, Any], as_of: datetime, at: datetime
) -> None:
    """Deals of which nothing is known any more, and those that live in the present while the data shows a past day."""
    deals = Deal.objects.filter(workspace=workspace, is_live=True)
    keys = set(deals.values_list("key", flat=True)) - seen
    if shown_at(workspace, at) != at:
        keys |= set(deals.filter(touched_at__gt=as_of).values_list("key", flat=True))
    scale = scale_from(summary)
    for part in _parts(sorted(keys)):
        for deal in deals.filter(key__in=part):
            refresh(deal=deal, at=at, touched=False, scale=scale)


def _write_findings(workspace: Workspace, plan: FindingPlan, at: datetime) -> None:
    def of_workspace(rows: pa.Table, **more: pa.Array) -> list[pa.RecordBatch]:
        columns = {"workspace_id": pa.array([workspace.pk] * len(rows), pa.int64()), **more}
        for name, values in columns.items():
            rows = rows.append_column(name, values)
        return list(rows.to_batches(ROWS_AT_ONCE))

    insert_rows("store_dealfinding", of_workspace(plan.fresh))
    moment = pa.array([at] * len(plan.ended), pa.timestamp("us"))
    insert_rows("store_findingend", of_workspace(plan.ended, at=moment))


def _parts(items: Iterable[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while part := list(islice(left, AT_ONCE)):
        yield part
