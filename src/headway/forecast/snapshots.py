"""What models are given: deals as they were known at the end of a day, and how long they stayed as they were.

Everything is in whole days since 1970-01-01 (UTC), "at" meaning the end of that day. A *spell* is one open life of a
deal: from the day it was first known to the day it was known to be decided; a reopened deal has several. Deals are
numbers of the log; the same deal may stand in several rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Self

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray, IntArray

NEVER = np.iinfo(np.int64).max // 4
"""A day that has not come, as far as is known."""
WON, LOST, NO_DECISION, OPEN = 0, 1, 2, -1
UNSEEN = -1
"""A level, claim, owner or segment of which nothing is known."""


class _Rows:
    """Equally long columns, taken together."""

    __slots__ = ()

    def take(self, rows: IntArray | BoolArray) -> Self:
        """The same columns, of these rows only."""
        columns = {one.name: getattr(self, one.name) for one in fields(self)}  # type: ignore[arg-type]
        return replace(self, **{k: v[rows] for k, v in columns.items() if isinstance(v, np.ndarray)})  # type: ignore[type-var]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshots(_Rows):
    """Deals open at the end of `day`, as known then; every column is (n,).

    `level`: evidenced rank, UNSEEN where no buyer act was known. `silence`: days since the last known buyer act,
    `seller_silence`: since the last known activity, `stage_days`: since the claimed stage last changed, `due_days`:
    until the expected close date (negative: past), `agreed_days`: until an agreed act of the buyer is due; NaN where
    there is none. `activities`: how many were known, `recent`: of the last 14 days, `kinds` (n, k): of each kind that
    `KnownAt.kinds` names. `pushes`: how often the close date was moved later. `amount`: in the main currency, NaN where
    unknown or in another. `owner`, `segment`: codes, UNSEEN for none. `exit`, `exit_day`: WON, LOST, NO_DECISION and
    when, as far as known at the knowledge day; else OPEN and NEVER.
    """

    deal: IntArray
    spell: IntArray
    day: IntArray
    process: IntArray
    level: IntArray
    claimed: IntArray
    silence: FloatArray
    seller_silence: FloatArray
    age: FloatArray
    stage_days: FloatArray
    amount: FloatArray
    due_days: FloatArray
    agreed_days: FloatArray
    pushes: FloatArray
    activities: FloatArray
    recent: FloatArray
    owner: IntArray
    segment: IntArray
    exit: IntArray
    exit_day: IntArray
    kinds: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))

    def __post_init__(self) -> None:
        if self.kinds.shape[0] != self.deal.size:  # not told apart
            object.__setattr__(self, "kinds", np.zeros((self.deal.size, 0)))

    def __len__(self) -> int:
        return int(self.deal.size)

    def won_within(self, days: int) -> BoolArray:
        """Won within `days` after the snapshot, as far as known."""
        found: BoolArray = (self.exit == WON) & (self.exit_day - self.day <= days)
        return found

    def ended_within(self, days: int) -> IntArray:
        """WON, LOST, NO_DECISION within `days` after the snapshot; else OPEN."""
        return np.where(self.exit_day - self.day <= days, self.exit, OPEN)


@dataclass(frozen=True, slots=True, eq=False)
class Spans(_Rows):
    """Stretches of days in which a deal stood at one level and its buyer was not known to act; every column is (n,).

    From the end of `start` to the end of `end` (whole days, end > start). `acted`: the day of the last buyer act known
    at `start`, −NEVER where none was. `after`: what ended it: WON, LOST, NO_DECISION, or OPEN where nothing did: the
    deal went on in the next row of its spell, or knowledge ends. `next_level`: the level it went on at, UNSEEN − 1
    where it did not go on. A span that began by another claim only is not a change of level.
    """

    deal: IntArray
    spell: IntArray
    start: IntArray
    end: IntArray
    process: IntArray
    level: IntArray
    claimed: IntArray
    acted: IntArray
    after: IntArray
    next_level: IntArray

    def __len__(self) -> int:
        return int(self.deal.size)


@dataclass(frozen=True, slots=True, eq=False)
class KnownAt:
    """All that had been recorded by the end of `day`, and nothing else: what a model is fitted on and applied to.

    `now`: the deals open then. `weekly`: snapshots 7, 14, 21 ... days before, with the exits known by `day`. `spans`:
    all that was lived through, cut off at `day`. `stages`: names of the stages per process. `first_day`: of the
    history. `decided`: number of spells known to have ended.
    """

    day: int
    now: Snapshots
    weekly: Snapshots
    spans: Spans
    stages: tuple[tuple[str, ...], ...]
    owners: tuple[str, ...]
    segments: tuple[str, ...]
    first_day: int
    decided: int
    kinds: tuple[str, ...] = ()

    def of(self, deals: BoolArray, *, forecast: BoolArray | None = None) -> KnownAt:
        """The same for some deals, by a flag per deal of the log; `forecast`: those of `now`, where they are others."""
        asked = deals if forecast is None else forecast
        spans = self.spans.take(deals[self.spans.deal])
        return replace(
            self,
            now=self.now.take(asked[self.now.deal]),
            weekly=self.weekly.take(deals[self.weekly.deal]),
            spans=spans,
            decided=int((spans.after != OPEN).sum()),
        )
