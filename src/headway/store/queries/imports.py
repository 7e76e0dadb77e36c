"""Imports as the wizard sees them: what a file would change, what an undo would leave, what was mapped before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headway.deals.event_log import EventLog
from headway.store.import_plan import set_aside, work_out
from headway.store.models import Deal, Event, ImportBatch, Job, Workspace
from headway.store.queries.access import Access
from headway.store.queries.batches import find_newest_counting

LOOKED_BACK = 50  # imports whose choices are remembered
NAMED = 10


@dataclass(frozen=True, slots=True)
class Compared:
    """What importing would do: deals not known yet, deals that change, deals as before; events to be written."""

    new: int
    changed: int
    same: int
    events: int


def compare(log: EventLog, workspace: Workspace, known_at: datetime) -> Compared:
    """The source tables of `log` (as the readers filled them) against the store as it is now. The log is used up."""
    set_aside(log)
    events = work_out(log, workspace, known_at)
    row = log.rows(
        """
        SELECT count(*) FILTER (is_new) AS new, count(*) FILTER (
            NOT is_new AND (is_changed OR key IN (SELECT deal FROM import_events))) AS changed, count(*) AS n
        FROM import_deals
        """
    )[0]
    return Compared(row["new"], row["changed"], row["n"] - row["new"] - row["changed"], events)


def find_choices(workspace: Workspace, header: str) -> dict[str, Any] | None:
    """What was chosen for the columns of the last table with this header: `use` and `roles` (column -> role)."""
    told = ImportBatch.objects.filter(workspace=workspace).order_by("-id").values_list("answers", flat=True)
    for answers in told[:LOOKED_BACK]:
        found = answers.get("chosen", {}).get(header)
        if found:
            return dict(found)
    return None


@dataclass(frozen=True, slots=True)
class UndoOutlook:
    """What undoing an import would do. `why_not`: one sentence where it cannot be undone now.

    `going`: deals that nothing else tells of; `kept`: deals somebody touched since, with the names of the first ten.
    """

    why_not: str = ""
    going: int = 0
    back: int = 0
    kept: int = 0
    kept_names: tuple[tuple[str, str], ...] = ()  # key, name


def undo_outlook(batch: ImportBatch) -> UndoOutlook:
    """What stays and what goes, before anything is undone."""
    if batch.state != "done":
        return UndoOutlook("This import never came to its end, so there is nothing to undo.")
    if batch.undone_at is not None:
        return UndoOutlook("This import is undone already; import the files again to have it back.")
    newest = find_newest_counting(batch.workspace)
    if newest is None or newest.pk != batch.pk:
        return UndoOutlook("A newer import came after this one: undo that one first, then this one.")
    mine = Event.objects.filter(workspace=batch.workspace, batch=batch)
    affected = Deal.objects.filter(workspace=batch.workspace, is_live=True, pk__in=mine.values("deal"))
    affected |= Deal.objects.filter(workspace=batch.workspace, is_live=True, batch=batch)
    touched = affected.filter(touched_at__gt=batch.finished_at)
    kept = touched.count()
    made = affected.filter(batch=batch).exclude(pk__in=touched.values("pk")).count()
    names = tuple(touched.order_by("name").values_list("key", "name")[:NAMED]) if kept else ()
    return UndoOutlook("", made, max(0, affected.count() - made - kept), kept, names)


def find_analysis_job(access: Access) -> Job | None:
    """The newest analysis that was asked for, whatever its state."""
    return Job.objects.filter(workspace=access.workspace, kind="analysis").order_by("-id").first()
