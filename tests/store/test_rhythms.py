"""Rhythms in the store: laid out once and in full whatever the clock does, changed, ended, skipped, moved, missed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
import vobject
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.reviews.holidays import FreeDay
from headway.reviews.rhythm import local_day, occurrences
from headway.store.actions.calendar_mail import recurring_of
from headway.store.actions.holidays import add_holidays, remove_holiday
from headway.store.actions.laying_out import AHEAD
from headway.store.actions.rhythms import (
    Terms,
    begin_review_now,
    change_rhythm,
    end_rhythm,
    lay_out,
    move_review,
    pass_by,
    restore_review,
    resume_rhythm,
    set_rhythm,
    skip_review,
)
from headway.store.models import (
    AgendaItem,
    Answer,
    Entry,
    Event,
    NoticeChoice,
    OutMessage,
    Review,
    Rhythm,
    Voiding,
    Wording,
)
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 4)  # the Wednesday after NOW, a Monday
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
DUE = datetime(2026, 3, 4, 9, tzinfo=UTC)  # ten o'clock in Berlin


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def terms(cast: Cast, **other: Any) -> Terms:
    given: dict[str, Any] = {
        "name": "Pipeline review", "leader": cast.alice, "people": (cast.alice, cast.bob), "first_on": FIRST,
        "starts": time(10), "zone": "Europe/Berlin", "rule": "FREQ=WEEKLY;BYDAY=WE", "minutes": 30,
    }  # fmt: skip
    return Terms(**given | other)


def set_one(cast: Cast, at: datetime = NOW, **other: Any) -> Rhythm:
    return set_rhythm(workspace=cast.workspace, kind="pipeline", terms=terms(cast, **other), by=cast.alice, at=at)


def due(rhythm: Rhythm) -> list[datetime]:
    return list(Review.objects.filter(rhythm=rhythm).order_by("due_at").values_list("due_at", flat=True))


def mails(kind: str = "") -> list[tuple[str, str]]:
    """(receiver, method) of every invitation, in order."""
    found = []
    for message in OutMessage.objects.order_by("pk"):
        method = vobject.readOne(message.files[0]["text"]).method.value
        if kind in ("", method):
            found.append((message.address, method))
    return found


def test_a_rhythm_is_laid_out_and_everybody_invited_once(cast: Cast) -> None:
    rhythm = set_one(cast)
    assert due(rhythm) == [DUE]  # eight days ahead end before the second
    assert sorted(mails()) == [("alice@example.com", "REQUEST"), ("bob@example.com", "REQUEST")]
    message = OutMessage.objects.filter(person=cast.bob).get()
    assert message.files[0]["media_type"] == "text/calendar; method=REQUEST; charset=utf-8"
    assert "every Wednesday at 10:00" in message.text
    event = vobject.readOne(message.files[0]["text"]).vevent
    assert event.dtstart.value.astimezone(UTC) == DUE
    entry = Entry.objects.order_by("-pk")[0]
    assert (entry.verb, entry.target) == ("set rhythm", f"rhythm {rhythm.key}")
    assert "Adler" not in json.dumps(list(Entry.objects.values_list("detail", flat=True)))


def test_the_next_occurrence_is_laid_out_however_far_away(cast: Cast) -> None:
    rhythm = set_one(cast, first_on=date(2026, 5, 4), rule="FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO")
    assert due(rhythm) == [datetime(2026, 5, 4, 8, tzinfo=UTC)]
    lay_out(rhythm=rhythm, at=NOW + 2 * DAY)
    assert len(due(rhythm)) == 1


MOVES = st.lists(st.sampled_from([HOUR, -HOUR, DAY, WEEK, 30 * DAY, -30 * DAY, 3 * HOUR, timedelta()]), max_size=12)


@settings(max_examples=25, deadline=None)
@given(moves=MOVES, zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]))
def test_whatever_the_clock_does_none_is_missed_and_none_is_doubled(moves: list[timedelta], zone: str) -> None:
    with transaction.atomic():
        cast = make_cast()
        rhythm = set_one(cast, zone=zone)
        at, furthest = NOW, NOW
        for move in moves:
            at = max(at + move, NOW - 2 * HOUR)
            furthest = max(furthest, at)
            lay_out(rhythm=rhythm, at=at)
            lay_out(rhythm=rhythm, at=at)
        found = due(rhythm)
        wanted = occurrences(recurring_of(rhythm), NOW, furthest + AHEAD)
        assert found[: len(wanted)] == list(wanted)
        assert len(found) - len(wanted) in (0, 1)  # the next one, where it lies further ahead
        transaction.set_rollback(True)


def test_the_database_refuses_a_second_occurrence(cast: Cast) -> None:
    rhythm = set_one(cast)
    one = Review.objects.get(rhythm=rhythm)
    one.pk, one.key = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_ten_o_clock_stays_over_the_change_and_a_month_of_silence_is_made_up_for(cast: Cast) -> None:
    rhythm = set_one(cast)
    lay_out(rhythm=rhythm, at=NOW + 40 * DAY)
    found = due(rhythm)
    assert [moment.hour for moment in found] == [9, 9, 9, 9, 8, 8, 8]
    assert {b - a for a, b in pairwise(found)} == {WEEK, WEEK - HOUR}


def test_a_missed_one_is_skipped_once_after_its_days_of_grace(cast: Cast) -> None:
    rhythm = set_one(cast)
    review = Review.objects.get(rhythm=rhythm)
    last = datetime(2026, 3, 7, 23, tzinfo=UTC)  # midnight in Berlin after three days of grace
    assert not pass_by(review=review, at=DUE + HOUR)
    assert not pass_by(review=review, at=last - timedelta(seconds=1))
    assert pass_by(review=review, at=last)
    assert not pass_by(review=review, at=last + WEEK)
    event = Event.objects.get(kind="review_missed")
    assert (event.happened_at, event.recorded_at, event.ref, event.deal) == (DUE, last, f"review {review.key}", None)
    review.refresh_from_db()
    assert (review.state, review.skipped_at) == ("skipped", last)


def test_one_that_was_opened_is_not_passed_by(cast: Cast) -> None:
    review = Review.objects.get(rhythm=set_one(cast))
    Review.objects.filter(pk=review.pk).update(opened_at=DUE, state="running")
    assert not pass_by(review=review, at=DUE + 30 * DAY)
    with pytest.raises(UserError, match="has begun"):
        skip_review(review=review, reason="No", by=cast.alice, at=DUE + HOUR)
    with pytest.raises(UserError, match="has begun"):
        move_review(review=review, due_at=DUE + DAY, by=cast.alice, at=DUE + HOUR)


def test_skipping_needs_a_reason_tells_everybody_and_can_be_taken_back(cast: Cast) -> None:
    rhythm = set_one(cast)
    review = Review.objects.get(rhythm=rhythm)
    with pytest.raises(UserError, match="Write why"):
        skip_review(review=review, reason="  ", by=cast.alice, at=NOW)
    done = skip_review(review=review, reason="Everybody is at the fair", by=cast.alice, at=NOW + HOUR)
    assert (done.state, done.reason and done.reason.text) == ("skipped", "Everybody is at the fair")
    event = Event.objects.get(kind="review_missed")
    assert event.happened_at == NOW + HOUR  # said before its day: nothing happens in the future
    told = OutMessage.objects.filter(person=cast.bob).order_by("-pk")[0]
    assert "Everybody is at the fair" in told.text
    cancelled = vobject.readOne(told.files[0]["text"])
    assert (cancelled.method.value, cancelled.vevent.recurrence_id.value.astimezone(UTC)) == ("CANCEL", DUE)
    assert "fair" not in told.files[0]["text"]
    assert not pass_by(review=review, at=NOW + 30 * DAY)
    restored = restore_review(review=review, by=cast.alice, at=NOW + 2 * HOUR)
    assert (restored.state, restored.reason, restored.skipped_at) == ("due", None, None)
    assert Voiding.objects.get().event == event
    assert mails()[-1] == ("bob@example.com", "REQUEST")
    with pytest.raises(UserError, match="gone by"):
        restore_review(
            review=skip_review(review=review, reason="Ill", by=cast.alice, at=DUE), by=cast.alice, at=DUE + WEEK
        )


def test_moving_keeps_its_slot_taken_and_goes_back(cast: Cast) -> None:
    rhythm = set_one(cast)
    review = Review.objects.get(rhythm=rhythm)
    moved = move_review(review=review, due_at=DUE + DAY + HOUR, by=cast.alice, at=NOW)
    assert (moved.due_at, moved.moved_from) == (DUE + DAY + HOUR, DUE)
    lay_out(rhythm=rhythm, at=NOW)
    assert due(rhythm) == [DUE + DAY + HOUR]
    moved_again = move_review(review=review, due_at=DUE + 2 * DAY, by=cast.alice, at=NOW)
    assert moved_again.moved_from == DUE
    text = OutMessage.objects.filter(person=cast.bob).order_by("-pk")[0].files[0]["text"]
    event = vobject.readOne(text).vevent
    assert event.recurrence_id.value.astimezone(UTC) == DUE
    assert event.dtstart.value.astimezone(UTC) == DUE + 2 * DAY
    assert event.sequence.value == "2"
    back = move_review(review=review, due_at=DUE, by=cast.alice, at=NOW)
    assert (back.due_at, back.moved_from) == (DUE, None)
    lay_out(rhythm=rhythm, at=NOW)
    assert due(rhythm) == [DUE]


def test_it_moves_to_no_past_no_holiday_no_other_one_and_not_for_ever(cast: Cast) -> None:
    rhythm = set_one(cast)
    lay_out(rhythm=rhythm, at=NOW + 3 * DAY)
    add_holidays(workspace=cast.workspace, days=[FreeDay(date(2026, 3, 6), "Fair")], by=cast.alice, at=NOW)
    review = Review.objects.get(rhythm=rhythm, due_at=DUE)
    for to, sentence in (
        (NOW - HOUR, "has passed"),
        (datetime(2026, 3, 5, 23, 30, tzinfo=UTC), r"Nothing is held that day \(Fair\)"),  # the 6th in Berlin
        (DUE + WEEK, "at that time already"),
        (DUE + 100 * DAY, "over three months"),
    ):
        with pytest.raises(UserError, match=sentence):
            move_review(review=review, due_at=to, by=cast.alice, at=NOW)
    assert due(rhythm) == [DUE, DUE + WEEK]


def test_a_change_holds_from_now_on_and_agendas_go_along(cast: Cast) -> None:
    rhythm = set_one(cast, at=NOW - 30 * DAY, first_on=date(2026, 2, 4))
    lay_out(rhythm=rhythm, at=NOW)
    before = {row.key: row.due_at for row in Review.objects.filter(rhythm=rhythm)}
    ahead = Review.objects.get(rhythm=rhythm, due_at=DUE)
    thursday = terms(cast, first_on=date(2026, 3, 5), starts=time(9), rule="FREQ=WEEKLY;BYDAY=TH", minutes=45,
                     people=(cast.alice, cast.olga))  # fmt: skip
    changed = change_rhythm(rhythm=rhythm, terms=thursday, by=cast.alice, at=NOW)
    assert changed.sequence == 1
    now = {row.key: row.due_at for row in Review.objects.filter(rhythm=rhythm)}
    assert {key: at for key, at in now.items() if at < NOW} == {key: at for key, at in before.items() if at < NOW}
    assert now[ahead.key] == datetime(2026, 3, 5, 8, tzinfo=UTC)
    ahead.refresh_from_db()
    assert ahead.minutes == 45
    assert len(due(rhythm)) == len(set(due(rhythm)))
    assert mails()[-3:] == [
        ("alice@example.com", "REQUEST"), ("olga@example.com", "REQUEST"), ("bob@example.com", "CANCEL"),
    ]  # fmt: skip
    same = change_rhythm(rhythm=changed, terms=thursday, by=cast.alice, at=NOW + HOUR)
    assert (same.sequence, len(mails())) == (1, 5)


@settings(max_examples=20, deadline=None)
@given(
    days=st.lists(st.tuples(st.integers(0, 6), st.sampled_from([1, 2]), st.times(time(6), time(22))), max_size=5),
    steps=st.lists(st.integers(0, 12), min_size=5, max_size=5),
)
def test_changes_in_any_order_leave_the_future_as_the_last_one_says(
    days: list[tuple[int, int, time]], steps: list[int]
) -> None:
    with transaction.atomic():
        cast = make_cast()
        rhythm, at = set_one(cast), NOW
        for (weekday, interval, clock), step in zip(days, steps, strict=False):
            at += timedelta(days=step)
            first = local_day(at, "Europe/Berlin") + timedelta(days=(weekday - at.weekday()) % 7)
            rule = f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')[weekday]}"
            new = terms(cast, first_on=first, rule=rule, starts=clock.replace(second=0, microsecond=0))
            rhythm = change_rhythm(rhythm=rhythm, terms=new, by=cast.alice, at=at)
            lay_out(rhythm=rhythm, at=at)
            ahead = [moment for moment in due(rhythm) if moment > at]
            assert ahead == sorted(set(ahead))
            wanted = occurrences(recurring_of(rhythm), at, at + AHEAD)
            assert ahead[: len(wanted)] == [moment for moment in wanted if moment > at]
        transaction.set_rollback(True)


def test_an_ended_rhythm_keeps_its_past_and_lies_ahead_no_more(cast: Cast) -> None:
    rhythm = set_one(cast, at=NOW - 30 * DAY, first_on=date(2026, 2, 4))
    lay_out(rhythm=rhythm, at=NOW)
    end_rhythm(rhythm=rhythm, by=cast.alice, at=NOW)
    end_rhythm(rhythm=rhythm, by=cast.alice, at=NOW + HOUR)
    assert all(moment < NOW for moment in due(rhythm)) and due(rhythm)
    assert mails("CANCEL") == [("alice@example.com", "CANCEL"), ("bob@example.com", "CANCEL")]
    assert lay_out(rhythm=rhythm, at=NOW + WEEK) == []
    with pytest.raises(UserError, match="has ended"):
        change_rhythm(rhythm=rhythm, terms=terms(cast, minutes=60), by=cast.alice, at=NOW)
    resume_rhythm(rhythm=rhythm, by=cast.alice, at=NOW + HOUR)
    assert [moment for moment in due(rhythm) if moment > NOW] == [DUE]
    assert mails()[-1] == ("bob@example.com", "REQUEST")


def test_an_occurrence_that_somebody_worked_on_is_never_thrown_away(cast: Cast) -> None:
    rhythm = set_one(cast)
    review = Review.objects.get(rhythm=rhythm)
    item = AgendaItem.objects.create(workspace=cast.workspace, review=review, place=1, minutes=5)
    said = Wording.objects.create(workspace=cast.workspace, digest="0" * 64, text="They signed")
    Answer.objects.create(workspace=cast.workspace, item=item, question="account", text=said, by=cast.bob, at=NOW)
    add_holidays(workspace=cast.workspace, days=[FreeDay(FIRST, "Fair")], by=cast.alice, at=NOW)
    review.refresh_from_db()
    assert review.state == "due"
    end_rhythm(rhythm=rhythm, by=cast.alice, at=NOW)
    review.refresh_from_db()
    assert (review.state, review.reason and review.reason.text) == ("skipped", "The rhythm ended.")
    assert not Event.objects.filter(kind="review_missed").exists()


def test_holidays_take_what_is_laid_out_and_give_it_back(cast: Cast) -> None:
    rhythm = set_one(cast)
    days = [FreeDay(FIRST, "Fair"), FreeDay(date(2026, 12, 25), "Christmas")]
    assert add_holidays(workspace=cast.workspace, days=days, by=cast.alice, at=NOW) == [FIRST, date(2026, 12, 25)]
    assert add_holidays(workspace=cast.workspace, days=days, by=cast.alice, at=NOW) == []
    assert due(rhythm) == [DUE + WEEK]  # the next one now
    assert not Event.objects.filter(kind="review_missed").exists()
    assert remove_holiday(workspace=cast.workspace, on=FIRST, by=cast.alice, at=NOW)
    assert not remove_holiday(workspace=cast.workspace, on=FIRST, by=cast.alice, at=NOW)
    assert due(rhythm) == [DUE, DUE + WEEK]


def test_terms_that_cannot_be_are_refused(cast: Cast) -> None:
    for other, sentence in (
        ({"rule": "FREQ=SECONDLY"}, "no rule"),
        ({"zone": "Mars/Base"}, "no time zone"),
        ({"minutes": 4}, "5 to 480"),
        ({"minutes": 481}, "5 to 480"),
        ({"name": " \n "}, "a name"),
        ({"people": (cast.carol,)}, "no member here"),
        ({"leader": cast.carol}, "no member here"),
        ({"first_on": date(1970, 1, 1)}, "too far away"),
    ):
        with pytest.raises(UserError, match=sentence):
            set_one(cast, **other)
    with pytest.raises(UserError, match="five kinds"):
        set_rhythm(workspace=cast.workspace, kind="standup", terms=terms(cast), by=cast.alice, at=NOW)
    assert not Rhythm.objects.exists()
    assert not OutMessage.objects.exists()


def test_who_wants_no_messages_gets_none(cast: Cast) -> None:
    NoticeChoice.objects.create(person=cast.bob, channel="none")
    set_one(cast)
    assert mails() == [("alice@example.com", "REQUEST")]


def test_a_review_right_now_needs_no_rhythm_and_is_begun_once(cast: Cast) -> None:
    what: dict[str, Any] = {
        "workspace": cast.workspace, "kind": "pipeline", "name": "Pipeline review", "team": "", "leader": cast.alice,
        "minutes": 30, "by": cast.alice,
    }  # fmt: skip
    first = begin_review_now(**what, at=NOW)
    assert (first.state, first.due_at, first.rhythm) == ("due", NOW, None)
    assert begin_review_now(**what, at=NOW + timedelta(minutes=2)).pk == first.pk
    assert begin_review_now(**what, at=NOW + HOUR).pk != first.pk
    assert pass_by(review=first, at=NOW + 2 * DAY)
    assert not Event.objects.filter(kind="review_missed").exists()
