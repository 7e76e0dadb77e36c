"""What a forecast says, as frozen plain values: the diagnosis carries them, reports and screens show them.

Chances are 0 to 1. Amounts are floats in the log's main currency; deals in another one are counted and never summed.
Intervals of chances and totals are 80 %: one in ten lies below, one in ten above. None means unknown and stands beside
a reason. `no_decision` holds deals that went quiet and those that the seller left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from headway.verdict.value import Interval

EXITS = ("won", "lost", "no_decision")
LEVEL = 0.80
MODEL, BASE_RATE, NOTHING = "model", "base rate", "nothing"
"""Where chances come from: the model; the share of all past deals open like it; nowhere, for no deal was decided."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a total is forecast for; both days included. `name`: `Q4 2026`."""

    name: str
    starts_on: date
    ends_on: date


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


@dataclass(frozen=True, slots=True)
class Total:
    """What a group of deals brings by the end of the period, as a distribution. `booked`: won in it so far, included.

    `open_deals` hold `open_amount`; `without_amount` of them have none known. `stage_weighted`: as a CRM would sum it,
    amount times the share of decided deals won that ever claimed the stage, whenever they were. `base_rate`: with one
    chance for every deal. `covered`: how often a stated 80 % range held the true total in the back-test.
    """

    kind: str  # all | team | owner | segment
    name: str
    booked: float
    booked_deals: int
    open_deals: int
    open_amount: float
    without_amount: int
    low: float
    middle: float
    high: float
    mean: float
    stage_weighted: float | None
    base_rate: float | None
    covered: Interval | None
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FanDay:
    """The total as forecast at the end of a day of the period: for the fan. `booked` by then; None where too early."""

    on: date
    booked: float
    low: float | None
    middle: float | None
    high: float | None
    stage_weighted: float | None


@dataclass(frozen=True, slots=True)
class Piece:
    """One deal's part in a change of the number. `cause`: a key of `why_it_moved.CAUSES`; `why`: the event in words."""

    deal: str
    deal_name: str
    cause: str
    amount: float
    why: str
    events: tuple[int, ...] = ()  # ordinals in the log


@dataclass(frozen=True, slots=True)
class Moved:
    """Why the number changed between the ends of two days. The pieces add up to `after - before`, to the cent.

    `causes`: (cause, its sum, deals), the largest change first.
    """

    from_on: date
    to_on: date
    before: float
    after: float
    causes: tuple[tuple[str, float, int], ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """One method, scored over the origins of a back-test. `horizon_days`: what was forecast, won within it.

    `brier`, `log_loss`: lower is better. `calibration`: mean distance between said and seen, ten bins. `ranking`: the
    chance that of two deals the one won was rated higher (0.5: none). `bookings_bias`, `bookings_error`: of the sum of
    amounts won, over all origins and per origin (mean of absolute values), as shares of what was won. `time_ranking`:
    the chance that of two deals the one decided first was expected first (Harrell's concordance).
    """

    method: str
    deals: int
    brier: float
    log_loss: float
    calibration: float
    ranking: float | None
    bookings_bias: float | None
    bookings_error: float | None
    time_ranking: float | None = None


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Deals that were given about the same chance: what was said on average, and what share was won (Wilson 95 %)."""

    said: float
    won: Interval


@dataclass(frozen=True, slots=True)
class Origin:
    """One past week forecast with only what had been recorded then, and what came true."""

    on: date
    open_deals: int
    low: float
    middle: float
    high: float
    mean: float
    actual: float
    stage_weighted: float | None


@dataclass(frozen=True, slots=True)
class Flagged:
    """How early deals that were not won were flagged as stalled: `n` deals, `flagged` of them, `days_before` their end.

    `false`: share of flagged deals that were won after all.
    """

    deals: int
    flagged: int
    days_before: Interval | None
    false: Interval | None


@dataclass(frozen=True, slots=True)
class Settled:
    """After which week of a past period the number stayed within `tolerance` of what came true; None: never."""

    period: Period
    week: int | None
    weeks: int
    actual: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """The forecast replayed. `skill`: 1 − Brier / Brier of the base rate, with its paired 90 % interval over origins.

    `shown`: whether the model's chances are shown (skill surely above zero over at least six origins); else `reason`.
    `time_error_days`: mean error of the time to decision, beside `time_error_usual` of always saying the usual time.
    """

    horizon_days: int
    origins: tuple[Origin, ...]
    scores: tuple[Score, ...]
    calibration: tuple[CalibrationBin, ...]
    skill: Interval | None
    covered: Interval | None
    time_error_days: float | None
    time_error_usual: float | None
    flagged: Flagged | None
    settled: tuple[Settled, ...]
    tolerance: float
    shown: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One readable number of the model: a daily chance and the counts it rests on (`days` spent there, `events`)."""

    state: str
    silence: str
    to: str
    daily: float
    events: int
    days: float


@dataclass(frozen=True, slots=True)
class Weight:
    """One readable number of the model: what one more `unit` of something does to the odds (factor)."""

    name: str
    unit: str
    factor: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """Everything a forecast says as of a moment."""

    as_of: datetime
    period: Period
    currency: str | None
    basis: str
    sentence: str  # the number, and how far it can be trusted, in one sentence
    reason: str  # why there is no model; empty where there is one
    decided: int
    total: Total
    groups: tuple[Total, ...]
    deals: tuple[DealForecast, ...]
    fan: tuple[FanDay, ...]
    moved: Moved | None
    backtest: Backtest | None
    cells: tuple[Cell, ...] = ()
    weights: tuple[Weight, ...] = ()
    other_currency_deals: int = 0
    without_process: int = 0
    limits: tuple[str, ...] = ()
    moved_longer: tuple[Moved, ...] = ()  # the same since four weeks ago, and since the period's first week
