"""The slope of a weekly share: how many points it gains or loses per quarter.

Method page: docs/methods/fade.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, stdtrit

from headway.conformance.arrays import FloatArray, IntArray
from headway.conformance.estimate import LEVEL, Unknown

MIN_WEEKS = 8
WEEKS_PER_QUARTER = 13


@dataclass(frozen=True, slots=True)
class Trend:
    """per_quarter: change of the share per 13 weeks, averaged over the weeks seen (-0.05 = five points down).

    n: things that could have been done; weeks: weeks with any; overdispersion: how many times more the weeks vary
    than chance alone would have it (1 = no more), by which the interval is widened.
    """

    per_quarter: float
    low: float
    high: float
    n: int
    weeks: int
    overdispersion: float


@dataclass(frozen=True, slots=True, eq=False)
class LogisticLine:
    """A fitted line on the logit scale: coefficients (2,), their covariance (2, 2), and fitted shares (weeks,)."""

    coefficients: FloatArray
    covariance: FloatArray
    fitted: FloatArray


def trend(done: IntArray, possible: IntArray, *, level: float = LEVEL) -> Trend | Unknown:
    """Slope of done / possible over consecutive weeks; both (weeks,), weeks with nothing possible are skipped.

    Logistic regression on the week with Firth's (1993) penalty, so that it stays finite where all or nothing was
    done; quasi-binomial standard errors (McCullagh and Nelder 1989, 4.5), delta method, t quantile.
    """
    weeks = np.flatnonzero(possible > 0)
    if weeks.size < MIN_WEEKS:
        return Unknown(
            f"a trend needs {MIN_WEEKS} weeks in which something was due, here are {weeks.size}",
            int(weeks.size),
            MIN_WEEKS,
        )
    y, m = done[weeks].astype(np.float64), possible[weeks].astype(np.float64)
    span = float(weeks[-1] - weeks[0])
    at = (weeks - weeks[0]) / span
    line = logistic_line(at, y, m)
    spread = overdispersion(y, m, line.fitted, parameters=2)
    first, last = float(line.fitted[0]), float(line.fitted[-1])
    gradient = np.array([last * (1 - last) - first * (1 - first), last * (1 - last)])
    error = math.sqrt(max(0.0, spread * float(gradient @ line.covariance @ gradient)))
    reach = float(stdtrit(weeks.size - 2, 0.5 + level / 2)) * error
    quarters = span / WEEKS_PER_QUARTER
    change = last - first
    return Trend(
        per_quarter=change / quarters,
        low=(change - reach) / quarters,
        high=(change + reach) / quarters,
        n=int(m.sum()),
        weeks=int(weeks.size),
        overdispersion=spread,
    )


def logistic_line(at: FloatArray, done: FloatArray, possible: FloatArray) -> LogisticLine:
    """Firth-penalised logistic line through done / possible at `at`, all (weeks,), at least two different `at`."""
    design = np.column_stack([np.ones(at.size), at])
    coefficients = np.zeros(2)
    best = _penalised(design, coefficients, done, possible)
    for _ in range(100):
        fitted = expit(design @ coefficients)
        weight = possible * fitted * (1 - fitted)
        covariance = np.linalg.inv(design.T @ (weight[:, None] * design))
        leverage = weight * np.einsum("ij,jk,ik->i", design, covariance, design)
        score = design.T @ (done - possible * fitted + leverage * (0.5 - fitted))
        step = covariance @ score
        for _ in range(30):  # halving keeps each step uphill
            attempt = _penalised(design, coefficients + step, done, possible)
            if attempt >= best - 1e-12:
                break
            step = step / 2
        coefficients, best = coefficients + step, attempt
        if float(np.abs(step).max()) < 1e-9:
            break
    fitted = expit(design @ coefficients)
    weight = possible * fitted * (1 - fitted)
    covariance = np.linalg.inv(design.T @ (weight[:, None] * design))
    return LogisticLine(coefficients, np.asarray(covariance, dtype=np.float64), fitted)


def overdispersion(done: FloatArray, possible: FloatArray, fitted: FloatArray, *, parameters: int) -> float:
    """Pearson's statistic over its degrees of freedom, at least 1."""
    expected = possible * fitted * (1 - fitted)
    some = expected > 0
    statistic = float((np.square(done - possible * fitted)[some] / expected[some]).sum())
    return max(1.0, statistic / max(1, done.size - parameters))


def _penalised(design: FloatArray, coefficients: FloatArray, done: FloatArray, possible: FloatArray) -> float:
    linear = np.clip(design @ coefficients, -500, 500)
    fitted = expit(linear)
    likelihood = float((done * linear - possible * np.logaddexp(0, linear)).sum())
    information = design.T @ ((possible * fitted * (1 - fitted))[:, None] * design)
    sign, logarithm = np.linalg.slogdet(information)
    return likelihood + 0.5 * float(logarithm) if sign > 0 else -math.inf
