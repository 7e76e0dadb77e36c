"""Movement: of the deals that entered a stage, how many reached a decision, and when."""

from __future__ import annotations

from dataclasses import dataclass

from headway.diagnosis.value.figures import Share


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Cumulative shares by `days` after entering the stage; they and the share still open add up to 1."""

    days: float
    won: float
    lost: float
    ended: float  # no decision or withdrawn


@dataclass(frozen=True, slots=True)
class StageMovement:
    """Movement of one stage: of the deals that entered it, what share reached a decision within the usual time."""

    process: str
    rank: int
    stage: str
    basis: str  # evidenced | claimed
    n: int
    usual_days: float | None
    usual_from: str  # process | own past
    decided: Share | None
    won: Share | None
    open_beyond: Share | None
    ended: Share | None
    median_days: float | None
    median_low: float | None
    median_high: float | None
    curve: tuple[CurvePoint, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """The headline figure: over all stages' entries at the first stage, and per stage."""

    overall: StageMovement | None
    stages: tuple[StageMovement, ...]
    upper_bound: bool  # losses without a reason are counted as decisions
    reason: str | None = None
