"""Which deals are flagged as stalled, and how early those that were not won had been.

A deal is flagged where ending in no decision is likelier than being won, by a margin. The margin is not chosen by
taste: it is the smallest one that was right often enough on deals whose end was known by then. About deals, never
about persons. Method page: docs/methods/forecast-totals.md.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from scipy.special import bdtr

from headway.basics.figures import percent_figure
from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.conformance.shares import share
from headway.forecast.snapshots import LOST, NEVER, NO_DECISION, WON
from headway.forecast.value import Flagged
from headway.verdict.value import Interval

AT_MOST_FALSE = 0.15
LEAST_FLAGGED = 10
MARGINS = tuple(float(step) / 20 for step in range(20))
LEVEL = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Foretold:
    """What was said of open deals at past origins, and how they ended; every column is (n,), a row per deal and day.

    `won`, `no_decision`: chances as said at the end of `day` from what was known then, within one and the same horizon.
    `exit`, `exit_day`: as in `Snapshots`, as known today. `due_day`: the expected close date known at `day`; NEVER for
    none. Days are whole days since 1970-01-01.
    """

    deal: IntArray
    day: IntArray
    won: FloatArray
    no_decision: FloatArray
    exit: IntArray
    exit_day: IntArray
    due_day: IntArray

    def __post_init__(self) -> None:
        shapes = {getattr(self, one.name).shape for one in fields(self)}
        if len(shapes) > 1 or len(next(iter(shapes))) != 1:
            raise ValueError(f"what was foretold needs columns of one length, not {sorted(shapes)}")

    def take(self, rows: BoolArray) -> Self:
        """The same of these rows only."""
        return type(self)(*(getattr(self, one.name)[rows] for one in fields(self)))


def stalled(won: FloatArray, no_decision: FloatArray, margin: float | None) -> BoolArray:
    """Which deals (n,) are flagged; none where no margin was right often enough, or a chance is not known (NaN)."""
    if margin is None:
        return np.zeros(won.size, dtype=np.bool_)
    found: BoolArray = no_decision - won > margin
    return found


def margin_of(foretold: Foretold, *, by: int, at_most: float = AT_MOST_FALSE) -> float | None:
    """The smallest margin that was right: of deals flagged at any origin, at most `at_most` were won after all.

    Only what was known at the end of day `by` counts: origins up to then, and deals decided by then. The share of
    false flags is taken as (false + 1) / (flagged + 2), so that a few lucky flags do not pass; at least 10 must have
    been flagged. None where no margin passes: then nothing is to be flagged.
    """
    spells = _spells(foretold.take(foretold.day <= by), by)
    if spells is None:
        return None
    most = spells.most[spells.decided]
    was_won = spells.was_won[spells.decided]
    for margin in MARGINS:
        flagged = most > margin
        count, false = int(flagged.sum()), int((flagged & was_won).sum())
        if count >= LEAST_FLAGGED and (false + 1) / (count + 2) <= at_most:
            return margin
    return None


def flags_of(foretold: Foretold, *, at_most: float = AT_MOST_FALSE) -> BoolArray:
    """(n,) what would have been flagged: at each origin, with the margin that could be known then."""
    flags = np.zeros(foretold.deal.size, dtype=np.bool_)
    for day in np.unique(foretold.day):
        rows = foretold.day == day
        margin = margin_of(foretold, by=int(day), at_most=at_most)
        flags[rows] = stalled(foretold.won[rows], foretold.no_decision[rows], margin)
    return flags


def flagged_of(foretold: Foretold, flags: BoolArray, *, until: int) -> Flagged:
    """How early deals that were not won had been flagged; `flags` (n,), knowledge ends with day `until`.

    Not won: lost, ended in no decision, or still open after the close date first known ahead of it (then that is
    its end). Only flags before the end count. `days_before`: the median, from the first flag to the end, with its
    exact interval by order statistics (95 %); None under 6 flagged deals, where there is none. `false`: of all
    flagged deals that are decided, the share won after all (Wilson, 95 %).
    """
    spells = _spells(foretold, until, flags)
    if spells is None:
        return Flagged(0, 0, None, None)
    in_time = spells.first_flag < spells.end
    missed = (spells.decided & ~spells.was_won) | spells.slipped
    told = in_time & missed
    days = np.sort(spells.end[told] - spells.first_flag[told]).astype(np.float64)
    false, count = int((in_time & spells.was_won).sum()), int((in_time & spells.decided).sum())
    of_all = share(false, count)
    wrong = None if of_all.value is None else Interval(of_all.value, of_all.low, of_all.high, count)
    return Flagged(int(missed.sum()), int(told.sum()), _median(days), wrong)


def sentence_of(flagged: Flagged) -> str:
    """How far the flag can be trusted, in one sentence."""
    if not flagged.deals:
        return "No deal was lost or went quiet in the weeks replayed, so how early the flag comes is not known."
    said = f"Of {flagged.deals:,} past deals that were not won, {flagged.flagged:,} had been flagged before"
    if flagged.days_before:
        before = flagged.days_before
        said += f", half of them {before.value:.0f} days or more ({before.low:.0f} to {before.high:.0f}) ahead"
    if flagged.false:
        wrong = flagged.false
        bounds = f"{percent_figure(wrong.low)} to {percent_figure(wrong.high)}"
        said += f"; {percent_figure(wrong.value)} % of those flagged were won after all ({bounds}, {wrong.n:,} deals)"
    return f"{said}."


@dataclass(frozen=True, slots=True, eq=False)
class _Spells:
    """One row per open life of a deal (k,). `slipped`: open past its close date; `most`: the largest difference."""

    decided: BoolArray
    slipped: BoolArray
    was_won: BoolArray
    end: IntArray
    most: FloatArray
    first_flag: IntArray


def _spells(foretold: Foretold, by: int, flags: BoolArray | None = None) -> _Spells | None:
    """A deal that was reopened ended more than once: its lives are told apart by their ends."""
    if not foretold.deal.size:
        return None
    order = np.lexsort((foretold.day, foretold.exit_day, foretold.deal))
    deal, exit_day, day = foretold.deal[order], foretold.exit_day[order], foretold.day[order]
    begins = np.flatnonzero(np.r_[True, (deal[1:] != deal[:-1]) | (exit_day[1:] != exit_day[:-1])])
    ahead = np.where(foretold.due_day[order] > day, foretold.due_day[order], NEVER)
    first_ahead = _first_known(ahead, begins)
    how = foretold.exit[order][begins]
    decided = (exit_day[begins] <= by) & np.isin(how, (WON, LOST, NO_DECISION))
    slipped = ~decided & (first_ahead < by)
    difference = np.nan_to_num(foretold.no_decision - foretold.won, nan=-1.0)[order]
    flag_days = day if flags is None else np.where(flags[order], day, NEVER)
    return _Spells(
        decided=decided,
        slipped=slipped,
        was_won=decided & (how == WON),
        end=np.where(decided, exit_day[begins], first_ahead),
        most=np.maximum.reduceat(difference, begins),
        first_flag=np.minimum.reduceat(flag_days, begins),
    )


def _first_known(ahead: IntArray, begins: IntArray) -> IntArray:
    """(k,) the first entry of each stretch that is not NEVER; NEVER where there is none."""
    place = np.where(ahead < NEVER, np.arange(ahead.size), ahead.size)
    first = np.minimum.reduceat(place, begins)
    return np.append(ahead, NEVER)[first]


def _median(days: FloatArray) -> Interval | None:
    """Of sorted days, with the binomial interval: it holds the true median at least as often as it says."""
    ranks = np.arange(days.size + 1)
    below = int(np.count_nonzero(np.asarray(bdtr(ranks, days.size, 0.5)) <= (1 - LEVEL) / 2))
    if below == 0:
        return None
    return Interval(float(np.median(days)), float(days[below - 1]), float(days[-below]), int(days.size))
