"""Say of one occurrence that it was missed, is skipped, restored, moved, or held right now without a rhythm."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from headway.basics.errors import UserError
from headway.reviews.held import open_until
from headway.reviews.kinds import ReviewKind
from headway.reviews.recurrence import read_rule
from headway.reviews.rhythm import grace_days, local_day
from headway.store.actions.audit import append_entry
from headway.store.actions.calendar_mail import tell_of_occurrence
from headway.store.actions.laying_out import held_rhythm
from headway.store.actions.review_events import append_occurrence
from headway.store.actions.wordings import find_wording
from headway.store.models import Event, Holiday, Person, Review, Rhythm, Voiding, Workspace

SHORTEST, LONGEST = 5, 480  # minutes
FURTHEST = timedelta(days=92)  # an occurrence moves at most a quarter
SAME_PRESS = timedelta(minutes=10)


@transaction.atomic
def pass_by(*, review: Review, at: datetime) -> bool:
    """Its days went by and nobody opened it: skipped, with a REVIEW_MISSED event, once. Whether it was done now.

    False where it was opened, skipped, or may still be held.
    """
    review = _held(review)
    if review.state != "due" or review.opened_at is not None or at < last_moment(review):
        return False
    _skip(review, at)
    if review.rhythm is not None:  # one that was begun without a rhythm and left again was never promised to anybody
        append_occurrence(review=review, held=False, by=None, happened_at=review.due_at, at=at)
    _tell_of(review, None, at, "miss review", {})
    return True


@transaction.atomic
def skip_review(*, review: Review, reason: str, by: Person, at: datetime) -> Review:
    """Somebody says that it is not held, before or within its days of grace. It counts as missed.

    UserError without a reason, or where it has taken place or is over.
    """
    if not reason.strip():
        raise UserError("Write why it is skipped: whoever waits for it must know.")
    review = _waiting(review, at)
    review.reason_id = find_wording(review.workspace, reason)
    _skip(review, at)
    append_occurrence(review=review, held=False, by=by, happened_at=min(review.due_at, at), at=at)
    _announce(review, at, reason.strip())
    _tell_of(review, by, at, "skip review", {})
    return review


@transaction.atomic
def restore_review(*, review: Review, by: Person, at: datetime) -> Review:
    """Undo of skipping: it is due again, as long as it may be held. UserError where its days went by."""
    review = _held(review)
    if review.state != "skipped" or review.opened_at is not None:
        return review
    if at >= last_moment(review):
        raise UserError("Its days have gone by: hold a review now instead.")
    review.state, review.skipped_at, review.reason = "due", None, None
    review.revision += 1
    review.save(update_fields=["state", "skipped_at", "reason", "revision"])
    missed = Event.objects.filter(workspace=review.workspace, kind="review_missed", ref=f"review {review.key}")
    for event in missed.filter(voiding=None):
        Voiding.objects.create(workspace=review.workspace, event=event, at=at, by=by)
    _announce(review, at)
    _tell_of(review, by, at, "restore review", {})
    return review


@transaction.atomic
def move_review(*, review: Review, due_at: datetime, by: Person, at: datetime) -> Review:
    """This one occurrence is at another time; moved back to its own, it is as it was. Everybody is told.

    UserError where that lies in the past, on a holiday, over a quarter away, or another one is held then.
    """
    review = _waiting(review, at)
    rhythm = review.rhythm
    if due_at == review.due_at:
        return review
    if due_at <= at:
        raise UserError("That time has passed: choose one that lies ahead.")
    if due_at > review.due_at + FURTHEST:
        raise UserError("That is over three months away: skip this one, or change the rhythm.")
    day = local_day(due_at, rhythm.zone if rhythm else review.workspace.zone)
    holiday = Holiday.objects.filter(workspace=review.workspace, on=day).first()
    if holiday is not None:
        raise UserError(f"Nothing is held that day ({holiday.name or 'a holiday'}): choose another.")
    if rhythm and Review.objects.filter(rhythm=rhythm, due_at=due_at).exists():
        raise UserError("This review is held at that time already: choose another.")
    own = review.moved_from or review.due_at
    review.due_at, review.moved_from = due_at, None if due_at == own else own
    review.revision += 1
    review.save(update_fields=["due_at", "moved_from", "revision"])
    _announce(review, at)
    _tell_of(review, by, at, "move review", {"due_at": due_at.isoformat()})
    return review


@transaction.atomic
def begin_review_now(
    *, workspace: Workspace, kind: str, name: str, team: str, leader: Person, minutes: int, by: Person, at: datetime
) -> Review:
    """A review without a rhythm, due now; `open_review` opens it. A second press in ten minutes gives the same one."""
    if kind not in set(ReviewKind):
        raise UserError("There is no such review: choose one of the five kinds.")
    name = tidy_name(name)
    check_minutes(minutes)
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    same = Review.objects.filter(
        workspace=workspace, rhythm=None, kind=kind, name=name, team=team, leader=leader, state="due",
        due_at__gt=at - SAME_PRESS, due_at__lte=at,
    ).first()  # fmt: skip
    if same is not None:
        return same
    review = Review.objects.create(
        workspace=workspace, kind=kind, name=name, team=team, leader=leader, minutes=minutes, due_at=at
    )
    _tell_of(review, by, at, "begin review", {"kind": kind})
    return review


def last_moment(review: Review) -> datetime:
    """Until when it may be held, if only late: the end of its local day, and of its rhythm's days of grace."""
    rhythm = review.rhythm
    if rhythm is None:
        return open_until(review.due_at, review.workspace.zone, 0)
    return open_until(review.due_at, rhythm.zone, grace_days(read_rule(rhythm.rule)))


def _skip(review: Review, at: datetime) -> None:
    review.state, review.skipped_at, review.revision = "skipped", at, review.revision + 1
    review.save(update_fields=["state", "skipped_at", "reason", "revision"])


def _announce(review: Review, at: datetime, reason: str = "") -> None:
    """Everybody's calendar is told of this one occurrence, where it lies ahead."""
    slot = review.moved_from or review.due_at
    if review.rhythm is None or max(slot, review.due_at) <= at:
        return
    rhythm = held_rhythm(review.rhythm)
    rhythm.sequence += 1
    rhythm.save(update_fields=["sequence"])
    tell_of_occurrence(review=review, rhythm=rhythm, slot=slot, at=at, reason=reason)


def _held(review: Review) -> Review:
    """The row as it is now, held; its rhythm's before it, in the order in which a change of the rhythm takes them."""
    if review.rhythm_id is not None:
        Rhythm.objects.select_for_update().get(pk=review.rhythm_id)
    found = Review.objects.select_for_update(of=("self",)).select_related("rhythm", "leader", "workspace")
    return found.get(pk=review.pk)


def _waiting(review: Review, at: datetime) -> Review:
    review = _held(review)
    if review.opened_at is not None or review.closed_at is not None:
        raise UserError("This review has begun already: close it in its room.")
    if review.state != "due" or at >= last_moment(review):
        raise UserError("This review is over: hold one now instead.")
    return review


def tidy_name(name: str) -> str:
    """A name with its spaces in order. UserError for none."""
    name = " ".join(name.split())[:200]
    if not name:
        raise UserError("Give the review a name.")
    return name


def check_minutes(minutes: int) -> None:
    """UserError where a review cannot take so long."""
    if not SHORTEST <= minutes <= LONGEST:
        raise UserError(f"A review takes {SHORTEST} to {LONGEST} minutes.")


def _tell_of(review: Review, by: Person | None, at: datetime, verb: str, detail: dict[str, object]) -> None:
    append_entry(workspace=review.workspace, by=by, at=at, verb=verb, target=f"review {review.key}", detail=detail)
