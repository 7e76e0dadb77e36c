"""Before a review: a seller's answer, what they say is not so, and what needs no time in the meeting any more.

What is said is history. Whether a point is settled is not: either side takes it back with one press.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from headway.basics.errors import UserError
from headway.reviews.kinds import Held, Question
from headway.reviews.minutes import DISPUTE
from headway.store.actions.audit import append_entry
from headway.store.actions.reviews import ANSWERED, WAITING, answer, changed, hold
from headway.store.models import AgendaItem, Person

LONGEST = 2_000
TOO_LATE = "This review has begun: say it there."


@transaction.atomic
def answer_before(*, item: AgendaItem, account: str, heard: str, by: Person, at: datetime) -> AgendaItem:
    """The seller's account, and what the buyer said to the question asked; that settles the point.

    `heard` may be empty; it answers “How do we know?”.
    """
    if not account.strip():
        raise UserError("Write your account in a sentence or two: where the buyer is, and what happens next.")
    _hold_due(item)
    answer(item=item, question=Question.ACCOUNT.value, text=account[:LONGEST], by=by, at=at)
    if heard.strip():
        answer(item=item, question=Question.HOW.value, text=heard[:LONGEST], by=by, at=at)
    return _set(item, ANSWERED, by, at, "settle before review")


@transaction.atomic
def dispute_before(*, item: AgendaItem, about: str, reason: str, by: Person, at: datetime) -> AgendaItem:
    """What the agenda says of the deal (`about`, one of its sentences) is not so, because of `reason`.

    It stays on the agenda: the leader reads it and takes it off, or talks about it.
    """
    if not about.strip():
        raise UserError("Choose what is not so.")
    if not reason.strip():
        raise UserError("Write why it is not so, so that whoever leads can agree without a meeting.")
    _hold_due(item)
    text = f"“{about.strip().rstrip('.')[:300]}” is not so: {reason.strip()[:LONGEST]}"
    answer(item=item, question=DISPUTE, text=text, by=by, at=at)
    return item


@transaction.atomic
def settle_before(*, item: AgendaItem, by: Person, at: datetime) -> AgendaItem:
    """It needs no time in the meeting: mended, agreed, or not worth it. Settling twice changes nothing."""
    _hold_due(item)
    return _set(item, ANSWERED, by, at, "settle before review")


@transaction.atomic
def unsettle_before(*, item: AgendaItem, by: Person, at: datetime) -> AgendaItem:
    """Talk about it after all; what was said stays."""
    _hold_due(item)
    return _set(item, WAITING, by, at, "unsettle before review")


def _hold_due(item: AgendaItem) -> None:
    """UserError once the meeting has begun; holds the review, so that it cannot begin meanwhile."""
    if hold(item.review).state != Held.DUE:
        raise UserError(TOO_LATE)


def _set(item: AgendaItem, state: str, by: Person, at: datetime, verb: str) -> AgendaItem:
    moved = AgendaItem.objects.filter(pk=item.pk, state__in={WAITING, ANSWERED} - {state}).update(state=state)
    if not moved:
        return item
    item.state = state
    append_entry(
        workspace=item.workspace, by=by, at=at, verb=verb, target=f"review {item.review.key}",
        detail={"item": item.key},
    )  # fmt: skip
    changed(item.review)
    return item
