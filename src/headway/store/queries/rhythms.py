"""Rhythms as pages, calendars and jobs read them: with their people, past and coming occurrences, holidays, links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from headway.reviews.calendar_text import Entry, occurrence_uid
from headway.reviews.rhythm import Recurring, local_day, occurrences
from headway.store.actions.calendar_mail import recurring_of, review_address, rhythm_address
from headway.store.actions.workspaces import hashed
from headway.store.guards import enter
from headway.store.models import CalendarLink as CalendarLinkRow
from headway.store.models import Deal, Membership, Person, RhythmPerson, Workspace
from headway.store.models import Holiday as HolidayRow
from headway.store.models import Review as ReviewRow
from headway.store.models import Rhythm as RhythmRow
from headway.store.queries.access import Access

__all__ = ["Calendar", "CalendarLinkRow", "HolidayRow", "ReviewRow", "RhythmRow", "recurring_of"]
MOST = 200  # rhythms of a workspace on its page
SHOWN = 26  # occurrences of each: half a year of weeks
OF_ONE = 160  # occurrences of one rhythm on its own page
BEHIND, AHEAD = timedelta(days=60), timedelta(days=366)  # what a subscription holds
MOST_ENTRIES = 2_000


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whose calendar an address opens."""

    person: Person
    workspace: Workspace


def list_rhythms(access: Access, *, ended: bool = False) -> list[RhythmRow]:
    """Those that run, by name, or those that ended, the last first; with their people; at most 200."""
    found = RhythmRow.objects.select_related("leader").prefetch_related("people__person")
    found = found.filter(workspace=access.workspace, ended_at__isnull=not ended)
    return list(found.order_by("-ended_at", "name", "pk")[:MOST])


def list_occurrences(rhythms: Iterable[RhythmRow], most: int = SHOWN) -> dict[int, list[ReviewRow]]:
    """Rhythm id -> its newest occurrences, in order of time, those ahead too; at most `most` each. One query."""
    keys = [rhythm.pk for rhythm in rhythms]
    newest = Window(RowNumber(), partition_by=[F("rhythm")], order_by=F("due_at").desc())
    rows = ReviewRow.objects.filter(rhythm__in=keys).annotate(place=newest).filter(place__lte=most)
    found: dict[int, list[ReviewRow]] = defaultdict(list)
    for row in rows.select_related("reason").order_by("due_at"):
        found[row.rhythm_id or 0].append(row)
    return found


def count_states(rhythms: Iterable[RhythmRow]) -> dict[int, dict[str, int]]:
    """Rhythm id -> state -> how many of all its occurrences. One query."""
    rows = ReviewRow.objects.filter(rhythm__in=[rhythm.pk for rhythm in rhythms]).values("rhythm", "state")
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows.annotate(n=Count("pk")).order_by():
        found[row["rhythm"]][row["state"]] = row["n"]
    return found


def list_reviews_without_rhythm(access: Access, most: int = 10) -> list[ReviewRow]:
    """Reviews that were held without a rhythm, the newest first."""
    found = ReviewRow.objects.select_related("leader").filter(workspace=access.workspace, rhythm=None)
    return list(found.order_by("-due_at")[:most])


def list_teams(access: Access) -> list[str]:
    """The teams that deals name, by name; at most 200."""
    found = Deal.objects.filter(workspace=access.workspace, is_live=True).exclude(team="")
    return list(found.order_by("team").values_list("team", flat=True).distinct()[:MOST])


def list_holidays(access: Access) -> list[HolidayRow]:
    """All of them, in order; at most 2,000."""
    return list(HolidayRow.objects.filter(workspace=access.workspace).order_by("on")[:2_000])


def free_days(workspace: Workspace) -> frozenset[date]:
    """The days on which nothing is held."""
    return frozenset(HolidayRow.objects.filter(workspace=workspace).values_list("on", flat=True))


def find_link(access: Access) -> CalendarLinkRow | None:
    """This person's calendar address in this workspace, if they have one. Its token is nowhere."""
    return CalendarLinkRow.objects.filter(workspace=access.workspace, person=access.person, revoked_at=None).first()


def find_calendar(token: str) -> Calendar | None:
    """Whose calendar this token opens, and enter the workspace; None for one revoked, unknown or malformed alike."""
    links = CalendarLinkRow.objects.select_related("person", "workspace").filter(token_hash=hashed(token))
    link = links.filter(revoked_at=None, person__is_active=True, workspace__removed_at=None).first()
    if link is None:
        return None
    member = Membership.objects.filter(workspace=link.workspace, person=link.person, ended_at=None)
    if not member.exists():
        return None
    enter(link.workspace_id)
    return Calendar(link.person, link.workspace)


def list_entries(calendar: Calendar, at: datetime) -> list[Entry]:
    """The person's occurrences of the last 60 days and the next year, in order of time.

    As they were laid out, moved or skipped; beyond that as the rhythm's rule has them.
    """
    person, workspace = calendar.person, calendar.workspace
    mine = RhythmPerson.objects.filter(workspace=workspace, person=person).values("rhythm")
    rhythms = {row.pk: row for row in RhythmRow.objects.filter(workspace=workspace, pk__in=mine)[:MOST]}
    rows = ReviewRow.objects.filter(workspace=workspace, due_at__gte=at - BEHIND, due_at__lt=at + AHEAD)
    rows = rows.filter(Q(rhythm__in=rhythms) | Q(rhythm=None, leader=person)).order_by("due_at")[:MOST_ENTRIES]
    free = free_days(workspace)
    laid: dict[int, set[datetime]] = defaultdict(set)
    entries = []
    for row in rows:
        rhythm = rhythms.get(row.rhythm_id or 0)
        slot = row.moved_from or row.due_at
        if rhythm is not None:
            laid[rhythm.pk] |= {slot, row.due_at}
        entries.append(_laid_out(workspace, rhythm, row, slot))
    for rhythm in rhythms.values():
        if rhythm.ended_at is None:
            since = max(at, rhythm.changed_at)
            slots = occurrences(recurring_of(rhythm), since, at + AHEAD, free)
            entries += [_to_come(workspace, rhythm, slot) for slot in slots if slot not in laid[rhythm.pk]]
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))[:MOST_ENTRIES]


def stands_on_holiday(review: ReviewRow, recurring: Recurring, free: frozenset[date]) -> bool:
    """Whether an occurrence that was laid out falls on a holiday by now: somebody had worked on it already."""
    return review.state == "due" and local_day(review.due_at, recurring.zone) in free


def _laid_out(workspace: Workspace, rhythm: RhythmRow | None, row: ReviewRow, slot: datetime) -> Entry:
    return Entry(
        uid=occurrence_uid(rhythm.key if rhythm else row.key, slot),
        title=row.name,
        starts_at=row.due_at,
        zone=rhythm.zone if rhythm else workspace.zone,
        minutes=row.minutes,
        place=rhythm.place if rhythm else "",
        link=review_address(workspace, row),
        sequence=rhythm.sequence if rhythm else 0,
        changed_at=rhythm.changed_at if rhythm else row.due_at,
        cancelled=row.state == "skipped",
    )


def _to_come(workspace: Workspace, rhythm: RhythmRow, slot: datetime) -> Entry:
    return Entry(
        uid=occurrence_uid(rhythm.key, slot), title=rhythm.name, starts_at=slot, zone=rhythm.zone,
        minutes=rhythm.minutes, place=rhythm.place, link=rhythm_address(workspace, rhythm),
        sequence=rhythm.sequence, changed_at=rhythm.changed_at,
    )  # fmt: skip
