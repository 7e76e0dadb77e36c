"""Where an hour would change most: what must rank above what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.evidence.attention import Attention, attention
from headway.evidence.kinds import Standing, State
from headway.evidence.proof import MilestoneProof
from headway.evidence.standing import DealStanding
from headway.process.definition import Milestone
from tests.logs import as_of_day, day

LIMIT = 20.0
TODAY = as_of_day(100)


def proofs(*states: State) -> tuple[MilestoneProof, ...]:
    return tuple(
        MilestoneProof(Milestone(f"m{rank}", "They act", "Will you?"), rank, state, None if state == "open" else day(9))
        for rank, state in enumerate(states, 1)
    )


HALF = proofs(State.PROVEN, State.PROVEN, State.OPEN, State.OPEN)
ADVANCING = DealStanding(3, 2, 1, 10.0, 5.0, Standing.ADVANCING, HALF)


def of(standing: DealStanding = ADVANCING, amount: float | None = 100.0, **more: object) -> Attention:
    given = {"stages": 4, "typical_amount": 100.0, "close_on": None, "as_of": TODAY, "silence_limit_days": LIMIT}
    return attention(standing, amount, **(given | more))  # type: ignore[arg-type]


def silent(days: float, standing: Standing = Standing.QUIET) -> DealStanding:
    return replace(ADVANCING, silence_days=days, standing=standing)


def test_a_decided_deal_needs_none() -> None:
    assert of(replace(ADVANCING, standing=Standing.DECIDED), 1e9, close_on=day(101).date()) == Attention(0.0, ())


def test_a_waiting_deal_stands_below_the_same_deal_overdue() -> None:
    waiting = of(silent(30, Standing.WAITING), agreed_due_on=day(101).date())
    overdue = of(silent(32), agreed_due_on=day(99).date())
    assert 0 < waiting.score < of(silent(30)).score < overdue.score
    assert waiting.reasons[0] == "waiting for what they agreed to do"
    assert overdue.reasons[0] == "agreed act 1 day overdue"


def test_long_silence_stands_below_silence_just_past_the_limit() -> None:
    assert of(silent(5 * LIMIT)).score < of(silent(LIMIT * 1.05)).score / 5
    assert of(silent(LIMIT)).score > of(silent(1, Standing.ADVANCING)).score


def test_a_promise_that_fell_due_yesterday_is_alive_however_long_the_silence_before() -> None:
    assert of(silent(5 * LIMIT), agreed_due_on=day(99).date()).score > 5 * of(silent(5 * LIMIT)).score
    assert of(silent(5 * LIMIT), agreed_due_on=day(0).date()).score < of(silent(30), agreed_due_on=day(99).date()).score


def test_a_claim_ahead_of_the_buyer_raises_it_and_one_behind_does_not() -> None:
    scores = [of(replace(ADVANCING, gap=gap)).score for gap in (-2, 0, 1, 2)]
    assert scores[0] == scores[1] < scores[2] < scores[3]


@pytest.mark.parametrize("state", [State.WEAK, State.LAPSED, State.DISPUTED])
def test_thin_proof_raises_it_and_is_told(state: State) -> None:
    thin = replace(ADVANCING, proofs=proofs(State.PROVEN, State.PROVEN, state, State.OPEN))
    assert of(thin).score > of().score
    assert f"1 proof {state.value}" in of(thin).reasons
    confirmed = (*thin.proofs[:2], replace(thin.proofs[2], reconfirm=True), thin.proofs[3])
    assert f"1 proof {state.value}" not in of(replace(thin, proofs=confirmed)).reasons
    proven = replace(thin, proofs=proofs(*[State.PROVEN] * 3, State.OPEN))
    assert of(replace(thin, proofs=confirmed)) == of(proven)


def test_a_close_date_presses_while_milestones_are_open() -> None:
    scores = [of(close_on=day(100 + days).date()).score for days in (90, 60, 40, 20, 14, 3, 0, -5)]
    assert scores[0] == scores[1] == of().score
    assert scores == sorted(scores)
    assert scores[-1] > scores[1]
    assert of(close_on=day(109).date()).reasons[0] == "close date in 9 days, 2 milestones open"
    assert of(close_on=day(100).date()).reasons[0] == "close date today, 2 milestones open"
    assert of(close_on=day(96).date()).reasons[0] == "close date passed 4 days ago, 2 milestones open"
    done = replace(ADVANCING, proofs=proofs(State.PROVEN, State.PROVEN))
    assert of(done, close_on=day(103).date()).score == of(done).score


def test_a_milestone_with_a_question_can_be_asked_for() -> None:
    mute = tuple(replace(p, milestone=replace(p.milestone, ask=" ")) for p in HALF)
    assert 0 < of(replace(ADVANCING, proofs=mute)).score < of().score


def test_a_deal_never_observed_is_told_and_counts_as_doubtful() -> None:
    unseen = DealStanding(3, None, None, None, None, Standing.UNSEEN, proofs(*[State.OPEN] * 4))
    clear = replace(unseen, evidenced_rank=3, gap=0, silence_days=1.0, standing=Standing.ADVANCING)
    assert of(unseen).score > of(clear).score
    assert of(unseen).reasons == ("no buyer act seen yet",)
    assert of(replace(unseen, seller_silence_days=200.0)).score < of(unseen).score


def test_a_gap_that_is_unknown_for_want_of_a_claim_is_not_called_unseen() -> None:
    assert of(replace(ADVANCING, claimed_rank=None, gap=None)).reasons == ("no stage claimed",)


def test_an_unknown_amount_counts_as_typical() -> None:
    assert of(amount=None) == of(amount=100.0) == of(amount=float("nan"))
    assert of(amount=5.0, typical_amount=None) == of(amount=5e9, typical_amount=None)
    assert 0 < of(amount=-3.0).score == of(amount=0.0).score < of(amount=1.0).score
    assert of(amount=400.0).score < 3 * of(amount=100.0).score


def test_a_limit_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        of(silence_limit_days=0)


standings = st.builds(
    DealStanding,
    claimed_rank=st.none() | st.integers(1, 4),
    evidenced_rank=st.none() | st.integers(0, 4),
    gap=st.none() | st.integers(-4, 4),
    silence_days=st.none() | st.floats(0, 5_000),
    seller_silence_days=st.none() | st.floats(0, 5_000),
    standing=st.sampled_from(Standing),
    proofs=st.lists(st.sampled_from(State), max_size=6).map(lambda states: proofs(*states)),
)
days = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(standings, st.floats(0, 1e12), st.floats(0, 1e12), days, days)
def test_more_money_never_ranks_lower_and_the_score_stays_in_bounds(
    standing: DealStanding, one: float, other: float, close_on: date | None, due_on: date | None
) -> None:
    small, large = sorted((one, other))
    scores = [of(standing, amount, close_on=close_on, agreed_due_on=due_on).score for amount in (small, large)]
    assert 0 <= scores[0] <= scores[1]
    typical = of(standing, 100.0, close_on=close_on, agreed_due_on=due_on)
    assert typical == of(standing, 100.0, close_on=close_on, agreed_due_on=due_on)
    assert typical.score <= 1
    assert len(typical.reasons) <= 3
    assert typical.score == 0 or standing.standing is not Standing.DECIDED


@given(standings, st.floats(0, 4), st.floats(0, 4))
def test_life_only_falls_once_silence_is_well_past_the_limit(standing: DealStanding, one: float, other: float) -> None:
    near, far = sorted((1.5 + one, 1.5 + other))
    scores = [of(replace(standing, silence_days=s * LIMIT)).score for s in (near, far)]
    assert scores[0] >= scores[1]


def test_the_worked_example_of_the_method_page() -> None:
    assert of().score == pytest.approx(0.207, abs=5e-4)
    assert of(close_on=day(109).date()).score == pytest.approx(0.383, abs=5e-4)
