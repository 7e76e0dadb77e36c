"""The fitted part against scikit-learn asked directly, statsmodels, and numerical curvature."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import approx_fprime
from sklearn.linear_model import LogisticRegression

from benchmarks.forecast_speed import made_up
from headway.conformance.arrays import FloatArray
from headway.forecast import regression
from headway.forecast.regression import ANCHORS, PENALTY_C, chances_of, levelled, regression_of, spread_of, weights
from headway.forecast.snapshots import LOST, NO_DECISION, OPEN, WON, KnownAt, Snapshots

KNOWN = made_up(500, 200)
FOUND = regression_of(KNOWN)
assert FOUND is not None
FITTED = FOUND


def landmarks(known: KnownAt, days: int) -> Snapshots:
    """Those whose horizon has passed."""
    return known.weekly.take(known.weekly.day + days <= known.day)


@pytest.mark.parametrize("place", range(len(ANCHORS)))
def test_it_is_the_ridge_that_scikit_learn_fits(place: int) -> None:
    fit = FITTED.fits[place]
    rows = landmarks(KNOWN, fit.days)
    model = LogisticRegression(C=PENALTY_C, max_iter=2_000, tol=1e-8, solver="newton-cg")
    model.fit(FITTED.design.matrix(rows), rows.ended_within(fit.days))
    told = model.predict_proba(FITTED.design.matrix(KNOWN.now))
    place_of = {kind: place for place, kind in enumerate(model.classes_.tolist())}
    ours = chances_of(fit, FITTED.design.matrix(KNOWN.now))
    for kind in (WON, LOST, NO_DECISION):
        assert np.allclose(ours[:, kind], told[:, place_of[kind]], atol=2e-3)
    assert fit.landmarks == len(rows) and fit.deals == np.unique(rows.deal).size


def test_without_a_penalty_it_is_the_likelihood_of_statsmodels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regression, "PENALTY_C", 1e7)
    names = {"amount", "age of the deal"}
    whole = FITTED.design
    kept = np.array([column.name in names for column in whole.columns])
    parts = {name: getattr(whole, name)[kept] for name in ("kept", "low", "high", "middle", "scale")}
    design = replace(whole, columns=tuple(c for c in whole.columns if c.name in names), **parts)
    rows = landmarks(KNOWN, 30)
    fit = regression._fit(design, rows, 30, True)
    assert fit is not None
    outside: Any = sm.MNLogit(rows.ended_within(30), sm.add_constant(design.matrix(rows))).fit(disp=False)
    told = outside.predict(sm.add_constant(design.matrix(KNOWN.now), has_constant="add"))
    assert np.allclose(chances_of(fit, design.matrix(KNOWN.now)), told[:, 1:], atol=5e-3)  # OPEN is first there


def test_its_spread_comes_from_the_curvature_of_what_is_fitted() -> None:
    fit = FITTED.fits[0]
    rows = landmarks(KNOWN, 30)
    matrix, kind = FITTED.design.matrix(rows), rows.ended_within(30)
    kind = np.where(kind == OPEN, 3, kind)
    wide = np.column_stack([matrix, np.ones(len(matrix))])
    weight = fit.deals / len(rows)

    def slope(flat: FloatArray) -> FloatArray:
        beta = flat.reshape(4, -1)
        line = wide @ beta.T
        chance = np.exp(line - line.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        ridge = beta / PENALTY_C
        ridge[:, -1] = beta[:, -1] * 1e-3
        found: FloatArray = (weight * (chance - np.eye(4)[kind]).T @ wide + ridge).ravel()
        return found

    size = wide.shape[1]
    curve = approx_fprime(fit.beta.ravel(), slope, 1e-5)
    told = fit.cov.transpose(0, 2, 1, 3).reshape(4 * size, 4 * size)
    assert np.allclose(told @ curve, np.eye(4 * size), atol=2e-2)
    chance = chances_of(fit, matrix[:1])[0, WON]
    nudged = np.zeros(4 * size)
    for place in range(4 * size):
        beta = fit.beta.ravel().copy()
        beta[place] += 1e-5
        more = chances_of(replace(fit, beta=beta.reshape(4, size)), matrix[:1])[0, WON]
        nudged[place] = (np.log(more / (1 - more)) - np.log(chance / (1 - chance))) / 1e-5
    assert spread_of(fit, matrix[:1])[0, WON] == pytest.approx(np.sqrt(nudged @ told @ nudged), rel=1e-3)


def test_the_level_is_that_of_the_counts_and_the_ranking_stays() -> None:
    rows = KNOWN.now
    goal = np.tile([[[0.20, 0.10, 0.30]]], (len(rows), len(FITTED.fits), 1))
    other = levelled(FITTED, rows, goal)
    matrix = FITTED.design.matrix(rows)
    for before, after in zip(FITTED.fits, other.fits, strict=True):
        told = chances_of(after, matrix)
        assert np.allclose(told.mean(axis=0), [0.20, 0.10, 0.30], atol=1e-3)
        odds = [np.log(one[:, WON] / (1 - one.sum(axis=1))) for one in (chances_of(before, matrix), told)]
        assert np.allclose(np.diff(odds[1] - odds[0]), 0, atol=1e-9)
    assert levelled(FITTED, rows.take(np.zeros(0, dtype=np.int64)), goal[:0]) is FITTED


def test_weights_are_factors_on_the_odds_with_their_interval() -> None:
    told = weights(FITTED)
    assert [one.name for one in told] == [one.name for one in sorted(told, key=lambda one: -abs(np.log(one.factor)))]
    assert all(0 < one.low <= one.factor <= one.high for one in told)
    shown = {one.name: one for one in told}
    assert shown["shown by the buyer: Stage 4"].factor > 1  # where most of the made-up firm's deals are won
    assert len(told) == len(FITTED.design.columns)


def test_the_order_of_landmarks_changes_nothing() -> None:
    order = np.random.default_rng(0).permutation(len(KNOWN.weekly))
    other = regression_of(replace(KNOWN, weekly=KNOWN.weekly.take(order)))
    assert other is not None
    for one, two in zip(FITTED.fits, other.fits, strict=True):
        assert np.array_equal(one.beta, two.beta)


def test_a_horizon_that_has_not_passed_for_enough_is_left_out() -> None:
    young = made_up(400, 62)
    found = regression_of(young)
    assert found is not None and [fit.days for fit in found.fits] == [30]
    assert regression_of(made_up(400, 33)) is None
    assert regression_of(replace(KNOWN, weekly=KNOWN.weekly.take(np.arange(20)))) is None


@pytest.mark.parametrize("kinds", [(WON,), (WON, OPEN), (LOST, NO_DECISION)])
def test_kinds_that_never_happened_have_no_chance(kinds: tuple[int, ...]) -> None:
    weekly = KNOWN.weekly
    asked = np.array(kinds)[np.argsort(np.argsort(weekly.deal)) % len(kinds)]
    day = np.where(asked == OPEN, weekly.exit_day.max() + 10_000, weekly.day + 5)
    found = regression_of(replace(KNOWN, weekly=replace(weekly, exit=asked, exit_day=day)))
    if len(kinds) == 1:
        assert found is None
        return
    assert found is not None
    chances = chances_of(found.fits[0], found.design.matrix(KNOWN.now))
    assert np.isfinite(chances).all() and np.isfinite(spread_of(found.fits[0], found.design.matrix(KNOWN.now))).all()
    for kind in {WON, LOST, NO_DECISION} - set(kinds):
        assert (chances[:, kind] == 0).all()


def test_of_many_landmarks_a_sample_by_a_fixed_seed_is_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regression, "MOST_LANDMARKS", 300)
    one, two = regression_of(KNOWN), regression_of(KNOWN)
    assert one is not None and two is not None
    assert one.fits[0].landmarks == 300
    assert np.array_equal(one.fits[0].beta, two.fits[0].beta)
