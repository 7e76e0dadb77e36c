"""Calendar invitations of a rhythm, put out by mail: to everyone concerned, once for each change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from headway.reviews.calendar_text import Invited, Series, cancellation_text, exception_text, invitation_text
from headway.reviews.recurrence import read_rule, rule_words
from headway.reviews.rhythm import Recurring, zone_of
from headway.store.actions.outbox import MAIL, Letter, put_out
from headway.store.models import Holiday, Membership, NoticeChoice, Person, Review, Rhythm, Workspace


def recurring_of(rhythm: Rhythm) -> Recurring:
    """The rhythm as the rules know it."""
    return Recurring(rhythm.first_on, rhythm.starts, rhythm.zone, rhythm.rule, rhythm.minutes)


def invite_all(*, rhythm: Rhythm, at: datetime, left: Iterable[Person] = ()) -> None:
    """An invitation to everybody who takes part; those in `left` do so no longer and are told that."""
    series = _series(rhythm, at)
    when = _when(rhythm)
    _send(rhythm, _people(rhythm), f"{rhythm.name}: {when}", _words(rhythm, when), invitation_text(series), at)
    _call_off(rhythm, series, left, f"You are no longer asked to {rhythm.name}", at)


def call_all_off(*, rhythm: Rhythm, at: datetime) -> None:
    """Everybody is told that the rhythm is over."""
    _call_off(rhythm, _series(rhythm, at), _people(rhythm), f"No longer held: {rhythm.name}", at)


def tell_of_occurrence(*, review: Review, rhythm: Rhythm, slot: datetime, at: datetime, reason: str = "") -> None:
    """Everybody is told that the occurrence laid out for `slot` is at another time, or skipped.

    The reason is told in the mail and not in the calendar.
    """
    series = _series(rhythm, at)
    was, skipped = _moment(slot, rhythm.zone), review.state == "skipped"
    text = exception_text(series, slot, None if skipped else review.due_at, review.minutes)
    subject = f"Skipped: {rhythm.name} on {was}" if skipped else f"{rhythm.name}: {_moment(review.due_at, rhythm.zone)}"
    told = f"It is not held on {was}." if skipped else f"It was to be on {was}."
    _send(rhythm, _people(rhythm), subject, "\n".join(line for line in (told, reason, series.link) if line), text, at)


def rhythm_address(workspace: Workspace, rhythm: Rhythm) -> str:
    """Where the rhythm is shown; calendars link to it."""
    return f"{settings.ADDRESS}/w/{workspace.key}/rhythm/{rhythm.key}/"


def review_address(workspace: Workspace, review: Review) -> str:
    """Where a review is shown; calendars link to it."""
    return f"{settings.ADDRESS}/w/{workspace.key}/reviews/{review.key}/"


def _series(rhythm: Rhythm, at: datetime) -> Series:
    name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Series(
        uid=f"{rhythm.key}@headway",
        title=rhythm.name,
        recurring=recurring_of(rhythm),
        since=at,
        place=rhythm.place,
        link=rhythm_address(rhythm.workspace, rhythm),
        sequence=rhythm.sequence,
        changed_at=at,
        organiser=Invited(f"{rhythm.leader.name} ({name or 'Headway'})", sender),
        people=tuple(Invited(one.name, one.email) for one in _people(rhythm)),
        holidays=frozenset(Holiday.objects.filter(workspace=rhythm.workspace).values_list("on", flat=True)),
    )


def _people(rhythm: Rhythm) -> list[Person]:
    """Who takes part and is a member still."""
    found = Person.objects.filter(pk__in=rhythm.people.values("person"), is_active=True)
    members = Membership.objects.filter(workspace=rhythm.workspace, ended_at=None).values("person")
    return list(found.filter(pk__in=members).order_by("name", "pk"))


def _call_off(rhythm: Rhythm, series: Series, people: Iterable[Person], subject: str, at: datetime) -> None:
    _send(rhythm, people, subject, f"{subject}.", cancellation_text(series), at, method="CANCEL")


def _send(
    rhythm: Rhythm, people: Iterable[Person], subject: str, words: str, text: str, at: datetime, method: str = ""
) -> None:
    """One mail each, unless they want none. Of one change of a rhythm (its sequence) nobody gets a second."""
    wanted = list(people)
    silent = set(NoticeChoice.objects.filter(person__in=wanted, channel="none").values_list("person_id", flat=True))
    method = method or ("CANCEL" if "METHOD:CANCEL" in text else "REQUEST")
    file = {"name": "invite.ics", "media_type": f"text/calendar; method={method}; charset=utf-8", "text": text}
    for person in wanted:
        if person.pk not in silent:
            put_out(
                workspace=rhythm.workspace, person=person, channel=MAIL, kind="invitation",
                letter=Letter(subject=subject, text=words, files=[file]),
                once=f"invitation {rhythm.key} {rhythm.sequence} {person.pk}", at=at,
            )  # fmt: skip


def _when(rhythm: Rhythm) -> str:
    said = rule_words(read_rule(rhythm.rule))
    return f"{said[0].lower()}{said[1:]} at {rhythm.starts:%H:%M}"


def _words(rhythm: Rhythm, when: str) -> str:
    lines = [
        f"{rhythm.leader.name} asks you to {rhythm.name}: {when} ({rhythm.zone}), {rhythm.minutes} minutes.",
        f"Where: {rhythm.place}" if rhythm.place else "",
        f"Its agenda is ready a day before: {rhythm_address(rhythm.workspace, rhythm)}",
    ]
    return "\n".join(line for line in lines if line)


def _moment(moment: datetime, zone: str) -> str:
    there = moment.astimezone(zone_of(zone))
    return f"{there:%A} {there.day} {there:%b} at {there:%H:%M}"
