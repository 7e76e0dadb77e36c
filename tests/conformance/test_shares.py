"""Shares and differences of shares against scipy and the numbers Newcombe published."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from headway.conformance.shares import Share, money_share, share, share_difference, wilson_bounds

counts = st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts.filter(lambda pair: pair[1] > 0), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilson_interval_is_that_of_scipy(pair: tuple[int, int], level: float) -> None:
    done, n = pair
    # scipy.stats.binomtest(done, n).proportion_ci(level, method="wilson")
    expected = binomtest(done, n).proportion_ci(level, method="wilson")
    found = share(done, n, level=level)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert found.value == done / n
    assert (found.done, found.n) == (done, n)


def test_wilson_interval_at_the_edges_is_closed() -> None:
    assert share(0, 20).low == 0.0
    assert share(20, 20).high == 1.0
    assert share(20, 20).low == pytest.approx(1 - share(0, 20).high)


def test_a_share_of_nothing_is_unknown_not_zero() -> None:
    assert share(0, 0) == Share(None, 0.0, 1.0, 0, 0)


@pytest.mark.parametrize(("done", "n"), [(-1, 5), (6, 5), (0, -1)])
def test_an_impossible_count_is_refused(done: int, n: int) -> None:
    with pytest.raises(ValueError, match="0 <= done <= n"):
        share(done, n)


def test_an_impossible_level_is_refused() -> None:
    with pytest.raises(ValueError, match="level"):
        share(1, 2, level=95)


# Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10.
@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_difference_gives_the_intervals_newcombe_published(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    found = share_difference(*first, *second)
    assert found.value == pytest.approx(first[0] / first[1] - second[0] / second[1])
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(counts, counts)
def test_difference_turned_round_changes_only_its_sign(first: tuple[int, int], second: tuple[int, int]) -> None:
    one, other = share_difference(*first, *second), share_difference(*second, *first)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-12)
    if one.value is None:
        assert other.value is None
        assert min(first[1], second[1]) == 0
    else:
        assert -1 <= one.low <= one.value <= one.high <= 1


def test_money_of_equal_deals_is_the_share_of_deals() -> None:
    found = money_share(np.full(50, 7000.0), np.arange(50) < 20)
    assert found.value == pytest.approx(0.4)
    assert found.effective_n == pytest.approx(50)
    assert (found.low, found.high) == pytest.approx(wilson_bounds(20, 50))
    assert (found.done_amount, found.amount, found.n) == (140_000, 350_000, 50)


def test_one_large_deal_leaves_few_effective_deals() -> None:
    found = money_share([1_000_000] + [1000] * 99, [True] + [False] * 99)
    assert found.value == pytest.approx(1_000_000 / 1_099_000)
    # (1,000,000 + 99 x 1,000)² / (1,000,000² + 99 x 1,000²), by hand
    assert found.effective_n == pytest.approx(1.2077, abs=1e-4)
    assert found.low < 0.3


def test_no_money_is_unknown() -> None:
    assert money_share([], []).value is None
    none = money_share([0.0, 0.0], [True, False])
    assert (none.value, none.low, none.high, none.n) == (None, 0.0, 1.0, 2)


@pytest.mark.parametrize("amounts", [[1.0, float("nan")], [1.0, float("inf")], [1.0, -2.0]])
def test_money_that_cannot_be_counted_is_refused(amounts: list[float]) -> None:
    with pytest.raises(ValueError, match="amounts"):
        money_share(amounts, [True, False])


def test_money_interval_holds_its_level() -> None:
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(400):
        found = money_share(rng.lognormal(0, 1, 20), rng.random(20) < 0.3)
        held += found.low <= 0.3 <= found.high
    assert held / 400 > 0.92


amounts_and_flags = st.lists(st.tuples(st.floats(0, 1e12, allow_nan=False), st.booleans()), min_size=1, max_size=40)


@given(amounts_and_flags, st.randoms(use_true_random=False))
def test_money_share_is_bounded_and_blind_to_the_order_of_rows(rows: list[tuple[float, bool]], random) -> None:
    found = money_share(*zip(*rows, strict=True))
    shuffled = random.sample(rows, len(rows))
    assert money_share(*zip(*shuffled, strict=True)) == found
    assert 0 <= found.low <= found.high <= 1
    assert found.effective_n <= found.n + 1e-9
    if found.value is not None:
        assert found.low <= found.value <= found.high
