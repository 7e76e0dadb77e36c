"""One digest a day for each person: what is in it, when it ends, and that two schedulers put out one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from headway.jobs.digests import put_due_digests
from headway.reviews.correction import How, look_again
from headway.reviews.gates import LADDER, Earned
from headway.store.actions.corrections import correct_finding, record_look
from headway.store.actions.deals import add_deal
from headway.store.actions.gates import end_gate, raise_gate, set_gate, step_down
from headway.store.actions.notice_choices import choose_channel
from headway.store.actions.wordings import find_wording
from headway.store.models import (
    AgendaItem,
    Commitment,
    Deal,
    DealFinding,
    GateChange,
    Membership,
    NoticeChoice,
    OutMessage,
    Person,
    Reminder,
    Review,
    SelfReview,
)
from headway.store.notice_links import Replied, notices_address, reply_address, reply_value, stop_address
from headway.store.queries.access import NotFoundError
from headway.store.queries.reminders import get_reminded
from headway.store.queries.versions import process_of
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.MAIL_WORKS = True
    return make_cast()


def promise(cast: Cast, what: str = "Ask Dana who signs", due_on: date = date(2026, 3, 3)) -> Commitment:
    return Commitment.objects.create(
        workspace=cast.workspace, person=cast.bob, owner_id=find_wording(cast.workspace, "Bob Adler"),
        what_id=find_wording(cast.workspace, what), due_on=due_on, by=cast.alice, happened_at=NOW, made_at=NOW,
    )  # fmt: skip


def process_stages(cast: Cast) -> list[str]:
    return [stage.name for stage in process_of(cast.version).stages]


def digests() -> list[OutMessage]:
    return list(OutMessage.objects.filter(kind="digest").order_by("id"))


def silent(cast: Cast, name: str, attention: float) -> Deal:
    deal = add_deal(workspace=cast.workspace, name=name, by=cast.bob, at=NOW, owner="Bob Adler")
    last = NOW - timedelta(days=30)
    Deal.objects.filter(pk=deal.pk).update(standing="quiet", last_buyer_act_at=last, attention=attention)
    return deal


def test_a_promise_due_is_told_at_eight_where_its_owner_is(cast: Cast) -> None:
    Person.objects.filter(pk=cast.bob.pk).update(zone="America/New_York")
    promise(cast)
    put_due_digests(datetime(2026, 3, 3, 12, 59, tzinfo=UTC))
    assert digests() == []
    put_due_digests(datetime(2026, 3, 3, 13, 0, tzinfo=UTC))
    (digest,) = digests()
    assert (digest.person, digest.address, digest.subject) == (cast.bob, "bob@example.com", "1 promise")
    assert "Ask Dana who signs\n  due today" in digest.text
    assert digest.workspace is None


def test_nothing_to_say_is_no_digest_and_the_day_is_settled(cast: Cast) -> None:
    assert put_due_digests(TUESDAY) == 4 + 1  # everybody in both workspaces
    promise(cast)
    assert put_due_digests(TUESDAY + timedelta(hours=2)) == 0
    assert digests() == []


def test_asked_every_minute_for_weeks_each_thing_is_told_twice(cast: Cast) -> None:
    first = promise(cast)
    promise(cast, "Send the plan", date(2026, 3, 10))
    at = TUESDAY - timedelta(hours=1)
    while at < TUESDAY + timedelta(days=14):
        put_due_digests(at)
        at += timedelta(minutes=30)
    found = digests()
    assert sum("promise" in digest.subject for digest in found) == 4
    assert sum("Ask Dana" in digest.text for digest in found) == 2
    assert sum("Send the plan" in digest.text for digest in found) == 2
    assert len({digest.created_at.date() for digest in found}) == len(found), "one a day"
    assert Reminder.objects.get(about=f"commitment {first.key}").told == 2, "for the agenda from now on"


def test_what_is_done_anywhere_is_told_no_more(cast: Cast) -> None:
    first = promise(cast)
    put_due_digests(TUESDAY)
    Commitment.objects.filter(pk=first.pk).update(state="kept")
    put_due_digests(TUESDAY + timedelta(days=1))
    assert len(digests()) == 1


def test_on_friday_what_falls_due_over_the_weekend_is_told_too(cast: Cast) -> None:
    promise(cast, "Sunday’s", date(2026, 3, 8))
    promise(cast, "Monday’s", date(2026, 3, 9))
    SelfReview.objects.create(workspace=cast.workspace, person=cast.bob, week_on=date(2026, 3, 2), at=NOW)
    put_due_digests(FRIDAY)
    (digest,) = digests()
    assert "Sunday’s\n  due Sunday" in digest.text
    assert "Monday’s" not in digest.text
    assert "Five minutes" not in digest.text, "that was done"


def test_a_silent_buyer_is_told_of_three_at_most_and_a_new_silence_anew(cast: Cast) -> None:
    deals = [silent(cast, f"Deal {n}", attention=n) for n in range(5)]
    put_due_digests(TUESDAY)
    (digest,) = digests()
    assert [f"Deal {n}" in digest.text for n in range(5)] == [False, False, True, True, True]
    assert "Buyer silent for 3" in digest.text
    for day in (1, 2, 3):
        put_due_digests(TUESDAY + timedelta(days=day))
    assert sum("Deal 4" in one.text for one in digests()) == 2
    Deal.objects.filter(pk=deals[4].pk).update(last_buyer_act_at=NOW - timedelta(days=20))
    put_due_digests(TUESDAY + timedelta(days=6))
    assert "Deal 4" in digests()[-1].text


def test_tomorrows_agenda_is_told_until_it_is_answered(cast: Cast) -> None:
    deal = add_deal(workspace=cast.workspace, name="Fleet", by=cast.bob, at=NOW, owner="Bob Adler")
    review = Review.objects.create(
        workspace=cast.workspace, kind="pipeline", name="North", leader=cast.alice, minutes=30,
        due_at=TUESDAY + timedelta(days=1, hours=2), prepared_at=NOW,
    )  # fmt: skip
    item = AgendaItem.objects.create(workspace=cast.workspace, review=review, deal=deal, place=1, minutes=5)
    put_due_digests(TUESDAY)
    (digest,) = digests()
    assert digest.person == cast.bob
    assert "North: answer 1 deal before\n  Wednesday, 10:00 · Fleet" in digest.text
    assert f"/w/{cast.workspace.key}/reviews/{review.key}/" in digest.text
    AgendaItem.objects.filter(pk=item.pk).update(state="answered")
    put_due_digests(TUESDAY + timedelta(days=1))
    assert len(digests()) == 1


def test_one_digest_over_all_workspaces(cast: Cast) -> None:
    promise(cast)
    Membership.objects.create(workspace=cast.elsewhere, person=cast.bob, role="seller", created_at=NOW)
    Commitment.objects.create(
        workspace=cast.elsewhere, person=cast.bob, owner_id=find_wording(cast.elsewhere, "Bob"),
        what_id=find_wording(cast.elsewhere, "Call Petra"), due_on=date(2026, 3, 1), by=cast.carol, happened_at=NOW,
        made_at=NOW,
    )  # fmt: skip
    put_due_digests(TUESDAY)
    (digest,) = digests()
    assert "ACME SALES" in digest.text
    assert "ELSEWHERE LTD" in digest.text
    assert "Call Petra\n  2 days overdue" in digest.text


def test_who_wants_nothing_and_who_cannot_be_reached_have_no_digest(cast: Cast, settings: Any) -> None:
    promise(cast)
    choose_channel(person=cast.bob, channel="none")
    put_due_digests(TUESDAY)
    assert digests() == []
    choose_channel(person=cast.bob, channel="mail")
    settings.MAIL_WORKS = False
    put_due_digests(TUESDAY)
    assert digests() == []


# --- clocks ---


def test_after_thirty_days_of_standstill_one_digest_and_back_an_hour_none(cast: Cast) -> None:
    promise(cast)
    promise(cast, "Later", date(2026, 3, 20))
    put_due_digests(TUESDAY)
    put_due_digests(TUESDAY - timedelta(hours=1))
    put_due_digests(TUESDAY)
    assert len(digests()) == 1
    for minutes in range(10):
        put_due_digests(TUESDAY + timedelta(days=30, minutes=minutes))
    assert len(digests()) == 2


@pytest.mark.parametrize(("zone", "day"), [("Europe/Berlin", 29), ("Europe/Berlin", 28), ("America/New_York", 8)])
def test_on_the_day_that_clocks_change_there_is_one(cast: Cast, zone: str, day: int) -> None:
    Person.objects.filter(pk=cast.bob.pk).update(zone=zone)
    NoticeChoice.objects.create(person=cast.bob, digest_at="02:30", weekdays="0123456")
    promise(cast, due_on=date(2026, 3, day))
    at = datetime(2026, 3, day, tzinfo=UTC)
    for minutes in range(0, 24 * 60, 15):
        put_due_digests(at + timedelta(minutes=minutes))
    assert len(digests()) == 1


# --- addresses ---


def test_addresses_in_messages_are_those_of_the_pages(cast: Cast, settings: Any) -> None:
    def path(address: str) -> str:
        return address.removeprefix(settings.ADDRESS)

    assert path(notices_address()) == reverse("notices")
    token = path(stop_address(cast.bob)).split("/")[-2]
    assert path(stop_address(cast.bob)) == reverse("notices_off", kwargs={"token": token})
    value = reply_value(cast.workspace, cast.bob, "commitment x")
    found = path(reply_address(cast.workspace, cast.bob, "commitment x"))
    assert found + "snooze/" == reverse("notices_reply", kwargs={"token": value, "reply": "snooze"})
    promise(cast)
    deal = silent(cast, "Deal", 1)
    put_due_digests(FRIDAY)
    text = digests()[0].text
    here = {"w": cast.workspace.key}
    shown = [reverse(name, kwargs=here) for name in ("promises", "my_week")]
    for address in (*shown, reverse("deal", kwargs={**here, "key": deal.key})):
        assert f"{settings.ADDRESS}{address}\n" in text
    assert Client().get(path(stop_address(cast.bob))).status_code == 200


def test_what_was_agreed_what_came_of_it_and_gates_that_stepped_down_are_told_twice(cast: Cast) -> None:
    process = cast.version.process
    deal = add_deal(workspace=cast.workspace, name="Kowary", by=cast.bob, at=NOW, owner="Bob Adler")
    finding = DealFinding.objects.create(
        workspace=cast.workspace, deal=deal, rule="skip", stage="Budget", what="Went past Budget.", mark="a" * 40,
        mend="Ask who releases money.", first_seen_at=NOW,
    )  # fmt: skip
    coached = correct_finding(
        finding=finding, how=How.COACHED, by=cast.alice, at=TUESDAY - timedelta(hours=2), note="Ask who signs first",
        look_again_on=date(2026, 3, 9),
    )  # fmt: skip
    gate = set_gate(workspace=cast.workspace, process=process, stage=process_stages(cast)[1], by=cast.alice, at=NOW)
    earned = [Earned(rung, True, "it holds") for rung in LADDER]
    gate = raise_gate(gate=gate, earned=earned, harms=(), by=cast.alice, at=NOW)
    step_down(gate=gate, since=NOW, why="Deals are first seen late.", facts={}, at=NOW + timedelta(hours=1))

    def told(day: datetime) -> dict[Person, str]:
        already = OutMessage.objects.count()
        put_due_digests(day)
        return {one.person: one.text for one in list(OutMessage.objects.order_by("id"))[already:] if one.person}

    for day in (TUESDAY, TUESDAY + timedelta(days=1)):
        texts = told(day)
        assert set(texts) == {cast.alice, cast.bob, cast.olga}, "a viewer hears nothing"
        assert "Ask who signs first\n  Kowary: Stage never entered · Alice Adler · look again" in texts[cast.bob]
        for leading in (cast.alice, cast.olga):
            assert f"The gate at {gate.stage} stepped down: it observes now" in texts[leading]
            assert "Deals are first seen late." in texts[leading] and "Ask who signs" not in texts[leading]
    assert told(TUESDAY + timedelta(days=2)) == {}, "each twice"
    record_look(correction=coached, look=look_again([], coached_at=coached.at, at=FRIDAY), at=FRIDAY)
    SelfReview.objects.create(workspace=cast.workspace, person=cast.bob, week_on=date(2026, 3, 2), at=NOW)
    texts = told(FRIDAY)
    assert set(texts) == {cast.alice, cast.bob}, "who agreed, and whose deal it is"
    assert "Looked at again\n- Ask who signs first\n  Too early to tell" in texts[cast.alice]


def test_a_reply_to_news_says_what_it_is_about_and_knows_when_it_is_over(cast: Cast) -> None:
    process = cast.version.process
    gate = set_gate(workspace=cast.workspace, process=process, stage=process_stages(cast)[1], by=cast.alice, at=NOW)
    earned = [Earned(rung, True, "it holds") for rung in LADDER]
    gate = raise_gate(gate=gate, earned=earned, harms=(), by=cast.alice, at=NOW)
    step_down(gate=gate, since=NOW, why="Late.", facts={}, at=NOW + timedelta(hours=1))
    move = GateChange.objects.get(by=None)
    asked = Replied(cast.workspace.key, cast.alice.key, f"gate {move.pk}")
    assert (get_reminded(asked).title, get_reminded(asked).settled) == (
        f"The gate at {gate.stage} stepped down: it observes now", False
    )  # fmt: skip
    end_gate(gate=gate, by=cast.alice, at=NOW + timedelta(days=1))
    assert get_reminded(asked).settled
    for gone in ("gate 999999", "gate x", "coached abc", "look abc", "nonsense 1"):
        with pytest.raises(NotFoundError):
            get_reminded(Replied(cast.workspace.key, cast.alice.key, gone))
