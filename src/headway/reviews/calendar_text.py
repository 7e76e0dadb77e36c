"""Reviews as iCalendar (RFC 5545, 5546): what a calendar subscribes to, and invitations that go out by mail.

A subscription holds one plain event per occurrence: moved, skipped and holiday ones need no exceptions, which clients
read in different ways, and a change of the rhythm leaves the past as it was. An invitation is one recurring event,
so that it is accepted once; a single occurrence that is moved or skipped follows as its exception (RECURRENCE-ID).

Titles, times, places and a link: nothing of a deal ever stands in a calendar. Whoever sends is the organiser, and the
leader is invited like everybody else: calendars do not take an invitation from oneself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vRecur, vText, vUri

from headway.reviews.calendar_zone import zone_text
from headway.reviews.recurrence import read_rule
from headway.reviews.rhythm import Recurring, next_occurrence, occurrences, zone_of

PRODUCT = "-//Headway//Rhythm//EN"
LONGEST = 300  # characters of one text
KNOWN_FOR = 10  # years that the changes of the clocks are told ahead, where they follow no rule
HOLIDAYS_FOR = timedelta(days=400)
FRESH_FOR = "PT1H"  # how often a calendar may ask again
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # no line ever ends where we did not end it


@dataclass(frozen=True, slots=True)
class Entry:
    """One occurrence in a subscription. `uid` stays its own for ever; `sequence`: one more with every change."""

    uid: str
    title: str
    starts_at: datetime
    zone: str
    minutes: int
    place: str
    link: str
    sequence: int
    changed_at: datetime
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who takes part, or sends."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Series:
    """A rhythm as one recurring event. `since`: the first occurrence is the first from there on."""

    uid: str
    title: str
    recurring: Recurring
    since: datetime
    place: str
    link: str
    sequence: int
    changed_at: datetime
    organiser: Invited
    people: tuple[Invited, ...]
    holidays: frozenset[date] = frozenset()


def occurrence_uid(rhythm: str, slot: datetime) -> str:
    """The mark of one occurrence, by the key of its rhythm and the time it was first laid out for."""
    return f"{rhythm}-{slot.astimezone(UTC):%Y%m%dT%H%M}@headway"


def feed_text(name: str, entries: Iterable[Entry]) -> str:
    """A calendar to subscribe to. `name`: what the client calls it."""
    listed = list(entries)
    calendar = _calendar()
    calendar.add("x-wr-calname", _line(name))
    calendar.add("refresh-interval", vText(FRESH_FOR), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", FRESH_FOR)
    for zone in sorted({entry.zone for entry in listed}):
        moments = [entry.starts_at for entry in listed if entry.zone == zone]
        _add_zone(calendar, zone, min(moments), max(moments))
    for entry in listed:
        event = _event(entry.uid, entry.title, entry.place, entry.link, entry.sequence, entry.changed_at)
        _add_times(event, entry.starts_at, entry.zone, entry.minutes)
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
        calendar.add_component(event)
    return _text(calendar)


def invitation_text(series: Series) -> str:
    """An invitation to the whole rhythm, or its newer state: the same `uid`, a higher `sequence`."""
    return _series_text(series, "REQUEST")


def cancellation_text(series: Series) -> str:
    """It is no longer held, or not with whoever gets this."""
    return _series_text(series, "CANCEL")


def exception_text(series: Series, slot: datetime, starts_at: datetime | None, minutes: int) -> str:
    """That the occurrence of `slot` is at another time, or (`starts_at` None) not held."""
    method = "CANCEL" if starts_at is None else "REQUEST"
    calendar = _calendar(method)
    at = starts_at or slot
    _add_zone(calendar, series.recurring.zone, min(slot, at), max(slot, at))
    event = _event(series.uid, series.title, series.place, series.link, series.sequence, series.changed_at)
    event.add("recurrence-id", slot.astimezone(zone_of(series.recurring.zone)))
    _add_times(event, at, series.recurring.zone, minutes)
    _add_people(event, series, method)
    calendar.add_component(event)
    return _text(calendar)


def _series_text(series: Series, method: str) -> str:
    recurring = series.recurring
    calendar = _calendar(method)
    first = next_occurrence(recurring, series.since, series.holidays) or series.since
    _add_zone(calendar, recurring.zone, first, first)
    event = _event(series.uid, series.title, series.place, series.link, series.sequence, series.changed_at)
    _add_times(event, first, recurring.zone, recurring.minutes)
    event.add("rrule", vRecur.from_ical(read_rule(recurring.rule).text))
    free = _free_slots(recurring, first, series.holidays)
    if free and method == "REQUEST":
        event.add("exdate", [slot.astimezone(zone_of(recurring.zone)) for slot in free])
    _add_people(event, series, method)
    calendar.add_component(event)
    return _text(calendar)


def _free_slots(recurring: Recurring, first: datetime, holidays: Collection[date]) -> tuple[datetime, ...]:
    """The slots of the rule that holidays take, for a year and a month."""
    if not holidays:
        return ()
    every = occurrences(recurring, first, first + HOLIDAYS_FOR)
    held = set(occurrences(recurring, first, first + HOLIDAYS_FOR, holidays))
    return tuple(slot for slot in every if slot not in held)


def _calendar(method: str = "") -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    return calendar


def _event(uid: str, title: str, place: str, link: str, sequence: int, changed_at: datetime) -> Event:
    event = Event()
    event.add("uid", _line(uid))
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("last-modified", changed_at.astimezone(UTC))
    event.add("sequence", sequence)
    event.add("summary", _line(title))
    event.add("description", _line(link))
    event.add("url", vUri(_line(link)))
    if place:
        event.add("location", _line(place))
    return event


def _add_times(event: Event, starts_at: datetime, zone: str, minutes: int) -> None:
    """Local times with their zone: of a time that comes twice, both RFC 5545 and we mean the first."""
    there = zone_of(zone)
    event.add("dtstart", starts_at.astimezone(there))
    event.add("dtend", (starts_at + timedelta(minutes=minutes)).astimezone(there))


def _add_people(event: Event, series: Series, method: str) -> None:
    event.add("organizer", _address(series.organiser))
    for one in series.people:
        person = _address(one)
        person.params["ROLE"] = vText("REQ-PARTICIPANT")
        if method == "REQUEST":
            person.params["PARTSTAT"], person.params["RSVP"] = vText("NEEDS-ACTION"), vText("FALSE")
        event.add("attendee", person)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")


def _address(one: Invited) -> vCalAddress:
    address = vCalAddress(f"mailto:{_line(one.email).replace(' ', '')}")
    address.params["CN"] = vText(_line(one.name) or _line(one.email))
    return address


def _add_zone(calendar: Calendar, zone: str, first: datetime, last: datetime) -> None:
    """What the zone's clocks do from the year before the first until the year after the last; UTC needs no telling."""
    if zone_of(zone).key != "UTC":
        calendar.add_component(zone_text(zone, first.year - 1, max(last.year, first.year + KNOWN_FOR) + 1))


def _line(text: str) -> str:
    """One line: nothing in it that ends a line or that no one sees."""
    return " ".join(UNSEEN.sub(" ", text).split())[:LONGEST]


def _text(calendar: Calendar) -> str:
    return str(calendar.to_ical().decode())
