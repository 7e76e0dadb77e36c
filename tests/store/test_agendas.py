"""Agendas prepared from real tables: whose deals, in which order, what stays when prepared again, and at what cost."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.deals.events import EventKind, Outcome
from headway.reviews.agenda_deal import AgendaDeal, deal_from
from headway.reviews.kinds import ReviewKind
from headway.store.actions.agendas import prepare_agenda
from headway.store.actions.deals import add_deal, claim_stage, decide_deal, set_amount, set_close_date
from headway.store.actions.events import append_event
from headway.store.actions.evidence import record_activity, record_buyer_act, record_evidence
from headway.store.actions.wordings import find_wording
from headway.store.guards import enter
from headway.store.models import (
    AgendaItem,
    Answer,
    Commitment,
    Deal,
    DealFinding,
    DealForecast,
    Entry,
    Person,
    Reminder,
    Review,
    Rhythm,
    RhythmPerson,
)
from headway.store.queries.agenda_facts import find_empty_reason
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOW + DAY
STAGE = "Budget authority secured"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def deal_of(cast: Cast, name: str, amount: int = 50_000, owner: str = "Bob Adler", **about: Any) -> Deal:
    """An open deal whose buyer showed the first milestone today."""
    deal = add_deal(workspace=cast.workspace, name=name, by=cast.bob, at=NOW, owner=owner, account="ACME")
    claim_stage(deal=deal, stage=STAGE, by=cast.bob, at=NOW)
    set_amount(deal=deal, amount=Decimal(amount), by=cast.bob, at=NOW)
    show(deal, cast, "problem_stated")
    Deal.objects.filter(pk=deal.pk).update(**about)
    deal.refresh_from_db()
    return deal


def show(deal: Deal, cast: Cast, milestone: str, at: datetime = NOW) -> None:
    record_evidence(
        deal=deal, milestone=milestone, source="quote", grade=1, by=cast.bob, at=at, happened_at=at, quote="Yes",
        contact="Maria Ito",
    )  # fmt: skip


def review_of(cast: Cast, kind: str = "pipeline", minutes: int = 30, **more: Any) -> Review:
    due = more.pop("due_at", LATER)
    return Review.objects.create(
        workspace=cast.workspace, kind=kind, name="Weekly", leader=cast.alice, due_at=due, minutes=minutes, **more
    )


def promise(cast: Cast, deal: Deal, due_on: date, state: str = "open", person: Person | None = None) -> Commitment:
    return Commitment.objects.create(
        workspace=cast.workspace, deal=deal, person=person or cast.bob, owner_id=words(cast, "Bob Adler"),
        what_id=words(cast, "ask who signs"), due_on=due_on, by=cast.alice, happened_at=NOW, made_at=NOW, state=state,
        ended_at=None if state == "open" else NOW,
    )  # fmt: skip


def words(cast: Cast, text: str) -> int:
    found = find_wording(cast.workspace, text)
    assert found is not None
    return found


def names(review: Review) -> list[str]:
    return [item.deal.name for item in review.items.order_by("place") if item.deal]


def shown(review: Review, name: str) -> AgendaDeal:
    return deal_from(review.items.get(deal__name=name).facts)


def forecast(deal: Deal, won: float) -> None:
    DealForecast.objects.create(
        workspace=deal.workspace, deal=deal, basis="model", by_end=won / 2, won=won, expected=0.0,
        text='{"facts": [{"about": "silence", "past": 41, "past_won": 2}]}',
    )  # fmt: skip


def test_an_agenda_is_rows_in_order_with_minutes_reasons_and_facts(cast: Cast) -> None:
    small, large = deal_of(cast, "Small", 10_000), deal_of(cast, "Large", 120_000)
    for deal in (small, large):
        forecast(deal, 0.45)
    set_close_date(deal=large, due_on=date(2026, 3, 9), by=cast.bob, at=NOW)
    review = prepare_agenda(review=review_of(cast), at=LATER)
    assert names(review) == ["Large", "Small"]
    assert (review.prepared_at, review.shown_at, review.revision) == (LATER, LATER, 1)
    assert sum(item.minutes for item in review.items.all()) <= 30
    first = review.items.get(place=1)
    assert first.value > review.items.get(place=2).value > 0
    assert first.why[0] == "€120 k, and it can still go either way."
    facts = shown(review, "Large")
    assert (facts.key, facts.account, facts.owner, facts.amount) == (large.key, "ACME", "Bob Adler", 120_000)
    assert (facts.claimed, facts.closes_on, facts.chance) == (STAGE, date(2026, 3, 9), 0.225)
    assert facts.last_act and (facts.last_act.contact, facts.last_act.on) == ("Maria Ito", NOW.date())
    assert facts.last_act.what.startswith("The person who lives with the problem")
    assert facts.gained == (facts.last_act.what,)
    assert facts.ask and facts.ask_to == "Maria Ito"


def test_it_says_which_steps_are_left_until_they_are_done(cast: Cast) -> None:
    deal = deal_of(cast, "Large")
    review = prepare_agenda(review=review_of(cast), at=LATER)
    assert any(text.startswith("Not done yet: ask who else has the problem") for text in review.items.get().why)
    record_activity(deal=deal, what="introduction asked", by=cast.bob, at=LATER, happened_at=LATER)
    again = prepare_agenda(review=review, at=LATER)
    assert not any("ask who else has the problem" in text for text in again.items.get().why)


def test_the_wall_no_deal_of_another_workspace_ever(cast: Cast) -> None:
    deal_of(cast, "Ours")
    foreign = add_deal(workspace=cast.elsewhere, name="Theirs", by=cast.carol, at=NOW, owner="Carol Adler")
    set_amount(deal=foreign, amount=Decimal(9_000_000), by=cast.carol, at=NOW)
    for kind in ("pipeline", "reset"):
        assert names(prepare_agenda(review=review_of(cast, kind), at=LATER)) == ["Ours"]


def test_it_needs_no_more_than_its_own_workspace(cast: Cast) -> None:
    deal_of(cast, "Ours")
    review = review_of(cast)
    enter(cast.workspace.pk)
    assert names(prepare_agenda(review=review, at=LATER)) == ["Ours"]


def test_decided_dropped_and_other_teams_deals_stay_off(cast: Cast) -> None:
    deal_of(cast, "North", team="North")
    deal_of(cast, "South", team="South")
    deal_of(cast, "Dropped", team="North", is_live=False)
    decide_deal(deal=deal_of(cast, "Won", team="North"), outcome=Outcome.WON, by=cast.bob, at=NOW)
    assert names(prepare_agenda(review=review_of(cast, team="North"), at=LATER)) == ["North"]
    assert sorted(names(prepare_agenda(review=review_of(cast), at=LATER))) == ["North", "South"]


def test_a_one_to_one_is_about_the_others_own_deals(cast: Cast) -> None:
    deal_of(cast, "Bob's")
    deal_of(cast, "Somebody's", owner="Jo Lind")
    rhythm = Rhythm.objects.create(
        workspace=cast.workspace, kind="one_to_one", name="Bob", leader=cast.alice, first_on=NOW.date(),
        starts=NOW.time(), zone="UTC", rule="FREQ=WEEKLY", minutes=30, created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    for person in (cast.alice, cast.bob):
        RhythmPerson.objects.create(workspace=cast.workspace, rhythm=rhythm, person=person)
    review = review_of(cast, "one_to_one", rhythm=rhythm)
    assert names(prepare_agenda(review=review, at=LATER)) == ["Bob's"]
    RhythmPerson.objects.filter(person=cast.bob).update(person=cast.olga)
    review = prepare_agenda(review=review, at=LATER)
    assert names(review) == []
    assert "who they are in the CRM" in (find_empty_reason(review, LATER) or "")


def test_group_coaching_is_about_the_departure_that_most_deals_share(cast: Cast) -> None:
    deals = [deal_of(cast, f"Deal {number}") for number in range(3)]
    for number, rule in ((0, "skip"), (1, "skip"), (2, "overstay"), (0, "overstay")):
        DealFinding.objects.create(workspace=cast.workspace, deal=deals[number], rule=rule, what=f"A {rule}")
    DealFinding.objects.create(workspace=cast.workspace, deal=deals[1], rule="overstay", what="fine", allowed=True)
    DealFinding.objects.create(workspace=cast.workspace, deal=deals[2], rule="overstay", what="A second one")
    review = prepare_agenda(review=review_of(cast, "coaching"), at=LATER)
    assert sorted(names(review)) == ["Deal 0", "Deal 2"]  # two each; in a tie the first by name
    assert all(item.why[1].startswith("A overstay") or "second" in item.why[1] for item in review.items.all())


def test_a_reset_is_about_the_largest(cast: Cast) -> None:
    for number in range(1, 5):
        deal_of(cast, f"Deal {number}", 10_000 * number)
    assert names(prepare_agenda(review=review_of(cast, "reset", 60), at=LATER)) == [
        "Deal 4", "Deal 3", "Deal 2", "Deal 1",
    ]  # fmt: skip


def test_a_process_review_is_prepared_elsewhere(cast: Cast) -> None:
    with pytest.raises(ValueError, match="topics"):
        prepare_agenda(review=review_of(cast, ReviewKind.PROCESS.value), at=LATER)


def test_promises_come_first_and_a_deal_reminded_about_twice_comes_in(cast: Cast) -> None:
    large = [deal_of(cast, f"Large {number}", 900_000) for number in range(4)]
    broken, due, told = (deal_of(cast, name, 100) for name in ("Broken", "Due", "Told"))
    promise(cast, broken, NOW.date(), "broken")
    promise(cast, due, LATER.date())
    one = promise(cast, told, LATER.date())
    promise(cast, large[0], LATER.date() + timedelta(days=9))
    promise(cast, large[1], NOW.date(), "kept")
    Reminder.objects.create(workspace=cast.workspace, person=cast.bob, about=f"commitment {one.key}", told=2)
    review = prepare_agenda(review=review_of(cast), at=LATER)
    found = names(review)
    assert found[:2] == ["Broken", "Told"] and set(found[2:6]) == {deal.name for deal in large}
    assert review.items.get(place=1).why[0] == "Promise not kept: Bob Adler, ask who signs, due on 2 Mar."
    assert shown(review, "Told").promises == ("Bob Adler, ask who signs, due on 3 Mar",)
    assert all(not shown(review, deal.name).promises for deal in large)


def test_a_silence_that_was_told_twice_comes_onto_the_agenda(cast: Cast) -> None:
    for number in range(20):
        deal_of(cast, f"Large {number}", 900_000)
    silent, woken = (deal_of(cast, name, 100) for name in ("Silent", "Woken"))
    for deal, last in ((silent, silent.last_buyer_act_at), (woken, NOW - 9 * DAY)):
        assert last is not None
        Reminder.objects.create(
            workspace=cast.workspace, person=cast.bob, about=f"silence {deal.key} {last:%Y-%m-%d}", told=2
        )
    review = prepare_agenda(review=review_of(cast), at=LATER)
    assert names(review)[0] == "Silent" and "Woken" not in names(review)
    assert review.items.get(place=1).why[0] == "Reminded twice that the buyer is silent, and nothing moved."


def test_the_leaders_own_broken_promises_take_their_minutes(cast: Cast) -> None:
    for number in range(4):
        deal_of(cast, f"Deal {number}")
    whole = prepare_agenda(review=review_of(cast, minutes=8), at=LATER)
    Commitment.objects.create(
        workspace=cast.workspace, person=cast.alice, owner_id=words(cast, "Alice"),
        what_id=words(cast, "call their CFO"), due_on=NOW.date(), by=cast.alice, happened_at=NOW,
        made_at=NOW, state="broken", ended_at=NOW,
    )  # fmt: skip
    less = prepare_agenda(review=review_of(cast, minutes=8), at=LATER)
    assert [review.items.count() for review in (whole, less)] == [2, 1]  # four minutes each


def test_prepared_again_only_what_waits_is_chosen_anew(cast: Cast) -> None:
    deals = [deal_of(cast, f"Deal {number}", 1_000) for number in range(8)]
    review = prepare_agenda(review=review_of(cast, minutes=12), at=LATER)
    before = {item.deal_id: item.pk for item in review.items.all()}
    answered = review.items.order_by("-place").first()
    assert answered is not None
    Answer.objects.create(
        workspace=cast.workspace, item=answered, question="account", text_id=words(cast, "Moves"),
        by=cast.bob, at=LATER,
    )  # fmt: skip
    done = review.items.order_by("place").first()
    assert done is not None and done.pk != answered.pk
    AgendaItem.objects.filter(pk=done.pk).update(state="done", seconds=90)
    chosen = {one.pk for one in deals} - {*before}
    for pk in chosen:
        set_amount(deal=Deal.objects.get(pk=pk), amount=Decimal(700_000), by=cast.bob, at=LATER)
    again = prepare_agenda(review=review, at=LATER + DAY)
    after = {item.deal_id: item.pk for item in again.items.all()}
    assert after[answered.deal_id] == answered.pk and after[done.deal_id] == done.pk
    assert set(after) - {answered.deal_id, done.deal_id} <= chosen
    assert [item.place for item in again.items.order_by("place")] == list(range(1, len(after) + 1))
    assert again.items.get(pk=done.pk).seconds == 90 and again.revision == 2
    once_more = prepare_agenda(review=again, at=LATER + DAY)
    assert {item.deal_id for item in once_more.items.all()} == set(after)


def test_a_deal_decided_since_stays_where_somebody_answered(cast: Cast) -> None:
    gone, left = deal_of(cast, "Gone"), deal_of(cast, "Left")
    review = prepare_agenda(review=review_of(cast), at=LATER)
    Answer.objects.create(
        workspace=cast.workspace, item=review.items.get(deal=gone), question="account",
        text_id=words(cast, "They said yes"), by=cast.bob, at=LATER,
    )  # fmt: skip
    for deal in (gone, left):
        decide_deal(deal=Deal.objects.get(pk=deal.pk), outcome=Outcome.WON, by=cast.bob, at=LATER)
    assert names(prepare_agenda(review=review, at=LATER + DAY)) == ["Gone"]


def test_what_was_settled_before_makes_room_and_stands_last(cast: Cast) -> None:
    for number in range(3):
        deal_of(cast, f"Deal {number}", 1_000 * (number + 1))
    review = prepare_agenda(review=review_of(cast, minutes=8), at=LATER)
    assert names(review) == ["Deal 2", "Deal 1"]
    review.items.filter(place=1).update(state="answered")
    assert names(prepare_agenda(review=review, at=LATER)) == ["Deal 1", "Deal 0", "Deal 2"]


def test_a_review_that_is_over_stays_as_it_is(cast: Cast) -> None:
    deal_of(cast, "Large")
    review = prepare_agenda(review=review_of(cast, state="held", closed_at=LATER), at=LATER)
    assert (review.prepared_at, review.items.count()) == (None, 0)


def test_what_a_review_looked_at_last_week_waits_unless_something_happened(cast: Cast) -> None:
    seen, moved, fresh = deal_of(cast, "Seen", 60_000), deal_of(cast, "Moved", 55_000), deal_of(cast, "Fresh", 50_000)
    for deal in (seen, moved):
        append_event(deal=deal, kind=EventKind.DEAL_INSPECTED, by=cast.alice, at=LATER, name="Weekly")
    record_activity(deal=seen, what="call", by=cast.bob, at=LATER + DAY, happened_at=LATER + DAY)
    show(moved, cast, "problem_confirmed", LATER + DAY)
    review = review_of(cast, due_at=LATER + 7 * DAY)
    review = prepare_agenda(review=review, at=LATER + 6 * DAY)
    value = {item.deal_id: item.value for item in review.items.all()}
    assert value[seen.pk] < value[moved.pk] < 60_000
    assert value[seen.pk] < value[fresh.pk] / 2


def test_milestones_gained_are_those_since_the_last_review_of_the_rhythm(cast: Cast) -> None:
    deal = deal_of(cast, "Large")
    rhythm = Rhythm.objects.create(
        workspace=cast.workspace, kind="pipeline", name="Weekly", leader=cast.alice, first_on=NOW.date(),
        starts=NOW.time(), zone="UTC", rule="FREQ=WEEKLY", minutes=30, created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    review_of(cast, rhythm=rhythm, state="held", closed_at=NOW + timedelta(hours=2), due_at=NOW)
    show(deal, cast, "problem_confirmed", LATER)
    record_buyer_act(deal=deal, what="replied", by=cast.bob, at=LATER, happened_at=LATER, contact="Maria Ito")
    review = review_of(cast, rhythm=rhythm, due_at=NOW + 7 * DAY)
    review = prepare_agenda(review=review, at=NOW + 6 * DAY)
    facts = shown(review, "Large")
    assert len(facts.gained) == 1 and facts.gained[0].startswith("A second person")
    assert facts.last_act and facts.last_act.on == LATER.date()


def test_without_deals_it_is_empty_and_says_why(cast: Cast) -> None:
    for kind, words in (("pipeline", "No deal here is open"), ("coaching", "nothing to coach on")):
        review = prepare_agenda(review=review_of(cast, kind), at=LATER)
        assert review.prepared_at == LATER and names(review) == []
        assert words in (find_empty_reason(review, LATER) or "")
    deal_of(cast, "Large")
    assert find_empty_reason(review_of(cast), LATER) is None


def test_preparing_is_audited_without_naming_deals(cast: Cast) -> None:
    deal_of(cast, "Large")
    review = prepare_agenda(review=review_of(cast), at=LATER)
    entry = Entry.objects.filter(workspace=cast.workspace).latest("number")
    assert (entry.verb, entry.target, entry.detail) == ("prepare agenda", f"review {review.key}", {"items": 1})
    assert entry.by is None


def queries_of(review: Review) -> int:
    with CaptureQueriesContext(connection) as found:
        prepare_agenda(review=review, at=LATER)
    return len(found)


def test_the_number_of_queries_does_not_grow_with_the_deals(cast: Cast) -> None:
    promise(cast, deal_of(cast, "First"), LATER.date())
    few = queries_of(review_of(cast))
    for number in range(14):
        promise(cast, deal_of(cast, f"Deal {number}"), LATER.date())
    assert queries_of(review_of(cast)) <= few <= 30
