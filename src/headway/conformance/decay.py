"""Half-life: how fast what a review does to adherence is gone again.

Method page: docs/methods/reinforcement.md.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import FloatArray, IntArray, code_column
from headway.conformance.estimate import Estimate, Unknown

LEVEL = 0.90
REPLICATES = 499
SHORTEST, LONGEST = 1.0, 120.0  # days; outside, a half-life is not told from a step or from a line
LEAST_DUE = 100
LEAST_SPAN = 21  # days after a review up to which something must have fallen due
FARTHEST = 182  # days; what falls due later stands at the floor
_LIVES = np.geomspace(SHORTEST, LONGEST, 121)


def half_life(
    since_held: npt.ArrayLike,
    due: npt.ArrayLike,
    kept: npt.ArrayLike,
    item: npt.ArrayLike,
    clusters: npt.ArrayLike,
    *,
    seed: int = 0,
) -> Estimate | Unknown:
    """Days in which half of what a review adds to the share kept is gone; (n,) counts by days since the last held.

    Least squares, weighted by what fell due, of floor + gain · 2^(−days / half-life) with gain ≥ 0, the share of each
    item set to the overall one; rows with negative `since_held` are left out. Interval: bootstrap of clusters.
    Unknown where the data do not bound it.
    """
    days = np.asarray(since_held, dtype=np.int64)
    seen = days >= 0
    days = np.minimum(days[seen], FARTHEST)
    n, y = code_column("due", due)[seen].astype(np.float64), code_column("kept", kept)[seen].astype(np.float64)
    items, groups = code_column("item", item)[seen], code_column("clusters", clusters)[seen]
    total = int(n.sum())
    if total < LEAST_DUE or n[days >= LEAST_SPAN].sum() < LEAST_DUE / 5:
        return Unknown(
            f"needs {LEAST_DUE} expectations that fell due, {LEAST_DUE // 5} of them {LEAST_SPAN} days or more after a "
            f"review; here are {total} and {n[days >= LEAST_SPAN].sum():.0f}",
            total,
            LEAST_DUE,
        )
    y = y - n * (_own_share(items, n, y) - y.sum() / n.sum())
    by_day = _tables(groups, days, n, y)
    value, gain = fitted(by_day[0].sum(axis=0)[None], by_day[1].sum(axis=0)[None])
    if gain[0] <= 0:
        return Unknown("adherence does not fall as a review recedes", total, LEAST_DUE)
    size = by_day[0].shape[0]
    drawn = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=REPLICATES).astype(np.float64)
    lives, gains = fitted(drawn @ by_day[0], drawn @ by_day[1])
    lives = np.where(gains > 0, lives, LONGEST)
    low, high = np.quantile(lives, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    if high >= LONGEST:
        return Unknown("adherence falls after a review, but how fast cannot be told yet", total, LEAST_DUE)
    days_found = float(value[0])
    return Estimate(days_found, min(float(low), days_found), max(float(high), days_found), total)


def fitted(due: FloatArray, kept: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Best half-life and its gain, each (replicates,), for (replicates, days) counts; gain 0 where flat is best."""
    shape = np.exp2(-np.arange(due.shape[1])[:, None] / _LIVES)  # (days, lives)
    n, sy = due.sum(axis=1, keepdims=True), kept.sum(axis=1, keepdims=True)
    sx, sxx, sxy = due @ shape, due @ np.square(shape), kept @ shape
    about = np.maximum(sxx - sx * sx / n, 1e-12)
    joint = sxy - sx * sy / n
    won = np.where(joint > 0, joint * joint / about, 0.0)  # how much of the squares each half-life explains
    best = np.argmax(won, axis=1)
    rows = np.arange(due.shape[0])
    gain: FloatArray = np.maximum(0.0, joint[rows, best] / about[rows, best])
    return _LIVES[best], gain


def _own_share(items: IntArray, n: FloatArray, y: FloatArray) -> FloatArray:
    """(rows,): the share kept of each row's item."""
    _, code = np.unique(items, return_inverse=True)
    code = code.ravel()
    share: FloatArray = np.bincount(code, weights=y) / np.maximum(np.bincount(code, weights=n), 1)
    return share[code]


def _tables(groups: IntArray, days: IntArray, n: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    _, unit = np.unique(groups, return_inverse=True)
    tables = np.zeros((2, int(unit.max()) + 1, FARTHEST + 1))
    np.add.at(tables[0], (unit.ravel(), days), n)
    np.add.at(tables[1], (unit.ravel(), days), y)
    return tables[0], tables[1]
