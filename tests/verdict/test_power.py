"""E-values as published, and how many more deals: checked by simulating as many."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from headway.verdict.decide import SURE_NO_WORSE
from headway.verdict.power import deals_needed, e_value


@pytest.mark.parametrize(
    ("ratio", "published"),
    [(3.9, 7.26), (1.8, 3.0), (0.80, 1.81), (0.91, 1.43)],
)
def test_e_values_are_those_published(ratio: float, published: float) -> None:
    """VanderWeele and Ding (2017): breast feeding and respiratory deaths 3.9 (1.8 to 8.7), ovarian cancer 0.80 (to
    0.91)."""
    assert e_value(0.1 * ratio, 0.1) == pytest.approx(published, abs=0.006)


def test_an_e_value_of_no_difference_is_one_and_turning_it_over_changes_nothing() -> None:
    assert e_value(0.3, 0.3) == 1.0
    assert e_value(0.2, 0.4) == pytest.approx(e_value(0.4, 0.2))
    assert e_value(0.3, 0.3, target=0.5) == pytest.approx(e_value(0.4, 0.2))
    assert math.isfinite(e_value(0.0, 0.4)) and math.isfinite(e_value(0.4, 0.0))


def test_as_many_deals_as_it_says_clear_the_margin_four_times_in_five() -> None:
    """Two plain shares, half left out, 30 % won: with n + needed deals, 80 % of simulated comparisons clear."""
    n, margin = 100, 0.10
    total = n + deals_needed(n, 50, 30, margin)
    half = total // 2
    rng = np.random.default_rng(1)
    first, second = rng.binomial(half, 0.3, (2, 4000)) / half
    deviation = np.sqrt((first * (1 - first) + second * (1 - second)) / half)
    cleared = (first - second + margin) / deviation >= ndtri(SURE_NO_WORSE)
    assert np.mean(cleared) == pytest.approx(0.80, abs=0.03)


def test_counts_below_the_least_ask_for_those() -> None:
    assert deals_needed(100, 5, 50, 0.30) >= 150  # a twentieth left out: twenty of them take some 400 deals
    assert deals_needed(0, 0, 0, 0.10) > 300


def test_where_a_true_nothing_would_long_be_clear_the_estimate_says_how_far_it_is() -> None:
    near = deals_needed(2000, 1000, 800, 0.10, difference=-0.049, deviation=0.03)
    nearer = deals_needed(2000, 1000, 800, 0.10, difference=-0.03, deviation=0.03)
    assert 1 <= nearer < near


@given(
    st.integers(0, 10**6).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, n))),
    st.floats(0.001, 0.999),
    st.floats(-1, 1),
    st.floats(0, 1),
)
def test_it_always_says_a_number(counts: tuple[int, int, int], margin: float, difference: float, spread: float) -> None:
    assert deals_needed(*counts, margin) >= 1
    assert deals_needed(*counts, margin, difference, spread) >= 1
