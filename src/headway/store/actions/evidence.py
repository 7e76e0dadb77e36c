"""Record what a buyer did, retract it, dispute it. The grade follows from where it came from."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from headway.deals.events import EventKind
from headway.store.actions.audit import append_entry
from headway.store.actions.events import append_event
from headway.store.actions.standing import refresh
from headway.store.actions.wordings import find_wording
from headway.store.models import Attachment, Deal, Event, Exhibit, Person
from headway.store.models.keys import new_key


@transaction.atomic
def record_evidence(
    *,
    deal: Deal,
    milestone: str,
    source: str,
    grade: int,
    by: Person,
    at: datetime,
    happened_at: datetime,
    contact: str | None = None,
    quote: str = "",
    link: str = "",
    attachment: Attachment | None = None,
) -> Event:
    """A buyer act proves a milestone. `source`, `grade`: from `headway.evidence.provenance`, never typed."""
    ref = f"e-{new_key()}"
    event = append_event(
        deal=deal, kind=EventKind.EVIDENCE_RECORDED, by=by, at=at, happened_at=happened_at, name=milestone,
        contact=contact, grade=grade, ref=ref, note=quote, actor=by.name,
    )  # fmt: skip
    Exhibit.objects.create(
        workspace=deal.workspace, deal=deal, ref=ref, source=source, link_id=find_wording(deal.workspace, link),
        attachment=attachment,
    )  # fmt: skip
    _end(deal, by, at, "record evidence", event)
    return event


@transaction.atomic
def retract_evidence(*, deal: Deal, milestone: str, ref: str, reason: str, by: Person, at: datetime) -> Event:
    """This did not happen, or does not show what it was taken for."""
    event = append_event(
        deal=deal, kind=EventKind.EVIDENCE_RETRACTED, by=by, at=at, name=milestone, ref=ref, note=reason,
        actor=by.name,
    )  # fmt: skip
    _end(deal, by, at, "retract evidence", event)
    return event


@transaction.atomic
def dispute_evidence(*, deal: Deal, milestone: str, ref: str, reason: str, by: Person, at: datetime) -> Event:
    """Somebody doubts it: it counts for nothing until it is shown anew."""
    event = append_event(
        deal=deal, kind=EventKind.EVIDENCE_DISPUTED, by=by, at=at, name=milestone, ref=ref, note=reason, actor=by.name
    )
    _end(deal, by, at, "dispute evidence", event)
    return event


@transaction.atomic
def record_activity(*, deal: Deal, what: str, by: Person, at: datetime, happened_at: datetime) -> Event:
    """What the seller did. It moves the seller's clock and proves nothing."""
    event = append_event(
        deal=deal, kind=EventKind.ACTIVITY_DONE, by=by, at=at, happened_at=happened_at, name=what, actor=by.name
    )
    _end(deal, by, at, "record activity", event)
    return event


@transaction.atomic
def record_buyer_act(
    *, deal: Deal, what: str, by: Person, at: datetime, happened_at: datetime, contact: str | None = None
) -> Event:
    """Something the buyer did that proves no milestone by itself: it moves the buyer's clock."""
    event = append_event(
        deal=deal, kind=EventKind.BUYER_ACTED, by=by, at=at, happened_at=happened_at, name=what, contact=contact,
        grade=0, actor=by.name,
    )  # fmt: skip
    _end(deal, by, at, "record buyer act", event)
    return event


@transaction.atomic
def agree_act(*, deal: Deal, what: str, due_on: date, by: Person, at: datetime, contact: str | None = None) -> Event:
    """What the buyer agreed to do next, by when, and who there."""
    event = append_event(
        deal=deal, kind=EventKind.ACT_AGREED, by=by, at=at, name=what, due_on=due_on, contact=contact, actor=by.name
    )
    _end(deal, by, at, "agree act", event)
    return event


def _end(deal: Deal, by: Person, at: datetime, verb: str, event: Event) -> None:
    append_entry(
        workspace=deal.workspace, by=by, at=at, verb=verb, target=f"deal {deal.key}", detail={"event": event.pk}
    )
    refresh(deal=deal, at=at)
