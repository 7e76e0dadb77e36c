"""Win rates: overall, by silence, and the gap in money between claimed and evidenced deals.

Method page: docs/methods/gap.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import code_column, flag_column, float_column
from headway.conformance.estimate import LEVEL, Unknown
from headway.conformance.movement import DECIDED, OutcomeCode
from headway.conformance.shares import Share, ShareDifference, share, share_difference

MIN_DECIDED = 30
"""Fewest decided deals at a stage for a gap in money."""

MIN_EACH = 5
"""Of these, the fewest with the evidence and the fewest without; with fewer a rate is one or two deals' luck."""


@dataclass(frozen=True, slots=True)
class SilenceRow:
    """Of past deals whose buyer was silent for at least `from_days` while in `stage`, how many were won."""

    stage: int
    from_days: float
    won: Share


@dataclass(frozen=True, slots=True)
class GapRates:
    """Win rates within `horizon_days` of past deals claimed at one stage, by whether the stage was evidenced.

    Each Share counts deals won over all deals seen for the whole horizon, decided or not; difference is evidenced
    minus not. `decided_*` are the deals that reached a decision within the horizon; left_out: snapshots that
    could not yet be followed for the whole horizon.
    """

    evidenced: Share
    not_evidenced: Share
    difference: ShareDifference
    decided_evidenced: int
    decided_not_evidenced: int
    left_out: int
    horizon_days: float


@dataclass(frozen=True, slots=True)
class GapMoney:
    """Money that the claim overstates (positive) or understates (negative), over `deals` open deals."""

    value: float
    low: float
    high: float
    amount: float
    deals: int
    n: int


def win_rate(outcome_codes: npt.ArrayLike, *, level: float = LEVEL) -> Share:
    """Won of all ended deals, whatever the end; open deals are left out. outcome_codes: (n,) `OutcomeCode`."""
    codes = code_column("outcome_codes", outcome_codes)
    ended = int(np.count_nonzero(codes != OutcomeCode.OPEN))
    return share(int(np.count_nonzero(codes == OutcomeCode.WON)), ended, level=level)


def silence_curve(
    deals: npt.ArrayLike,
    stages: npt.ArrayLike,
    silence_days: npt.ArrayLike,
    won: npt.ArrayLike,
    from_days: Sequence[float],
    *,
    level: float = LEVEL,
) -> tuple[SilenceRow, ...]:
    """ "Of past deals this silent at this stage, 2 of 41 were won", for each stage and each of `from_days`.

    One row per observed silence of an ended deal: deals, stages: (n,) codes; silence_days: (n,); won: (n,) bool,
    alike in all rows of a deal. A deal counts once per stage and threshold, if it was ever silent that long
    there. Rows come by stage, then by days.
    """
    deal = code_column("deals", deals)
    stage = code_column("stages", stages, length=deal.size)
    silence = float_column("silence_days", silence_days, length=deal.size)
    flags = flag_column("won", won, length=deal.size)
    if list(from_days) != sorted(set(from_days)) or any(not edge >= 0 for edge in from_days):
        raise ValueError("from_days must be rising and not negative")
    _check_one_outcome(deal, flags)
    # The longest silence of each deal at each stage is the last of its rows in this order.
    order = np.lexsort((silence, deal, stage))
    deal, stage, silence, flags = deal[order], stage[order], silence[order], flags[order]
    last = np.ones(deal.size, dtype=np.bool_)
    last[:-1] = (deal[1:] != deal[:-1]) | (stage[1:] != stage[:-1])
    stage, silence, flags = stage[last], silence[last], flags[last]
    rows = []
    for code in np.unique(stage):
        here = stage == code
        for edge in from_days:
            reached = here & (silence >= edge)
            counted = share(int(np.count_nonzero(reached & flags)), int(np.count_nonzero(reached)), level=level)
            rows.append(SilenceRow(int(code), float(edge), counted))
    return tuple(rows)


def gap_rates(
    evidenced: npt.ArrayLike,
    outcome_codes: npt.ArrayLike,
    days: npt.ArrayLike,
    followed_days: npt.ArrayLike,
    horizon_days: float,
    *,
    level: float = LEVEL,
) -> GapRates | Unknown:
    """Win rates within the horizon, of past deals claimed at one stage, evidenced against not evidenced.

    One row per past deal at one snapshot, alive then and claimed at the stage. evidenced: (n,) bool, was the
    stage evidenced at the snapshot; outcome_codes: (n,) `OutcomeCode` as known now; days: (n,) from the snapshot to
    the end (or to when last seen); followed_days: (n,) from the snapshot to the as-of date, which is what bars
    snapshots too young for the horizon whatever their outcome. Unknown under 30 decided deals or 5 on a side.
    """
    flags = flag_column("evidenced", evidenced)
    codes = code_column("outcome_codes", outcome_codes, length=flags.size)
    took = float_column("days", days, length=flags.size)
    followed = float_column("followed_days", followed_days, length=flags.size)
    if not (math.isfinite(horizon_days) and horizon_days > 0):
        raise ValueError(f"horizon_days must be above 0, not {horizon_days}")
    old_enough = followed >= horizon_days
    within = took <= horizon_days
    won = old_enough & within & (codes == OutcomeCode.WON)
    decided = old_enough & within & np.isin(codes, DECIDED)

    def count(rows: npt.NDArray[np.bool_]) -> int:
        return int(np.count_nonzero(rows))

    decided_with, decided_without = count(decided & flags), count(decided & ~flags)
    total = decided_with + decided_without
    if total < MIN_DECIDED or min(decided_with, decided_without) < MIN_EACH:
        return Unknown(
            f"the gap in money needs {MIN_DECIDED} past deals decided within {horizon_days:g} days, {MIN_EACH} of them "
            f"on each side; evidenced: {decided_with}, not evidenced: {decided_without}",
            total,
            MIN_DECIDED,
        )
    difference = share_difference(
        count(won & flags), count(old_enough & flags), count(won & ~flags), count(old_enough & ~flags), level=level
    )
    return GapRates(
        evidenced=difference.first,
        not_evidenced=difference.second,
        difference=difference,
        decided_evidenced=decided_with,
        decided_not_evidenced=decided_without,
        left_out=count(~old_enough),
        horizon_days=float(horizon_days),
    )


def gap_money(amounts: npt.ArrayLike, rates: GapRates | Unknown) -> GapMoney | Unknown:
    """Gap in money of open deals claimed at the stage of `rates` without evidence for it.

    amounts: (n,) one currency. The interval carries the doubt about the two win rates alone, not the luck of the
    open deals.
    """
    money = float_column("amounts", amounts)
    if isinstance(rates, Unknown):
        return rates
    total = float(money.sum())
    difference = rates.difference
    if difference.value is None:
        return Unknown("no past deal could be followed for the whole horizon", 0, MIN_DECIDED)
    past = rates.evidenced.n + rates.not_evidenced.n
    return GapMoney(
        total * difference.value, total * difference.low, total * difference.high, total, int(money.size), past
    )


def total_gap(parts: Sequence[GapMoney]) -> GapMoney | None:
    """Sum over stages, intervals combined by square-and-add; None where there are no parts."""
    if not parts:
        return None
    value = sum(part.value for part in parts)
    down = math.sqrt(sum((part.value - part.low) ** 2 for part in parts))
    up = math.sqrt(sum((part.high - part.value) ** 2 for part in parts))
    return GapMoney(
        value,
        value - down,
        value + up,
        sum(part.amount for part in parts),
        sum(part.deals for part in parts),
        sum(part.n for part in parts),
    )


def _check_one_outcome(deal: npt.NDArray[np.int64], won: npt.NDArray[np.bool_]) -> None:
    codes, place = np.unique(deal, return_inverse=True)
    wins = np.bincount(place, weights=won, minlength=codes.size)
    rows = np.bincount(place, minlength=codes.size)
    if ((wins > 0) & (wins < rows)).any():
        raise ValueError("won differs between rows of one deal")
