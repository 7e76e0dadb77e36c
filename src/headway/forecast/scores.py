"""How good chances were, once it is known what became of the deals; and how sure one method is better than another.

Rows are forecasts: one deal at one origin (a past week that is forecast again). The same deal stands in several origins
and the deals of one origin share its luck, so rows are not independent: intervals of differences draw origins and deals
again, not rows. Method page: docs/methods/forecast.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.conformance.shares import share
from headway.forecast.value import CalibrationBin
from headway.verdict.value import Interval

BINS = 10
SUREST = 1e-4
"""No chance is scored as surer than this: one certain forecast that fails would make the log loss infinite."""
DRAWS = 2000
AT_ONCE = 4_000_000  # weights held at a time while drawing again
Over = Literal["origins", "deals", "both"]


def brier_losses(chance: FloatArray, happened: BoolArray) -> FloatArray:
    """(n,): squared distance of each chance from what happened (Brier 1950)."""
    found: FloatArray = (chance - happened) ** 2
    return found


def log_losses(chance: FloatArray, happened: BoolArray) -> FloatArray:
    """(n,): minus the logarithm of the chance given to what happened; chances are kept `SUREST` from 0 and 1."""
    kept = np.clip(chance, SUREST, 1 - SUREST)
    found: FloatArray = -np.log(np.where(happened, kept, 1 - kept))
    return found


def brier(chance: FloatArray, happened: BoolArray) -> float:
    """Mean squared distance; NaN without rows."""
    return _mean(brier_losses(chance, happened))


def log_loss(chance: FloatArray, happened: BoolArray) -> float:
    """Mean log loss in nats; NaN without rows."""
    return _mean(log_losses(chance, happened))


def calibration_error(chance: FloatArray, happened: BoolArray, *, bins: int = BINS) -> float:
    """Distance between said and seen, mean over equally wide bins weighted by their rows (Naeini et al. 2015)."""
    if chance.size == 0:
        return float("nan")
    place = _bins(chance, bins)
    apart = np.bincount(place, weights=chance - happened, minlength=bins)
    return float(np.abs(apart).sum() / chance.size)


def calibration_bins(
    chance: FloatArray, happened: BoolArray, deal: IntArray, *, bins: int = BINS
) -> tuple[CalibrationBin, ...]:
    """What was said and seen in each of `bins` equally wide bins that hold any row, the lowest first.

    The Wilson interval counts deals, not rows: a deal in the bin at five origins tells once.
    """
    place = _bins(chance, bins)
    found = []
    for one in np.unique(place):
        inside = place == one
        seen, deals = float(happened[inside].mean()), int(np.unique(deal[inside]).size)
        wilson = share(round(seen * deals), deals)
        won = Interval(seen, min(wilson.low, seen), max(wilson.high, seen), deals)
        found.append(CalibrationBin(float(chance[inside].mean()), won))
    return tuple(found)


def ranking(chance: FloatArray, happened: BoolArray, origin: IntArray | None = None) -> float | None:
    """The chance that of two deals of one origin the one for which it happened was rated higher; ties count half.

    The area under the ROC curve (Mann and Whitney 1947), pairs within origins only, so that a week in which more is
    won does not count as a good ranking. None where no origin has both.
    """
    right = pairs = 0.0
    for rows in _by_origin(origin, chance.size):
        won, values = happened[rows], chance[rows]
        wins = int(won.sum())
        if 0 < wins < won.size:
            right += float(_ranks(values)[won].sum()) - wins * (wins + 1) / 2
            pairs += wins * (won.size - wins)
    return right / pairs if pairs else None


def time_ranking(
    expected_days: FloatArray, days: FloatArray, decided: BoolArray, origin: IntArray | None = None
) -> float | None:
    """Concordance of Harrell (1982): of two deals, was the one decided first expected first? Within origins.

    days: until decided, or for how long it is known not to have been; a pair counts where the shorter one was decided.
    Ties in what was expected count half. None where no pair counts.
    """
    right = pairs = 0.0
    for rows in _by_origin(origin, days.size):
        said, seen, ended = expected_days[rows], days[rows], decided[rows]
        for first in np.flatnonzero(ended):
            later = (seen > seen[first]) | ((seen == seen[first]) & ~ended)
            pairs += float(later.sum())
            right += float((said[later] > said[first]).sum()) + 0.5 * float((said[later] == said[first]).sum())
    return right / pairs if pairs else None


@dataclass(frozen=True, slots=True)
class Bookings:
    """Sums of amounts won, forecast against true: `bias` over all origins, `error` the mean of absolute ones per
    origin, both as shares of what was won; None where nothing was. `relative`: mean of the origins' own shares."""

    bias: float | None
    error: float | None
    relative: float | None


def bookings(forecast: FloatArray, actual: FloatArray) -> Bookings:
    """Of totals per origin, both (origins,)."""
    won = float(actual.sum())
    if won <= 0:
        return Bookings(None, None, None)
    some = actual > 0
    return Bookings(
        bias=float(forecast.sum()) / won - 1,
        error=float(np.abs(forecast - actual).sum()) / won,
        relative=float(np.abs(forecast[some] / actual[some] - 1).mean()),
    )


def totals(values: FloatArray, origin: IntArray, origins: int) -> FloatArray:
    """(origins,): the sum of `values` at each; NaN counts as nothing."""
    return np.bincount(origin, weights=np.nan_to_num(values), minlength=origins).astype(np.float64)


def paired_difference(
    losses: FloatArray,
    others: FloatArray,
    origin: IntArray,
    deal: IntArray,
    *,
    over: Over = "both",
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Mean of `losses` minus mean of `others` on the same rows (below zero: the first is better), with its interval.

    `losses`: (n,), or (k, n) of k repetitions such as random sub-teams, which are drawn again too; their mean counts.
    `over`: what is drawn again with replacement: origins, deals, or both at once (Owen 2007: each row weighs its
    origin's count times its deal's), which is the widest and the default. Percentiles of 2,000 draws.
    """
    apart = np.atleast_2d(losses - others)

    def mean(weights: FloatArray, rng: np.random.Generator) -> FloatArray:
        repeated = rng.multinomial(len(apart), np.full(len(apart), 1 / len(apart)), size=len(weights)) / len(apart)
        found: FloatArray = (weights * (repeated @ apart)).sum(axis=1) / weights.sum(axis=1)
        return found

    low, high = _drawn(mean, origin, deal, over, level, seed)
    return Interval(float(apart.mean()), low, high, int(np.unique(deal).size))


def skill(
    losses: FloatArray,
    usual: FloatArray,
    origin: IntArray,
    deal: IntArray,
    *,
    over: Over = "both",
    level: float = 0.90,
    seed: int = 0,
) -> Interval | None:
    """1 − loss / loss of the usual method on the same rows, with its paired interval; None where that lost nothing."""
    if losses.size == 0 or usual.sum() <= 0:
        return None

    def share_saved(weights: FloatArray, _: np.random.Generator) -> FloatArray:
        lost = weights @ usual
        found: FloatArray = np.where(lost > 0, 1 - (weights @ losses) / np.where(lost > 0, lost, 1), np.nan)
        return found

    low, high = _drawn(share_saved, origin, deal, over, level, seed)
    return Interval(float(1 - losses.sum() / usual.sum()), low, high, int(np.unique(deal).size))


def _drawn(
    statistic: Callable[[FloatArray, np.random.Generator], FloatArray],
    origin: IntArray,
    deal: IntArray,
    over: Over,
    level: float,
    seed: int,
) -> tuple[float, float]:
    """The middle `level` of a statistic over draws of weights (draws, n)."""
    rng = np.random.default_rng(seed)
    groups = [np.unique(codes, return_inverse=True) for codes in _drawn_again(origin, deal, over)]
    block = max(1, AT_ONCE // max(1, origin.size))
    found = []
    for start in range(0, DRAWS, block):
        size = min(block, DRAWS - start)
        weights = np.ones((size, origin.size))
        for names, place in groups:
            weights *= rng.multinomial(names.size, np.full(names.size, 1 / names.size), size=size)[:, place]
        kept = weights[weights.sum(axis=1) > 0]
        found.append(statistic(kept, rng))
    values = np.concatenate(found)
    low, high = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _drawn_again(origin: IntArray, deal: IntArray, over: Over) -> tuple[IntArray, ...]:
    return {"origins": (origin,), "deals": (deal,), "both": (origin, deal)}[over]


def _by_origin(origin: IntArray | None, rows: int) -> list[IntArray]:
    if origin is None:
        return [np.arange(rows)]
    return [np.flatnonzero(origin == one) for one in np.unique(origin)]


def _bins(chance: FloatArray, bins: int) -> IntArray:
    return np.minimum((chance * bins).astype(np.int64), bins - 1)


def _ranks(values: FloatArray) -> FloatArray:
    """1 for the lowest; equal values share the mean of their ranks."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    found: FloatArray = (last - (count - 1) / 2)[place]
    return found


def _mean(losses: FloatArray) -> float:
    return float(losses.mean()) if losses.size else float("nan")
