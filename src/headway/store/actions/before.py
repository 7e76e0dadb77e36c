"""Before a review: a seller's answer, what they say is not so, and what needs no time in the meeting any more.

What is said is history. Whether a point is settled is not: either side takes it back with one press.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from headway.basics.errors import UserError
from headway.reviews.kinds import Held, Question
from headway.reviews.minutes import DISPUTE
from headway.store.actions.audit import append_entry
from headway.store.actions.wordings import find_wording
from headway.store.models import AgendaItem, Answer, Person, Review

SETTLED, WAITING = "answered", "waiting"
LONGEST = 2_000
TOO_LATE = "This review has begun: say it there."


@transaction.atomic
def answer_before(*, item: AgendaItem, account: str, heard: str, by: Person, at: datetime) -> AgendaItem:
    """The seller's account, and what the buyer said to the question asked; that settles the point.

    `heard` may be empty; it answers “How do we know?”.
    """
    if not account.strip():
        raise UserError("Write your account in a sentence or two: where the buyer is, and what happens next.")
    _say(item, Question.ACCOUNT.value, account, by, at)
    if heard.strip():
        _say(item, Question.HOW.value, heard, by, at)
    return _end(_set(item, SETTLED), by, at, "answer before review")


@transaction.atomic
def dispute_before(*, item: AgendaItem, about: str, reason: str, by: Person, at: datetime) -> AgendaItem:
    """What the agenda says of the deal (`about`, one of its sentences) is not so, because of `reason`.

    It stays on the agenda: the leader reads it and takes it off, or talks about it.
    """
    if not about.strip():
        raise UserError("Choose what is not so.")
    if not reason.strip():
        raise UserError("Write why it is not so, so that whoever leads can agree without a meeting.")
    _say(item, DISPUTE, f"“{about.strip().rstrip('.')}” is not so: {reason.strip()}", by, at)
    return _end(item, by, at, "dispute before review")


@transaction.atomic
def settle_before(*, item: AgendaItem, by: Person, at: datetime) -> AgendaItem:
    """It needs no time in the meeting: mended, agreed, or not worth it. Settling twice changes nothing."""
    return _end(_set(item, SETTLED), by, at, "settle before review") if item.state == WAITING else item


@transaction.atomic
def unsettle_before(*, item: AgendaItem, by: Person, at: datetime) -> AgendaItem:
    """Talk about it after all; what was said stays."""
    return _end(_set(item, WAITING), by, at, "unsettle before review") if item.state == SETTLED else item


def _say(item: AgendaItem, question: str, text: str, by: Person, at: datetime) -> None:
    _check_due(item)
    Answer.objects.create(
        workspace=item.workspace, item=item, question=question, by=by, at=at,
        text_id=find_wording(item.workspace, text.strip()[:LONGEST]),
    )  # fmt: skip


def _set(item: AgendaItem, state: str) -> AgendaItem:
    _check_due(item)
    item.state = state
    AgendaItem.objects.filter(pk=item.pk, state__in=(WAITING, SETTLED)).update(state=state)
    return item


def _check_due(item: AgendaItem) -> None:
    """UserError once the meeting has begun; locks the review, so that it cannot begin meanwhile."""
    if Review.objects.select_for_update().get(pk=item.review_id).state != Held.DUE:
        raise UserError(TOO_LATE)


def _end(item: AgendaItem, by: Person, at: datetime, verb: str) -> AgendaItem:
    Review.objects.filter(pk=item.review_id).update(revision=F("revision") + 1)
    append_entry(
        workspace=item.workspace, by=by, at=at, verb=verb, target=f"review {item.review.key}",
        detail={"item": item.key},
    )  # fmt: skip
    return item
