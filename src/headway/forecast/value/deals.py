"""What is forecast of one open deal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

EXITS = ("won", "lost", "no_decision")
LEVEL = 0.80
MODEL, BASE_RATE, NOTHING = "model", "base rate", "nothing"
"""Where chances come from: the model; the share of all past deals open like it; nowhere, for no deal was decided."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A chance with its 80 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Week:
    """Chances to have ended in each way by the end of a day, weeks after the as-of; they grow from week to week."""

    ends_on: date
    won: Chance
    lost: float
    no_decision: float


@dataclass(frozen=True, slots=True)
class LikelyWeek:
    """When a deal is decided, if it is decided within the weeks shown: the middle and the 80 % range, as days."""

    middle_on: date
    low_on: date
    high_on: date


@dataclass(frozen=True, slots=True)
class Fact:
    """One of what moves a deal's chance most. `about`: a group of `design.GROUPS` (silence, evidence, claim, age ...).

    `points`: how much more (above 0) or less likely a win is than with the usual of that group, as a share.
    `past` deals were alike in this, `past_won` of them were won within the horizon of the period or 90 days.
    `sentence` says it: `silent for 19 days: of 41 past deals silent this long at this stage, 2 were won`.
    """

    about: str
    sentence: str
    points: float
    past: int
    past_won: int


@dataclass(frozen=True, slots=True)
class ToCome:
    """What would have to come true for a deal to be won: what the buyer does. `who`: the contact, else the seller."""

    milestone: str
    buyer: str
    stage: str
    who: str
    by_on: date
    late: bool
    ask: str = ""


@dataclass(frozen=True, slots=True)
class DealForecast:
    """One open deal. `by_end`: won by the end of the period. `weeks`: 13 weeks from the as-of on.

    `basis`: model | base rate | nothing; without any decided deal the chances are None. `stalled`: likelier to end in
    no decision than to be won, by a margin that was right in the back-test; `limits`: what was missing or odd about it
    (no amount, a close date in the past, a stage never seen before), one short sentence each.
    """

    id: str
    name: str
    account: str | None
    owner: str | None
    team: str | None
    segment: str | None
    process: str
    claimed: str | None
    evidenced: str | None
    amount: float | None
    closes_on: date | None
    silence_days: int | None
    basis: str
    won: Chance | None
    lost: Chance | None
    no_decision: Chance | None
    by_end: Chance | None
    weeks: tuple[Week, ...]
    likely: LikelyWeek | None
    facts: tuple[Fact, ...]
    to_come: tuple[ToCome, ...]
    stalled: bool
    limits: tuple[str, ...] = ()

    @property
    def expected(self) -> float:
        """Amount times the chance of being won by the end of the period; 0 where either is not known."""
        return (self.amount or 0.0) * (self.by_end.value if self.by_end else 0.0)
