"""Curves over time since a start, where some deals are still open: Kaplan-Meier and Aalen-Johansen.

Both take delayed entry (a deal seen only from some day of its life on). Method page: docs/methods/movement.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from headway.conformance.arrays import (
    FloatArray,
    IntArray,
    code_column,
    float_column,
    frozen,
    frozen_counts,
)
from headway.conformance.estimate import LEVEL, Estimate

STILL_OPEN = 0
"""The code of a deal that had not ended when it was last seen (censored)."""


@dataclass(frozen=True, slots=True, eq=False)
class CurveResult:
    """A right-continuous step function of days, with pointwise intervals. Arrays are read-only, shape (m,).

    times_days: 0 and each day on which a deal ended; value, low, high: the curve from that day on, 0 to 1;
    at_risk: deals seen and not yet ended just before that day; events: ends counted by this curve on that day;
    n: deals behind the curve; followed_days: the longest time any deal was seen, beyond which nothing is known
    unless no deal was left.
    """

    times_days: FloatArray
    value: FloatArray
    low: FloatArray
    high: FloatArray
    at_risk: IntArray
    events: IntArray
    n: int
    followed_days: float

    def at(self, days: float) -> Estimate:
        """The curve at `days` >= 0."""
        place = int(np.searchsorted(self.times_days, days, side="right")) - 1
        if place < 0:
            raise ValueError(f"a curve starts at day 0, so it has no value at day {days}")
        return Estimate(float(self.value[place]), float(self.low[place]), float(self.high[place]), self.n)


@dataclass(frozen=True, slots=True)
class TimeToShare:
    """Days until a curve reaches a share, with interval; None where it is not reached in the time seen."""

    days: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    times: FloatArray  # (m,)
    at_risk: IntArray  # (m,)
    ends: IntArray  # (m,) ends of any kind
    counted: IntArray  # (m,) ends of the kinds asked for
    followed: IntArray  # (m,) deals still seen just after that time, or ended at it
    n: int
    followed_days: float


def kaplan_meier(
    days: npt.ArrayLike,
    outcome_codes: npt.ArrayLike,
    *,
    entry_days: npt.ArrayLike | None = None,
    also_at_days: Sequence[float] = (),
    level: float = LEVEL,
) -> CurveResult:
    """Share of deals not yet ended, whatever the end: Kaplan and Meier (1958).

    days: (n,) from the start to the end, or to when last seen; outcome_codes: (n,) 0 = still open, else any
    end; entry_days: (n,) day of its life from which each deal was seen (default 0); a deal counts as at risk
    strictly after it; also_at_days: days at which the curve gets a row although no deal ended. Interval:
    Greenwood on the log(-log) scale. Where the share is exactly 1 or 0 that scale
    has no width, so the exact binomial bound on the deals at risk stands in.
    """
    counts = _counts(days, outcome_codes, None, entry_days, also_at_days)
    value = _survival(counts)
    a = _greenwood_terms(counts)
    low, high = _loglog_bounds(value, np.sqrt(np.cumsum(a)), level)
    low, high = _edge_bounds(value, low, high, counts, level)
    return _curve(counts, value, low, high)


def cumulative_incidence(
    days: npt.ArrayLike,
    outcome_codes: npt.ArrayLike,
    kinds: Sequence[int],
    *,
    entry_days: npt.ArrayLike | None = None,
    also_at_days: Sequence[float] = (),
    level: float = LEVEL,
) -> CurveResult:
    """Share of deals that have ended in one of `kinds`, other ends competing: Aalen and Johansen (1978).

    Arguments as in `kaplan_meier`; kinds: codes > 0, taken together as one end. Interval: delta-method variance
    (Marubini and Valsecchi 1995, chapter 10) on the log(-log(1 - value)) scale, so that with no competing end
    value and interval are exactly those of 1 - Kaplan-Meier.
    """
    counts = _counts(days, outcome_codes, kinds, entry_days, also_at_days)
    survival = _survival(counts)
    before = np.concatenate(([1.0], survival[:-1]))
    risk = np.maximum(counts.at_risk, 1).astype(np.float64)
    counted = counts.counted.astype(np.float64)
    value = np.clip(np.cumsum(before * counted / risk), 0.0, 1.0)
    value[value > 1.0 - 1e-12] = 1.0  # a sum of shares misses 1 by rounding, and 1 is treated apart below
    a = _greenwood_terms(counts)
    b = before**2 * counted * (risk - counted) / risk**3
    c = before * counted / risk**2
    # Sums of (value[t] - value[j])^2 a[j] and of (value[t] - value[j]) c[j] over j <= t, expanded so that one
    # pass does for all t.
    squares = value**2 * np.cumsum(a) - 2 * value * np.cumsum(a * value) + np.cumsum(a * value**2)
    crossed = value * np.cumsum(c) - np.cumsum(c * value)
    variance = np.maximum(squares + np.cumsum(b) - 2 * crossed, 0.0)
    rest = 1.0 - value
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(rest > 0, np.sqrt(variance) / rest, 0.0)
    rest_low, rest_high = _loglog_bounds(rest, relative, level)
    rest_low, rest_high = _edge_bounds(rest, rest_low, rest_high, counts, level)
    return _curve(counts, value, 1.0 - rest_high, 1.0 - rest_low)


def time_to_share(curve: CurveResult, reached: float, *, falling: bool = False) -> TimeToShare:
    """First day on which `curve` is at or above `reached` (at or below, where it is `falling`).

    Interval: the days on which the pointwise band reaches it (Brookmeyer and Crowley 1982).
    """
    sides = (curve.value, curve.low, curve.high) if falling else (curve.value, curve.high, curve.low)
    found: list[float | None] = []
    for side in sides:
        hit = side <= reached + 1e-12 if falling else side >= reached - 1e-12
        found.append(float(curve.times_days[int(np.argmax(hit))]) if hit.any() else None)
    return TimeToShare(found[0], found[1], found[2], curve.n)


def _counts(
    days: npt.ArrayLike,
    outcome_codes: npt.ArrayLike,
    kinds: Sequence[int] | None,
    entry_days: npt.ArrayLike | None,
    also_at_days: Sequence[float],
) -> _Counts:
    exits = float_column("days", days)
    codes = code_column("outcome_codes", outcome_codes, length=exits.size)
    if kinds is not None and (len(kinds) == 0 or any(kind <= STILL_OPEN for kind in kinds)):
        raise ValueError("kinds must name at least one code, each above 0 (0 is a deal still open)")
    if entry_days is None:
        entries = np.zeros(exits.size)
    else:
        entries = float_column("entry_days", entry_days, length=exits.size)
        if (entries > exits).any():
            raise ValueError("entry_days holds days after the last day on which the deal was seen")
    seen = (exits > entries) | (entries == 0)  # a deal that ended as it came into sight was never at risk
    exits, codes, entries = exits[seen], codes[seen], entries[seen]
    ended = codes != STILL_OPEN
    extra = float_column("also_at_days", np.asarray(also_at_days, dtype=np.float64))
    times = np.unique(np.concatenate(([0.0], extra, exits[ended])))
    chosen = ended if kinds is None else np.isin(codes, np.asarray(kinds))
    late = np.sort(entries[entries > 0])
    by_exit = np.sort(exits)
    at_risk = (exits.size - np.searchsorted(by_exit, times)) - (late.size - np.searchsorted(late, times))
    left = exits.size - np.searchsorted(by_exit, times, side="right")
    place = np.searchsorted(times, exits)
    ends = np.bincount(place[ended], minlength=times.size)
    return _Counts(
        times=times,
        at_risk=at_risk.astype(np.int64),
        ends=ends,
        counted=np.bincount(place[chosen], minlength=times.size),
        followed=np.minimum(at_risk, left + ends).astype(np.int64),
        n=int(exits.size),
        followed_days=float(by_exit[-1]) if by_exit.size else 0.0,
    )


def _survival(counts: _Counts) -> FloatArray:
    risk = np.maximum(counts.at_risk, 1)
    return np.cumprod((risk - counts.ends) / risk, dtype=np.float64)


def _greenwood_terms(counts: _Counts) -> FloatArray:
    risk = np.maximum(counts.at_risk, 1).astype(np.float64)
    left = risk - counts.ends
    # Where none is left the curve stays as it is for ever, and every use of the term is multiplied by 0.
    terms = np.zeros(risk.size)
    some = left > 0
    terms[some] = counts.ends[some] / (risk[some] * left[some])
    return terms


def _loglog_bounds(share: FloatArray, relative_error: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Bounds of `share` (m,) from its standard error over itself, on the scale log(-log(share))."""
    z = float(ndtri(0.5 + level / 2))
    inside = (share > 0) & (share < 1)
    low, high = share.copy(), share.copy()
    minus_log = -np.log(share[inside])
    spread = np.exp(np.minimum(z * relative_error[inside] / minus_log, 700.0))
    low[inside] = np.exp(-minus_log * spread)
    high[inside] = np.exp(-minus_log / spread)
    return low, high


def _edge_bounds(
    share: FloatArray, low: FloatArray, high: FloatArray, counts: _Counts, level: float
) -> tuple[FloatArray, FloatArray]:
    """Bounds where `share` is exactly 1 or 0, from the chance that all or none of the deals at risk show it."""
    tail = (1 - level) / 2
    untouched = share >= 1.0
    low = np.where(untouched, tail ** (1.0 / np.maximum(counts.followed, 1)), low)
    low = np.where(untouched & (counts.followed == 0), 0.0, low)
    gone = share <= 0.0
    if gone.any():
        last = int(np.argmax(gone))
        earlier = float(high[last - 1]) if last else 1.0
        bound = earlier * (1.0 - tail ** (1.0 / max(int(counts.at_risk[last]), 1)))
        high = np.where(gone, bound, high)
    return low, high


def _curve(counts: _Counts, value: FloatArray, low: FloatArray, high: FloatArray) -> CurveResult:
    return CurveResult(
        times_days=frozen(counts.times),
        value=frozen(value),
        low=frozen(np.clip(low, 0.0, value)),
        high=frozen(np.clip(high, value, 1.0)),
        at_risk=frozen_counts(counts.at_risk),
        events=frozen_counts(counts.counted),
        n=counts.n,
        followed_days=counts.followed_days,
    )
