"""The difference of two shares, with an interval that may be looked at every week: all its looks hold together.

Usual intervals hold for one look. Looked at every week, they would find a difference that is not there in 21 to 31 of
100 trials (docs/methods/trials.md). This is a confidence sequence: with the chance of its level the truth lies in every
interval of a trial, however long it runs and whenever somebody stops. Robbins' normal mixture (Annals of Mathematical
Statistics 41 (1970), 1397) in the form of Howard and others (Annals of Statistics 49 (2021), 1055, equation 14), with
estimated variances as in Waudby-Smith and others (Annals of Statistics 52 (2024), 2613).

Differences are shares: of the second arm minus the first. Information is 1 / variance of the estimated difference.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import BoolArray, FloatArray

SHOWN, STOPPING = (
    0.10,
    0.05,
)  # chance that an interval misses the truth: the one shown, the one that stops for a benefit
FEWEST_DEALS = 12  # in each arm: below that the normal approximation has no ground
FEWEST_OUTCOMES = 6  # won, and not won, in both arms together
TIGHTEST = 2.0  # the sequence is tuned to be tightest where its estimate has a standard error of margin / this


class Sequence(NamedTuple):
    """One interval or an array of them; NaN where there are too few deals to say anything."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


def difference(
    won: npt.ArrayLike, of: npt.ArrayLike, won_other: npt.ArrayLike, of_other: npt.ArrayLike, *, miss: float,
    margin: float,
) -> Sequence:  # fmt: skip
    """The share won of the other arm minus that of the first, with the interval of a confidence sequence.

    Counts of any one shape; `miss`: chance that any of a trial's intervals misses; `margin` tunes where it is tightest.
    """
    x0, n0, x1, n1 = (np.asarray(counts, dtype=np.float64) for counts in (won, of, won_other, of_other))
    known = enough(x0, n0, x1, n1)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(known, x1 / n1 - x0 / n0, np.nan)
        half = half_width(1 / _variance(x0, n0, x1, n1), miss=miss, precision=precision(miss, margin))
    return Sequence(value, np.maximum(value - half, -1.0), np.minimum(value + half, 1.0))


def enough(x0: FloatArray, n0: FloatArray, x1: FloatArray, n1: FloatArray) -> BoolArray:
    """Whether there are deals enough for any interval."""
    won, lost = x0 + x1, n0 + n1 - x0 - x1
    found: BoolArray = (np.minimum(n0, n1) >= FEWEST_DEALS) & (np.minimum(won, lost) >= FEWEST_OUTCOMES)
    return found


def half_width(information: npt.ArrayLike, *, miss: float, precision: float) -> FloatArray:
    """Half of the interval's width once so much is known; `precision`: of the mixture, settles where it is tightest."""
    known = np.asarray(information, dtype=np.float64)
    half: FloatArray = np.sqrt((known + precision) * np.log((known + precision) / (precision * miss**2))) / known
    return half


def precision(miss: float, margin: float) -> float:
    """The mixture's precision; Howard and others give the one that is tightest at a chosen information."""
    tightest = (TIGHTEST / margin) ** 2
    log_miss = -2 * float(np.log(miss))
    return tightest / (log_miss + float(np.log(log_miss)) + 1)


def running(interval: Sequence) -> Sequence:
    """Along the last axis, what all looks so far leave over: they hold together, so the truth lies in every one.

    Where nothing is left over (which happens in at most the share of trials that may miss), it stays as it was.
    """
    low = np.fmax.accumulate(interval.low, axis=-1)
    high = np.fmin.accumulate(interval.high, axis=-1)
    crossed = np.maximum.accumulate(low > high, axis=-1)
    if crossed.any():
        last = np.maximum.accumulate(np.where(crossed, 0, np.arange(low.shape[-1])), axis=-1)
        low, high = (np.take_along_axis(bound, last, axis=-1) for bound in (low, high))
    return Sequence(interval.value, low, high)


def deals_until(effect: float, won: float, *, margin: float, most: int = 5_000) -> int | None:
    """About how many deals in all, half in each arm, until a trial says something, if the truth is `effect`.

    `won`: the share won. The first of: the interval that stops leaves out no difference; the one shown lies within the
    margin. In half of trials it takes longer. None where it takes more than `most`.
    """
    share = min(max(won, 0.02), 0.98)
    deals = np.arange(2 * FEWEST_DEALS, most + 1, dtype=np.float64)
    information = deals / (4 * share * (1 - share))
    apart = half_width(information, miss=STOPPING, precision=precision(STOPPING, margin)) < abs(effect)
    alike = half_width(information, miss=SHOWN, precision=precision(SHOWN, margin)) < margin - abs(effect)
    found = np.flatnonzero(apart | alike)
    return int(deals[found[0]]) if found.size else None


def _variance(x0: FloatArray, n0: FloatArray, x1: FloatArray, n1: FloatArray) -> FloatArray:
    """Of the difference. One win and one loss are added to each arm: an arm without a win does not claim certainty."""
    p0, p1 = (x0 + 1) / (n0 + 2), (x1 + 1) / (n1 + 2)
    variance: FloatArray = p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1
    return variance
