"""Everything that the page of one deal shows beside the deal itself, in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.deals.history import Event as PlainEvent
from headway.store.models import AllowedException, Analysis, BatchKept, Event, Exhibit, Pin
from headway.store.models import Attachment as AttachmentRow
from headway.store.models import Contact as ContactRow
from headway.store.models import Deal as DealRow
from headway.store.models import DealFinding as FindingRow
from headway.store.models import ProcessVersion as VersionRow
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.histories import plain_event
from headway.store.queries.versions import find_version_for

__all__ = ["AttachmentRow", "ContactRow", "DealFacts", "DealRow", "FindingRow", "Record", "VersionRow"]

MOST_FINDINGS = 30
COLUMNS = (
    *("id", "kind", "name", "happened_at", "recorded_at", "recorded_how", "grade", "amount", "due_on", "ref"),
    *("actor__text", "contact__text", "note__text", "by__name", "batch_id"),
)
GONE = ("voiding__at", "batch__batchundone__at")


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands behind a piece of evidence: where it came from, how the buyer did it, a link, a file."""

    source: str = ""
    act: str = ""
    link: str = ""
    file_key: str = ""
    file_name: str = ""
    file_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """An event with who recorded it (`by`; empty: an import) and what stands behind it."""

    id: int
    event: PlainEvent
    by: str
    imported: bool
    shown: Shown


@dataclass(frozen=True, slots=True)
class DealFacts:
    """One deal as it is known now, or was known at a moment; then without findings, which are of today."""

    records: tuple[Record, ...]
    contacts: tuple[ContactRow, ...]
    findings: tuple[FindingRow, ...]
    analysed_at: datetime | None
    summary: dict[str, Any]
    exceptions: dict[int, tuple[str, str]]  # event -> (who answers for it, what they predict)

    def history(self, deal: DealRow) -> DealHistory:
        """For the pure functions of `headway.evidence`."""
        return DealHistory(deal.key, tuple(record.event for record in self.records), deal.record_type or None)


def deal_facts(deal: DealRow, known_by: datetime | None = None) -> DealFacts:
    """Load them: seven queries, whatever the deal's size; three of a past day."""
    exhibits = {
        row[0]: Shown(row[1], row[2], row[3] or "", row[4] or "", row[5] or "", row[6] or 0)
        for row in Exhibit.objects.filter(deal=deal).values_list(
            "ref", "source", "act", "link__text", "attachment__key", "attachment__name", "attachment__bytes"
        )
    }
    records = tuple(
        Record(
            row["id"], plain_event(row), row["by__name"] or "", row["batch_id"] is not None,
            exhibits.get(row["ref"] or "", Shown()),
        )
        for row in _live_rows(deal, known_by)
    )  # fmt: skip
    if known_by is not None:
        return DealFacts(records, (), (), None, {}, {})
    newest = Analysis.objects.filter(workspace=deal.workspace).order_by("-finished_at", "-id")
    analysis = newest.values_list("as_of", "summary").first()
    excepted = any(record.event.kind is EventKind.EXCEPTION_ALLOWED for record in records)
    return DealFacts(
        records,
        tuple(ContactRow.objects.filter(deal=deal, removed_at=None).order_by("id")[:100]),
        tuple(FindingRow.objects.filter(deal=deal).order_by("-happened_at", "id")[:MOST_FINDINGS]),
        analysis[0] if analysis else None,
        analysis[1] if analysis else {},
        _exceptions(deal) if excepted else {},
    )


def _live_rows(deal: DealRow, known_by: datetime | None) -> list[dict[str, Any]]:
    """What `histories.live_events` means, with the sieve in Python: one deal is small, and the query a plain one."""
    rows = list(Event.objects.filter(deal=deal).order_by("happened_at", "id").values(*COLUMNS, *GONE))
    if known_by is not None:
        rows = [row for row in rows if row["recorded_at"] <= known_by]
    undone = {row["batch_id"] for row in rows if _gone(row["batch__batchundone__at"], known_by)}
    if undone:
        undone -= set(BatchKept.objects.filter(deal=deal, batch__in=undone).values_list("batch_id", flat=True))
    return [row for row in rows if not _gone(row["voiding__at"], known_by) and row["batch_id"] not in undone]


def _gone(at: datetime | None, known_by: datetime | None) -> bool:
    return at is not None and (known_by is None or at <= known_by)


def _exceptions(deal: DealRow) -> dict[int, tuple[str, str]]:
    rows = AllowedException.objects.filter(deal=deal).values_list("event_id", "owner__text", "predicted")
    return {event: (owner or "", predicted) for event, owner, predicted in rows}


def version_at(deal: DealRow, at: datetime) -> VersionRow | None:
    """The version this deal was set against at a moment."""
    pins = list(Pin.objects.filter(deal=deal).select_related("version__process").order_by("at", "id"))
    before = [pin for pin in pins if pin.at <= at]
    if before:
        return before[-1].version
    if not pins or deal.opened_at is None:
        return deal.version
    return find_version_for(
        deal.workspace, pipeline=deal.pipeline, record_type=deal.record_type, created_on=deal.opened_at.date()
    )


def get_attachment(access: Access, deal: DealRow, key: str) -> AttachmentRow:
    """A file of the deal. NotFoundError where there is none, or it was erased."""
    found = AttachmentRow.objects.filter(workspace=access.workspace, deal=deal, key=key, content__isnull=False).first()
    if found is None:
        raise NotFoundError(key)
    return found


def get_finding(deal: DealRow, pk: int) -> FindingRow:
    """A finding on this deal, of the newest analysis."""
    found = FindingRow.objects.filter(deal=deal, pk=pk).first()
    if found is None:
        raise NotFoundError(pk)
    return found
