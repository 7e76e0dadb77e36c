"""Laplace's approximation of a logistic regression whose owners are one pooled group: modes, curvatures, evidence.

The curvature has the shape of an arrow: a dense block of few covariates, and a diagonal of owners, each of whom
shares rows with the block only. Owners are integrated out by the Schur complement. See `verdict.effect`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from headway.conformance.arrays import FloatArray
from headway.verdict.rows import Rows, some

TAUS = (0.1, 0.3, 0.6, 1.0, 1.6)
"""Spreads of owners' own levels, in log-odds, that are averaged over."""
CONSTANT_SCALE = 10.0
MANY = 20_000  # rows from which on the likelihood is taken as normal around the mode of some of them
SOME = 5_000
_STEPS = 40
_LEAST_LEFT = 0.5  # of the deals, when coefficients are counted


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


def at_mean(rows: Rows, part: Normal) -> Normal:
    """The same posterior moved from its mode to its mean, and as wide as its curvature is on average, not at the mode.

    Few deals make a posterior lopsided: the mode lies nearer to zero than the mean and is too sure. The mean moves by
    the skewness of the likelihood, to first order (as van Niekerk and Rue 2021 do for INLA); the weights p(1 - p) are
    averaged over the posterior by the probit approximation (MacKay 1992). Then the variance is divided by what
    coefficients leave of the deals, 1 - d / n, as in a linear regression (Sur and Candès 2019 show that a logistic
    one needs it too); d counts coefficients by how far the deals, not the prior, settle them.
    """
    unsure = _unsure(rows, part)
    chance = expit(_level(rows, part))
    weight = chance * (1.0 - chance)
    lean = -0.5 * weight * (1.0 - 2.0 * chance) * unsure
    slope_owner = np.add.reduceat(lean, rows.starts) if part.owner.size else np.zeros(0)
    moved = _moved(part, rows.dense.T @ lean, slope_owner)
    shrink = 1.0 / np.sqrt(1.0 + math.pi / 8.0 * unsure)
    chance = expit(shrink * _level(rows, moved))
    left = max(_LEAST_LEFT, 1.0 - float(weight @ unsure) / rows.won.size)
    block, cross, diagonal = _curved(rows, left * shrink * chance * (1.0 - chance))
    precision, pull = left * moved.precision, left * moved.pull
    root = _root(block, cross, diagonal + pull, precision)
    return replace(moved, root=root, cross=cross, diagonal=diagonal + pull, precision=precision, pull=pull)


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
    precision: FloatArray = np.r_[CONSTANT_SCALE, scale, rows.scales] ** -2.0
    return precision


def _fit(rows: Rows, precision: FloatArray, tau: float, start: Curvature | None) -> tuple[Curvature, Normal]:
    """Newton's method to the mode; with many rows, one step over all of them from the mode over some."""
    if rows.won.size >= MANY:
        near = _thinned(rows)
        _, fitted = _fit(near, precision, tau, None)
        owner = fitted.owner if near.starts.size == rows.starts.size else np.zeros(rows.starts.size)
        around = _curvature(rows, fitted.dense, owner)
        return around, _solved(around, precision, tau)
    around = start or _curvature(rows, np.zeros(rows.dense.shape[1]), np.zeros(rows.starts.size))
    for _ in range(_STEPS):
        fitted = _solved(around, precision, tau)
        away, away_owner = fitted.dense - around.dense, fitted.owner - around.owner
        farthest = max(np.abs(away).max(), np.abs(away_owner).max(initial=0.0))
        if farthest < 1e-4:  # the step that is still taken leaves the square of that
            break
        step = min(1.0, 3.0 / farthest)
        around = _curvature(rows, around.dense + step * away, around.owner + step * away_owner)
    return around, fitted


def _thinned(rows: Rows) -> Rows:
    """Every so manieth row, and one of every owner."""
    evenly = np.linspace(0, rows.won.size - 1, min(SOME, MANY - rows.starts.size - 1)).astype(np.int64)
    return some(rows, np.unique(np.r_[evenly, rows.starts]))


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
