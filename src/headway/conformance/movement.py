"""Movement: the share of deals that reach a decision, won or lost, within the usual time.

Quiet is not a decision. The headline figure of every report. Method page: docs/methods/movement.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr

from headway.conformance.arrays import code_column, float_column
from headway.conformance.estimate import LEVEL, Estimate, Unknown
from headway.conformance.survival import (
    CurveResult,
    TimeToShare,
    cumulative_incidence,
    kaplan_meier,
    time_to_share,
)

MIN_DEALS = 10
"""Fewest deals, known at the usual time, for a figure of movement; and fewest decided for a usual time."""

USUAL_SHARE = 0.75
"""The usual time is when this share of the deals that get decided has been decided."""


class OutcomeCode(IntEnum):
    """How a deal stood when last seen. `WON` and `LOST` are decisions; the last two end a deal without one."""

    OPEN = 0
    WON = 1
    LOST = 2
    NO_DECISION = 3
    WITHDRAWN = 4


DECIDED = (OutcomeCode.WON, OutcomeCode.LOST)
ENDED_UNDECIDED = (OutcomeCode.NO_DECISION, OutcomeCode.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class UsualTime:
    """How long a decision usually takes: `days` with interval; `high_days` None = longer than was seen.

    source: "process" (the process says so: no interval, n = 0) or "practice" (estimated from `n` decided deals).
    """

    days: float
    low_days: float | None
    high_days: float | None
    n: int
    source: Literal["process", "practice"]


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """Where deals stand once the usual time has passed. `reached + open_beyond + ended_undecided` is 1.

    reached: share decided (`won` + `lost`, which add up to it) within the usual time; open_beyond: share still
    open then; ended_undecided: share that had gone quiet or been withdrawn. median_days: day by which half of all
    deals were decided. n: deals; known: deals whose state at the usual time was seen, the others being too young.
    """

    reached: Estimate
    open_beyond: Estimate
    ended_undecided: Estimate
    won: Estimate
    lost: Estimate
    median_days: TimeToShare
    usual: UsualTime
    n: int
    known: int
    decided_curve: CurveResult
    undecided_curve: CurveResult
    open_curve: CurveResult


def usual_time(
    days: npt.ArrayLike,
    outcome_codes: npt.ArrayLike,
    *,
    entry_days: npt.ArrayLike | None = None,
    level: float = LEVEL,
) -> UsualTime | Unknown:
    """The 75th percentile of the time to a decision, among deals that get one, with open deals accounted for.

    The first day t at which F(t) >= 0.75 F(T), F being the Aalen-Johansen incidence of a decision and T the
    longest time seen. Interval: binomial order statistics on the number decided (exact where none is open).
    """
    curve = cumulative_incidence(days, outcome_codes, DECIDED, entry_days=entry_days, level=level)
    decided = int(curve.events.sum())
    if decided < MIN_DEALS:
        return Unknown(
            f"the usual time to a decision needs {MIN_DEALS} decided deals, here are {decided}", decided, MIN_DEALS
        )
    reached = curve.value / curve.value[-1]
    low_rank, high_rank = _order_statistics(decided, USUAL_SHARE, level)
    return UsualTime(
        days=_first_day(curve, reached, USUAL_SHARE),
        low_days=_first_day(curve, reached, low_rank / decided),
        high_days=_first_day(curve, reached, high_rank / decided) if high_rank <= decided else None,
        n=decided,
        source="practice",
    )


def movement(
    days: npt.ArrayLike,
    outcome_codes: npt.ArrayLike,
    usual_days: float | None = None,
    *,
    entry_days: npt.ArrayLike | None = None,
    level: float = LEVEL,
) -> Movement | Unknown:
    """Movement of the deals that were in one stage, timed from when they entered it.

    days: (n,) from the stage's entry to the deal's end, or to when it was last seen; outcome_codes: (n,)
    `OutcomeCode`; usual_days: the process's own days, None = estimate (`usual_time`); entry_days: (n,) how long
    each deal had been in the stage when the log began to see it. Ends without a decision compete, they are never
    censored. ValueError for NaN, negative days, unknown codes.
    """
    codes = _checked_codes(days, outcome_codes)
    if usual_days is None:
        usual = usual_time(days, codes, entry_days=entry_days, level=level)
        if isinstance(usual, Unknown):
            return usual
    elif not (math.isfinite(usual_days) and usual_days > 0):
        raise ValueError(f"usual_days must be above 0, not {usual_days}")
    else:
        usual = UsualTime(float(usual_days), None, None, 0, "process")
    return _movement_at(days, codes, usual, entry_days, level)


def _movement_at(
    days: npt.ArrayLike,
    codes: npt.NDArray[np.int64],
    usual: UsualTime,
    entry_days: npt.ArrayLike | None,
    level: float,
) -> Movement | Unknown:
    def incidence(kinds: Sequence[int]) -> CurveResult:
        return cumulative_incidence(days, codes, kinds, entry_days=entry_days, also_at_days=(usual.days,), level=level)

    still_open = kaplan_meier(days, codes, entry_days=entry_days, also_at_days=(usual.days,), level=level)
    seen = float_column("days", days)
    known = int(np.count_nonzero((codes != OutcomeCode.OPEN) | (seen >= usual.days)))
    if still_open.n < MIN_DEALS or known < MIN_DEALS:
        return Unknown(
            f"movement needs {MIN_DEALS} deals seen for {usual.days:g} days or to their end, here are {known}",
            known,
            MIN_DEALS,
        )
    if still_open.followed_days < usual.days and still_open.value[-1] > 0:
        return Unknown(f"no deal has been seen for {usual.days:g} days yet, and some are open", 0, 1)
    decided, undecided = incidence(DECIDED), incidence(ENDED_UNDECIDED)
    return Movement(
        reached=decided.at(usual.days),
        open_beyond=still_open.at(usual.days),
        ended_undecided=undecided.at(usual.days),
        won=incidence((OutcomeCode.WON,)).at(usual.days),
        lost=incidence((OutcomeCode.LOST,)).at(usual.days),
        median_days=time_to_share(decided, 0.5),
        usual=usual,
        n=still_open.n,
        known=known,
        decided_curve=decided,
        undecided_curve=undecided,
        open_curve=still_open,
    )


def _checked_codes(days: npt.ArrayLike, outcome_codes: npt.ArrayLike) -> npt.NDArray[np.int64]:
    length = float_column("days", days).size
    codes = code_column("outcome_codes", outcome_codes, length=length)
    if codes.size and codes.max() > max(OutcomeCode):
        raise ValueError(f"outcome_codes holds {codes.max()}; the codes are {[int(code) for code in OutcomeCode]}")
    return codes


def _order_statistics(n: int, share: float, level: float) -> tuple[int, int]:
    """Ranks (1-based) of the order statistics around the quantile `share`; 0 or n + 1 where none is far enough."""
    ranks = np.arange(n + 1)
    cumulative = np.asarray(bdtr(ranks, n, share))
    tail = (1 - level) / 2
    low = int(np.count_nonzero(cumulative <= tail))
    high = int(np.count_nonzero(cumulative < 1 - tail)) + 1
    return low, high


def _first_day(curve: CurveResult, reached: npt.NDArray[np.float64], share: float) -> float:
    return float(curve.times_days[int(np.argmax(reached >= share - 1e-12))])
