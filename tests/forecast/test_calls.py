"""People's calls: which count, how far off and which way, beside the number of the same moment; one at a time."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

from headway.forecast.calls import LEADER, SELLER, Call, bias_sentence, score_of, sentences_of, standing_calls
from headway.forecast.period import parsed
from headway.forecast.value import Period

PERIODS = tuple(parsed(f"{year}-Q{place}") for year in (2024, 2025, 2026) for place in range(1, 5))


def call(period: Period, commit: float | None, *, who: str = "bob", day: int = 3, best: float | None = None,
         number: float | None = None, scope: str = "owner Bob", role: str = SELLER) -> Call:  # fmt: skip
    at = datetime(period.starts_on.year, period.starts_on.month, 1, 9, tzinfo=UTC) + timedelta(days=day)
    return Call(who, role, scope, period, commit, best, at, number)


def actual(*amounts: float, scope: str = "owner Bob") -> dict[tuple[str, Period], float]:
    return {(scope, period): amount for period, amount in zip(PERIODS, amounts, strict=False)}


def test_of_equal_periods_the_interval_is_that_of_students_test() -> None:
    commits = [112, 120, 104, 131, 95, 118]
    score = score_of(
        "bob", [call(period, one) for period, one in zip(PERIODS, commits, strict=False)], actual(*[100] * 6)
    )
    assert score is not None and score.bias is not None and score.off is not None
    errors = np.array(commits) / 100 - 1
    expected = ttest_1samp(errors, 0).confidence_interval(0.95)  # scipy.stats.ttest_1samp
    assert score.bias.value == pytest.approx(errors.mean())
    assert (score.bias.low, score.bias.high) == (pytest.approx(expected.low), pytest.approx(expected.high))
    assert score.off.value == pytest.approx(np.abs(errors).mean())
    assert (score.calls, score.periods, score.bias.n) == (6, 6, 6)


def test_large_periods_weigh_more_and_an_empty_one_still_counts() -> None:
    calls = [call(period, one) for period, one in zip(PERIODS, (1000, 50, 30, 20), strict=False)]
    score = score_of("bob", calls, actual(900, 50, 50, 0))
    assert score is not None and score.bias is not None and score.off is not None
    assert score.bias.value == pytest.approx(100 / 1000)
    assert score.off.value == pytest.approx(140 / 1000)
    nothing = score_of("bob", calls, actual(0, 0, 0, 0))
    assert nothing is not None and nothing.bias is None
    assert "nothing was won in the 4 periods" in bias_sentence(nothing)


def test_the_last_call_of_a_week_counts_and_none_after_the_end() -> None:
    quarter = PERIODS[0]  # 1 January 2024 is a Monday
    calls = [call(quarter, 3, day=9), call(quarter, 1, day=0), call(quarter, 2, day=6), call(quarter, 4, day=200)]
    assert [one.commit for one in standing_calls(calls)] == [2, 3]
    others = [call(quarter, 5, day=6, who="alice"), call(quarter, 6, day=6, scope="all"), call(PERIODS[1], 7, day=6)]
    assert len(standing_calls(calls + others)) == 5
    at_the_end = call(quarter, 8, day=90)
    assert standing_calls([at_the_end]) == (at_the_end,)
    assert [one.commit for one in standing_calls([call(quarter, 1), call(quarter, 2)])] == [2]


def test_calls_of_one_period_are_one_observation() -> None:
    once = [call(period, one) for period, one in zip(PERIODS, (120, 90, 110, 130), strict=False)]
    weekly = [call(one.period, one.commit, day=3 + 7 * week) for one in once for week in range(8)]
    single, many = (score_of("bob", calls, actual(*[100] * 4)) for calls in (once, weekly))
    assert single is not None and many is not None and single.bias is not None and many.bias is not None
    assert (many.bias.low, many.bias.high) == (pytest.approx(single.bias.low), pytest.approx(single.bias.high))
    assert (many.calls, many.periods) == (32, 4)


def test_the_number_of_the_same_moments_stands_beside() -> None:
    numbers = (None, 98, 104, 101, 96)
    calls = [
        call(period, 125, best=best, number=number, role=LEADER)
        for period, number, best in zip(PERIODS, numbers, (130, None, 126, 200, 101), strict=False)
    ]
    score = score_of("bob", calls, actual(*[100] * 5))
    assert score is not None and score.own_off is not None and score.number_off and score.number_bias
    assert (score.beside, score.own_off.value) == (4, pytest.approx(0.25))
    assert score.number_off.value == pytest.approx((2 + 4 + 1 + 4) / 400)
    assert score.number_bias.value == pytest.approx(-1 / 400)
    assert (score.ranges, score.between, score.role) == (4, 0, LEADER)
    assert (
        sentences_of(score)[1]
        == "Over 4 calls your commits were 25 % off on average, the number at the same moments 3 %."
    )
    assert sentences_of(score, "Bob's")[1].startswith("Over 4 calls Bob's commits were")


def test_words_say_the_way_the_range_and_the_calls() -> None:
    def said(*commits: float) -> str:
        calls = [call(period, one) for period, one in zip(PERIODS, commits, strict=False)]
        score = score_of("bob", calls, actual(*[100] * len(commits)))
        assert score is not None
        return bias_sentence(score)

    assert said(*[104, 112, 120] * 3) == "Your commits have been 12 % too high on average (7 to 17, 9 calls)."
    assert said(*[96, 88, 80] * 3) == "Your commits have been 12 % too low on average (7 to 17, 9 calls)."
    assert said(120, 80, 130, 75) == (
        "Your commits have been neither surely too high nor too low: +1 % on average (−43 to +45, 4 calls)."
    )
    assert said(120, 130, 125) == "Too few to tell: 3 calls in 3 periods so far, and it takes 4 periods that are over."


amounts = st.floats(0, 1e9)


drawn_calls = st.tuples(st.sampled_from(["bob", "eve"]), st.integers(0, 11), st.integers(0, 100), amounts)


# Of two calls of one person at one instant the last one given counts: there the order may matter.
@given(st.lists(drawn_calls, max_size=40, unique_by=lambda one: one[:3]), st.lists(amounts, max_size=12))
def test_others_calls_change_nothing(drawn: list[tuple[str, int, int, float]], came: list[float]) -> None:
    calls = [call(PERIODS[place], commit, who=who, day=day) for who, place, day, commit in drawn]
    score = score_of("bob", calls, actual(*came))
    assert score == score_of("bob", [one for one in reversed(calls) if one.who_key == "bob"], actual(*came))
    if score and score.bias and score.off:
        assert abs(score.bias.value) <= score.off.value * (1 + 1e-9) + 1e-12
        assert score.bias.low <= score.bias.value <= score.bias.high


def test_nothing_to_score_is_none_and_bad_input_is_refused() -> None:
    assert score_of("bob", [], {}) is None
    assert score_of("bob", [call(PERIODS[0], None, best=5)], actual(5)) is None
    assert score_of("bob", [call(PERIODS[3], 5)], actual(5)) is None
    with pytest.raises(ValueError, match="not NaN"):
        score_of("bob", [call(PERIODS[0], 5)], actual(math.nan))
    naive = Call("bob", SELLER, "all", PERIODS[0], 1, None, datetime(2024, 1, 1), None)  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="time zone"):
        standing_calls([naive])
