"""Win rates by silence and by evidence, on cases counted by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.conformance.estimate import Unknown
from headway.conformance.movement import OutcomeCode
from headway.conformance.shares import share, share_difference
from headway.conformance.win_rates import (
    GapMoney,
    GapRates,
    gap_money,
    gap_rates,
    silence_curve,
    total_gap,
    win_rate,
)

OPEN, WON, LOST, QUIET, _ = OutcomeCode


def test_win_rate_counts_every_end_and_no_open_deal() -> None:
    assert win_rate([WON, WON, LOST, QUIET, OPEN, OPEN]) == share(2, 4)
    assert win_rate([OPEN]).value is None
    assert win_rate([]).n == 0


def test_of_past_deals_this_silent_at_this_stage_two_of_forty_one_were_won() -> None:
    # 41 deals silent for 30 days in stage 2, of which 2 won; 59 never silent for more than 5, of which 40 won
    silence = [30.0] * 41 + [5.0] * 59
    won = [True] * 2 + [False] * 39 + [True] * 40 + [False] * 19
    rows = silence_curve(np.arange(100), [2] * 100, silence, won, (0, 7, 21))
    assert [(row.stage, row.from_days, row.won.done, row.won.n) for row in rows] == [
        (2, 0, 42, 100),
        (2, 7, 2, 41),
        (2, 21, 2, 41),
    ]
    assert rows[2].won == share(2, 41)


def test_a_deal_counts_once_per_stage_however_often_it_was_silent() -> None:
    rows = silence_curve([7, 7, 7, 7], [1, 1, 1, 3], [5, 40, 12, 3], [True] * 4, (0, 10, 50))
    assert [(row.stage, row.from_days, row.won.n) for row in rows] == [
        (1, 0, 1),
        (1, 10, 1),
        (1, 50, 0),
        (3, 0, 1),
        (3, 10, 0),
        (3, 50, 0),
    ]


def test_silence_refuses_a_deal_both_won_and_not_and_falling_thresholds() -> None:
    with pytest.raises(ValueError, match="one deal"):
        silence_curve([1, 1], [1, 1], [3, 4], [True, False], (0,))
    for edges in ((5, 3), (3, 3), (-1,), (float("nan"),)):
        with pytest.raises(ValueError, match="from_days"):
            silence_curve([1], [1], [3], [True], edges)
    assert silence_curve([], [], [], [], (0, 7)) == ()


silences = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 3), st.integers(0, 60)), max_size=80)


@given(silences, st.randoms(use_true_random=False))
def test_fewer_deals_are_silent_longer_and_rows_may_come_in_any_order(rows, random) -> None:
    def curve(some):
        deal, stage, silence = zip(*some, strict=True) if some else ((), (), ())
        return silence_curve(deal, stage, silence, [code % 3 == 0 for code in deal], (0, 7, 14, 30))

    found = curve(rows)
    assert curve(random.sample(rows, len(rows))) == found
    for shorter, longer in itertools.pairwise(found):
        if shorter.stage == longer.stage:
            assert longer.won.n <= shorter.won.n
            assert longer.won.done <= shorter.won.done
    assert sum(row.won.n for row in found if row.from_days == 0) == len({(d, s) for d, s, _ in rows})


def past_deals(won_with: int, won_without: int, n: int = 60) -> tuple[list[bool], list[int], list[float]]:
    codes = [WON] * won_with + [LOST] * (n - won_with) + [WON] * won_without + [LOST] * (n - won_without)
    return [True] * n + [False] * n, codes, [10.0] * 2 * n


def test_worked_example_of_the_method_page() -> None:
    """docs/methods/gap.md: 36 of 60 evidenced and 12 of 60 not evidenced were won; €500,000 is claimed."""
    evidenced, codes, days = past_deals(36, 12)
    rates = gap_rates(evidenced, codes, days, [400.0] * 120, 90)
    assert isinstance(rates, GapRates)
    assert (rates.evidenced, rates.not_evidenced) == (share(36, 60), share(12, 60))
    gap = gap_money([200_000, 300_000], rates)
    assert isinstance(gap, GapMoney)
    expected = share_difference(36, 60, 12, 60)
    assert (gap.value, gap.deals, gap.n) == (pytest.approx(200_000), 2, 120)
    assert (gap.low, gap.high) == (pytest.approx(500_000 * expected.low), pytest.approx(500_000 * expected.high))


def test_a_win_beyond_the_horizon_is_not_a_win_within_it() -> None:
    evidenced, codes, days = past_deals(36, 12)
    late = [
        200.0 if code == WON and place < 6 else took for place, (code, took) in enumerate(zip(codes, days, strict=True))
    ]
    rates = gap_rates(evidenced, codes, late, [400.0] * 120, 90)
    assert isinstance(rates, GapRates)
    assert rates.evidenced == share(30, 60)
    assert rates.decided_evidenced == 54


def test_the_last_day_of_the_horizon_belongs_to_it() -> None:
    evidenced, codes, _ = past_deals(36, 12)
    rates = gap_rates(evidenced, codes, [1.0] * 120, [1.0] * 120, 1)
    assert isinstance(rates, GapRates)
    assert (rates.evidenced, rates.left_out, rates.horizon_days) == (share(36, 60), 0, 1.0)


def test_snapshots_too_young_are_left_out_whatever_became_of_them() -> None:
    evidenced, codes, days = past_deals(36, 12)
    followed = [400.0] * 120
    followed[0] = followed[59] = 89.0  # one won, one lost
    rates = gap_rates(evidenced, codes, days, followed, 90)
    assert isinstance(rates, GapRates)
    assert rates.evidenced == share(35, 58)
    assert rates.left_out == 2


def test_deals_open_or_quiet_count_in_the_rate_and_not_as_decided() -> None:
    evidenced, codes, days = past_deals(36, 12)
    codes[40:50], codes[50:60], days[40:50] = [OPEN] * 10, [QUIET] * 10, [400.0] * 10
    rates = gap_rates(evidenced, codes, days, [400.0] * 120, 90)
    assert isinstance(rates, GapRates)
    assert (rates.evidenced, rates.decided_evidenced) == (share(36, 60), 40)


@pytest.mark.parametrize(
    ("with_evidence", "without", "hidden"), [(25, 5, False), (5, 25, False), (24, 5, True), (60, 4, True)]
)
def test_gap_is_hidden_under_thirty_decided_deals(with_evidence: int, without: int, hidden: bool) -> None:
    n = with_evidence + without
    evidenced = [True] * with_evidence + [False] * without
    rates = gap_rates(evidenced, [WON, LOST] * (n // 2) + [WON] * (n % 2), [10.0] * n, [400.0] * n, 90)
    assert isinstance(rates, Unknown) == hidden
    gap = gap_money([1000.0], rates)
    if isinstance(rates, Unknown):
        assert gap is rates
        assert (rates.n, rates.needed) == (n, 30)
        assert f"evidenced: {with_evidence}, not evidenced: {without}" in rates.reason


def test_sum_over_stages_widens_less_than_its_parts() -> None:
    parts = [GapMoney(100.0, 70.0, 140.0, 400.0, 2, 80), GapMoney(-50.0, -90.0, -20.0, 200.0, 1, 70)]
    assert total_gap(parts) == GapMoney(50.0, 0.0, 100.0, 600.0, 3, 150)
    assert total_gap([]) is None


@pytest.mark.parametrize("horizon", [0, -5, float("nan")])
def test_horizon_must_be_a_time(horizon: float) -> None:
    with pytest.raises(ValueError, match="horizon_days"):
        gap_rates([True], [WON], [1.0], [9.0], horizon)


def test_missing_values_are_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        gap_rates([True], [WON], [float("nan")], [9.0], 90)
    with pytest.raises(ValueError, match="true and false"):
        gap_rates([2], [WON], [1.0], [9.0], 90)
