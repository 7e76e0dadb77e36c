"""Set, change, end and resume a rhythm; its single occurrences: `headway.store.actions.occurrences`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from headway.basics.errors import UserError
from headway.reviews.kinds import ReviewKind
from headway.reviews.recurrence import read_rule
from headway.reviews.rhythm import zone_of
from headway.store.actions.audit import append_entry
from headway.store.actions.calendar_mail import call_all_off, invite_all
from headway.store.actions.laying_out import clear_ahead, fit_anew, held_rhythm, lay_out
from headway.store.actions.occurrences import (
    begin_review_now,
    check_minutes,
    move_review,
    pass_by,
    restore_review,
    skip_review,
    tidy_name,
)
from headway.store.models import Membership, Person, Rhythm, RhythmPerson, Workspace

# Whoever works with the rhythm finds all its verbs here.
__all__ = [
    "Terms", "begin_review_now", "change_rhythm", "end_rhythm", "lay_out", "move_review", "pass_by",
    "restore_review", "resume_rhythm", "set_rhythm", "skip_review",
]  # fmt: skip
YEARS = (2000, 2200)
TIMES = ("first_on", "starts", "zone", "rule")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rhythm is. `rule`: an RRULE as `headway.reviews.recurrence` allows it; `people`: who takes part."""

    name: str
    leader: Person
    people: tuple[Person, ...]
    first_on: date
    starts: time
    zone: str
    rule: str
    minutes: int
    team: str = ""
    place: str = ""


@transaction.atomic
def set_rhythm(*, workspace: Workspace, kind: str, terms: Terms, by: Person, at: datetime) -> Rhythm:
    """A new rhythm: laid out ahead, everybody invited. UserError where its terms cannot be."""
    terms = _checked(workspace, terms)
    if kind not in set(ReviewKind):
        raise UserError("There is no such review: choose one of the five kinds.")
    rhythm = Rhythm.objects.create(workspace=workspace, kind=kind, created_at=at, changed_at=at, **_fields(terms))
    _let_in(rhythm, terms)
    lay_out(rhythm=rhythm, at=at)
    invite_all(rhythm=rhythm, at=at)
    _tell(rhythm, by, at, "set rhythm", {"kind": kind, "rule": rhythm.rule, "minutes": rhythm.minutes})
    return rhythm


@transaction.atomic
def change_rhythm(*, rhythm: Rhythm, terms: Terms, by: Person, at: datetime) -> Rhythm:
    """From now on it is so; what was held stays as it was. Everybody concerned gets the new invitation.

    Changing nothing changes nothing. UserError where it has ended or the terms cannot be.
    """
    rhythm = _running(rhythm)
    terms = _checked(rhythm.workspace, terms)
    before = {one.pk: one for one in Person.objects.filter(pk__in=rhythm.people.values("person"))}
    now = {one.pk for one in terms.people}
    fields = _fields(terms)
    changed = sorted(name for name, value in fields.items() if getattr(rhythm, name) != value)
    if now != set(before):
        changed.append("people")
    if not changed:
        return rhythm
    for name, value in fields.items():
        setattr(rhythm, name, value)
    rhythm.changed_at, rhythm.sequence = at, rhythm.sequence + 1
    rhythm.save()
    _let_in(rhythm, terms)
    if {*TIMES} & {*changed}:
        fit_anew(rhythm=rhythm, at=at)
    rhythm.reviews.filter(state="due", opened_at=None).update(
        name=terms.name, team=terms.team, leader=terms.leader, minutes=terms.minutes
    )
    lay_out(rhythm=rhythm, at=at)
    if changed != ["team"]:  # a calendar says nothing of deals
        invite_all(rhythm=rhythm, at=at, left=[one for key, one in before.items() if key not in now])
    _tell(rhythm, by, at, "change rhythm", {"changed": changed})
    return rhythm


@transaction.atomic
def end_rhythm(*, rhythm: Rhythm, by: Person, at: datetime) -> Rhythm:
    """It is no longer held. What took place stays. Ending twice changes nothing."""
    rhythm = held_rhythm(rhythm)
    if rhythm.ended_at is None:
        rhythm.ended_at, rhythm.sequence = at, rhythm.sequence + 1
        rhythm.save(update_fields=["ended_at", "sequence"])
        clear_ahead(rhythm=rhythm, at=at)
        call_all_off(rhythm=rhythm, at=at)
        _tell(rhythm, by, at, "end rhythm", {})
    return rhythm


@transaction.atomic
def resume_rhythm(*, rhythm: Rhythm, by: Person, at: datetime) -> Rhythm:
    """Undo of an end: held again from now on, on the terms it had."""
    rhythm = held_rhythm(rhythm)
    if rhythm.ended_at is not None:
        rhythm.ended_at, rhythm.changed_at, rhythm.laid_until = None, at, None
        rhythm.sequence += 1
        rhythm.save(update_fields=["ended_at", "changed_at", "laid_until", "sequence"])
        lay_out(rhythm=rhythm, at=at)
        invite_all(rhythm=rhythm, at=at)
        _tell(rhythm, by, at, "resume rhythm", {})
    return rhythm


def _running(rhythm: Rhythm) -> Rhythm:
    rhythm = held_rhythm(rhythm)
    if rhythm.ended_at is not None:
        raise UserError("This rhythm has ended: set a new one.")
    return rhythm


def _checked(workspace: Workspace, terms: Terms) -> Terms:
    """The terms with rule and names in one form, the leader among the people. UserError names what cannot be."""
    zone_of(terms.zone)
    check_minutes(terms.minutes)
    if not YEARS[0] <= terms.first_on.year <= YEARS[1]:
        raise UserError("The first day lies too far away: choose one in these years.")
    people = tuple({one.pk: one for one in (terms.leader, *terms.people)}.values())
    members = Membership.objects.filter(workspace=workspace, ended_at=None, person__in=people)
    if members.count() != len(people):
        raise UserError("Somebody who should take part is no member here: invite them first.")
    return Terms(
        name=tidy_name(terms.name), leader=terms.leader, people=people, first_on=terms.first_on,
        starts=terms.starts.replace(second=0, microsecond=0, tzinfo=None), zone=terms.zone,
        rule=read_rule(terms.rule).text, minutes=terms.minutes, team=terms.team.strip(),
        place=" ".join(terms.place.split())[:300],
    )  # fmt: skip


def _fields(terms: Terms) -> dict[str, object]:
    """What of the terms stands in the rhythm's own row."""
    names = ("name", "team", "leader", "first_on", "starts", "zone", "rule", "minutes", "place")
    return {name: getattr(terms, name) for name in names}


def _let_in(rhythm: Rhythm, terms: Terms) -> None:
    RhythmPerson.objects.filter(rhythm=rhythm).exclude(person__in=terms.people).delete()
    rows = [RhythmPerson(workspace=rhythm.workspace, rhythm=rhythm, person=one) for one in terms.people]
    RhythmPerson.objects.bulk_create(rows, ignore_conflicts=True)


def _tell(rhythm: Rhythm, by: Person, at: datetime, verb: str, detail: dict[str, object]) -> None:
    append_entry(workspace=rhythm.workspace, by=by, at=at, verb=verb, target=f"rhythm {rhythm.key}", detail=detail)
