"""A gate and what a back-test says of it, as frozen plain values.

Shares are 0 to 1, differences are stopped minus let through; all intervals here are 90 %. Method and format:
docs/how-to/backtest.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headway.verdict.value import Interval

SCHEMA = "headway/backtest/1"
RUNGS = ("observe", "warn", "ask", "block")


@dataclass(frozen=True, slots=True)
class Gate:
    """One rule that could be imposed: the moment at which it asks, and what it needs then.

    `stage`: it asks when a deal is first claimed there or beyond; with `after_days`, so many days after it was first
    claimed there, on deals still claimed there. Without a stage, `after_days` after the deal was created.
    `milestones` and `steps` by id. It asks only deals from `amount_from` on, in these pipelines and of these record
    types (none: any).
    """

    name: str
    stage: str | None = None
    after_days: int = 0
    milestones: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    buyer_act_within_days: int | None = None
    amount_from: float | None = None
    pipelines: tuple[str, ...] = ()
    record_types: tuple[str, ...] = ()

    @property
    def about_buyer(self) -> bool:
        """Whether anything that it needs is the buyer's to do."""
        return bool(self.milestones) or self.buyer_act_within_days is not None


@dataclass(frozen=True, slots=True)
class Need:
    """One thing the gate needs (`kind`: milestone | step | buyer act), and how many deals lacked it at their moment."""

    kind: str
    id: str
    text: str
    lacked: int


@dataclass(frozen=True, slots=True)
class StoppedDeal:
    """A deal that the gate would have stopped: what it lacked then, and how it ended.

    `outcome` None: still open. `days_earlier`: from the stop to the decision. `amount`: as known at the stop.
    `written_late`: all that it lacked had happened by then and was recorded within a week.
    """

    id: str
    name: str
    account: str | None
    amount: float | None
    currency: str | None
    stopped_at: datetime
    lacked: tuple[str, ...]
    outcome: str | None
    decided_at: datetime | None
    days_earlier: float | None
    written_late: bool


@dataclass(frozen=True, slots=True)
class Side:
    """Deals that the gate stopped, or let through, by what became of them. `share`: won, of those decided."""

    deals: int
    won: int
    lost: int
    no_decision: int
    withdrawn: int
    open: int
    share: Interval | None

    @property
    def not_won(self) -> int:
        """Decided, and not won."""
        return self.lost + self.no_decision + self.withdrawn


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deals the gate could be tried on. `asked` reached its moment while open, in its scope.

    Left out: `not_reached`; `decided_before`; `out_of_scope` (too small, or another kind); `amount_unknown` (their
    amount had not been recorded by then, so a bound on it does not bind); `other_process` (their process, if any, has
    not what the gate speaks of).
    """

    asked: int
    not_reached: int
    decided_before: int
    out_of_scope: int
    amount_unknown: int
    other_process: int


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder: whether the data support it, and why or why not."""

    name: str
    supported: bool
    why: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Share won of stopped minus let through, among deals followed for `horizon_days` after the gate's moment.

    `raw`: score interval (Newcombe). `adjusted`: under the wide prior, for what `adjusted_for` names; `sceptical`:
    under the prior that draws towards no difference. None where too few deals were followed.
    """

    horizon_days: int
    followed: int
    stopped: int
    won_stopped: int
    won_through: int
    not_followed: int
    raw: Interval | None
    adjusted: Interval | None
    sceptical: Interval | None
    adjusted_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a gate would have done to the deals of a log, had it asked with what was recorded at its moments.

    `days_earlier`: median days from the stop to the decision, over stopped deals that were decided and not won (with
    fewer than 5 of them low and high are their extremes). `known`: whether it is known that no higher rung is
    supported; else `deals_needed` more decided deals will tell (None: more deals will hardly). `unseen`: stopped
    without any buyer act recorded by then. `written_late`: stopped for want of what had happened and was recorded
    within a week. `assumed`: share of the events behind the replay whose time of recording is assumed.
    """

    gate: Gate
    asks: str
    needs: tuple[Need, ...]
    as_of: datetime
    processes: tuple[str, ...]
    margin: float
    asked: Asked
    stopped: Side
    let_through: Side
    days_earlier: Interval | None
    difference: Difference
    rung: str
    known: bool
    rungs: tuple[Rung, ...]
    deals_needed: int | None
    sentence: str
    so: str
    unseen: int
    written_late: int
    assumed: float
    deals: tuple[StoppedDeal, ...]
    schema: str = SCHEMA
