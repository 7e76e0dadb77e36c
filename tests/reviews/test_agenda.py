"""What an agenda holds: never more than its minutes, the same for the same deals, no worse deal for a better one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.evidence.kinds import Standing
from headway.reviews.agenda import (
    LEAST_MINUTES,
    MOST_MINUTES,
    Agenda,
    Candidate,
    LastSeen,
    agenda_of,
    minutes_of,
    value_of,
    worth_of,
)
from headway.reviews.agenda_words import MOST_SENTENCES
from headway.reviews.candidate import Called
from headway.reviews.kinds import ReviewKind

USUAL = Candidate(
    "usual", 50_000.0, "EUR", typical_amount=50_000.0, attention=0.3, chance=0.4, standing=Standing.ADVANCING,
    silence_days=4.0, open_milestones=3,
)  # fmt: skip
maybe_days = st.none() | st.floats(0, 400)
texts = st.lists(st.sampled_from(["ask who signs", "send the risk sheet", "skipped Discovery"]), max_size=3).map(tuple)
seen = st.none() | st.builds(LastSeen, st.floats(0, 90), st.booleans())
candidate = st.builds(
    Candidate,
    key=st.text("abcdef", min_size=1, max_size=6),
    amount=st.none() | st.floats(0, 1e9),
    currency=st.sampled_from(["EUR", "USD", ""]),
    rate=st.sampled_from([1.0, 0.5, None]),
    typical_amount=st.none() | st.floats(1, 1e6),
    attention=st.floats(0, 5),
    chance=st.none() | st.floats(0, 1),
    standing=st.sampled_from(Standing),
    silence_days=maybe_days,
    silence_limit_days=st.floats(1, 60),
    gap=st.none() | st.integers(-5, 5),
    overdue_days=st.integers(0, 99),
    close_days=st.none() | st.integers(-400, 400),
    open_milestones=st.integers(0, 12),
    steps=texts,
    findings=texts,
    promises_due=texts,
    broken=texts,
    reminded=st.integers(0, 4),
    seen=seen,
    past=st.integers(0, 99),
    past_won=st.integers(0, 3),
)
candidates = st.lists(candidate, max_size=14, unique_by=lambda one: one.key)
kinds = st.sampled_from([ReviewKind.PIPELINE, ReviewKind.RESET])


def keys(agenda: Agenda) -> list[str]:
    return [point.key for point in agenda.points]


@given(candidates, st.floats(0, 90), kinds)
def test_it_never_takes_more_than_its_minutes_and_no_deal_less_than_two(
    deals: list[Candidate], minutes: float, kind: ReviewKind
) -> None:
    agenda = agenda_of(deals, minutes, kind=kind)
    assert agenda.minutes == sum(point.minutes for point in agenda.points) <= minutes
    assert all(LEAST_MINUTES <= point.minutes <= MOST_MINUTES for point in agenda.points)
    assert len(agenda.points) + agenda.left == sum(one.standing is not Standing.DECIDED for one in deals)


@given(candidates, st.integers(0, 90), st.randoms(use_true_random=False), kinds)
def test_the_order_in_which_deals_come_does_not_matter(
    deals: list[Candidate], minutes: int, shuffled: object, kind: ReviewKind
) -> None:
    other = list(deals)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    assert agenda_of(deals, minutes, kind=kind) == agenda_of(other, minutes, kind=kind)


@given(candidates, candidate, st.integers(0, 60))
def test_a_worse_deal_never_pushes_out_a_better_one(deals: list[Candidate], more: Candidate, minutes: int) -> None:
    deals = [one for one in deals if one.key != more.key]
    more = replace(more, broken=(), reminded=0)  # those that are called come before any value
    before, after = agenda_of(deals, minutes), agenda_of([*deals, more], minutes)
    better = [one.key for one in deals if one.broken or one.reminded > 1 or worth_of(one) > worth_of(more)]
    assert {*keys(before)} & {*better} <= {*keys(after)}


@given(candidates, candidate, st.integers(0, 60), st.floats(1, 100))
def test_more_money_never_takes_a_deal_off_the_agenda(
    deals: list[Candidate], one: Candidate, minutes: int, times: float
) -> None:
    deals = [deal for deal in deals if deal.key != one.key]
    one = replace(one, rate=1.0)
    richer = replace(one, amount=None if one.amount is None else one.amount * times)
    if one.key in keys(agenda_of([*deals, one], minutes)):
        assert one.key in keys(agenda_of([*deals, richer], minutes))


@given(candidate, st.floats(1, 1000))
def test_value_grows_with_money_and_is_never_below_nothing(one: Candidate, times: float) -> None:
    one = replace(one, rate=1.0)
    richer = replace(one, amount=None if one.amount is None else one.amount * times)
    assert 0 <= value_of(one) <= value_of(richer) * (1 + 1e-9)


@given(candidate)
def test_minutes_are_no_matter_of_money(one: Candidate) -> None:
    assert minutes_of(one) == minutes_of(replace(one, amount=1e12, chance=0.5, attention=9.0))


@given(candidates, st.integers(0, 60))
def test_decided_deals_never_come(deals: list[Candidate], minutes: int) -> None:
    decided = {one.key for one in deals if one.standing is Standing.DECIDED}
    assert not decided & {*keys(agenda_of(deals, minutes))}


@settings(max_examples=200)
@given(candidates)
def test_every_deal_says_in_one_to_three_sentences_why_it_is_in(deals: list[Candidate]) -> None:
    for point in agenda_of(deals, 200).points:
        assert 1 <= len(point.why) <= MOST_SENTENCES
        assert all(text[0] == text[0].upper() and text[-1] in ".?!”" and "  " not in text for text in point.why)
        assert not any("%" in text for text in point.why)  # people call the chance before they are shown it


@given(candidates, st.integers(0, 60))
def test_broken_promises_come_first_then_those_reminded_of_twice(deals: list[Candidate], minutes: int) -> None:
    called = [point.called for point in agenda_of(deals, minutes).points]
    assert called == sorted(called, key=list(Called).index)


def test_what_was_answered_already_stays_whatever_it_weighs() -> None:
    small = replace(USUAL, key="small", amount=10.0)
    large = [replace(USUAL, key=f"large {number}", amount=1e6) for number in range(9)]
    agenda = agenda_of([small, *large], 4, kept={"small"})
    assert keys(agenda) == ["large 0", "small"]
    assert agenda.minutes == 4


def test_most_value_where_the_outcome_is_open() -> None:
    values = [value_of(replace(USUAL, chance=chance)) for chance in (0.02, 0.2, 0.5, 0.8, 0.99)]
    assert values[2] == max(values)
    assert values[0] < values[1] and values[4] < values[3]


def test_what_can_be_done_counts() -> None:
    done = replace(USUAL, open_milestones=0, attention=0.0)
    assert value_of(done) == 0.0
    one, two = replace(USUAL, steps=("ask who signs",)), replace(USUAL, steps=("ask who signs", "send the sheet"))
    assert value_of(USUAL) < value_of(one) < value_of(two)


def test_a_silent_buyer_leaves_less_to_change() -> None:
    values = [value_of(replace(USUAL, silence_days=days)) for days in (1.0, 7.0, 14.0, 30.0, 90.0)]
    assert values[0] == values[1] > values[2] > values[3] > values[4] > 0
    assert value_of(replace(USUAL, silence_days=None, standing=Standing.UNSEEN)) < values[0]


def test_a_deal_looked_at_last_week_with_nothing_new_waits_until_there_is() -> None:
    same = value_of(replace(USUAL, seen=LastSeen(7, changed=False)))
    assert same < value_of(replace(USUAL, seen=LastSeen(7, changed=True))) < value_of(USUAL)
    assert same < value_of(replace(USUAL, seen=LastSeen(20, changed=False))) < value_of(USUAL)
    assert value_of(replace(USUAL, seen=LastSeen(90, changed=False))) == value_of(USUAL)


def test_a_reset_is_about_money_alone() -> None:
    dead = replace(USUAL, key="dead", amount=90_000.0, silence_days=300.0, chance=0.01)
    assert keys(agenda_of([USUAL, dead], 60)) == ["usual", "dead"]
    assert keys(agenda_of([USUAL, dead], 60, kind=ReviewKind.RESET)) == ["dead", "usual"]


def test_an_amount_that_is_unknown_or_in_another_currency_counts_as_the_usual_one() -> None:
    plain = value_of(USUAL)
    assert value_of(replace(USUAL, amount=None)) == pytest.approx(plain)
    assert value_of(replace(USUAL, amount=9e9, currency="JPY", rate=None)) == pytest.approx(plain, rel=0.5)


def test_equal_deals_are_settled_by_their_keys() -> None:
    deals = [replace(USUAL, key=key) for key in "cab"]
    assert keys(agenda_of(deals, 60)) == ["a", "b", "c"]


def test_two_deals_with_one_key_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="same key"):
        agenda_of([USUAL, USUAL], 60)


def test_the_sentences_name_figures() -> None:
    quiet = replace(
        USUAL, amount=120_000.0, standing=Standing.QUIET, silence_days=23.4, past=41, past_won=2, gap=1, chance=0.45
    )
    assert agenda_of([quiet], 30).points[0].why == (
        "€120 k, and it can still go either way.",
        "Nobody at the buyer moved for 23 days; of 41 like it 2 were won.",
        "Claimed 1 stage ahead of what the buyer has shown.",
    )


def test_promises_come_before_the_money() -> None:
    broken = replace(USUAL, broken=("Bob, ask who signs, due on 3 Dec",), promises_due=("Bob, call, due on 9 Dec",))
    assert agenda_of([broken], 30).points[0].why == (
        "Promise not kept: Bob, ask who signs, due on 3 Dec.",
        "€50 k, and it can still go either way.",
        "Promise: Bob, call, due on 9 Dec.",
    )
    reminded = replace(USUAL, promises_due=("Bob, call, due on 9 Dec",), reminded=2)
    assert agenda_of([reminded], 30).points[0].why[0] == "Promise, reminded twice: Bob, call, due on 9 Dec."
