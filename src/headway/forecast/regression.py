"""A ridge regression on weekly landmarks: how past deals like this one ended within 30, 60 and 90 days.

A *landmark* is a deal as it was known at the end of a past day; it counts for a horizon once the whole horizon has
passed, so that no deal is left out because it is still open (van Houwelingen 2007). One multinomial logistic regression
per horizon (won, lost, no decision, still open), all columns on one scale, penalty 1 / (2 C) times the squared
coefficients. Intervals: Laplace's normal approximation around the fit, in which the landmarks of one deal count as one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from headway.conformance.arrays import BoolArray, FloatArray
from headway.forecast.design import Design, design_of
from headway.forecast.snapshots import OPEN, WON, KnownAt, Snapshots
from headway.forecast.value import LEVEL, Weight

ANCHORS = (30, 60, 90)
PENALTY_C = 0.03
FEWEST_LANDMARKS = 40
FEWEST_DEALS = 20
MOST_LANDMARKS = 30_000
MOST_LANDMARKS_BEFORE = 20_000  # of a past day: many are fitted, and so many tell as much
SEED = 0
LEVELLINGS = 10  # each leaves less than half of what is missing
KINDS = 4  # won, lost, no decision, open


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """One horizon. `beta` (4, p + 1), the constant last; `cov` (4, 4, p + 1, p + 1) its normal approximation.

    `middle` (4,): shares of the landmarks; kinds that never happened have chance nought (`there` false).
    """

    days: int
    beta: FloatArray
    cov: FloatArray
    there: BoolArray
    landmarks: int
    deals: int


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """One design and one fit per horizon that has passed often enough, in order."""

    design: Design
    fits: tuple[Fit, ...]


def regression_of(known: KnownAt, *, spread: bool = True) -> Regression | None:
    """What past landmarks tell; None where no horizon has passed for enough of them. spread: how sure, too."""
    from threadpoolctl import threadpool_limits

    weekly = _canonical(known.weekly)
    passed = [weekly.take(weekly.day + days <= known.day) for days in ANCHORS]
    if not _enough(passed[0]):
        return None
    most = MOST_LANDMARKS if spread else MOST_LANDMARKS_BEFORE
    rows = _some(passed[0], most)
    design = design_of(rows, known.stages, (known.owners, known.segments), known.kinds)
    with threadpool_limits(1):  # for tables this small, threads wait for each other instead
        fits = [
            _fit(design, _some(one, most), days, spread)
            for one, days in zip(passed, ANCHORS, strict=True)
            if _enough(one)
        ]
    found = tuple(fit for fit in fits if fit is not None)
    return Regression(design, found) if found else None


def chances_of(fit: Fit, matrix: FloatArray) -> FloatArray:
    """Chances (n, 3) to be won, lost, ended in no decision within the horizon."""
    return _softmax(matrix, fit.beta, fit.there)[:, :3]


def spread_of(fit: Fit, matrix: FloatArray) -> FloatArray:
    """Standard deviation (n, 3) of the log-odds of `chances_of`, by the delta method."""
    chances = _softmax(matrix, fit.beta, fit.there)
    wide = _with_constant(matrix)
    square = np.zeros((KINDS, KINDS, len(wide)))
    for one in range(KINDS):
        for other in range(one, KINDS):
            square[one, other] = square[other, one] = np.einsum("np,np->n", wide @ fit.cov[one, other], wide)
    spread = np.zeros((len(wide), 3))
    for kind in range(3):
        slope = slope_of(chances, kind)
        spread[:, kind] = np.sqrt(np.maximum(np.einsum("nj,jkn,nk->n", slope, square, slope), 0.0))
    return spread


def slope_of(chances: FloatArray, kind: int) -> FloatArray:
    """How the log-odds (n,) of a kind change with each of the four linear predictors (n, 4)."""
    slope = -chances / np.maximum(1 - chances[:, kind], 1e-9)[:, None]
    slope[:, kind] = 1.0
    return slope


def levelled(found: Regression, rows: Snapshots, chances: FloatArray) -> Regression:
    """The same fits with other constants: over `rows` their chances are on average those of `chances` (n, a, 3).

    Landmarks whose horizon has passed are old; how often deals end may have changed since. Ranking is left as it was.
    """
    if not len(rows):
        return found
    matrix = found.design.matrix(rows)
    fits = []
    for place, fit in enumerate(found.fits):
        goal = np.append(chances[:, place].mean(axis=0), 0.0)
        goal[-1] = 1.0 - goal.sum()
        beta = fit.beta.copy()
        for _ in range(LEVELLINGS):
            mean = _softmax(matrix, beta, fit.there).mean(axis=0)
            usable = fit.there & (goal > 0) & (mean > 0)
            beta[usable, -1] += np.log(goal[usable] / mean[usable])
        fits.append(replace(fit, beta=beta))
    return replace(found, fits=tuple(fits))


def weights(found: Regression) -> tuple[Weight, ...]:
    """What one step of each column does to the odds of being won within the first horizon, the strongest first.

    At the usual deal: the mean of every column, 1 minus its chance held by the other ways of ending as they are there.
    """
    fit = found.fits[0]
    columns = found.design.columns
    chances = _softmax(np.zeros((1, len(columns))), fit.beta, fit.there)
    slope = slope_of(chances, WON)[0]
    reach = float(ndtri(0.5 + LEVEL / 2))
    said = []
    for place, column in enumerate(columns):
        step = column.step / found.design.scale[place]
        middle = step * float(slope @ fit.beta[:, place])
        error = reach * step * float(np.sqrt(max(slope @ fit.cov[:, :, place, place] @ slope, 0.0)))
        factors = (float(np.exp(value)) for value in (middle, middle - error, middle + error))
        said.append(Weight(column.name, column.unit, *factors))
    return tuple(sorted(said, key=lambda one: (-abs(np.log(one.factor)), one.name)))


def _fit(design: Design, rows: Snapshots, days: int, spread: bool) -> Fit | None:
    from sklearn.linear_model import LogisticRegression  # slow to import

    ended = rows.ended_within(days)
    kind = np.where(ended == OPEN, KINDS - 1, ended)
    there = np.bincount(kind, minlength=KINDS) > 0
    if there.sum() < 2:
        return None
    matrix = design.matrix(rows)
    model: Any = LogisticRegression(C=PENALTY_C, max_iter=300)
    model.fit(matrix, kind)
    beta = np.zeros((KINDS, matrix.shape[1] + 1))
    found = np.column_stack([model.coef_, model.intercept_])
    if len(found) == 1:  # two kinds only: one line of coefficients, shared between both
        found = np.concatenate([-found / 2, found / 2])
    beta[there] = found
    deals = int(np.unique(rows.deal).size)
    none = np.zeros((KINDS, KINDS, 0, 0))
    cov = _covariance(matrix, deals / len(rows), beta, there) if spread else none
    return Fit(days, beta, cov, there, len(rows), deals)


def _covariance(matrix: FloatArray, weight: float, beta: FloatArray, there: BoolArray) -> FloatArray:
    """Inverse of the penalised curvature, (4, 4, p + 1, p + 1), where each landmark counts as `weight` of one."""
    wide = _with_constant(matrix)
    chances = _softmax(matrix, beta, there)
    size = wide.shape[1]
    curve = np.zeros((KINDS, size, KINDS, size))
    for one in range(KINDS):
        for other in range(one, KINDS):
            part = chances[:, one] * ((one == other) - chances[:, other]) * weight
            curve[one, :, other] = curve[other, :, one] = (wide * part[:, None]).T @ wide
    flat = curve.reshape(KINDS * size, KINDS * size)
    ridge = np.full(size, 1.0 / PENALTY_C)
    ridge[-1] = 1e-3  # the constants are free; only their differences matter
    flat[np.diag_indices_from(flat)] += np.tile(ridge, KINDS)
    cov = np.asarray(np.linalg.inv(flat), dtype=np.float64)
    return cov.reshape(KINDS, size, KINDS, size).transpose(0, 2, 1, 3)


def _softmax(matrix: FloatArray, beta: FloatArray, there: BoolArray) -> FloatArray:
    line = matrix @ beta[:, :-1].T + beta[:, -1]
    line = np.where(there, line, -np.inf)
    raised = np.exp(line - line.max(axis=1, keepdims=True))
    found: FloatArray = raised / raised.sum(axis=1, keepdims=True)
    return found


def _with_constant(matrix: FloatArray) -> FloatArray:
    return np.column_stack([matrix, np.ones(len(matrix))])


def _canonical(rows: Snapshots) -> Snapshots:
    """In one order, whatever order they came in."""
    return rows.take(np.lexsort((rows.day, rows.spell, rows.deal)))


def _enough(rows: Snapshots) -> bool:
    return len(rows) >= FEWEST_LANDMARKS and np.unique(rows.deal).size >= FEWEST_DEALS


def _some(rows: Snapshots, most: int) -> Snapshots:
    """At most so many of them, drawn by a fixed seed."""
    if len(rows) <= most:
        return rows
    drawn = np.random.default_rng(SEED).choice(len(rows), most, replace=False)
    return rows.take(np.sort(drawn))
