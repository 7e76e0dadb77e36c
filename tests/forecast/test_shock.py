"""The common shock: from how far past sums erred, and beside what is assumed of a team without a past."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from headway.forecast.shock import LARGEST, PRIOR_SD, SMALLEST, Shock, shock_of


def test_without_a_past_the_prior_stands() -> None:
    none = np.zeros(0)
    assert shock_of(none, none, none) == Shock.prior() == Shock(PRIOR_SD, 0.0)
    assert shock_of([5.0, 5.0, np.nan], [0.0, np.nan, 5.0], [1.0, 1.0, 1.0]) == Shock.prior()


def test_errors_that_are_all_shock_are_averaged_with_the_prior() -> None:
    # Without chance in the deals the likeliest variance is known: the mean of the squares, the prior counted as three.
    errors = np.array([0.4, -0.1, 0.3, -0.35, 0.2, 0.05])
    found = shock_of(100 * (1 + errors), np.full(6, 100.0), np.zeros(6))
    assert found.sd == pytest.approx(np.sqrt((3 * 0.15**2 + np.sum(errors**2)) / 9), rel=1e-4)
    assert found.origins == 6
    assert shock_of(100 * (1 + errors), np.full(6, 100.0), np.zeros(6), each=0.25).sd == pytest.approx(
        np.sqrt((3 * 0.15**2 + np.sum(errors**2) / 4) / 4.5), rel=1e-4
    )


def test_errors_that_chance_explains_are_no_shock_and_a_steady_bias_is() -> None:
    random = np.random.default_rng(0)
    mean, alone = np.full(600, 100.0), np.full(600, 20.0**2)
    quiet = shock_of(random.normal(100, 20, 600), mean, alone)
    shaken = shock_of(random.normal(100, 20, 600) * (1 + random.normal(0, 0.3, 600)), mean, alone)
    biased = shock_of(random.normal(130, 20, 600), mean, alone)
    assert quiet.sd < 0.1
    assert shaken.sd == pytest.approx(0.3, abs=0.05)
    assert biased.sd == pytest.approx(0.3, abs=0.05)


amounts = st.one_of(st.floats(0, 1e12), st.floats(allow_nan=True, allow_infinity=True))


@given(st.lists(st.tuples(amounts, amounts, amounts), max_size=12))
def test_whatever_the_past_the_shock_is_a_usable_share(rows: list[tuple[float, float, float]]) -> None:
    actual, mean, variance = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    found = shock_of(actual, mean, variance)
    assert SMALLEST * 0.99 <= found.sd <= LARGEST * 1.01
    assert 0 <= found.origins <= len(rows)


def test_pushes_are_those_of_student() -> None:
    pushes = Shock(0.2, 9).draws()
    assert pushes == pytest.approx(-pushes[::-1])
    # scipy.stats.t(17).ppf(...) * 0.2
    assert pushes[[0, 32, 63]] == pytest.approx(0.2 * t(17).ppf([0.5 / 64, 32.5 / 64, 63.5 / 64]))
    assert not Shock.none().draws().any()


def test_columns_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        shock_of([1.0], [1.0, 2.0], [1.0, 1.0])
    with pytest.raises(ValueError, match="each"):
        shock_of([1.0], [1.0], [1.0], each=0)
