"""Bring what files say into the history, in one go or not at all; and take an import back as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from headway.basics.errors import UserError
from headway.deals.event_log import EventLog
from headway.store.actions.audit import append_entry
from headway.store.actions.import_gates import hold_claims, record_claims
from headway.store.actions.import_rows import (
    event_batches,
    update_deals,
    write_contacts,
    write_deals,
    write_owners,
    write_wordings,
)
from headway.store.actions.search import index_deal
from headway.store.actions.standing import refresh
from headway.store.actions.trials import assign_imported
from headway.store.bulk import insert_rows
from headway.store.import_plan import ABOUT, Progress, set_aside, state_of, work_out
from headway.store.models import BatchKept, BatchUndone, Deal, Event, ImportBatch, Person, Workspace

REFRESHED_AT_ONCE = 100  # more wait for the analysis
PAST_AFTER = timedelta(days=14)  # newer data than this is today's; older is shown as of its own day


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import wrote: deals new and changed (about them or their events), events."""

    deals_made: int
    deals_changed: int
    events_made: int


def import_batch(
    *, batch: ImportBatch, log: EventLog, by: Person, at: datetime, progress: Progress | None = None
) -> Counts:
    """Write what `headway.connectors.source.read_sources` filled into the source tables of `log` (not built).

    One transaction; importing the same again adds nothing. `batch.known_at` must be set: the moment from which the
    export's values are known. The log is used up. A batch that is done already returns its counts (a job taken up
    again). UserError where the batch was undone or dropped.
    """
    set_aside(log)
    while True:
        state = state_of(batch.workspace)
        total = work_out(log, batch.workspace, _known_at(batch, at))
        with transaction.atomic():
            workspace = Workspace.objects.select_for_update(no_key=True).get(pk=batch.workspace_id)
            batch = ImportBatch.objects.select_related("workspace").get(pk=batch.pk)
            if batch.state == "done":
                return Counts(batch.deals_made, batch.deals_changed, batch.events_made)
            if batch.state == "dropped":
                raise UserError("This import was dropped: begin it anew with the files.")
            if state_of(workspace) == state:
                return _write(workspace, batch, log, total, by, at, progress)


def _known_at(batch: ImportBatch, at: datetime) -> datetime:
    return min(batch.known_at, at) if batch.known_at else at


def _write(
    workspace: Workspace, batch: ImportBatch, log: EventLog, total: int, by: Person, at: datetime,
    progress: Progress | None,
) -> Counts:  # fmt: skip
    digest = hashlib.sha256()
    made = write_deals(workspace, batch, log)
    before = update_deals(workspace, log)
    write_wordings(workspace, log)
    write_owners(workspace, log)
    claims = hold_claims(workspace=workspace, log=log, at=at)
    told = (lambda rows: progress(rows, total)) if progress is not None else None
    events = insert_rows("store_event", _hashed(event_batches(log, workspace, batch), digest), told=told)
    record_claims(claims, workspace=workspace, batch=batch, by=by, at=at)
    write_contacts(workspace, log)
    assign_imported(batch=batch, log=log, by=by, at=at)
    changed = log.value(
        "SELECT count(*) FROM import_deals AS d WHERE NOT d.is_new AND (d.is_changed OR d.key IN"
        " (SELECT deal FROM import_events))"
    )
    counts = Counts(made, int(changed), events)
    batch.state, batch.finished_at, batch.report = "done", at, batch.report | {"before": before}
    batch.deals_made, batch.deals_changed, batch.events_made = made, int(changed), events
    batch.save()
    _show_day(workspace, at)
    append_entry(
        workspace=workspace, by=by, at=at, verb="import", target=f"import {batch.key}",
        detail=asdict(counts) | {"sha256": digest.hexdigest()},
    )  # fmt: skip
    return counts


def _hashed(batches: Iterator[pa.RecordBatch], digest: Any) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        digest.update(batch.serialize())
        yield batch


@transaction.atomic
def undo_import(*, batch: ImportBatch, by: Person, at: datetime) -> Counts:
    """Take the newest import back: its events count no more, but on deals that people touched since.

    Returns deals that are gone, deals that stand as before, and events that no longer count. To redo, import again.
    UserError where a newer import still counts, or where this one was never finished or is undone already.
    """
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=batch.workspace_id)
    batch = ImportBatch.objects.get(pk=batch.pk)
    counting = ImportBatch.objects.filter(workspace=workspace, state="done", undone_at=None)
    if batch.undone_at is not None:
        raise UserError("This import is undone already; import the files again to have it back.")
    newest = counting.order_by("-finished_at", "-id").first()
    if batch.state != "done" or newest is None:
        raise UserError("This import never came to its end, so there is nothing to undo.")
    if newest.pk != batch.pk:
        raise UserError("A newer import came after this one: undo that one first, then this one.")
    mine = Event.objects.filter(workspace=workspace, batch=batch)
    events = mine.count()
    affected = Deal.objects.filter(pk__in=mine.values("deal")) | Deal.objects.filter(batch=batch)
    touched = list(affected.filter(workspace=workspace, touched_at__gt=batch.finished_at).values_list("pk", flat=True))
    kept = [BatchKept(workspace=workspace, batch=batch, deal_id=deal) for deal in touched]
    BatchKept.objects.bulk_create(kept, batch_size=500)
    BatchUndone.objects.create(workspace=workspace, batch=batch, at=at, by=by)
    batch.undone_at = at
    batch.save(update_fields=["undone_at"])
    gone = _hide_empty(workspace, batch)
    _restore_columns(workspace, batch, set(touched))
    _show_day(workspace, at)
    counts = Counts(gone, batch.deals_made + batch.deals_changed - gone - len(touched), events)
    append_entry(
        workspace=workspace, by=by, at=at, verb="undo import", target=f"import {batch.key}",
        detail={"deals_gone": gone, "deals_kept": len(touched), "events": events},
    )  # fmt: skip
    for deal in Deal.objects.filter(pk__in=mine.values("deal"), is_live=True).order_by("pk")[:REFRESHED_AT_ONCE]:
        refresh(deal=deal, at=at, touched=False)
    return counts


def _hide_empty(workspace: Workspace, batch: ImportBatch) -> int:
    """Deals of which nothing counts any more are no longer there."""
    kept = BatchKept.objects.filter(batch=batch).values("deal")
    others = Event.objects.filter(deal=OuterRef("pk"), voiding=None).exclude(batch__undone_at__isnull=False)
    empty = Deal.objects.filter(workspace=workspace, is_live=True).exclude(pk__in=kept)
    empty = empty.filter(Q(batch=batch) | Q(pk__in=Event.objects.filter(batch=batch).values("deal")))
    ids = list(empty.filter(~Exists(others)).values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        Deal.objects.filter(pk__in=ids[start : start + 500]).update(is_live=False)
    return len(ids)


def _restore_columns(workspace: Workspace, batch: ImportBatch, touched: set[int]) -> None:
    """What the import had changed about deals says again what it said before."""
    before = {int(deal): said for deal, said in batch.report.get("before", {}).items() if int(deal) not in touched}
    ids = sorted(before)
    for start in range(0, len(ids), 500):
        deals = list(Deal.objects.filter(workspace=workspace, pk__in=ids[start : start + 500]))
        for deal in deals:
            for name, value in before[deal.pk].items():
                setattr(deal, name, value)
        Deal.objects.bulk_update(deals, ABOUT)
        for deal in deals:
            index_deal(deal=deal)


def _show_day(workspace: Workspace, at: datetime) -> None:
    """Pages show the day of the newest data where that lies in the past."""
    counting = ImportBatch.objects.filter(workspace=workspace, state="done", undone_at=None)
    newest = counting.aggregate(newest=Max("known_at"))["newest"]
    workspace.shows_at = newest if newest is not None and newest < at - PAST_AFTER else None
    workspace.save(update_fields=["shows_at"])
