"""Calendars as a second library reads them: every occurrence falls where we say, and nothing is smuggled in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import vobject
from dateutil import tz
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from headway.reviews.calendar_text import (
    Entry,
    Invited,
    Series,
    cancellation_text,
    exception_text,
    feed_text,
    invitation_text,
    occurrence_uid,
)
from headway.reviews.recurrence import Rule
from headway.reviews.rhythm import Recurring, local_day, next_occurrence, occurrences
from tests.reviews.test_rhythm import RULES, ZONES

CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SINCE = datetime(2026, 1, 5, tzinfo=UTC)
WEDNESDAYS = "FREQ=WEEKLY;BYDAY=WE"
OFFICE = st.times(time(6), time(22)).map(lambda clock: clock.replace(second=0, microsecond=0))
NASTY = st.text(st.characters(codec="utf-8") | st.sampled_from('\r\n\t;,:\\"\x00\x0b\x85\u2028'), max_size=60)


def series(recurring: Recurring, **other: Any) -> Series:
    given: dict[str, Any] = {
        "uid": "k7@headway", "title": "Pipeline review", "recurring": recurring, "since": SINCE, "place": "Room 3",
        "link": "https://headway.example.com/w/acme/rhythm/k7/", "sequence": 4, "changed_at": CHANGED,
        "organiser": Invited("Alice Adler (Headway)", "headway@example.com"),
        "people": (Invited("Alice Adler", "alice@example.com"), Invited("Bob", "bob@example.com")),
    }  # fmt: skip
    return Series(**given | other)


def entry(starts_at: datetime, zone: str = "Europe/Berlin", **other: Any) -> Entry:
    given: dict[str, Any] = {
        "uid": occurrence_uid("k7", starts_at), "title": "Pipeline review", "starts_at": starts_at, "zone": zone,
        "minutes": 30, "place": "", "link": "https://headway.example.com/", "sequence": 0, "changed_at": CHANGED,
    }  # fmt: skip
    return Entry(**given | other)


def read(text: str) -> Any:
    """The calendar as vobject and dateutil read it: their own parser, their own rules, our VTIMEZONE."""
    vars(vobject.icalendar)["__tzidMap"].clear()  # it keeps the first zone of a name; each of ours tells its own years
    return vobject.readOne(text)


def zone_in(text: str) -> Any:
    """The zone that a calendar tells, as dateutil understands it; UTC where it tells none."""
    told = text.replace("\r\n ", "").split("BEGIN:VTIMEZONE")
    return tz.tzical(StringIO(f"BEGIN:VTIMEZONE{told[1]}")).get() if len(told) > 1 else tz.UTC


def expanded(text: str, until: datetime) -> tuple[datetime, ...]:
    """Every occurrence before `until`: parts by vobject, rule and zone by dateutil; nothing of ours is in it."""
    event, zone = read(text).vevent, zone_in(text)
    out = {moment.replace(tzinfo=None) for dates in event.contents.get("exdate", []) for moment in dates.value}
    found = []
    for moment in rrulestr(event.rrule.value, dtstart=event.dtstart.value.replace(tzinfo=None)):
        at = moment.replace(tzinfo=zone).astimezone(UTC)
        if at >= until:
            return tuple(found)
        if moment not in out:
            found.append(at)
    raise AssertionError("a rhythm has no end")


def instant(value: datetime) -> datetime:
    return value.astimezone(UTC)


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES), rule=RULES, starts=OFFICE,
    first_on=st.dates(date(2024, 1, 1), date(2026, 6, 1)), holidays=st.integers(0, 3),
)  # fmt: skip
def test_an_invitation_expands_to_our_occurrences_for_years(
    zone: str, rule: Rule, starts: time, first_on: date, holidays: int
) -> None:
    recurring = Recurring(first_on, starts, zone, rule.text, 45)
    first = next_occurrence(recurring, SINCE)
    assert first is not None
    near = occurrences(recurring, first, first + timedelta(days=380))
    free = frozenset(local_day(moment, zone) for moment in near[1::3][:holidays])
    until = first + timedelta(days=1100 if not free else 380)
    text = invitation_text(series(recurring, holidays=free))
    assert expanded(text, until) == occurrences(recurring, SINCE, until, free)
    event = read(text).vevent
    assert instant(event.dtend.value) - instant(event.dtstart.value) == timedelta(minutes=45)


@settings(max_examples=60, deadline=None)
@given(zone=st.sampled_from(ZONES), minutes=st.sets(st.integers(0, 4_000_000), max_size=9))
def test_a_subscription_holds_each_moment_where_it_is(zone: str, minutes: set[int]) -> None:
    wanted = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=n) for n in sorted(minutes)]
    wanted = [moment for moment in wanted if is_plain(moment, zone)]
    assume(wanted)
    text = feed_text("Acme", [entry(moment, zone) for moment in wanted])
    calendar, there = read(text), zone_in(text)
    found = [event.dtstart.value.replace(tzinfo=there).astimezone(UTC) for event in calendar.vevent_list]
    assert found == wanted
    assert len({event.uid.value for event in calendar.vevent_list}) == len(wanted)


def is_plain(moment: datetime, zone: str) -> bool:
    """Whether its local time comes once: of the hour that comes twice, a calendar can only say the first."""
    return moment.astimezone(ZoneInfo(zone)).fold == 0


def test_both_changes_of_the_clocks_in_a_weekly_rhythm() -> None:
    recurring = Recurring(date(2026, 1, 7), time(10), "Europe/Berlin", WEDNESDAYS, 30)
    found = expanded(invitation_text(series(recurring)), datetime(2027, 1, 1, tzinfo=UTC))
    hours = {moment.date(): moment.hour for moment in found}
    assert (hours[date(2026, 3, 25)], hours[date(2026, 4, 1)]) == (9, 8)
    assert (hours[date(2026, 10, 21)], hours[date(2026, 10, 28)]) == (8, 9)
    assert len(found) == 52


def test_an_invitation_says_who_when_where_and_which_state_it_is() -> None:
    recurring = Recurring(date(2026, 1, 7), time(10), "Europe/Berlin", WEDNESDAYS, 30)
    calendar = read(invitation_text(series(recurring)))
    event = calendar.vevent
    assert (calendar.method.value, event.sequence.value, event.status.value) == ("REQUEST", "4", "CONFIRMED")
    assert (event.summary.value, event.location.value) == ("Pipeline review", "Room 3")
    assert event.organizer.value == "mailto:headway@example.com"
    assert [one.value for one in event.attendee_list] == ["mailto:alice@example.com", "mailto:bob@example.com"]
    gone = read(cancellation_text(series(recurring, sequence=5)))
    assert (gone.method.value, gone.vevent.status.value, gone.vevent.sequence.value) == ("CANCEL", "CANCELLED", "5")
    assert gone.vevent.uid.value == event.uid.value


def test_one_occurrence_is_moved_or_skipped_by_its_own_mark() -> None:
    recurring = Recurring(date(2026, 1, 7), time(10), "Europe/Berlin", WEDNESDAYS, 30)
    slot = datetime(2026, 4, 1, 8, tzinfo=UTC)
    moved = read(exception_text(series(recurring), slot, slot + timedelta(days=1, hours=3), 30))
    event = moved.vevent
    assert moved.method.value == "REQUEST"
    assert instant(event.recurrence_id.value) == slot
    assert instant(event.dtstart.value) == slot + timedelta(days=1, hours=3)
    assert not hasattr(event, "rrule")
    skipped = read(exception_text(series(recurring), slot, None, 30))
    assert (skipped.method.value, skipped.vevent.status.value) == ("CANCEL", "CANCELLED")
    assert instant(skipped.vevent.recurrence_id.value) == slot


def test_a_subscription_tells_cancelled_ones_and_how_often_to_ask() -> None:
    slot = datetime(2026, 4, 1, 8, tzinfo=UTC)
    calendar = read(feed_text("Acme", [entry(slot), entry(slot + timedelta(days=7), cancelled=True, sequence=3)]))
    held, skipped = calendar.vevent_list
    assert (held.status.value, held.transp.value) == ("CONFIRMED", "OPAQUE")
    assert (skipped.status.value, skipped.transp.value, skipped.sequence.value) == ("CANCELLED", "TRANSPARENT", "3")
    assert calendar.contents["x-wr-calname"][0].value == "Acme"
    assert calendar.contents["refresh-interval"][0].value == "PT1H"
    assert feed_text("Acme", [entry(slot)]) == feed_text("Acme", [entry(slot)])  # nothing in it is of the moment
    assert "BEGIN:VEVENT" not in feed_text("Acme", [])


@settings(deadline=None)
@given(title=NASTY, place=NASTY, name=NASTY, person=NASTY)
def test_no_text_ends_a_line_or_begins_a_property(title: str, place: str, name: str, person: str) -> None:
    recurring = Recurring(date(2026, 1, 7), time(10), "Europe/Berlin", WEDNESDAYS, 30)
    people = (Invited(person, "bob@example.com"),)
    plain = series(recurring, people=(Invited("Bob", "bob@example.com"),), title="T", place="P")
    text = invitation_text(series(recurring, title=title, place=place or "P", people=people))
    feed = feed_text(name, [entry(SINCE, title=title, place=place)])
    assert _lines(text) - {"LOCATION"} == _lines(invitation_text(plain)) - {"LOCATION"}
    assert _lines(feed) <= {*_lines(feed_text("N", [entry(SINCE, place="P")]))}
    for one in (text, feed):
        assert not set(one.replace("\r\n", "")) & set("\r\n\x00\x0b\x85\u2028")
        events = Calendar.from_ical(one).walk("VEVENT")
        assert len(events) == 1
        assert str(events[0]["summary"]) == " ".join(_seen(title).split())[:300]


def _seen(text: str) -> str:
    return "".join(" " if ord(c) < 32 or 0x7F <= ord(c) <= 0x9F or c in "\u2028\u2029" else c for c in text)


def _lines(text: str) -> set[str]:
    """The names of all properties, unfolded."""
    unfolded = text.replace("\r\n ", "")
    return {line.split(":")[0].split(";")[0] for line in unfolded.split("\r\n") if line}
