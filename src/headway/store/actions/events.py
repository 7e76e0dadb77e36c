"""Append one event to a deal's history, and take one back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from headway.basics.errors import UserError
from headway.deals.events import EventKind, RecordedHow
from headway.store.actions.audit import append_entry
from headway.store.actions.commitments import settle_commitments
from headway.store.actions.standing import refresh
from headway.store.actions.wordings import find_wording
from headway.store.models import Deal, Event, Person, Voiding


def append_event(
    *,
    deal: Deal,
    kind: EventKind,
    by: Person | None,
    at: datetime,
    happened_at: datetime | None = None,
    name: str | None = None,
    actor: str | None = None,
    contact: str | None = None,
    grade: int | None = None,
    amount: Decimal | None = None,
    due_on: date | None = None,
    ref: str | None = None,
    note: str | None = None,
) -> Event:
    """One event, recorded at `at`. Inside an action's transaction; the caller refreshes the deal and writes the audit.

    UserError where it is said to have happened after now.
    """
    happened_at = happened_at or at
    if happened_at > at:
        raise UserError("That lies in the future: give the day on which it happened, today at the latest.")
    return Event.objects.create(
        workspace=deal.workspace,
        deal=deal,
        kind=kind.value,
        name=name,
        happened_at=happened_at,
        recorded_at=at,
        recorded_how=RecordedHow.HISTORY.value,
        actor_id=find_wording(deal.workspace, actor),
        contact_id=find_wording(deal.workspace, contact),
        note_id=find_wording(deal.workspace, note),
        grade=grade,
        amount=amount,
        due_on=due_on,
        ref=ref,
        by=by,
    )


@transaction.atomic
def take_back(*, event: Event, by: Person, at: datetime) -> None:
    """Undo: the event counts as known only until now. Taking back twice changes nothing."""
    if event.batch_id is not None:
        raise UserError("This came with an import: undo the import as a whole, or record what is true now.")
    if event.deal is None or Voiding.objects.filter(event=event).exists():
        return
    Voiding.objects.create(workspace=event.workspace, event=event, at=at, by=by)
    append_entry(
        workspace=event.workspace, by=by, at=at, verb="take back", target=f"deal {event.deal.key}",
        detail={"event": event.pk, "kind": event.kind},
    )  # fmt: skip
    refresh(deal=event.deal, at=at)
    settle_commitments(workspace=event.workspace, at=at, deals=[event.deal.pk])
