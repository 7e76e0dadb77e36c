"""What leaving something out does to the share of deals won: Bayesian logistic regression and g-computation.

Log-odds of winning = one constant + left out + covariates + the owner's own level. The levels of owners are one group,
normal around zero; how far they spread (tau) is averaged over by evidence, not picked. Every fit is Laplace's normal
approximation (`verdict.laplace`). Standardised over the deals at hand (g-computation, Robins 1986) the draws become a
difference of shares; the deals are drawn too (Bayesian bootstrap, Rubin 1981). Method page: docs/methods/verdict.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logsumexp, ndtri
from scipy.stats import qmc

from headway.conformance.arrays import FloatArray, IntArray, frozen
from headway.verdict.laplace import MANY, Normal, at_mean
from headway.verdict.rows import LEFT_OUT, Rows

DRAWS = 512
STANDARDISED_OVER = 400  # rows; with more, these and a correction by the mean over all rows
_LIGHT = 0.02  # weight of a part below which nobody would see it missing
_ENOUGH = 3  # draws per dimension from which on their mean and covariance are made exact


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
    heavy = order[: max(1, int(np.count_nonzero(np.array(weights) > _LIGHT)))]
    chosen = np.array(weights)[heavy]
    return Posterior(tuple(parts[i] for i in heavy), chosen / chosen.sum())


def shares_won(rows: Rows, posterior: Posterior, seed: int, draws: int = DRAWS) -> Draws:
    """Draws of the two shares, each standardised over a Bayesian bootstrap of the deals."""
    n = rows.won.size
    m = min(n, STANDARDISED_OVER)
    chosen = np.linspace(0, n - 1, m).round().astype(np.int64) if m < n else np.arange(n)
    weights = _bootstrap(n, m, draws, seed)
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


def _shares_at_mode(rows: Rows, part: Normal, chosen: IntArray | None = None) -> tuple[float, float]:
    dense, owner = (rows.dense, rows.owner) if chosen is None else (rows.dense[chosen], rows.owner[chosen])
    level = dense @ part.dense - part.dense[LEFT_OUT] * dense[:, LEFT_OUT]
    if part.owner.size:
        level = level + part.owner[owner]
    return float(expit(level + part.dense[LEFT_OUT]).mean()), float(expit(level).mean())


@lru_cache(maxsize=8)
def _bootstrap(n: int, m: int, draws: int, seed: int) -> FloatArray:
    """(draws, m) weights of rows that add up to one, as a Bayesian bootstrap of `n` deals gives them to `m` rows."""
    weights = np.random.default_rng(seed).standard_gamma(n / m, (draws, m))
    weights /= weights.sum(axis=1, keepdims=True)
    return frozen(weights)


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
