"""The common shock: how far a whole sum errs beyond what deals that know nothing of each other explain.

A bad quarter, a hiring freeze, a season: they push many deals at once, and no model of single deals knows them. So
past weeks are asked how far the sum was off. Method page: docs/methods/forecast-totals.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import stdtrit

from headway.conformance.arrays import FloatArray

PRIOR_SD = 0.15
PRIOR_ORIGINS = 3.0
LEAST_FREEDOM = 8.0
SMALLEST, LARGEST = 0.001, 3.0
MOST_OFF = 10.0  # an origin further off tells no more: next to nothing was expected
STRATA = 64


@dataclass(frozen=True, slots=True)
class Shock:
    """`sd`: how far the sum is pushed, as a share of what is expected. It rests on `origins` past ones and the prior.

    `origins` may be fractional, where neighbouring ones overlap; 0: nothing is known yet but the prior.
    """

    sd: float
    origins: float = 0.0

    @classmethod
    def prior(cls) -> Shock:
        """What is assumed of a team without a past: 15 % of the sum, worth 3 origins."""
        return cls(PRIOR_SD)

    @classmethod
    def none(cls) -> Shock:
        """Deals taken as independent: far too sure, and shown only to say how much."""
        return cls(0.0)

    def draws(self) -> FloatArray:
        """(64,) equally likely pushes, the middle of each 64th: Student's t, since `sd` itself is not quite known.

        With 8 + `origins` degrees of freedom: a little wider than normal. The prior's 3 would be exact for it, and held
        up to 95 % where 80 % was stated, on the weeks of the loan log that were there to tune on.
        """
        middles = (np.arange(STRATA) + 0.5) / STRATA
        drawn: FloatArray = self.sd * np.asarray(stdtrit(LEAST_FREEDOM + self.origins, middles), dtype=np.float64)
        return drawn


def shock_of(actual: npt.ArrayLike, mean: npt.ArrayLike, variance: npt.ArrayLike, *, each: float = 1.0) -> Shock:
    """The common shock that a team's past origins show; all (m,), without what was booked by then.

    `actual`: the sum won; `mean`: what was expected of it; `variance`: of the sum if deals were independent
    (`rollup.moments_of`). Origins where nothing was expected, or anything is not known, are left out. `each`: how much
    of an origin of its own each one is: weekly ones with a horizon of 30 days overlap, so 7 / 30.

    The relative error of an origin is normal around 0 with variance `variance / mean² + sd²`; `sd` is the likeliest
    value (a maximum a posteriori estimate on the scale of its logarithm), the prior counting as 3 origins that were
    15 % off. A steady bias of the forecast counts as shock too: it makes the sum as wrong.
    """
    columns = [np.asarray(one, dtype=np.float64) for one in (actual, mean, variance)]
    if columns[0].ndim != 1 or len({one.shape for one in columns}) > 1 or not 0 < each <= 1:
        raise ValueError("a shock needs equally long columns, and each in (0, 1]")
    squared, by_chance = _relative(*columns)
    if not squared.size:
        return Shock.prior()

    def unlikely(log_sd: float) -> float:
        spread = np.exp(2 * log_sd)
        prior = PRIOR_ORIGINS * (log_sd + PRIOR_SD**2 / (2 * spread))
        total = by_chance + spread
        return float(prior + each * np.sum(np.log(total) / 2 + squared / (2 * total)))

    steps = np.linspace(np.log(SMALLEST), np.log(LARGEST), 41)  # more than one hollow is possible: look everywhere
    place = int(np.argmin([unlikely(step) for step in steps]))
    around = (steps[max(place - 1, 0)], steps[min(place + 1, steps.size - 1)])
    best = minimize_scalar(unlikely, bounds=around, method="bounded", options={"xatol": 1e-6})
    return Shock(float(np.exp(best.x)), each * squared.size)


def _relative(actual: FloatArray, mean: FloatArray, variance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Squared relative errors and what chance alone explains of them, of the origins that tell something."""
    usable = np.isfinite(actual) & np.isfinite(mean) & np.isfinite(variance) & (mean > 0) & (variance >= 0)
    won, expected, alone = actual[usable], mean[usable], variance[usable]
    with np.errstate(over="ignore"):
        off = np.minimum(np.abs(won / expected - 1), MOST_OFF)
        by_chance = np.square(np.sqrt(alone) / expected)
    known = np.isfinite(by_chance)
    return np.square(off[known]), by_chance[known]
