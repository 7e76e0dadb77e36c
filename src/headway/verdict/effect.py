"""What leaving something out does to the share of deals won: Bayesian logistic regression and g-computation.

Log-odds of winning = one constant + left out + covariates + the owner's own level. The levels of owners are one group,
normal around zero; how far they spread (tau) is averaged over by evidence, not picked. Every fit is Laplace's normal
approximation at its mode. Standardised over the deals at hand (g-computation, Robins 1986) the draws become a
difference of shares; the deals are drawn too (Bayesian bootstrap, Rubin 1981). Method page: docs/methods/verdict.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logsumexp, ndtri
from scipy.stats import qmc

from headway.conformance.arrays import BoolArray, FloatArray, IntArray, frozen

TAUS = (0.1, 0.3, 0.6, 1.0, 1.6)
"""Spreads of owners' own levels, in log-odds, that are averaged over."""
COVARIATE_SCALE = 1.0
CONSTANT_SCALE = 10.0
LEFT_OUT = 1  # the column of `Rows.dense` that says whether it was left out
MANY = 20_000  # from here on the likelihood is taken as normal for all priors but the first
DRAWS = 512
STANDARDISED_OVER = 400  # rows; with more, these and a correction by the mean over all rows
_FARTHEST = 4.0  # standard deviations a covariate may lie from its mean
_STEPS = 40
_ENOUGH = 3  # draws per dimension from which on their mean and covariance are made exact


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Deals as the model takes them, sorted by owner: `dense` (n, k) = one, left out, standardised covariates.

    `owner` (n,): 0 to q - 1; `starts` (q,): the first row of each. q = 0 where there are fewer than two owners.
    `kept` (k - 2,): the column of the covariates each stands for; constant ones are left out.
    """

    won: FloatArray
    dense: FloatArray
    owner: IntArray
    starts: IntArray
    kept: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Curvature:
    """The log-likelihood around one point: value, slope and (negative) curvature, the last in its arrow shape."""

    dense: FloatArray
    owner: FloatArray
    value: float
    slope: FloatArray
    slope_owner: FloatArray
    block: FloatArray  # (k, k)
    cross: FloatArray  # (k, q)
    diagonal: FloatArray  # (q,)


@dataclass(frozen=True, slots=True, eq=False)
class Normal:
    """One normal posterior, its owners' part held as a diagonal beside the dense block; `evidence` is a logarithm."""

    dense: FloatArray
    owner: FloatArray
    root: FloatArray  # lower Cholesky factor of the dense block's precision, owners integrated out
    cross: FloatArray
    diagonal: FloatArray
    precision: FloatArray  # of the prior: dense coefficients, and `pull` for each owner's
    pull: float
    evidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Normal posteriors and their weights (largest first, adding up to one)."""

    parts: tuple[Normal, ...]
    weights: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Draws of the share won if all had left it out, and if none had; (draws,) each."""

    without: FloatArray
    with_it: FloatArray

    @property
    def difference(self) -> FloatArray:
        """Share won without minus with."""
        return self.without - self.with_it


def rows_of(left_out: BoolArray, won: BoolArray, covariates: FloatArray, owners: IntArray) -> Rows:
    """The deals in an order that depends on what they are, never on how they came. Missing covariates: the mean."""
    n = left_out.size
    columns = standardised(covariates)
    kept = np.flatnonzero(columns.any(axis=0)) if n else np.zeros(0, dtype=np.int64)
    dense = np.column_stack([np.ones(n), left_out.astype(np.float64), columns[:, kept]])
    _, codes = np.unique(owners, return_inverse=True)
    order = np.lexsort((_fingerprints(dense, won), codes))
    codes = codes[order].astype(np.int64)
    starts = np.flatnonzero(np.r_[True, np.diff(codes) > 0]) if n else np.zeros(0, dtype=np.int64)
    if starts.size < 2:
        starts = starts[:0]
    return Rows(won[order].astype(np.float64), np.ascontiguousarray(dense[order]), codes, starts, kept)


def standardised(covariates: FloatArray) -> FloatArray:
    """(n, k): mean 0 and standard deviation 1; zero where a column is constant; nothing beyond four deviations."""
    columns = np.asarray(covariates, dtype=np.float64)
    finite = np.isfinite(columns)
    counts = np.maximum(finite.sum(axis=0), 1)
    largest = np.where(finite, np.abs(columns), 0.0).max(axis=0, initial=0.0)
    columns = np.where(finite, columns, 0.0) / np.where(largest > 0, largest, 1.0)
    columns = np.where(finite, columns - np.sort(columns, axis=0).sum(axis=0) / counts, 0.0)
    deviation = np.sqrt(np.sort(columns * columns, axis=0).sum(axis=0) / counts)
    alike = deviation <= 1e-9
    return np.where(alike, 0.0, np.clip(columns / np.where(alike, 1.0, deviation), -_FARTHEST, _FARTHEST))


def posteriors(rows: Rows, scales: Sequence[float]) -> tuple[tuple[Normal, ...], ...]:
    """For each prior scale of the effect, in log-odds: one normal posterior per tau (one in all without owners)."""
    taus = TAUS if rows.starts.size else (1.0,)
    around: Curvature | None = None
    found = []
    for scale in scales:
        at_scale = []
        for tau in taus:
            precision = _precision(rows, scale)
            if around is None or rows.won.size < MANY:
                around, fitted = _fit(rows, precision, tau, around)
            else:
                fitted = _solved(around, precision, tau)
            at_scale.append(fitted)
        found.append(tuple(at_scale))
    return tuple(found)


def evidences(fits: Sequence[Sequence[Normal]]) -> FloatArray:
    """The logarithm of the evidence for each prior scale, taus averaged over."""
    return np.array([logsumexp([part.evidence for part in parts]) - math.log(len(parts)) for parts in fits])


def averaged(fits: Sequence[Sequence[Normal]], scale_weights: npt.ArrayLike) -> Posterior:
    """One posterior over the prior scales (with the weights given) and over the taus (by their evidence)."""
    parts: list[Normal] = []
    weights: list[float] = []
    for at_scale, scale_weight in zip(fits, np.asarray(scale_weights, dtype=np.float64), strict=True):
        logs = np.array([part.evidence for part in at_scale])
        share = np.exp(logs - logsumexp(logs))
        parts.extend(at_scale)
        weights.extend(scale_weight * share)
    order = np.argsort(-np.array(weights), kind="stable")
    heavy = order[: max(1, int(np.count_nonzero(np.array(weights) > 0.5 / DRAWS)))]
    chosen = np.array(weights)[heavy]
    return Posterior(tuple(parts[i] for i in heavy), chosen / chosen.sum())


def shares_won(rows: Rows, posterior: Posterior, seed: int, draws: int = DRAWS) -> Draws:
    """Draws of the two shares, each standardised over a Bayesian bootstrap of the deals."""
    rng = np.random.default_rng(seed)
    n = rows.won.size
    m = min(n, STANDARDISED_OVER)
    chosen = np.linspace(0, n - 1, m).round().astype(np.int64) if m < n else np.arange(n)
    weights = rng.standard_gamma(n / m, (draws, m)) if m < n else rng.standard_exponential((draws, m))
    weights /= weights.sum(axis=1, keepdims=True)
    standard = _standard(draws, rows.dense.shape[1] + rows.starts.size, seed)
    without, with_it = np.empty(draws), np.empty(draws)
    first = 0
    for part, count in zip(posterior.parts, _allotted(posterior.weights, draws), strict=True):
        here = slice(first, first + count)
        first += count
        dense, owner = drawn(part if n >= MANY else at_mean(rows, part), standard[here])
        level = dense @ rows.dense[chosen].T - np.outer(dense[:, LEFT_OUT], rows.dense[chosen, LEFT_OUT])
        if rows.starts.size:
            level += owner[:, rows.owner[chosen]]
        with_it[here] = (expit(level) * weights[here]).sum(axis=1)
        without[here] = (expit(level + dense[:, LEFT_OUT, None]) * weights[here]).sum(axis=1)
    if m < n:
        everyone, some = _shares_at_mode(rows, posterior.parts[0]), _shares_at_mode(rows, posterior.parts[0], chosen)
        without = np.clip(without + everyone[0] - some[0], 0.0, 1.0)
        with_it = np.clip(with_it + everyone[1] - some[1], 0.0, 1.0)
    return Draws(without, with_it)


def difference_at_mode(rows: Rows, posterior: Posterior) -> float:
    """Share won without minus with at the mode of the heaviest part: a point, without draws."""
    without, with_it = _shares_at_mode(rows, posterior.parts[0])
    return without - with_it


def drawn(part: Normal, standard: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Draws of the dense coefficients (draws, k) and of the owners' levels (draws, q) from standard normal ones.

    `standard` (draws, k + q); where there are enough of them, they are first given a mean of exactly 0 and a
    covariance of exactly 1, so that no figure hangs on the luck of a seed.
    """
    draws, wide = standard.shape
    if draws >= _ENOUGH * wide:
        standard = standard - standard.mean(axis=0)
        spread = np.linalg.cholesky(standard.T @ standard / draws)
        standard = np.linalg.solve(spread, standard.T).T.astype(np.float64)
    k = part.dense.size
    away = np.linalg.solve(part.root.T, standard[:, :k].T).T
    dense = part.dense + away
    if not part.owner.size:
        return dense, np.zeros((draws, 0))
    return dense, part.owner - (away @ part.cross) / part.diagonal + standard[:, k:] / np.sqrt(part.diagonal)


def at_mean(rows: Rows, part: Normal) -> Normal:
    """The same posterior moved from its mode to its mean, and as wide as its curvature is on average, not at the mode.

    Few deals make a posterior lopsided: the mode lies nearer to zero than the mean and is too sure. The mean moves by
    the skewness of the likelihood, to first order (as van Niekerk and Rue 2021 do for INLA); the weights p(1 - p) are
    averaged over the posterior by the probit approximation (MacKay 1992).
    """
    unsure = _unsure(rows, part)
    chance = expit(_level(rows, part))
    lean = -0.5 * chance * (1.0 - chance) * (1.0 - 2.0 * chance) * unsure
    slope_owner = np.add.reduceat(lean, rows.starts) if part.owner.size else np.zeros(0)
    moved = _moved(part, rows.dense.T @ lean, slope_owner)
    shrink = 1.0 / np.sqrt(1.0 + math.pi / 8.0 * unsure)
    chance = expit(shrink * _level(rows, moved))
    block, cross, diagonal = _curved(rows, shrink * chance * (1.0 - chance))
    root = _root(block, cross, diagonal + moved.pull, moved.precision)
    return replace(moved, root=root, cross=cross, diagonal=diagonal + moved.pull)


def _level(rows: Rows, part: Normal) -> FloatArray:
    level: FloatArray = rows.dense @ part.dense
    return level + part.owner[rows.owner] if part.owner.size else level


def _unsure(rows: Rows, part: Normal) -> FloatArray:
    """(n,) the posterior variance of each deal's log-odds."""
    apart = rows.dense - (part.cross / part.diagonal).T[rows.owner] if part.owner.size else rows.dense
    unsure: FloatArray = np.square(np.linalg.solve(part.root, apart.T)).sum(axis=0)
    return unsure + (1.0 / part.diagonal)[rows.owner] if part.owner.size else unsure


def _moved(part: Normal, slope: FloatArray, slope_owner: FloatArray) -> Normal:
    """The normal moved to where its precision meets a slope."""
    narrowed = part.cross / part.diagonal
    away = np.linalg.solve(part.root.T, np.linalg.solve(part.root, slope - narrowed @ slope_owner))
    away_owner = (slope_owner - part.cross.T @ away) / part.diagonal
    return replace(part, dense=part.dense + away, owner=part.owner + away_owner)


def _precision(rows: Rows, scale: float) -> FloatArray:
    precision = np.full(rows.dense.shape[1], COVARIATE_SCALE**-2)
    precision[0], precision[LEFT_OUT] = CONSTANT_SCALE**-2, scale**-2
    return precision


def _fit(rows: Rows, precision: FloatArray, tau: float, start: Curvature | None) -> tuple[Curvature, Normal]:
    """Newton's method to the mode; with many rows it starts from the mode over a few of them."""
    if start is None:
        dense, owner = np.zeros(rows.dense.shape[1]), np.zeros(rows.starts.size)
        if rows.won.size > MANY:
            _, near = _fit(_thinned(rows), precision, tau, None)
            dense, owner = near.dense, near.owner
        around = _curvature(rows, dense, owner)
    else:
        around = start
    for _ in range(_STEPS):
        fitted = _solved(around, precision, tau)
        move = max(np.abs(fitted.dense - around.dense).max(), np.abs(fitted.owner - around.owner).max(initial=0.0))
        tight = 1e-3 if rows.won.size >= MANY else 1e-6
        if move < tight:
            break
        limit = min(1.0, 3.0 / move)
        around = _curvature(
            rows,
            around.dense + limit * (fitted.dense - around.dense),
            around.owner + limit * (fitted.owner - around.owner),
        )
    return around, fitted


def _thinned(rows: Rows) -> Rows:
    """Every so manieth row, of every owner at least one: enough to come near the mode."""
    chosen = np.unique(np.r_[np.arange(0, rows.won.size, rows.won.size // 4_000), rows.starts])
    owner = rows.owner[chosen]
    starts = np.flatnonzero(np.r_[True, np.diff(owner) > 0]) if rows.starts.size else rows.starts
    return Rows(rows.won[chosen], rows.dense[chosen], owner, starts, rows.kept)


def _curvature(rows: Rows, dense: FloatArray, owner: FloatArray) -> Curvature:
    level = rows.dense @ dense
    if owner.size:
        level += owner[rows.owner]
    chance = expit(level)
    residual = rows.won - chance
    value = float((rows.won * level - np.logaddexp(0.0, level)).sum())
    slope_owner = np.add.reduceat(residual, rows.starts) if owner.size else np.zeros(0)
    return Curvature(dense, owner, value, rows.dense.T @ residual, slope_owner, *_curved(rows, chance * (1.0 - chance)))


def _curved(rows: Rows, weight: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The arrow that the rows make with these weights: the dense block, what it shares with each owner, the owners."""
    weighted = rows.dense * weight[:, None]
    block = rows.dense.T @ weighted
    if not rows.starts.size:
        return block, np.zeros((block.shape[0], 0)), np.zeros(0)
    return block, np.add.reduceat(weighted, rows.starts, axis=0).T, np.add.reduceat(weight, rows.starts)


def _root(block: FloatArray, cross: FloatArray, diagonal: FloatArray, precision: FloatArray) -> FloatArray:
    """Lower Cholesky factor of the dense block's precision, owners integrated out (the Schur complement)."""
    return np.linalg.cholesky(block + np.diag(precision) - (cross / diagonal) @ cross.T).astype(np.float64)


def _solved(around: Curvature, precision: FloatArray, tau: float) -> Normal:
    """The normal posterior that the quadratic around a point and the prior make; also one step of Newton's method."""
    pull = tau**-2
    diagonal = around.diagonal + pull
    root = _root(around.block, around.cross, diagonal, precision)
    here = Normal(around.dense, around.owner, root, around.cross, diagonal, precision, pull, 0.0)
    fitted = _moved(here, around.slope - precision * around.dense, around.slope_owner - pull * around.owner)
    away, away_owner = fitted.dense - around.dense, fitted.owner - around.owner
    value = around.value + around.slope @ away + around.slope_owner @ away_owner
    value -= 0.5 * (away @ around.block @ away + around.diagonal @ away_owner**2)
    value -= (away @ around.cross) @ away_owner
    prior = -0.5 * (precision @ fitted.dense**2 + pull * (fitted.owner @ fitted.owner))
    prior += 0.5 * (np.log(precision).sum() + fitted.owner.size * math.log(pull))
    spread = -np.log(np.diag(root)).sum() - 0.5 * np.log(diagonal).sum()
    return replace(fitted, evidence=float(value + prior + spread))


def _shares_at_mode(rows: Rows, part: Normal, chosen: IntArray | None = None) -> tuple[float, float]:
    dense, owner = (rows.dense, rows.owner) if chosen is None else (rows.dense[chosen], rows.owner[chosen])
    level = dense @ part.dense - part.dense[LEFT_OUT] * dense[:, LEFT_OUT]
    if part.owner.size:
        level = level + part.owner[owner]
    return float(expit(level + part.dense[LEFT_OUT]).mean()), float(expit(level).mean())


@lru_cache(maxsize=64)
def _standard(draws: int, wide: int, seed: int) -> FloatArray:
    """(draws, wide) standard normal draws, spread evenly (Sobol's sequence, scrambled by the seed)."""
    spread = qmc.Sobol(wide, rng=seed).random_base2(math.ceil(math.log2(draws)))[:draws]
    return frozen(np.asarray(ndtri(np.clip(spread, 1e-9, 1 - 1e-9)), dtype=np.float64))


def _allotted(weights: FloatArray, draws: int) -> list[int]:
    """Whole numbers of draws that follow the weights and add up."""
    ends = np.round(np.cumsum(weights) * draws).astype(int)
    ends[-1] = draws
    return [int(count) for count in np.diff(np.r_[0, ends])]


def _fingerprints(dense: FloatArray, won: BoolArray) -> npt.NDArray[np.uint64]:
    """(n,) a number that only equal rows share; sorting by it is cheaper than sorting by every column."""
    mixed = won.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for column in (dense + 0.0).T:  # adding zero makes one zero of the two
        mixed = mixed ^ column.view(np.uint64) if column.flags.c_contiguous else mixed ^ column.copy().view(np.uint64)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
    return mixed
