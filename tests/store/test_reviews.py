"""Holding a review: what each act changes, that it changes all of it or nothing, and that two at once lose nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from headway.basics.errors import UserError
from headway.deals.events import Outcome
from headway.deals.predictions import Predicted
from headway.reviews.decisions import Promised, Terms
from headway.reviews.kinds import Question, What
from headway.store.actions.deal_calls import open_calls, record_deal_call
from headway.store.actions.deals import ChangedMeanwhileError, add_deal, claim_stage
from headway.store.actions.decisions import decide, take_back_decision
from headway.store.actions.reviews import (
    answer,
    close_review,
    open_review,
    pass_over,
    see_review,
    take_up,
    turn_to,
)
from headway.store.models import (
    AgendaItem,
    Answer,
    Commitment,
    Deal,
    DealCall,
    Decision,
    Entry,
    Event,
    OutMessage,
    Review,
    ReviewPerson,
)
from headway.store.queries.review_room import room_of, said_on
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
PROMISE = Promised("Bob Adler", "Send Petra the order form", "signs the order form", "Petra Purchase", date(2026, 3, 9))


class Ground:
    """A review of Alice's that is due now, with two of Bob's deals on its agenda."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.deals = [
            add_deal(workspace=self.cast.workspace, name=name, by=self.cast.bob, at=NOW, owner="Bob Adler")
            for name in ("Fleet renewal", "Spare parts")
        ]
        claim_stage(deal=self.deals[0], stage="Stakeholders aligned", by=self.cast.bob, at=NOW)
        self._review = Review.objects.create(
            workspace=self.cast.workspace, kind="pipeline", name="Monday review", leader=self.cast.alice, due_at=NOW,
            minutes=30, prepared_at=NOW, shown_at=NOW,
        ).pk  # fmt: skip
        for place, deal in enumerate(self.deals):
            AgendaItem.objects.create(
                workspace=self.cast.workspace, review=self.review, deal=deal, place=place, minutes=5
            )

    @property
    def review(self) -> Review:
        return Review.objects.select_related("workspace", "leader").get(pk=self._review)

    @property
    def items(self) -> list[AgendaItem]:
        return list(AgendaItem.objects.filter(review=self._review).order_by("place"))

    def opened(self, at: datetime = NOW) -> Ground:
        open_review(review=self.review, by=self.cast.alice, at=at)
        return self

    def decide(self, what: What, at: datetime = LATER, item: int = 0, **rest: object) -> Decision:
        return decide(item=self.items[item], what=what, by=self.cast.alice, at=at, **rest)  # type: ignore[arg-type]


@pytest.fixture
def ground() -> Ground:
    return Ground()


def deal_of(ground: Ground, place: int = 0) -> Deal:
    return Deal.objects.select_related("owner").get(pk=ground.deals[place].pk)


def test_opening_begins_with_the_first_item_and_a_second_press_changes_nothing(ground: Ground) -> None:
    review = ground.opened().review
    assert (review.state, review.at_item, review.opened_at) == ("running", ground.items[0], NOW)
    assert [one.person for one in ReviewPerson.objects.filter(review=review)] == [ground.cast.alice]
    revision = review.revision
    open_review(review=review, by=ground.cast.bob, at=LATER)
    assert (ground.review.opened_at, ground.review.revision) == (NOW, revision)


def test_one_without_an_agenda_gets_one_on_opening(ground: Ground) -> None:
    AgendaItem.objects.all().delete()
    Review.objects.update(prepared_at=None)
    assert ground.opened().review.prepared_at == NOW


def test_every_change_is_a_new_revision_and_an_entry_of_the_audit(ground: Ground) -> None:
    ground.opened()
    seen = {ground.review.revision}
    bob, first, second = ground.cast.bob, *ground.items
    for change in (
        lambda: turn_to(review=ground.review, item=second, by=bob, at=LATER),
        lambda: answer(item=first, question="where", text="They said yes", by=bob, at=LATER),
        lambda: record_deal_call(deal=ground.deals[0], review=ground.review, chance=0.7, by=bob, at=LATER),
        lambda: open_calls(item=first, by=bob, at=LATER),
        lambda: pass_over(item=second, by=bob, at=LATER),
        lambda: take_up(item=second, by=bob, at=LATER),
        lambda: see_review(review=ground.review, by=bob, at=LATER),
        lambda: ground.decide(What.KEEP),
        lambda: take_back_decision(decision=Decision.objects.get(), by=bob, at=LATER),
    ):
        entries = Entry.objects.count()
        change()
        assert ground.review.revision not in seen
        assert Entry.objects.count() > entries
        seen.add(ground.review.revision)


def test_the_newest_answer_counts_and_none_is_lost(ground: Ground) -> None:
    first = ground.opened().items[0]
    answer(item=first, question=Question.WHERE, text="They named the problem", by=ground.cast.bob, at=NOW)
    answer(item=first, question=Question.WHERE, text="They named the problem", by=ground.cast.alice, at=LATER)
    assert Answer.objects.count() == 1, "the same words again are no new answer"
    answer(item=first, question=Question.WHERE, text="Nowhere yet", by=ground.cast.alice, at=LATER)
    said = said_on(first)["where"]
    assert (said.text, said.by) == ("Nowhere yet", "Alice Adler")
    assert (said.before, said.before_by) == ("They named the problem", "Bob Adler")
    answer(
        item=first, question=Question.WHERE, text="Nowhere yet. They named the problem", by=ground.cast.bob, at=LATER
    )
    answer(item=first, question=Question.WHERE, text="", by=ground.cast.bob, at=LATER)
    assert said_on(first)["where"].text == ""
    with pytest.raises(UserError, match="none of the questions"):
        answer(item=first, question="mood", text="Good", by=ground.cast.bob, at=LATER)


def test_moving_a_claim_back_is_in_the_deal_its_history_and_the_decision(ground: Ground) -> None:
    made = ground.opened().decide(What.BACK, note="No date yet", terms=Terms(stage="Problem identified"))
    assert deal_of(ground).claimed == "Problem identified"
    assert (made.about["from"], made.about["to"]) == ("Stakeholders aligned", "Problem identified")
    assert made.event == Event.objects.filter(kind="stage_claimed").latest("pk")
    assert ground.items[0].state == "done"
    take_back_decision(decision=made, by=ground.cast.alice, at=LATER)
    take_back_decision(decision=made, by=ground.cast.bob, at=LATER)
    assert deal_of(ground).claimed == "Stakeholders aligned"
    assert ground.items[0].state == "waiting"
    assert room_of(ground.review, "", LATER).decided == ()


@pytest.mark.parametrize(
    ("what", "note", "terms", "field", "value"),
    [
        (What.FORWARD, "", Terms(stage="Risk assessment completed"), "claimed", "Risk assessment completed"),
        (What.DISQUALIFY, "They stay as they are", Terms(outcome=Outcome.NO_DECISION), "outcome", "no_decision"),
        (What.CORRECT, "", Terms(corrected=("amount",), amount=Decimal(500)), "amount", Decimal(500)),
        (What.CORRECT, "", Terms(corrected=("close date",), close_on=date(2026, 4, 1)), "close_on", date(2026, 4, 1)),
        (
            What.PLAN, "", Terms(ask="Sign", ask_to="Petra", due_on=date(2026, 3, 9), agreed=True),
            "agreed_on", date(2026, 3, 9),
        ),
        (What.PLAN, "", Terms(ask="Sign", ask_to="Petra", due_on=date(2026, 3, 9)), "agreed_on", None),
    ],
)  # fmt: skip
def test_each_decision_does_the_real_thing_and_is_undone(
    ground: Ground, what: What, note: str, terms: Terms, field: str, value: object
) -> None:
    before = getattr(deal_of(ground), field)
    made = ground.opened().decide(what, note=note, terms=terms)
    assert getattr(deal_of(ground), field) == value
    take_back_decision(decision=made, by=ground.cast.alice, at=LATER)
    assert getattr(deal_of(ground), field) == before


def test_an_owner_is_corrected_and_an_exception_allowed(ground: Ground) -> None:
    ground.opened().decide(What.CORRECT, terms=Terms(corrected=("owner",), owner="Nora New"))
    assert str(deal_of(ground).owner) == "Nora New"
    terms = Terms(rule="skip", due_on=date(2026, 5, 1), predicted=Predicted.WON)
    made = ground.decide(What.ALLOW, note="Nobody signs before May", terms=terms)
    assert made.event is not None
    assert (made.event.kind, made.event.name, made.event.due_on) == ("exception_allowed", "skip", date(2026, 5, 1))


@pytest.mark.parametrize(
    ("what", "note", "terms", "told"),
    [
        (What.FORWARD, "", Terms(), "Choose the stage"),
        (What.FORWARD, "", Terms(stage="Problem identified"), "does not lie after"),
        (What.BACK, "", Terms(stage="Risk assessment completed"), "does not lie before"),
        (What.DISQUALIFY, "Why", Terms(outcome=Outcome.WON), "Choose how it ends"),
        (What.DISQUALIFY, " ", Terms(outcome=Outcome.WITHDRAWN), "Write why"),
        (What.CORRECT, "", Terms(), "Say what is wrong"),
        (What.PLAN, "", Terms(ask="Sign", due_on=date(2026, 3, 9)), "Name who"),
        (What.ALLOW, "Why", Terms(rule="skip", due_on=date(2026, 5, 1)), "what you expect"),
        (What.TRIAL, "", Terms(), "cannot be decided here"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_done(
    ground: Ground, what: What, note: str, terms: Terms, told: str
) -> None:
    ground.opened()
    with pytest.raises(UserError, match=told):
        ground.decide(what, note=note, terms=terms)
    assert not Decision.objects.exists()
    assert Event.objects.filter(deal=ground.deals[0]).count() == 3, "added, owned, claimed: nothing else"


def test_a_promise_that_is_none_takes_the_whole_decision_with_it(ground: Ground) -> None:
    ground.opened()
    vague = Promised("Bob Adler", "Follow up", "is happy", "Petra Purchase", date(2026, 3, 9))
    with pytest.raises(UserError, match="Follow up"):
        ground.decide(What.BACK, terms=Terms(stage="Problem identified"), promise=vague)
    assert (deal_of(ground).claimed, Decision.objects.count(), ground.items[0].state) == (
        "Stakeholders aligned",
        0,
        "waiting",
    )
    made = ground.decide(What.BACK, terms=Terms(stage="Problem identified"), promise=PROMISE)
    promise = Commitment.objects.get()
    assert (promise.person, promise.item, promise.review) == (ground.cast.bob, ground.items[0], ground.review)
    take_back_decision(decision=made, by=ground.cast.alice, at=LATER)
    assert not Commitment.objects.exists()


def test_two_who_change_the_same_claim_notice(ground: Ground) -> None:
    ground.opened().decide(What.BACK, terms=Terms(stage="Problem identified"))
    with pytest.raises(ChangedMeanwhileError):
        ground.decide(
            What.FORWARD, terms=Terms(stage="Risk assessment completed", was={"stage": "Stakeholders aligned"})
        )
    assert deal_of(ground).claimed == "Problem identified"


def test_calls_open_when_both_have_called_and_none_is_made_after(ground: Ground) -> None:
    deal, item = ground.deals[0], ground.opened().items[0]

    def call(who: str, chance: float) -> None:
        by = getattr(ground.cast, who)
        record_deal_call(deal=deal, review=ground.review, chance=chance, by=by, at=LATER)

    call("olga", 0.5)
    call("alice", 0.3)
    call("alice", 0.9)
    item.refresh_from_db()
    assert item.calls_opened_at is None
    call("bob", 0.7)
    item.refresh_from_db()
    assert item.calls_opened_at == LATER
    assert {(one.by, one.chance) for one in room_of(ground.review, "", LATER).calls} == {
        ("Olga Adler", 0.5), ("Alice Adler", 0.9), ("Bob Adler", 0.7),
    }  # fmt: skip
    with pytest.raises(UserError, match="open already"):
        call("bob", 0.1)
    with pytest.raises(UserError, match="Choose one of"):
        call("olga", 0.42)
    assert DealCall.objects.count() == 4


def test_time_is_counted_on_what_was_talked_about(ground: Ground) -> None:
    first, second = ground.opened().items
    turn_to(review=ground.review, item=second, by=ground.cast.bob, at=NOW + timedelta(seconds=90))
    turn_to(review=ground.review, item=first, by=ground.cast.bob, at=NOW + timedelta(seconds=95))
    close_review(review=ground.review, by=ground.cast.alice, at=NOW + timedelta(seconds=100))
    assert [item.seconds for item in ground.items] == [95, 5]
    looked = Event.objects.filter(kind="deal_inspected").values_list("deal__name", flat=True)
    assert list(looked) == ["Fleet renewal"], "five seconds are no look"


def test_passing_over_goes_to_the_next_that_waits(ground: Ground) -> None:
    first, second = ground.opened().items
    pass_over(item=first, by=ground.cast.bob, at=LATER)
    assert ([item.state for item in ground.items], ground.review.at_item) == (["passed", "waiting"], second)
    take_up(item=first, by=ground.cast.bob, at=LATER)
    assert ([item.state for item in ground.items], ground.review.at_item) == (["waiting", "waiting"], first)


@pytest.mark.parametrize(("days", "decides", "state"), [(0, True, "held"), (1, True, "late"), (0, False, "empty")])
def test_closing_says_how_it_was_held_and_a_second_press_changes_nothing(
    ground: Ground, days: int, decides: bool, state: str
) -> None:
    at = NOW + timedelta(days=days)
    ground.opened(at)
    if decides:
        ground.decide(What.KEEP, at=at)
    closed = close_review(review=ground.review, by=ground.cast.alice, at=at + timedelta(minutes=20))
    assert (closed.state, closed.at_item) == (state, None)
    held = Event.objects.get(kind="review_held")
    assert (held.deal, held.happened_at) == (None, at)
    sent, entries = OutMessage.objects.count(), Entry.objects.count()
    assert sent > 0, "the minutes are put out with the closing"
    close_review(review=ground.review, by=ground.cast.bob, at=at + timedelta(minutes=30))
    assert (OutMessage.objects.count(), Entry.objects.count()) == (sent, entries)
    with pytest.raises(UserError, match="is closed"):
        ground.decide(What.KEEP, at=at)
    with pytest.raises(UserError, match="is closed"):
        open_review(review=ground.review, by=ground.cast.bob, at=at)


def test_nothing_is_decided_in_a_review_that_is_not_open(ground: Ground) -> None:
    with pytest.raises(UserError, match="is not open"):
        ground.decide(What.KEEP)
    with pytest.raises(UserError, match="is not open"):
        close_review(review=ground.review, by=ground.cast.alice, at=NOW)


def test_a_page_that_stays_open_is_written_down_now_and_then(ground: Ground) -> None:
    ground.opened()
    assert see_review(review=ground.review, by=ground.cast.bob, at=NOW)
    revision = ground.review.revision
    assert not see_review(review=ground.review, by=ground.cast.bob, at=NOW + timedelta(seconds=3))
    assert see_review(review=ground.review, by=ground.cast.bob, at=NOW + timedelta(seconds=20))
    assert ground.review.revision == revision
    here = {one.name: one.here for one in room_of(ground.review, "", NOW + timedelta(seconds=50)).people}
    assert here == {"Alice Adler": False, "Bob Adler": True}
