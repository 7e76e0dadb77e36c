"""Shares of deals and of money, and differences of shares, with intervals that hold at small n.

Method page: docs/methods/shares.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from headway.conformance.arrays import flag_column, float_column
from headway.conformance.estimate import LEVEL


@dataclass(frozen=True, slots=True)
class Share:
    """`done` of `n`, as `value` with its Wilson interval. With n = 0: value None, interval 0 to 1."""

    value: float | None
    low: float
    high: float
    done: int
    n: int


@dataclass(frozen=True, slots=True)
class ShareDifference:
    """First share minus second, in the range -1 to 1; value None where either has n = 0."""

    value: float | None
    low: float
    high: float
    first: Share
    second: Share


@dataclass(frozen=True, slots=True)
class MoneyShare:
    """Share of money: `done_amount` of `amount`, over `n` deals.

    `effective_n` = (sum of amounts)² / sum of squared amounts: as many deals of equal size would carry as
    much information. Far below `n`, a few large deals make the figure.
    """

    value: float | None
    low: float
    high: float
    done_amount: float
    amount: float
    n: int
    effective_n: float


def share(done: int, n: int, *, level: float = LEVEL) -> Share:
    """`done` of `n` with the score interval of Wilson (1927). ValueError unless 0 <= done <= n."""
    if n < 0 or not 0 <= done <= n:
        raise ValueError(f"a share needs 0 <= done <= n, not {done} of {n}")
    if n == 0:
        return Share(None, 0.0, 1.0, 0, 0)
    low, high = wilson_bounds(float(done), float(n), level)
    return Share(done / n, low, high, int(done), int(n))


def wilson_bounds(done: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """Score interval for `done` of `n` > 0; both may be effective (fractional) numbers."""
    z = _z(level)
    p = done / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(max(0.0, p * (1 - p)) / n + z * z / (4 * n * n))
    low = 0.0 if done <= 0 else max(0.0, middle - half)
    high = 1.0 if done >= n else min(1.0, middle + half)
    return min(low, p), max(high, p)


def share_difference(
    first_done: int, first_n: int, second_done: int, second_n: int, *, level: float = LEVEL
) -> ShareDifference:
    """First share minus second, for two separate sets of deals.

    Interval: Newcombe (1998), Statistics in Medicine 17:873-890, method 10 (square-and-add of Wilson).
    """
    first = share(first_done, first_n, level=level)
    second = share(second_done, second_n, level=level)
    if first.value is None or second.value is None:
        return ShareDifference(None, -1.0, 1.0, first, second)
    low, high = square_and_add(first, second)
    return ShareDifference(first.value - second.value, low, high, first, second)


def square_and_add(first: Share, second: Share) -> tuple[float, float]:
    """Bounds of first minus second from the bounds of each. Both need n > 0."""
    if first.value is None or second.value is None:
        raise ValueError("a difference needs two shares with n > 0")
    difference = first.value - second.value
    low = difference - math.hypot(first.value - first.low, second.high - second.value)
    high = difference + math.hypot(first.high - first.value, second.value - second.low)
    return max(-1.0, low), min(1.0, high)


def money_share(amounts: npt.ArrayLike, done: npt.ArrayLike, *, level: float = LEVEL) -> MoneyShare:
    """Share of the money that lies in deals that are `done`.

    amounts: (n,) >= 0, one currency; done: (n,) bool. Ratio estimator; interval: Wilson's with Kish's (1965)
    effective sample size as n. In simulation it held its level where the percentile bootstrap over deals did not.
    """
    column = float_column("amounts", amounts)
    flags = flag_column("done", done, length=column.size)
    # Sorted before they are added up, so that the order of the rows cannot matter.
    money, taken = np.sort(column), np.sort(column[flags])
    total, done_total = float(money.sum()), float(taken.sum())
    if total == 0.0:
        return MoneyShare(None, 0.0, 1.0, 0.0, 0.0, int(money.size), 0.0)
    scaled = money / money[-1]  # squares of very large or small amounts would leave the range of a double
    effective_n = float(scaled.sum() ** 2 / np.square(scaled).sum())
    value = min(1.0, done_total / total)
    low, high = wilson_bounds(value * effective_n, effective_n, level)
    return MoneyShare(value, low, high, done_total, total, int(money.size), effective_n)


def _z(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    return float(ndtri(0.5 + level / 2))
