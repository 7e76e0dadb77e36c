"""Remind somebody once a day at most, and hear what they answer to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from headway.reviews.reminders import snoozed_until
from headway.store.actions.outbox import Letter, put_out
from headway.store.models import NoticeChoice, OutMessage, Person, Reminder, Workspace

DIGEST = "digest"


@transaction.atomic
def settle_digest(
    *,
    person: Person,
    on: date,
    letter: Letter | None,
    channel: str,
    told: Iterable[tuple[Workspace, str]],
    at: datetime,
) -> bool:
    """This person's digest of this local day: put out, or nothing to tell; False where it was settled already.

    `told`: the reminders in it, as (workspace, mark): each counts once more, in the same transaction. A digest of a day
    before that still waits is dropped: this one says what is still open.
    """
    choice = NoticeChoice.objects.select_for_update().get_or_create(person=person)[0]
    if choice.digest_on == on:
        return False
    choice.digest_on = on
    choice.save(update_fields=["digest_on"])
    if letter is None:
        return True
    older = OutMessage.objects.filter(person=person, kind=DIGEST, state="waiting")
    older.update(state="dropped", error="The next digest took its place.")
    once = f"digest {person.key} {on.isoformat()}"
    if put_out(workspace=None, person=person, channel=channel, kind=DIGEST, letter=letter, once=once, at=at):
        for workspace, about in told:
            reminder = _locked(workspace, person, about)
            Reminder.objects.filter(pk=reminder.pk).update(told=F("told") + 1, told_on=on)
    return True


@transaction.atomic
def snooze_reminder(*, workspace: Workspace, person: Person, about: str, on: date) -> date:
    """Not again before a week from `on`, the person's own day; the day from which it may come again."""
    reminder = _locked(workspace, person, about)
    reminder.snoozed_until = snoozed_until(on)
    reminder.save(update_fields=["snoozed_until"])
    return reminder.snoozed_until


@transaction.atomic
def end_reminder(*, workspace: Workspace, person: Person, about: str, at: datetime) -> None:
    """Not needed: no digest tells it again. What it is about stays as it is."""
    reminder = _locked(workspace, person, about)
    if reminder.not_needed_at is None:
        reminder.not_needed_at = at
        reminder.save(update_fields=["not_needed_at"])


def _locked(workspace: Workspace, person: Person, about: str) -> Reminder:
    rows = Reminder.objects.select_for_update()
    return rows.get_or_create(workspace=workspace, person=person, about=about[:80])[0]
