"""Hold a review: open it, be in it, turn to a deal, answer its questions, pass it over, close it.

What is decided in it stands in `decisions`, what people foretell in `deal_calls`. Every change makes the review's
`revision` one more, so that the pages of all who are in it notice; whoever writes holds the review's row first, so that
two at once wait for each other.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from headway.basics.errors import UserError
from headway.reviews.decisions import LOOKED_SECONDS
from headway.reviews.held import ended_as
from headway.reviews.kinds import Held, Question, ReviewKind
from headway.reviews.minutes import DISPUTE
from headway.store.actions.agendas import prepare_agenda
from headway.store.actions.audit import append_entry
from headway.store.actions.commitments import settle_commitments
from headway.store.actions.minutes import send_minutes
from headway.store.actions.process_review import prepare_topics
from headway.store.actions.review_events import append_inspection, append_occurrence
from headway.store.actions.standing import refresh
from headway.store.actions.wordings import wordings
from headway.store.models import AgendaItem, Answer, Decision, Person, Review, ReviewPerson
from headway.store.queries.clock import shown_at

__all__ = [
    "answer", "close_review", "join_review", "open_review", "pass_over", "see_review", "take_up", "turn_to",
]  # fmt: skip
WAITING, ANSWERED, DONE, PASSED = "waiting", "answered", "done", "passed"
OVER = (Held.HELD.value, Held.LATE.value, Held.EMPTY.value)
LONGEST_ANSWER = 4_000
LONGEST_LOOK = 4 * 3600  # whoever forgets to close has not talked about a deal all night
SEEN_EVERY = timedelta(seconds=12)  # pages say so every fifteen
NOT_OPEN = "This review is not open: open it, and then decide."
CLOSED = "This review is closed and its minutes are out: record what is true now on the deal."


@transaction.atomic
def open_review(*, review: Review, by: Person, at: datetime) -> Review:
    """It begins, with its first open item; one without an agenda gets one. Open already: nothing changes.

    One that was skipped may still be held: it is late then. UserError where it is closed.
    """
    review = hold(review)
    if review.state == Held.RUNNING:
        return review
    if review.state in OVER:
        raise UserError("This review was held and is closed: its minutes say what was decided.")
    if review.prepared_at is None:
        prepare = prepare_topics if review.kind == ReviewKind.PROCESS else prepare_agenda
        prepare(review=review, at=at)
        review.refresh_from_db()
    review.state, review.opened_at, review.skipped_at = Held.RUNNING.value, at, None
    review.shown_at = review.shown_at or shown_at(review.workspace, at)
    review.at_item = _first_open(review)
    review.item_since = at if review.at_item else None
    review.save(update_fields=["state", "opened_at", "skipped_at", "shown_at", "at_item", "item_since"])
    _join(review, by, at)
    append_entry(workspace=review.workspace, by=by, at=at, verb="open review", target=f"review {review.key}")
    return changed(review)


@transaction.atomic
def join_review(*, review: Review, by: Person, at: datetime) -> ReviewPerson:
    """They are in it from now on, and everybody sees it. Twice is once."""
    held = hold(review)
    person, new = _join(held, by, at)
    if new:
        append_entry(workspace=held.workspace, by=by, at=at, verb="join review", target=f"review {held.key}")
        changed(held)
    return person


def see_review(*, review: Review, by: Person, at: datetime) -> bool:
    """Their page is open; the first time, they join. Whether it was written down: at most every twelve seconds."""
    seen = ReviewPerson.objects.filter(review=review, person=by).first()
    if seen is None and review.state == Held.RUNNING:
        join_review(review=review, by=by, at=at)
        return True
    if seen is None or seen.seen_at >= at - SEEN_EVERY:
        return False
    return bool(ReviewPerson.objects.filter(pk=seen.pk, seen_at__lt=at).update(seen_at=at))


@transaction.atomic
def turn_to(*, review: Review, item: AgendaItem, by: Person, at: datetime) -> Review:
    """Everybody looks at `item` now; the time since the last turn is counted on the item before."""
    review = hold_running(review)
    if review.at_item_id == item.pk:
        return review
    _count(review, at)
    review.at_item, review.item_since = item, at
    review.save(update_fields=["at_item", "item_since"])
    _tell_item(review, item, by, at, "turn to")
    return review


@transaction.atomic
def answer(*, item: AgendaItem, question: str, text: str, by: Person, at: datetime) -> Answer:
    """What somebody says to a question of the item, before or in the review; the newest counts, none is lost.

    The same words again are no new answer. UserError where the review is closed, or there is no such question.
    """
    if question not in (*Question, DISPUTE):
        raise UserError(f"“{question[:20]}” is none of the questions.")
    review = hold(item.review)
    if review.state in OVER:
        raise UserError(CLOSED)
    text = text.replace("\r\n", "\n").strip()[:LONGEST_ANSWER]
    newest = Answer.objects.filter(item=item, question=question).select_related("text").order_by("-pk").first()
    if newest is not None and (newest.text.text or "") == text:
        return newest
    words = wordings(review.workspace, [text])[text]
    made = Answer.objects.create(workspace=review.workspace, item=item, question=question, text_id=words, by=by, at=at)
    append_entry(
        workspace=review.workspace, by=by, at=at, verb="answer question", target=f"review {review.key}",
        detail={"item": item.key, "question": question},
    )  # fmt: skip
    changed(review)
    return made


@transaction.atomic
def pass_over(*, item: AgendaItem, by: Person, at: datetime) -> AgendaItem:
    """Not today; everybody goes on with the next that waits. One that was decided stays as it is."""
    review = hold_running(item.review)
    item.refresh_from_db()
    if item.state in (DONE, PASSED):
        return item
    _set_state(item, PASSED)
    if review.at_item_id == item.pk:
        _count(review, at)
        review.at_item = _first_open(review, after=item.place) or item
        review.item_since = at
        review.save(update_fields=["at_item", "item_since"])
    _tell_item(review, item, by, at, "pass over")
    return item


@transaction.atomic
def take_up(*, item: AgendaItem, by: Person, at: datetime) -> AgendaItem:
    """Undo of passing over: it waits again, and everybody looks at it."""
    review = hold_running(item.review)
    item.refresh_from_db()
    if item.state == PASSED:
        _set_state(item, WAITING)
        turn_to(review=review, item=item, by=by, at=at)
        _tell_item(review, item, by, at, "take up")
    return item


@transaction.atomic
def close_review(*, review: Review, by: Person, at: datetime) -> Review:
    """It is over: held, late, or empty where nothing was decided. A second press changes nothing.

    The history gets the occurrence and the deals it looked at; promises are settled; the minutes go out.
    """
    review = hold(review)
    if review.state in OVER:
        return review
    if review.state != Held.RUNNING or review.opened_at is None:
        raise UserError("This review is not open, so there is nothing to close.")
    _count(review, at)
    decided = Decision.objects.filter(review=review, voiding=None)
    zone = review.rhythm.zone if review.rhythm else review.workspace.zone
    state = ended_as(due_at=review.due_at, zone=zone, opened_at=review.opened_at, decisions=decided.count())
    review.state, review.closed_at, review.at_item, review.item_since = state.value, at, None, None
    review.save(update_fields=["state", "closed_at", "at_item", "item_since"])
    append_occurrence(review=review, held=True, by=by, happened_at=review.opened_at, at=at)
    for item in _looked_at(review):
        if item.deal is not None:
            append_inspection(review=review, deal=item.deal, by=by, at=at)
            refresh(deal=item.deal, at=at)
    settle_commitments(workspace=review.workspace, at=at)
    append_entry(
        workspace=review.workspace, by=by, at=at, verb="close review", target=f"review {review.key}",
        detail={"state": state.value},
    )  # fmt: skip
    review = changed(review)
    send_minutes(review=review, at=at)
    return review


def hold(review: Review) -> Review:
    """The review's row, held until the transaction ends: whoever writes next waits."""
    held = Review.objects.select_for_update(of=("self",)).select_related("workspace", "leader", "rhythm")
    return held.get(pk=review.pk)


def hold_running(review: Review) -> Review:
    """The same, of one that is open. UserError for any other."""
    held = hold(review)
    if held.state != Held.RUNNING:
        raise UserError(CLOSED if held.state in OVER else NOT_OPEN)
    return held


def changed(review: Review) -> Review:
    """Everybody's page has something new to show."""
    Review.objects.filter(pk=review.pk).update(revision=F("revision") + 1)
    review.refresh_from_db(fields=["revision"])
    return review


def _join(review: Review, by: Person, at: datetime) -> tuple[ReviewPerson, bool]:
    return ReviewPerson.objects.get_or_create(
        review=review, person=by, defaults={"workspace": review.workspace, "joined_at": at, "seen_at": at}
    )


def _first_open(review: Review, after: int = -1) -> AgendaItem | None:
    """The next item that waits, from the beginning again where none comes after; else the first of all."""
    items = list(AgendaItem.objects.filter(review=review).order_by("place", "pk"))
    waiting = [item for item in items if item.state == WAITING]
    return next((item for item in waiting if item.place > after), None) or next(iter(waiting or items), None)


def _count(review: Review, at: datetime) -> None:
    """The time since the last turn is time talked about the item."""
    if review.at_item_id is None or review.item_since is None:
        return
    seconds = min(max(int((at - review.item_since).total_seconds()), 0), LONGEST_LOOK)
    AgendaItem.objects.filter(pk=review.at_item_id).update(seconds=F("seconds") + seconds)


def _set_state(item: AgendaItem, state: str) -> None:
    item.state = state
    item.save(update_fields=["state"])


def _tell_item(review: Review, item: AgendaItem, by: Person, at: datetime, verb: str) -> None:
    append_entry(
        workspace=review.workspace, by=by, at=at, verb=verb, target=f"review {review.key}", detail={"item": item.key}
    )
    changed(review)


def _looked_at(review: Review) -> list[AgendaItem]:
    """Items that were talked about: decided, or before everybody for a while and not passed over."""
    items = AgendaItem.objects.filter(review=review).select_related("deal__workspace", "deal__version__process")
    return [
        item
        for item in items.order_by("place", "pk")
        if item.state == DONE or (item.state != PASSED and item.seconds >= LOOKED_SECONDS)
    ]
