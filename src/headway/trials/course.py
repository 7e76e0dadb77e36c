"""How one trial went, week by week: which deals count, what the interval was at each look, and what it says now.

Deals count by the arm they were assigned to, whatever was done (intention to treat). Lost deals are decided sooner than
won ones; to count each as soon as it is decided would compare losses with losses and find no difference. So a deal
counts once 19 in 20 of those assigned up to it are known: decided, or followed for the trial's horizon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.trials.sequential import SHOWN, STOPPING, Sequence, difference, running

KNOWN = 0.95  # of the deals assigned up to one, this share must be known for it to count
WEEK = 7.0
BETTER_WITH, BETTER_WITHOUT, NO_DIFFERENCE, RUNNING = "better with", "better without", "no difference", "running"


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """The deals of a trial, one row each, in the order in which they were assigned; days from any origin.

    `other` (n,): in the second arm, which leaves the step out or asks in other words. `decided_on` (n,): infinite for
    open deals. `won` (n,).
    """

    other: BoolArray
    assigned_on: FloatArray
    decided_on: FloatArray
    won: BoolArray


@dataclass(frozen=True, slots=True)
class Look:
    """What was known `on` a day: deals that count and those won, per arm; the interval shown, None before there is one.

    Differences are shares: of the other arm minus the usual one.
    """

    on: float
    usual: int
    usual_won: int
    other: int
    other_won: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def deals(self) -> int:
        """Deals that count."""
        return self.usual + self.other


@dataclass(frozen=True, slots=True)
class Course:
    """Every look of a trial, a week apart and the last one today. `state`: as in `headway.verdict.value.TrialResult`.

    `said_on`: the look that first said stop. `usual`, `other`: deals assigned; `decided`: of both.
    """

    looks: tuple[Look, ...]
    state: str
    said_on: float | None
    usual: int
    other: int
    decided: int

    @property
    def last(self) -> Look:
        """The newest look."""
        return self.looks[-1]


def course(deals: Assigned, today: float, *, horizon_days: float, margin: float) -> Course:
    """Look at a trial once a week from its first deal until today. ValueError where nothing was assigned."""
    if not deals.assigned_on.size:
        raise ValueError("a trial without deals has no course")
    days = _days(float(deals.assigned_on[0]), today)
    counts = counts_at(deals, days, horizon_days)
    shown = running(difference(*counts, miss=SHOWN, margin=margin))
    states, said = read(shown, running(difference(*counts, miss=STOPPING, margin=margin)), margin)
    return Course(
        looks=tuple(_look(place, float(day), counts, shown) for place, day in enumerate(days)),
        state=str(states[-1]),
        said_on=float(days[int(np.argmax(said))]) if said.any() else None,
        usual=int((~deals.other).sum()),
        other=int(deals.other.sum()),
        decided=int((deals.decided_on <= today).sum()),
    )


def counts_at(deals: Assigned, days: FloatArray, horizon_days: float) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Per day: won and all of the usual arm, won and all of the other, among the deals that count by then."""
    end = np.minimum(deals.decided_on, deals.assigned_on + horizon_days)
    won = deals.won & (deals.decided_on <= deals.assigned_on + horizon_days)
    rows = []
    for day in days:
        here = int(np.searchsorted(deals.assigned_on, day, side="right"))
        known = end[:here] <= day
        counted = known & (np.arange(here) < cohort(known))
        other, wins = deals.other[:here], won[:here]
        rows.append([np.count_nonzero(counted & arm & result) for arm in (~other, other) for result in (wins, counted)])
    x0, n0, x1, n1 = np.array(rows, dtype=np.int64).T
    return x0, n0, x1, n1


def cohort(known: BoolArray) -> IntArray:
    """How many of the first deals count, so that 19 in 20 of them are known. `known` (..., n): by assignment."""
    size = known.shape[-1]
    if not size:
        return np.zeros(known.shape[:-1], dtype=np.int64)
    enough = np.cumsum(known, axis=-1) >= KNOWN * np.arange(1, size + 1) - 1e-9
    last: IntArray = np.where(enough.any(axis=-1), size - np.argmax(enough[..., ::-1], axis=-1), 0)
    return last


def read(shown: Sequence, stopping: Sequence, margin: float) -> tuple[np.ndarray, BoolArray]:
    """(the state at each look, whether it says stop), from the running intervals along the last axis.

    Once said it stays said: running intervals only narrow. No difference outranks a surely lower share within the
    margin, as a verdict's cost below the margin does; a surely higher one outranks both.
    """
    without, with_ = stopping.low > 0, stopping.high < 0
    alike = (shown.low > -margin) & (shown.high < margin)
    states = np.select([without, alike, with_], [BETTER_WITHOUT, NO_DIFFERENCE, BETTER_WITH], RUNNING)
    return states, without | alike | with_


def _days(first: float, today: float) -> FloatArray:
    weeks = np.arange(first + WEEK, today, WEEK)
    return np.append(weeks, max(today, first))


def _look(place: int, day: float, counts: tuple[IntArray, ...], shown: Sequence) -> Look:
    x0, n0, x1, n1 = (int(column[place]) for column in counts)
    low, high = float(shown.low[place]), float(shown.high[place])
    if np.isnan(low):
        return Look(day, n0, x0, n1, x1, None, None, None)
    value = min(max(x1 / n1 - x0 / n0, low), high)  # an earlier look may have ruled out where it stands today
    return Look(day, n0, x0, n1, x1, value, low, high)
