"""The model: the same mode, precision and difference as statsmodels; the mean of a lopsided posterior; coverage."""

import math
from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from headway.verdict import effect, laplace
from headway.verdict.effect import averaged, difference_at_mode, shares_won
from headway.verdict.landmark import Landmark
from headway.verdict.laplace import Normal, at_mean, posteriors
from headway.verdict.rows import Rows, rows_of, some, without
from tests.verdict.landmarks import made


def rows(n: int, seed: int, *, log_odds: float = -0.8, owners: int = 6) -> tuple[Rows, float]:
    """Rows as the model takes them, and the true difference."""
    one = made(n, log_odds=log_odds, seed=seed, owners=owners)
    return rows_of(one.landmark), one.truth


def plain(left_out: np.ndarray, won: np.ndarray, owners: np.ndarray | None = None) -> Landmark:
    """A landmark without covariates."""
    n = left_out.size
    owners = np.zeros(n, dtype=np.int64) if owners is None else owners
    nothing = np.zeros((n, 0))
    return Landmark(left_out, won, nothing, (), (), owners, left_out, np.zeros(n), dated_evidence=True, reviews=True)


def in_full(deals: Rows) -> np.ndarray:
    """The design with one column per owner, as other software takes it."""
    levels = deals.owner[:, None] == np.arange(deals.starts.size)
    return np.column_stack([deals.dense, levels.astype(float)])


def precision_in_full(part: Normal) -> np.ndarray:
    """The arrow written out: dense block, what it shares with the owners, the owners' diagonal."""
    block = part.root @ part.root.T + (part.cross / part.diagonal) @ part.cross.T
    return np.block([[block, part.cross], [part.cross.T, np.diag(part.diagonal)]])


@pytest.mark.parametrize("n", [120, 1500])
def test_the_mode_is_that_of_statsmodels_with_the_same_penalty(n: int) -> None:
    deals, _ = rows(n, 1)
    for part in posteriors(deals, (0.5,))[0][1:4]:
        prior = np.r_[part.precision, np.full(deals.starts.size, part.pull)]
        model = sm.GLM(deals.won, in_full(deals), family=sm.families.Binomial())
        theirs = model.fit_regularized(alpha=prior / n, L1_wt=0.0, maxiter=2000, cnvrg_tol=1e-12).params
        ours = np.r_[part.dense, part.owner]
        np.testing.assert_allclose(ours, theirs, atol=1e-3)  # as far as their search goes
        np.testing.assert_allclose(model.score(ours, scale=1.0), prior * ours, atol=1e-5)
        curvature = -model.hessian(ours, scale=1.0) + np.diag(prior)
        np.testing.assert_allclose(precision_in_full(part), curvature, rtol=1e-4, atol=1e-4)


def test_the_evidence_is_laplaces_written_out() -> None:
    deals, _ = rows(150, 2)
    part = posteriors(deals, (0.8,))[0][2]
    prior = np.r_[part.precision, np.full(deals.starts.size, part.pull)]
    at = np.r_[part.dense, part.owner]
    likelihood = sm.Logit(deals.won, in_full(deals)).loglike(at)
    laplace = likelihood - 0.5 * (prior * at**2).sum() + 0.5 * np.log(prior).sum()
    laplace -= 0.5 * np.linalg.slogdet(precision_in_full(part))[1]
    assert part.evidence == pytest.approx(laplace, abs=1e-6)


def test_with_many_deals_the_difference_is_that_of_an_unpenalised_fit_standardised_by_hand() -> None:
    """Logit of statsmodels, g-computation and its delta method in the test: the same value and deviation."""
    deals, _ = rows(6000, 3, owners=1)
    ours = shares_won(deals, averaged(posteriors(deals, (2.5,)), (1.0,)), seed=0).difference
    fitted = sm.Logit(deals.won, deals.dense).fit(disp=0)
    without, with_it = deals.dense.copy(), deals.dense.copy()
    without[:, 1], with_it[:, 1] = 1.0, 0.0
    difference = fitted.predict(without) - fitted.predict(with_it)
    slopes = [(expit(d @ fitted.params) * expit(-(d @ fitted.params)))[:, None] * d for d in (without, with_it)]
    slope = (slopes[0] - slopes[1]).mean(axis=0)
    deviation = math.sqrt(slope @ fitted.cov_params() @ slope)
    assert ours.mean() == pytest.approx(difference.mean(), abs=0.1 * deviation)
    assert ours.std() == pytest.approx(deviation, rel=0.12)


def test_owners_are_drawn_together_and_how_far_is_learned() -> None:
    rng = np.random.default_rng(4)
    n, apart = 900, np.array([-1.2, -0.4, 0.0, 0.4, 1.2])
    owner = rng.integers(0, 5, n)
    left_out = rng.random(n) < 0.5
    for levels, alike in ((apart, False), (0 * apart, True)):
        won = rng.random(n) < expit(levels[owner])
        deals = rows_of(plain(left_out, won, owner))
        best = max(posteriors(deals, (0.5,))[0], key=lambda part: part.evidence)
        assert (1 / math.sqrt(best.pull) < 0.2) is alike


def test_the_mean_of_a_lopsided_posterior_is_that_of_summing_it_up() -> None:
    """Thirty deals, two coefficients: the posterior on a fine grid against the mode moved to the mean."""
    rng = np.random.default_rng(5)
    left_out = np.arange(30) < 12
    won = rng.random(30) < np.where(left_out, 0.05, 0.75)
    deals = rows_of(plain(left_out, won))
    part = posteriors(deals, (2.5,))[0][0]
    grid = np.stack(np.meshgrid(np.linspace(-3, 5, 321), np.linspace(-10, 3, 521), indexing="ij"), -1).reshape(-1, 2)
    level = grid @ deals.dense.T
    logs = level @ deals.won - np.logaddexp(0, level).sum(axis=1) - 0.5 * (grid**2 @ part.precision)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    truth, spread = weights @ grid[:, 1], math.sqrt(weights @ (grid[:, 1] - weights @ grid[:, 1]) ** 2)
    moved = at_mean(deals, part)
    assert abs(moved.dense[1] - truth) < 0.25 * abs(part.dense[1] - truth)
    assert 1 / moved.root[1, 1] == pytest.approx(spread, rel=0.1)


def test_many_deals_are_fitted_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The short cuts for large data change no figure that is shown."""
    deals, _ = rows(9000, 6)
    exact = shares_won(deals, averaged(posteriors(deals, (2.5, 0.3))[1:], (1.0,)), seed=0).difference
    for module in (effect, laplace):
        monkeypatch.setattr(module, "MANY", 5000)
    monkeypatch.setattr(laplace, "SOME", 2000)
    short = shares_won(deals, averaged(posteriors(deals, (2.5, 0.3))[1:], (1.0,)), seed=0).difference
    assert short.mean() == pytest.approx(exact.mean(), abs=1e-3)
    assert short.std() == pytest.approx(exact.std(), rel=0.05)


def test_ninety_percent_intervals_hold_the_truth_in_about_ninety_percent() -> None:
    held = []
    for seed in range(150):
        deals, truth = rows(150, 1000 + seed, log_odds=-0.9 if seed % 2 else 0.0)
        draws = shares_won(deals, averaged(posteriors(deals, (2.5,)), (1.0,)), seed=0, draws=300).difference
        low, high = np.quantile(draws, (0.05, 0.95))
        held.append(low <= truth <= high)
    assert 0.84 <= np.mean(held) <= 0.96


@given(st.integers(0, 2**31), st.sampled_from([40, 700]))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_changes_no_bit(seed: int, n: int) -> None:
    mark = made(n, log_odds=-0.5, seed=seed % 50).landmark
    order = np.random.default_rng(seed).permutation(n)
    columns = ("left_out", "won", "covariates", "owners", "inspected", "known_on")
    one, other = rows_of(mark), rows_of(replace(mark, **{name: getattr(mark, name)[order] for name in columns}))
    for name in ("won", "dense", "owner", "starts"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_missing_and_enormous_covariates_are_taken_as_usual_ones() -> None:
    mark = made(60, log_odds=0.0, seed=9).landmark
    values = mark.covariates.copy()
    values[:5, 0], values[5, 1], values[6, 1] = np.nan, np.inf, 1e300
    dense = rows_of(replace(mark, covariates=np.column_stack([values, np.full(60, 7.0)]))).dense
    assert dense.shape == (60, 4)  # the constant column is left out
    assert np.isfinite(dense).all() and np.abs(dense[:, 2:]).max() <= 4.0


def test_parts_of_rows_are_as_if_only_they_were_there() -> None:
    deals, _ = rows(90, 10)
    part = some(without(deals, (1,)), np.flatnonzero(deals.owner % 2 == 0))
    assert part.dense.shape == (np.count_nonzero(deals.owner % 2 == 0), 3)
    assert part.starts.size == 3 and (np.diff(part.owner)[part.starts[1:] - 1] == 1).all()
    assert some(deals, np.flatnonzero(deals.owner == 2)).starts.size == 0


def test_a_difference_at_the_mode_needs_no_draws() -> None:
    deals, _ = rows(800, 8)
    posterior = averaged(posteriors(deals, (2.5,)), (1.0,))
    assert difference_at_mode(deals, posterior) == pytest.approx(
        shares_won(deals, posterior, seed=0).difference.mean(), abs=0.01
    )
