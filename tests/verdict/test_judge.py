"""Landmarks judged together: right on small firms with a known truth, never a crash, never a figure without deals."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.verdict.judge import judge_landmarks
from headway.verdict.landmark import Judgement, Landmark
from headway.verdict.value import WORDS, Interval
from tests.verdict.landmarks import made

COLUMNS = ("left_out", "won", "covariates", "owners", "inspected", "known_on")


def picked(landmark: Landmark, rows: np.ndarray) -> Landmark:
    """The landmark with these rows only, in this order."""
    return replace(landmark, **{name: getattr(landmark, name)[rows] for name in COLUMNS})


def figures(judgement: Judgement) -> list[float]:
    """Every number of a judgement."""
    values = [getattr(judgement, field.name) for field in fields(judgement)]
    spread = [[v.value, v.low, v.high, v.n] if isinstance(v, Interval) else [v] for v in values]
    return [float(v) for vs in spread for v in vs if isinstance(v, (int, float))]


def test_small_firms_are_judged_right() -> None:
    """Twelve firms of 400 deals, each with two harmless steps and two that cost about 20 points."""
    words: dict[float, list[str]] = {0.0: [], -1.1: []}
    held = []
    for firm in range(12):
        steps = [made(400, log_odds=effect, seed=4 * firm + i) for i, effect in enumerate((0.0, 0.0, -1.1, -1.1))]
        for step, judged in zip(steps, judge_landmarks([step.landmark for step in steps]), strict=True):
            words[0.0 if step.truth == 0 else -1.1].append(judged.word)
            assert judged.effect is not None
            held.append(judged.effect.low <= step.truth <= judged.effect.high)
    at_fault = [word for word in words[-1.1] if word in ("practice", "process")]
    assert len(at_fault) >= 20 and "helps" not in words[-1.1]
    assert words[0.0].count("process") >= 12 and words[0.0].count("practice") <= 1
    assert 0.8 <= np.mean(held) <= 1.0


def test_nothing_is_harmless_where_the_evidence_tells_nothing() -> None:
    step = made(3000, log_odds=0.0, seed=1).landmark
    noise = np.random.default_rng(0).normal(size=3000)
    blind = replace(step, covariates=np.column_stack([step.covariates[:, 0], noise]))
    sighted, unsighted = judge_landmarks([step, blind])
    assert (sighted.word, sighted.ground) == ("process", "harmless")
    assert (unsighted.word, unsighted.ground) == ("unknown", "evidence tells nothing")
    assert unsighted.effect is not None and unsighted.deals_needed is None


def test_evidence_explains_what_convinced_buyers_do_to_the_comparison() -> None:
    step = made(3000, log_odds=-0.5, seed=2)
    (judged,) = judge_landmarks([step.landmark])
    assert judged.effect is not None and judged.without_evidence is not None
    assert judged.effect.low <= step.truth <= judged.effect.high < judged.without_evidence


def test_the_worked_example_of_the_method_page() -> None:
    step = made(300, log_odds=-0.4, seed=3)
    (judged,) = judge_landmarks([step.landmark])
    assert judged.effect is not None and judged.raw is not None and judged.without_evidence is not None
    points = [round(100 * value) for value in (judged.raw, judged.without_evidence, judged.effect.value)]
    assert (round(100 * step.truth), points) == (-8, [8, 4, -10])
    assert [round(100 * end) for end in (judged.effect.low, judged.effect.high)] == [-19, 0]
    assert (judged.word, judged.ground, judged.deals_needed) == ("unknown", "too wide", 572)


def test_without_dated_evidence_the_effect_is_given_and_no_word() -> None:
    (judged,) = judge_landmarks([replace(made(800, log_odds=0.0, seed=3).landmark, dated_evidence=False)])
    assert (judged.word, judged.ground) == ("unknown", "no buyer evidence")
    assert judged.effect is not None


def test_the_rhythm_is_at_fault_where_reviews_did_not_look() -> None:
    step = made(800, log_odds=-1.4, seed=4).landmark
    unseen = replace(step, inspected=np.zeros(800, dtype=bool))
    seldom, never = judge_landmarks([unseen, replace(unseen, reviews=False)])
    assert (seldom.word, seldom.ground) == ("rhythm", "not inspected")
    assert (never.word, never.ground, never.inspected) == ("costly", "no reviews", None)


def test_many_harmless_steps_make_an_accusation_harder() -> None:
    """The same step, alone and among eleven that do nothing: the sceptical prior narrows."""
    step = made(250, log_odds=-1.0, seed=5).landmark
    crowd = [made(250, log_odds=0.0, seed=100 + i).landmark for i in range(11)]
    alone, among = judge_landmarks([step])[0], judge_landmarks([step, *crowd])[0]
    assert alone.sceptical is not None and among.sceptical is not None
    assert abs(among.sceptical.value) < abs(alone.sceptical.value)
    assert among.effect == alone.effect


def test_a_verdict_is_confirmed_by_what_the_earlier_deals_said() -> None:
    step = made(600, log_odds=-1.4, seed=6).landmark
    (steady,) = judge_landmarks([step])
    turned = np.arange(600) >= 540  # all that was lost for want of it came in the last tenth
    late = replace(step, won=np.where(turned, ~step.left_out, made(600, log_odds=0.0, seed=6).landmark.won))
    (fresh,) = judge_landmarks([late])
    assert steady.confirmed and steady.word in ("practice", "process")
    assert fresh.confirmed is (fresh.word == judge_landmarks([picked(late, np.arange(545))])[0].word)


@given(st.integers(0, 2**31))
@settings(max_examples=4, deadline=None)
def test_the_order_of_deals_and_of_landmarks_changes_no_bit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    steps = [made(130, log_odds=effect, seed=seed % 7 + i).landmark for i, effect in enumerate((0.0, -1.0))]
    shuffled = [picked(step, rng.permutation(130)) for step in steps]
    assert judge_landmarks(steps) == judge_landmarks(shuffled)
    assert judge_landmarks(steps) == judge_landmarks(shuffled[::-1])[::-1]


ODD = st.floats(allow_nan=True, allow_infinity=True, width=64)


@st.composite
def landmarks(draw: st.DrawFn) -> Landmark:
    """Anything that a log may hold: nobody, everybody, one owner, copies, missing and enormous covariates."""
    n = draw(st.sampled_from([0, 1, 2, 39, 45, 90]))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    columns = draw(st.integers(0, 3))
    values = draw(st.lists(ODD, min_size=1, max_size=4))
    left_out, won = (rng.random(n) < draw(st.sampled_from([0.0, 0.05, 0.5, 1.0])) for _ in range(2))
    if draw(st.booleans()):
        won = left_out.copy()
    return Landmark(
        left_out=left_out,
        won=won,
        covariates=rng.choice(np.array(values), (n, columns)),
        names=tuple(f"c{i}" for i in range(columns)),
        evidence=tuple(range(draw(st.integers(0, columns)))),
        owners=rng.integers(-3, draw(st.sampled_from([-2, 4, 10**6])), n),
        inspected=rng.random(n) < 0.5,
        known_on=rng.choice(np.array(values), n),
        dated_evidence=draw(st.booleans()),
        reviews=draw(st.booleans()),
        at_buyers_request=draw(st.booleans()),
    )


@given(st.lists(landmarks(), max_size=3))
@settings(max_examples=40, deadline=None)
def test_whatever_the_log_holds_it_ends_in_a_word_and_finite_figures(steps: Sequence[Landmark]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = judge_landmarks(steps)
    assert len(found) == len(steps)
    for step, judged in zip(steps, found, strict=True):
        assert judged.word in (*WORDS, "") and judged.ground
        assert all(math.isfinite(figure) for figure in figures(judged))
        assert judged.effect is None or judged.effect.low <= judged.effect.value <= judged.effect.high
        if judged.word in ("process", "practice", "rhythm", "costly", "helps"):
            assert judged.effect is not None and judged.effect.n == step.won.size >= 40
        if judged.ground in ("too few", "too wide"):
            assert judged.deals_needed is not None and judged.deals_needed >= 1


def test_deals_counted_twice_cannot_be_told_but_do_not_break_it() -> None:
    step = made(200, log_odds=0.0, seed=7).landmark
    (judged,) = judge_landmarks([picked(step, np.repeat(np.arange(200), 2))])
    assert judged.effect is not None and judged.effect.n == 400


def test_a_margin_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        judge_landmarks([], margin=0.0)
    assert judge_landmarks([]) == ()
