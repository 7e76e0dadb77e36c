"""Pressure: are there more deviations in the last days of a month or quarter than in the rest of it?

Method page: docs/methods/pressure.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import BoolArray, FloatArray, IntArray, code_column, day_column, flag_column
from headway.conformance.estimate import LEVEL, Unknown
from headway.conformance.shares import Share, share, square_and_add, wilson_bounds

LAST_DAYS = 10
MIN_EVENTS = 10
MIN_DEALS = 10
REPLICATES = 2000
_FEW = 5

Period = Literal["month", "quarter"]


@dataclass(frozen=True, slots=True)
class Pressure:
    """Share of moves that deviate in the last days of a period, against the rest.

    difference: last days minus rest, with an interval by deals, since the moves of one deal go together. The two
    Shares count moves; their own Wilson intervals take moves as independent and are for drawing only. raised: the
    interval lies above 0; method: "bootstrap" over deals, or "score" where deviations are too few for it.
    """

    period: Period
    last_days: int
    in_last_days: Share
    in_rest: Share
    difference: float
    low: float
    high: float
    deals_in_last_days: int
    deals_in_rest: int
    method: Literal["bootstrap", "score"]

    @property
    def raised(self) -> bool:
        """Whether deviations are surely more frequent under the end of the period."""
        return self.low > 0


def in_last_days(
    happened_on: npt.ArrayLike, *, period: Period, last_days: int = LAST_DAYS, year_starts_in: int = 1
) -> BoolArray:
    """(n,) bool: does each date fall on one of the last `last_days` days of its month or quarter?

    The last day counts: with 10, from the 22nd to the 31st of January. year_starts_in: month (1 to 12) in which
    the financial year starts, which moves the quarters.
    """
    if period not in ("month", "quarter"):
        raise ValueError(f"period must be month or quarter, not {period!r}")
    if last_days < 1 or not 1 <= year_starts_in <= 12:
        raise ValueError("last_days must be at least 1, and year_starts_in a month from 1 to 12")
    days = day_column("happened_on", happened_on)
    months = days.astype("datetime64[M]").astype(np.int64)
    if period == "quarter":
        months = months + 2 - (months - (year_starts_in - 1)) % 3
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]")
    left: BoolArray = (following - days).astype(np.int64) <= last_days
    return left


def pressure(
    happened_on: npt.ArrayLike,
    deviates: npt.ArrayLike,
    deals: npt.ArrayLike,
    *,
    period: Period = "quarter",
    last_days: int = LAST_DAYS,
    year_starts_in: int = 1,
    level: float = LEVEL,
    seed: int = 0,
) -> Pressure | Unknown:
    """Deviating share of moves in the last days of each period minus that of the rest.

    happened_on: (n,) dates of moves; deviates: (n,) bool; deals: (n,) codes. Interval: bootstrap over deals, by
    percentiles, seeded; with under 5 deviating or 5 orderly moves on a side, Newcombe's score interval with each
    deal counting as one. Unknown under 10 moves or 10 deals on a side.
    """
    late = in_last_days(happened_on, period=period, last_days=last_days, year_starts_in=year_starts_in)
    flags = flag_column("deviates", deviates, length=late.size)
    codes = code_column("deals", deals, length=late.size)
    table = _by_deal(late, flags, codes)
    moves_late, odd_late, moves_rest, odd_rest = (int(total) for total in table.sum(axis=0))
    with_late, with_rest = int((table[:, 0] > 0).sum()), int((table[:, 2] > 0).sum())
    if min(moves_late, moves_rest) < MIN_EVENTS or min(with_late, with_rest) < MIN_DEALS:
        return Unknown(
            f"pressure needs {MIN_EVENTS} moves of {MIN_DEALS} deals both in the last {last_days} days and in the "
            f"rest; here are {moves_late} of {with_late} and {moves_rest} of {with_rest}",
            min(with_late, with_rest),
            MIN_DEALS,
        )
    first = share(odd_late, moves_late, level=level)
    second = share(odd_rest, moves_rest, level=level)
    difference = odd_late / moves_late - odd_rest / moves_rest
    fewest = min(odd_late, moves_late - odd_late, odd_rest, moves_rest - odd_rest)
    method: Literal["bootstrap", "score"] = "bootstrap" if fewest >= _FEW else "score"
    if method == "bootstrap":
        low, high = _bootstrap_bounds(table, level, seed)
    else:
        low, high = square_and_add(
            _by_deals(odd_late / moves_late, with_late, level), _by_deals(odd_rest / moves_rest, with_rest, level)
        )
    return Pressure(
        period=period,
        last_days=last_days,
        in_last_days=first,
        in_rest=second,
        difference=difference,
        low=min(low, difference),
        high=max(high, difference),
        deals_in_last_days=with_late,
        deals_in_rest=with_rest,
        method=method,
    )


def _by_deal(late: BoolArray, flags: BoolArray, codes: IntArray) -> IntArray:
    """(deals, 4): moves and deviations in the last days, moves and deviations in the rest, in a fixed order."""
    kinds, place = np.unique(codes, return_inverse=True)
    masks = (late, late & flags, ~late, ~late & flags)
    table = np.column_stack([np.bincount(place[mask], minlength=kinds.size) for mask in masks])
    return table.astype(np.int64)


def _bootstrap_bounds(table: IntArray, level: float, seed: int) -> tuple[float, float]:
    # Deals with the same four counts are alike: drawing how often each pattern comes is drawing the deals.
    patterns, counts = np.unique(table, axis=0, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=REPLICATES)
    sums = (drawn @ patterns).astype(np.float64)
    sums = sums[(sums[:, 0] > 0) & (sums[:, 2] > 0)]
    differences: FloatArray = sums[:, 1] / sums[:, 0] - sums[:, 3] / sums[:, 2]
    tail = (1 - level) / 2
    low, high = np.quantile(differences, [tail, 1 - tail])
    return float(low), float(high)


def _by_deals(value: float, deals: int, level: float) -> Share:
    """The share as if each deal had made one move: what is left when moves of a deal go wholly together."""
    low, high = wilson_bounds(value * deals, float(deals), level)
    return Share(value, low, high, round(value * deals), deals)
