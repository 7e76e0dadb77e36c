"""How good the forecast has been: past weeks and periods forecast again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from headway.forecast.value.totals import Period
from headway.verdict.value import Interval


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
