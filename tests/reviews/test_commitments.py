"""A promise: what makes it one, and how it ended, by evidence where possible, whatever the order of recording."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.basics.periods import AsOf
from headway.deals.events import EventKind
from headway.deals.history import Event
from headway.reviews.commitments import Ending, Promised, Word, ending_of, faults_of, is_carried, last_moment
from headway.reviews.kinds import Promise

MADE = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
DUE = date(2026, 3, 6)
BUDGET = Promised(MADE, DUE, "Europe/Berlin", milestone="budget", grade=1, acts=("paid",), contact="Jana Novak")
SIGNS = Promised(MADE, DUE, "UTC", shows="signs the plan", contact="Jana Novak")
BY_WORD = Promised(MADE, DUE, "UTC")
TODAY = date(2026, 3, 2)


def at(day: float) -> datetime:
    """So many days after it was made."""
    return MADE + timedelta(days=day)


def event(kind: EventKind, day: float, name: str = "budget", *, recorded: float | None = None, **more: Any) -> Event:
    ordinal = more.pop("ordinal", round(day * 1000) + 5000)
    return Event(kind, at(day), ordinal, name, at(day if recorded is None else recorded), **more)


def shown(day: float, grade: int = 1, **more: Any) -> Event:
    return event(EventKind.EVIDENCE_RECORDED, day, grade=grade, **more)


def retracted(day: float, **more: Any) -> Event:
    return event(EventKind.EVIDENCE_RETRACTED, day, **more)


def word(how: Promise, day: float, said: float | None = None, pointing: int | None = None) -> Word:
    return Word(how, at(day), at(day if said is None else said), pointing)


def state(promised: Promised, *events: Event, day: float = 30, words: tuple[Word, ...] = ()) -> Promise:
    return ending_of(promised, words, events, AsOf.moment(at(day))).state


def test_evidence_between_making_it_and_its_day_keeps_it() -> None:
    found = ending_of(BUDGET, (), (shown(2),), AsOf.moment(at(3)))
    assert found == Ending(Promise.KEPT, at(2), 7000)


def test_evidence_after_its_day_keeps_it_late() -> None:
    assert state(BUDGET, shown(6)) is Promise.LATE


def test_without_evidence_it_is_open_until_its_day_is_over_where_the_workspace_is_and_broken_after() -> None:
    over = last_moment(DUE, "Europe/Berlin")
    assert over == datetime(2026, 3, 6, 22, 59, 59, 999999, tzinfo=UTC)  # an hour before it is over in UTC
    assert ending_of(BUDGET, (), (), AsOf.moment(over)).state is Promise.OPEN
    assert ending_of(BUDGET, (), (), AsOf.moment(over + timedelta(microseconds=1))) == Ending(Promise.BROKEN, over)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_on_which_clocks_change_ends_at_its_own_midnight(day: date) -> None:
    assert (last_moment(day, "Europe/Berlin") + timedelta(microseconds=1)).hour in (22, 23)
    hours = (last_moment(day, "Europe/Berlin") - last_moment(day - timedelta(days=1), "Europe/Berlin")) / timedelta(
        hours=1
    )
    assert hours == (23 if day.month == 3 else 25)


def test_evidence_recorded_afterwards_that_happened_in_time_turns_broken_into_kept() -> None:
    late_entry = shown(2, recorded=9)
    assert state(BUDGET, late_entry, day=8) is Promise.BROKEN
    assert state(BUDGET, late_entry, day=9) is Promise.KEPT


def test_what_was_there_before_keeps_nothing() -> None:
    assert state(BUDGET, shown(-3)) is Promise.BROKEN
    assert state(BUDGET, shown(-3, recorded=1)) is Promise.BROKEN


def test_evidence_of_the_same_day_whose_hour_is_not_known_counts_where_it_was_recorded_afterwards() -> None:
    noon = shown(-0.1, recorded=0.2)
    assert state(BUDGET, noon) is Promise.KEPT
    assert state(BUDGET, shown(-0.1, recorded=-0.05)) is Promise.BROKEN  # known when it was promised


def test_the_sellers_word_is_too_weak_a_proof() -> None:
    assert state(BUDGET, shown(2, grade=0)) is Promise.BROKEN


def test_another_milestone_keeps_nothing() -> None:
    assert state(BUDGET, event(EventKind.EVIDENCE_RECORDED, 2, "signed", grade=3)) is Promise.BROKEN


def test_an_act_that_the_milestone_takes_as_proof_keeps_it() -> None:
    assert state(BUDGET, event(EventKind.BUYER_ACTED, 2, "paid", grade=3)) is Promise.KEPT


@pytest.mark.parametrize("kind", [EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED])
def test_evidence_withdrawn_turns_kept_back_into_broken(kind: EventKind) -> None:
    evidence, gone = shown(2, ref="a"), event(kind, 8, ref="a")
    assert state(BUDGET, evidence, gone, day=7.9) is Promise.KEPT
    assert state(BUDGET, evidence, gone, day=8) is Promise.BROKEN
    assert state(BUDGET, evidence, gone, shown(3, ref="b")) is Promise.KEPT


def agreed(day: float, contact: str = "Jana Novak") -> Event:
    return event(EventKind.ACT_AGREED, day, "signs the plan", contact=contact)


def act(day: float, name: str = "Signs the plan.", contact: str = "Jana Novak") -> Event:
    return event(EventKind.BUYER_ACTED, day, name, contact=contact, grade=0)


def test_the_act_that_its_contact_agreed_to_keeps_it() -> None:
    assert state(SIGNS, agreed(0), act(2)) is Promise.KEPT
    assert state(SIGNS, agreed(0), act(6)) is Promise.LATE


@pytest.mark.parametrize(
    "events",
    [(act(2),), (agreed(0), act(2, contact="Tom Ek")), (agreed(0, "Tom Ek"), act(2)), (agreed(0), act(2, "replied"))],
)
def test_an_act_that_was_not_agreed_or_is_another_keeps_nothing(events: tuple[Event, ...]) -> None:
    assert state(SIGNS, *events) is Promise.BROKEN


def test_by_word_where_nothing_else_shows_it() -> None:
    found = ending_of(BY_WORD, (word(Promise.KEPT, 3),), (), AsOf.moment(at(4)))
    assert found == Ending(Promise.KEPT, at(3), by_word=True)
    assert state(BY_WORD, words=(word(Promise.KEPT, 6),)) is Promise.LATE
    assert state(BY_WORD, words=(word(Promise.KEPT, 3), word(Promise.OPEN, 4)), day=4) is Promise.OPEN


def test_evidence_stands_above_a_word() -> None:
    assert ending_of(BUDGET, (word(Promise.BROKEN, 3),), (shown(2),), AsOf.moment(at(5))).by_word is False
    assert state(BUDGET, shown(2), words=(word(Promise.BROKEN, 3),)) is Promise.KEPT


def test_let_go_stays_let_go_until_that_is_taken_back() -> None:
    gone = word(Promise.LET_GO, 3)
    assert state(BUDGET, shown(4), words=(gone,)) is Promise.LET_GO
    assert state(BUDGET, shown(4), words=(gone, word(Promise.OPEN, 5))) is Promise.KEPT


def test_an_event_somebody_points_at_shows_it_as_long_as_it_stands() -> None:
    reply = act(2, "replied")
    pointing = (word(Promise.KEPT, 3, pointing=reply.ordinal),)
    assert state(SIGNS, reply, words=pointing) is Promise.KEPT
    assert state(SIGNS, words=pointing) is Promise.BROKEN  # taken back since
    assert state(SIGNS, reply, words=(*pointing, word(Promise.OPEN, 4))) is Promise.BROKEN


def test_what_is_owed_is_carried_over() -> None:
    assert [how for how in Promise if is_carried(how)] == [Promise.OPEN, Promise.BROKEN]


KINDS = st.sampled_from([EventKind.EVIDENCE_RECORDED, EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED])
DAYS = st.integers(-40, 200).map(lambda tenth: tenth / 10)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Evidence and withdrawals, each recorded when it happened or later."""
    made = []
    for ordinal in range(draw(st.integers(0, 6))):
        day, later = draw(DAYS), draw(st.integers(0, 90)) / 10
        grade, ref = draw(st.integers(0, 2)), draw(st.sampled_from(["a", "b", None]))
        made.append(event(draw(KINDS), day, recorded=day + later, ordinal=ordinal, grade=grade, ref=ref))
    return made


@given(histories(), st.randoms(use_true_random=False), DAYS)
def test_the_order_of_recording_does_not_matter(history: list[Event], random: Any, day: float) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)
    as_of = AsOf.moment(at(day))
    assert ending_of(BUDGET, (), shuffled, as_of) == ending_of(BUDGET, (), history, as_of)


@given(histories(), DAYS)
def test_what_was_recorded_later_is_not_known_yet(history: list[Event], day: float) -> None:
    as_of = AsOf.moment(at(day))
    known = [one for one in history if one.known_at <= as_of.known_by]
    assert ending_of(BUDGET, (), history, as_of) == ending_of(BUDGET, (), known, as_of)


@given(histories(), DAYS)
def test_more_evidence_in_time_never_makes_it_worse(history: list[Event], day: float) -> None:
    as_of = AsOf(at=at(30), known_by=at(60))
    more = [*history, shown(3.95, recorded=25, ordinal=99, ref="new", grade=2)]
    gone = any(one.kind is not EventKind.EVIDENCE_RECORDED and one.happened_at >= at(3.95) for one in history)
    assert gone or ending_of(BUDGET, (), more, as_of).state is Promise.KEPT


def faults(what: str = "Send Jana the risk sheet", shows: str = "signs the plan", contact: str = "Jana Novak",
           due_on: date | None = DUE, *, leader: bool = False) -> tuple[str, ...]:  # fmt: skip
    return faults_of(what, shows, contact, due_on, TODAY, leader)


def test_a_named_person_a_binary_outcome_and_a_day_make_a_promise() -> None:
    assert faults() == ()


@pytest.mark.parametrize(
    "what",
    ["Follow up with Jana", "follow-up on the offer", "touch base", "I will check in next week", "Push the deal",
     "try to get a meeting", "Try again", "Keep an eye on it", "reach out to legal", "", "?"],
)  # fmt: skip
def test_what_has_no_end_is_no_promise(what: str) -> None:
    assert len(faults(what)) == 1


@pytest.mark.parametrize(
    "what", ["Ask Jana who signs", "Book the call with legal", "Send the pushed date", "Write down the three criteria"]
)
def test_what_is_done_or_not_is_one(what: str) -> None:
    assert faults(what) == ()


@pytest.mark.parametrize("shows", ["likes us", "is interested", "Jana is considering it", "feedback", "", "42"])
def test_what_nobody_could_see_shows_nothing(shows: str) -> None:
    assert len(faults(shows=shows)) == 1


@pytest.mark.parametrize(
    "shows", ["Jana signs the plan", "sign the plan", "has named who signs", "unterschreibt", "reply"]
)
def test_an_act_shows_it_in_whatever_words(shows: str) -> None:
    assert faults(shows=shows) == ()


@pytest.mark.parametrize("contact", ["the buyer", "procurement", "CFO", "they", "tbd", "", "?"])
def test_a_role_is_nobody_one_can_ask(contact: str) -> None:
    assert len(faults(contact=contact)) == 1


@pytest.mark.parametrize("due_on", [None, date(2026, 3, 1), date(2027, 6, 1)])
def test_it_needs_a_day_to_come(due_on: date | None) -> None:
    assert len(faults(due_on=due_on)) == 1


def test_a_leaders_promise_needs_nobody_at_the_buyer_but_an_outcome_and_a_day() -> None:
    assert faults("Read the two lost deals with Tom", "", "", leader=True) == ()
    assert len(faults("Be more present", "", "", leader=True)) == 1
    assert len(faults("Support the team", "", "", leader=True)) == 1


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30), st.none() | st.dates())
def test_whatever_is_typed_is_answered_in_sentences(what: str, shows: str, contact: str, due_on: date | None) -> None:
    for sentence in faults(what, shows, contact, due_on):
        assert sentence.endswith(".")
        assert len(sentence) < 250
