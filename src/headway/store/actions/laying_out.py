"""Occurrences as rows: laid out ahead, fitted anew when a rhythm changes, cleared away where none is held.

Safe to do twice, late, or by two workers at once: the rhythm's row is held meanwhile, what is there is left alone, and
the database refuses a second row for one rhythm and moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from headway.reviews.rhythm import next_occurrence, occurrences
from headway.store.actions.calendar_mail import recurring_of
from headway.store.actions.wordings import find_wording
from headway.store.models import AgendaItem, Answer, Commitment, DealCall, Decision, Holiday, Review, Rhythm

AHEAD = timedelta(days=8)
ASIDE = timedelta(days=40_000)  # a place nobody uses, while rows change places


@transaction.atomic
def lay_out(*, rhythm: Rhythm, at: datetime) -> list[Review]:
    """The occurrences of the next 8 days, and in any case the next one, each as a Review; those that are new.

    Begins where the last time ended, however long ago that is: what should have been laid out meanwhile is. An ended
    rhythm gets none.
    """
    rhythm = held_rhythm(rhythm)
    if rhythm.ended_at is not None:
        return []
    since = max(rhythm.changed_at, min(rhythm.laid_until or rhythm.changed_at, at))
    taken = _taken(rhythm, since)
    made = [_occurrence(rhythm, slot) for slot in _slots(rhythm, since, at) if slot not in taken]
    Review.objects.bulk_create(made)
    until = at + AHEAD
    if rhythm.laid_until is None or rhythm.laid_until < until:
        Rhythm.objects.filter(pk=rhythm.pk).update(laid_until=until)
    return made


def fit_anew(*, rhythm: Rhythm, at: datetime) -> None:
    """Put what was laid out ahead onto the rhythm's new times, first to first, so that prepared agendas stay theirs.

    Inside a change's transaction, the rhythm saved. What finds no new time is cleared away.
    """
    rows = list(_ahead(rhythm, at).order_by("due_at"))
    taken = _taken(rhythm, at, but=[row.pk for row in rows])
    slots = [slot for slot in _slots(rhythm, at, at) if slot not in taken]
    for row in rows:  # out of each other's way first: one moment of a rhythm is one row at any time
        Review.objects.filter(pk=row.pk).update(due_at=row.due_at - ASIDE)
    for row, slot in zip(rows, slots, strict=False):
        Review.objects.filter(pk=row.pk).update(due_at=slot, moved_from=None, revision=row.revision + 1)
    for row in rows[len(slots) :]:
        Review.objects.filter(pk=row.pk).update(due_at=row.due_at)
    clear_away(rows[len(slots) :], "The rhythm changed.", at)
    Rhythm.objects.filter(pk=rhythm.pk).update(laid_until=None)


def clear_ahead(*, rhythm: Rhythm, at: datetime) -> None:
    """Nothing that lies ahead is held: the rhythm is over. Inside the action's transaction."""
    clear_away(list(_ahead(rhythm, at)), "The rhythm ended.", at)


def clear_away(rows: Iterable[Review], reason: str, at: datetime) -> None:
    """Remove occurrences that will not be; one that somebody has put work into stays, skipped for that reason.

    Neither counts as missed.
    """
    for row in rows:
        if is_worked_on(row):
            row.state, row.skipped_at, row.reason_id = "skipped", at, find_wording(row.workspace, reason)
            row.revision += 1
            row.save(update_fields=["state", "skipped_at", "reason", "revision"])
        else:
            row.delete()


def is_worked_on(review: Review) -> bool:
    """Whether people have answered, foretold, decided or promised something for it already."""
    items = AgendaItem.objects.filter(review=review)
    return (
        Answer.objects.filter(item__in=items).exists()
        or DealCall.objects.filter(review=review).exists()
        or Decision.objects.filter(review=review).exists()
        or Commitment.objects.filter(review=review).exists()
    )


def held_rhythm(rhythm: Rhythm) -> Rhythm:
    """The row as it is now, held until the transaction ends."""
    found = Rhythm.objects.select_for_update(of=("self",)).select_related("workspace", "leader")
    return found.get(pk=rhythm.pk)


def _slots(rhythm: Rhythm, since: datetime, at: datetime) -> list[datetime]:
    """From `since` until 8 days after `at`, and the next after `at` however far away."""
    recurring = recurring_of(rhythm)
    free = frozenset(Holiday.objects.filter(workspace=rhythm.workspace).values_list("on", flat=True))
    upcoming = next_occurrence(recurring, max(at, rhythm.changed_at), free)
    return sorted({*occurrences(recurring, since, at + AHEAD, free), *([upcoming] if upcoming else [])})


def _taken(rhythm: Rhythm, since: datetime, but: Iterable[int] = ()) -> set[datetime]:
    """Moments that have a row: where it is, and where it was laid out before it was moved."""
    rows = Review.objects.filter(Q(due_at__gte=since) | Q(moved_from__gte=since), rhythm=rhythm)
    found = rows.exclude(pk__in=list(but)).values_list("due_at", "moved_from")
    return {moment for pair in found for moment in pair if moment is not None}


def _ahead(rhythm: Rhythm, at: datetime) -> QuerySet[Review]:
    return Review.objects.select_related("workspace").filter(rhythm=rhythm, state="due", opened_at=None, due_at__gt=at)


def _occurrence(rhythm: Rhythm, slot: datetime) -> Review:
    return Review(
        workspace=rhythm.workspace, rhythm=rhythm, kind=rhythm.kind, name=rhythm.name, team=rhythm.team,
        leader=rhythm.leader, due_at=slot, minutes=rhythm.minutes,
    )  # fmt: skip
