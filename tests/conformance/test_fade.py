"""Fade: the slope against scipy's optimiser, the change point against brute force and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import binom

from headway.conformance.change_point import ChangePoint, NoChangePoint, change_point
from headway.conformance.estimate import Unknown
from headway.conformance.fade import fade
from headway.conformance.shares import share
from headway.conformance.trend import Trend, logistic_line, trend

WEEKS = np.arange(52)
TWENTY = np.full(52, 20)


def drawn(chances, possible, seed: int):
    return np.random.default_rng(seed).binomial(possible, chances)


def slope(result: Trend | Unknown) -> Trend:
    assert isinstance(result, Trend), result
    return result


def change(result: ChangePoint | NoChangePoint | Unknown) -> ChangePoint:
    assert isinstance(result, ChangePoint), result
    return result


def test_weeks_carry_wilson_bands_and_empty_weeks_stay_unknown() -> None:
    found = fade([3, 0, 7], [5, 0, 7])
    assert found.weeks == (share(3, 5), share(0, 0), share(7, 7))
    assert found.overall == share(10, 12)
    assert isinstance(found.trend, Unknown)
    assert isinstance(found.change, Unknown)


def test_logistic_line_maximises_the_penalised_likelihood() -> None:
    at = np.linspace(0, 1, 20)
    possible = np.full(20, 6.0)
    done = drawn(expit(2 - 2.5 * at), 6, 1).astype(float)
    design = np.column_stack([np.ones(20), at])

    def missed(coefficients):
        fitted = expit(design @ coefficients)
        information = design.T @ ((possible * fitted * (1 - fitted))[:, None] * design)
        return -binom.logpmf(done, 6, fitted).sum() - 0.5 * np.linalg.slogdet(information)[1]

    # scipy.optimize.minimize on binom.logpmf plus Firth's penalty, half the log determinant of the information
    expected = minimize(missed, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    assert logistic_line(at, done, possible).coefficients == pytest.approx(expected.x, abs=1e-5)


def test_firths_line_is_finite_and_published_where_likelihood_has_no_maximum() -> None:
    """Perfectly separated two groups: Firth's estimate is that of the 2x2 table with one half in each cell."""
    line = logistic_line(np.array([0.0, 1.0]), np.array([0.0, 10.0]), np.array([10.0, 10.0]))
    assert line.coefficients == pytest.approx([np.log(0.5 / 10.5), 2 * np.log(10.5 / 0.5)], abs=1e-6)


def test_slope_is_in_shares_per_quarter() -> None:
    # 90 % to 60 % over 52 weeks, that is over 51/13 quarters: 7.6 points a quarter
    found = slope(trend(np.round(np.linspace(900, 600, 52)).astype(int), np.full(52, 1000)))
    assert found.per_quarter == pytest.approx(-0.3 / (51 / 13), abs=0.003)
    assert found.low < found.per_quarter < found.high < 0
    assert (found.n, found.weeks, found.overdispersion) == (52_000, 52, 1.0)


def test_slope_of_nothing_changed_is_nothing() -> None:
    for done in (TWENTY, TWENTY * 0, TWENTY // 2):
        found = slope(trend(done, TWENTY))
        assert found.per_quarter == pytest.approx(0, abs=1e-9)
        assert found.low < 0 < found.high


def test_weeks_with_nothing_due_keep_their_place_in_time() -> None:
    possible = np.where(WEEKS % 3 == 0, 200, 0)
    done = np.round(possible * np.linspace(0.9, 0.6, 52)).astype(int)
    found = slope(trend(done, possible))
    assert found.per_quarter == pytest.approx(-0.3 / (51 / 13), abs=0.004)
    assert found.weeks == 18


@pytest.mark.parametrize("spread", [0.0, 0.15])
def test_slope_interval_holds_its_level_also_where_weeks_vary(spread: float) -> None:
    rng, chances, held = np.random.default_rng(2), expit(np.linspace(1.5, 0.5, 30)), 0
    true = (chances[-1] - chances[0]) / (29 / 13)
    for _ in range(300):
        strength = 1 / spread - 1 if spread else np.inf
        weekly = rng.beta(chances * strength, (1 - chances) * strength) if spread else chances
        found = slope(trend(rng.binomial(12, weekly), np.full(30, 12)))
        held += found.low <= true <= found.high
    assert held / 300 > 0.92


def best_split_by_hand(done, possible) -> int:
    """scipy.stats.binom.logpmf of each side at its own share, for each split that leaves four weeks a side."""

    def side(chosen):
        return binom.logpmf(done[chosen], possible[chosen], done[chosen].sum() / possible[chosen].sum()).sum()

    splits = range(4, len(done) - 3)
    return max(splits, key=lambda at: side(slice(None, at)) + side(slice(at, None)))


@pytest.mark.parametrize("seed", range(5))
def test_change_week_is_that_of_the_best_likelihood(seed: int) -> None:
    possible = np.random.default_rng(seed).integers(10, 30, 52)
    done = drawn(np.where(WEEKS < 30, 0.85, 0.55), possible, seed)
    found = change(change_point(done, possible))
    assert found.week == best_split_by_hand(done, possible)
    assert found.low_week <= found.week <= found.high_week
    before, after = done[: found.week], done[found.week :]
    assert (found.before.done, found.before.n) == (before.sum(), possible[: found.week].sum())
    assert (found.after.done, found.after.n) == (after.sum(), possible[found.week :].sum())
    assert found.before.low > found.after.high
    assert found.p_value <= 0.01


def test_worked_example_of_the_method_page() -> None:
    """docs/methods/fade.md: 17 of 20 each week for 30 weeks, then 11 of 20."""
    found = fade(np.where(WEEKS < 30, 17, 11), TWENTY)
    step = change(found.change)
    assert (step.week, step.low_week, step.high_week) == (30, 30, 30)
    assert (step.before.value, step.after.value) == (0.85, 0.55)
    assert (step.before.low, step.before.high) == pytest.approx((0.8195, 0.8761), abs=1e-3)
    assert step.p_value == 1 / 2000


def test_a_switch_from_all_to_nothing_is_a_change_point() -> None:
    found = change(change_point(np.where(WEEKS < 20, 20, 0), TWENTY))
    assert (found.week, found.before.value, found.after.value) == (20, 1.0, 0.0)


def test_weeks_with_nothing_due_do_not_shift_the_week_of_change() -> None:
    possible = np.where(WEEKS % 2 == 0, 40, 0)
    done = np.where(WEEKS < 30, 0.85 * possible, 0.55 * possible).astype(int)
    assert change(change_point(done, possible)).week == 30


def test_no_change_is_said_of_weeks_alike() -> None:
    for done in (TWENTY, TWENTY * 0, TWENTY // 2):
        found = change_point(done, TWENTY)
        assert isinstance(found, NoChangePoint)
        assert (found.steady_slope, found.n) == (False, 1040)
        assert found.p_value > 0.5


def calls(chances, possible, tries: int, spread: float = 0.0) -> list[ChangePoint | NoChangePoint | Unknown]:
    rng, found = np.random.default_rng(21), []
    for seed in range(tries):
        strength = 1 / spread - 1 if spread else 0
        weekly = rng.beta(chances * strength, (1 - chances) * strength) if spread else chances
        found.append(change_point(rng.binomial(possible, weekly), possible, seed=seed, replicates=199))
    return found


@pytest.mark.parametrize("spread", [0.0, 0.2])
def test_false_alarms_are_rare_also_where_weeks_vary(spread: float) -> None:
    found = calls(np.full(52, 0.8), np.full(52, 15), 200, spread)
    assert sum(isinstance(item, ChangePoint) for item in found) <= 6  # 1 % of 200, and four standard errors


def test_a_true_change_is_found_and_its_interval_holds() -> None:
    found = calls(np.where(WEEKS < 30, 0.85, 0.6), np.full(52, 15), 100)
    changes = [item for item in found if isinstance(item, ChangePoint)]
    assert len(changes) >= 90
    assert sum(item.low_week <= 30 <= item.high_week for item in changes) / len(changes) > 0.92


def test_a_steady_slope_is_not_called_a_change() -> None:
    found = calls(np.linspace(0.95, 0.55, 52), np.full(52, 15), 100)
    steady = sum(isinstance(item, NoChangePoint) and item.steady_slope for item in found)
    assert steady >= 85


@pytest.mark.parametrize(("weeks", "possible"), [(0, 5), (1, 100), (11, 100), (12, 4)])
def test_few_weeks_or_little_due_gives_no_change_point(weeks: int, possible: int) -> None:
    found = change_point(np.full(weeks, 1), np.full(weeks, possible))
    assert isinstance(found, Unknown)
    assert str(weeks) in found.reason


@pytest.mark.parametrize(
    ("done", "possible", "match"),
    [
        ([3], [2], "exceeds"),
        ([1, 1], [2], "rows"),
        ([float("nan")], [2], "NaN"),
        ([0.5], [2], "whole numbers"),
        ([-1], [2], "negative"),
    ],
)
def test_counts_that_cannot_be_are_refused(done, possible, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        fade(done, possible)


weekly = st.lists(st.integers(0, 15).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m))), max_size=40)


@given(weekly)
def test_what_was_left_out_mirrors_what_was_done(rows: list[tuple[int, int]]) -> None:
    done = np.array([row[0] for row in rows], dtype=np.int64)
    possible = np.array([row[1] for row in rows], dtype=np.int64)
    one, other = trend(done, possible), trend(possible - done, possible)
    if isinstance(one, Unknown):
        assert one == other
        return
    other = slope(other)
    assert (one.per_quarter, one.low, one.high) == pytest.approx(
        (-other.per_quarter, -other.high, -other.low), abs=1e-6
    )
    assert one.low <= one.per_quarter <= one.high


@given(weekly)
def test_change_point_is_the_same_each_time_and_within_its_bounds(rows: list[tuple[int, int]]) -> None:
    done = np.array([row[0] for row in rows], dtype=np.int64)
    possible = np.array([row[1] for row in rows], dtype=np.int64)
    found = change_point(done, possible, replicates=199)
    assert found == change_point(done, possible, replicates=199)
    if isinstance(found, ChangePoint):
        assert 0 < found.low_week <= found.week <= found.high_week < len(rows)
        for part in (found.before, found.after):
            assert part.value is not None
            assert 0 <= part.low <= part.value <= part.high <= 1
