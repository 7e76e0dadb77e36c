"""A single week from which on a weekly share stands at another level, where there is one.

Method page: docs/methods/fade.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

from headway.conformance.arrays import FloatArray, IntArray
from headway.conformance.estimate import LEVEL, Unknown
from headway.conformance.shares import Share, wilson_bounds

MIN_WEEKS = 12
MIN_POSSIBLE = 50
SIDE_WEEKS = 4
SIDE_POSSIBLE = 10
ALPHA = 0.01
REPLICATES = 1999


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """`week`: place (0-based) of the first week at the new level, between `low_week` and `high_week`.

    before, after: the levels; their intervals are widened by the overdispersion. p_value: of a change as clear
    as this one in weeks that differ by chance alone, the search for the week included.
    """

    week: int
    low_week: int
    high_week: int
    before: Share
    after: Share
    p_value: float
    n: int


@dataclass(frozen=True, slots=True)
class NoChangePoint:
    """No week stands out; `steady_slope` where the share does move, but as well along a line as in one step."""

    p_value: float
    n: int
    steady_slope: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    statistic: FloatArray  # (replicates,)
    split: IntArray  # (replicates,) weeks before the best split
    spread: FloatArray  # (replicates,) overdispersion about the two levels
    ratios: FloatArray  # (replicates, weeks - 1); -inf where a side is too small


def change_point(
    done: IntArray,
    possible: IntArray,
    *,
    alpha: float = ALPHA,
    level: float = LEVEL,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> ChangePoint | NoChangePoint | Unknown:
    """The most likely single change of level in done / possible, both (weeks,).

    Scan of the binomial likelihood ratio over the weeks, divided by the overdispersion about the two levels; p by
    a parametric bootstrap (beta-binomial weeks of one level, seeded). Each side keeps at least 4 weeks and 10
    possible. A line that explains the weeks as well is preferred to a step (BIC). Interval of the week: weeks
    whose ratio is within Hansen's (2000, Econometrica 68:575-603) critical value of the best.
    """
    weeks = np.flatnonzero(possible > 0)
    n = int(possible.sum())
    if weeks.size < MIN_WEEKS or n < MIN_POSSIBLE:
        return Unknown(
            f"a change point needs {MIN_WEEKS} weeks and {MIN_POSSIBLE} steps due, here are {weeks.size} and {n}",
            int(weeks.size),
            MIN_WEEKS,
        )
    y, m = done[weeks].astype(np.float64), possible[weeks].astype(np.float64)
    seen = _scan(y[None, :], m)
    drawn = _scan(_weeks_of_one_level(y, m, seen, seed, replicates), m)
    as_far = int(np.count_nonzero(drawn.statistic >= seen.statistic[0] - 1e-9))
    p_value = (1 + as_far) / (1 + replicates)
    if p_value > alpha:
        return NoChangePoint(p_value, n, steady_slope=False)
    split, spread = int(seen.split[0]), float(seen.spread[0])
    if not _step_beats_line(weeks, y, m, split, spread):
        return NoChangePoint(p_value, n, steady_slope=True)
    within = _splits_within(seen, spread, level)
    return ChangePoint(
        week=int(weeks[split]),
        low_week=int(weeks[within[0]]),
        high_week=int(weeks[within[-1]]),
        before=_level(y[:split], m[:split], spread, level),
        after=_level(y[split:], m[split:], spread, level),
        p_value=p_value,
        n=n,
    )


def _scan(y: FloatArray, m: FloatArray) -> _Scan:
    """Likelihood ratio of two levels against one, for each split of each row of y (replicates, weeks)."""
    before, possible_before = np.cumsum(y, axis=1)[:, :-1], np.cumsum(m)[:-1]
    total, possible = y.sum(axis=1, keepdims=True), float(m.sum())
    after, possible_after = total - before, possible - possible_before
    gain = _likelihood(before, possible_before) + _likelihood(after, possible_after)
    ratios = np.maximum(2 * (gain - _likelihood(total, np.array(possible))), 0.0)
    splits = np.arange(1, m.size)
    allowed = (splits >= SIDE_WEEKS) & (m.size - splits >= SIDE_WEEKS)
    allowed &= (possible_before >= SIDE_POSSIBLE) & (possible_after >= SIDE_POSSIBLE)
    ratios = np.where(allowed, ratios, -np.inf)
    best = np.argmax(ratios, axis=1)
    rows = np.arange(y.shape[0])
    first = (before[rows, best] / possible_before[best])[:, None]
    second = (after[rows, best] / possible_after[best])[:, None]
    fitted = np.where(np.arange(m.size) <= best[:, None], first, second)
    variance = m * fitted * (1 - fitted)
    with np.errstate(divide="ignore", invalid="ignore"):
        pearson = np.where(variance > 0, np.square(y - m * fitted) / variance, 0.0).sum(axis=1)
    spread = np.maximum(1.0, pearson / (m.size - 3))
    return _Scan(ratios[rows, best] / spread, best + 1, spread, ratios)


def _likelihood(done: FloatArray, possible: FloatArray) -> FloatArray:
    share = np.clip(done / possible, 0.0, 1.0)
    return np.asarray(xlogy(done, share) + xlogy(possible - done, 1 - share), dtype=np.float64)


def _weeks_of_one_level(y: FloatArray, m: FloatArray, seen: _Scan, seed: int, replicates: int) -> FloatArray:
    """(replicates, weeks) drawn at the overall share, varying between weeks as much as the weeks seen do."""
    rng = np.random.default_rng(seed)
    share = float(y.sum() / m.sum())
    surplus = (float(seen.spread[0]) - 1) * m.size / max(float((m - 1).sum()), 1.0)
    chances: FloatArray | float = share
    if surplus > 1e-6 and 0 < share < 1:
        strength = 1 / min(surplus, 0.9) - 1
        chances = rng.beta(share * strength, (1 - share) * strength, size=(replicates, m.size))
    return rng.binomial(m.astype(np.int64), chances, size=(replicates, m.size)).astype(np.float64)


def _step_beats_line(weeks: IntArray, y: FloatArray, m: FloatArray, split: int, spread: float) -> bool:
    """Whether a step explains the weeks better than a line, the step's one parameter more being paid for."""
    centred = weeks - np.average(weeks, weights=m)
    slope = float((centred * y).sum() / (m * np.square(centred)).sum())
    edge = 0.5 / float(m.sum())
    line = np.clip(y.sum() / m.sum() + slope * centred, edge, 1 - edge)
    before, after = y[:split].sum() / m[:split].sum(), y[split:].sum() / m[split:].sum()
    step = np.where(np.arange(m.size) < split, before, after)
    return (_deviance(y, m, line) - _deviance(y, m, step)) / spread > math.log(m.size)


def _deviance(y: FloatArray, m: FloatArray, fitted: FloatArray) -> float:
    return -2 * float((xlogy(y, fitted) + xlogy(m - y, 1 - fitted)).sum())


def _splits_within(seen: _Scan, spread: float, level: float) -> IntArray:
    """Number of weeks before each split that the data do not rule out."""
    critical = -2 * math.log(1 - math.sqrt(level))
    ratios = seen.ratios[0]
    return np.flatnonzero((ratios.max() - ratios) / spread <= critical) + 1


def _level(y: FloatArray, m: FloatArray, spread: float, level: float) -> Share:
    done, possible = float(y.sum()), float(m.sum())
    low, high = wilson_bounds(done / spread, possible / spread, level)
    return Share(done / possible, low, high, int(done), int(possible))
