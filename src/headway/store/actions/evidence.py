"""Record what a buyer did, retract it, dispute it. The grade follows from where it came from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from headway.basics.errors import UserError
from headway.deals.events import EventKind
from headway.evidence.kinds import Grade
from headway.evidence.provenance import grade_of, source_of
from headway.store.actions.audit import append_entry
from headway.store.actions.commitments import settle_commitments
from headway.store.actions.events import append_event
from headway.store.actions.standing import refresh
from headway.store.actions.wordings import find_wording
from headway.store.models import Attachment, Deal, Event, Exhibit, Membership, Person
from headway.store.models.keys import new_key
from headway.store.queries.histories import deal_history


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file as somebody handed it in. `media_type`: what their browser says; it is never served under that name."""

    name: str
    content: bytes
    media_type: str = ""


def new_ref() -> str:
    """A name for evidence that a form gives it, so that a form sent twice records once."""
    return f"e-{new_key()}"


@transaction.atomic
def record_by_hand(
    *,
    deal: Deal,
    milestone: str,
    by: Person,
    at: datetime,
    happened_at: datetime,
    act: str = "",
    contact: str = "",
    quote: str = "",
    link: str = "",
    file: HandedFile | None = None,
    ref: str = "",
) -> Event:
    """What a person says the buyer did, graded by what they hand in with it. The same `ref` twice records once."""
    known = Exhibit.objects.filter(workspace=deal.workspace, ref=ref).first() if ref else None
    if known is not None:
        return Event.objects.get(deal=deal, kind=EventKind.EVIDENCE_RECORDED, ref=ref)
    source, _ = source_of(
        quote=quote, link=link, file_name=file.name if file else "", content=file.content if file else None,
        own_addresses=own_addresses(deal),
    )  # fmt: skip
    grade = grade_of(source, corroborates=_another_showed(deal, milestone, contact))
    attachment = _kept(deal, file, at) if file else None
    return record_evidence(
        deal=deal, milestone=milestone, source=source.value, grade=int(grade), by=by, at=at, happened_at=happened_at,
        contact=contact, quote=quote, link=link, attachment=attachment, act=act, ref=ref,
    )  # fmt: skip


def own_addresses(deal: Deal) -> frozenset[str]:
    """The addresses of the workspace's own people: a mail from one of them is no buyer's."""
    people = Membership.objects.filter(workspace=deal.workspace, ended_at=None).values_list("person__email", flat=True)
    return frozenset(people)


def _another_showed(deal: Deal, milestone: str, contact: str) -> bool:
    return any(
        event.kind is EventKind.EVIDENCE_RECORDED
        and event.name == milestone
        and (event.grade or 0) >= Grade.WRITTEN
        and bool(contact and event.contact and event.contact != contact)
        for event in deal_history(deal).events
    )


def _kept(deal: Deal, file: HandedFile, at: datetime) -> Attachment:
    return Attachment.objects.create(
        workspace=deal.workspace, deal=deal, name=file.name[-255:], media_type=file.media_type[:100],
        bytes=len(file.content), sha256=hashlib.sha256(file.content).hexdigest(), content=file.content, created_at=at,
    )  # fmt: skip


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
    act: str = "",
    ref: str = "",
) -> Event:
    """A buyer act proves a milestone. `source`, `grade`: from `headway.evidence.provenance`, never typed.

    `act`: how they did it. `ref`: the evidence's own name, where a form already gave it one.
    """
    ref = ref or new_ref()
    event = append_event(
        deal=deal, kind=EventKind.EVIDENCE_RECORDED, by=by, at=at, happened_at=happened_at, name=milestone,
        contact=contact, grade=grade, ref=ref, note=quote, actor=by.name,
    )  # fmt: skip
    Exhibit.objects.create(
        workspace=deal.workspace, deal=deal, ref=ref, source=source, act=act[:80],
        link_id=find_wording(deal.workspace, link), attachment=attachment,
    )  # fmt: skip
    _end(deal, by, at, "record evidence", event)
    return event


@transaction.atomic
def retract_evidence(*, deal: Deal, milestone: str, ref: str | None, reason: str, by: Person, at: datetime) -> Event:
    """This did not happen, or does not show what it was taken for. Without `ref`: nothing before now does."""
    _need(reason)
    event = append_event(
        deal=deal, kind=EventKind.EVIDENCE_RETRACTED, by=by, at=at, name=milestone, ref=ref, note=reason,
        actor=by.name,
    )  # fmt: skip
    _end(deal, by, at, "retract evidence", event)
    return event


@transaction.atomic
def dispute_evidence(*, deal: Deal, milestone: str, ref: str | None, reason: str, by: Person, at: datetime) -> Event:
    """Somebody doubts it: it counts for nothing until it is shown anew."""
    _need(reason)
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


def _need(reason: str) -> None:
    if not reason.strip():
        raise UserError("Write the reason in a few words, so that whoever recorded it understands.")


def _end(deal: Deal, by: Person, at: datetime, verb: str, event: Event) -> None:
    append_entry(
        workspace=deal.workspace, by=by, at=at, verb=verb, target=f"deal {deal.key}", detail={"event": event.pk}
    )
    refresh(deal=deal, at=at)
    settle_commitments(workspace=deal.workspace, at=at, deals=[deal.pk])  # what this shows is kept at once
