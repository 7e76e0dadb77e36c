"""Whether the process is used, whether that fades, depends on the owner, or bends under pressure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from headway.diagnosis.value.figures import Share


@dataclass(frozen=True, slots=True)
class AdherenceRow:
    """How often one expectation was kept, among the times it fell due."""

    label: str
    kept: int
    due: int
    share: Share
    process: str = ""
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class Adherence:
    """Is the process used: overall and by stage, step, version, team and week.

    `stages`: entered, or proven, on deals that went beyond them; `claims`: claimed only once the buyer had done what
    the stage takes; `steps`: done in time.
    """

    overall: Share | None
    stages: tuple[AdherenceRow, ...] = ()
    claims: tuple[AdherenceRow, ...] = ()
    steps: tuple[AdherenceRow, ...] = ()
    versions: tuple[AdherenceRow, ...] = ()
    teams: tuple[AdherenceRow, ...] = ()
    weeks: tuple[AdherenceRow, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StepConsistency:
    """Whether owners differ in one expectation beyond chance."""

    label: str
    differs: bool | None
    variance_share: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Consistency:
    """How much the path depends on the owner: share of variance between owners. Names no owner."""

    variance_share: float | None
    low: float | None
    high: float | None
    owners: int
    deals: int
    steps: tuple[StepConsistency, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Fade:
    """Adherence over time: its trend and the one change point, where there is one."""

    weeks: int
    slope_points_per_quarter: float | None
    slope_low: float | None
    slope_high: float | None
    change_on: date | None
    change_low: date | None
    change_high: date | None
    before: Share | None
    after: Share | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PressureRow:
    """Deviations in the last ten days of a period against the rest."""

    period: str  # month | quarter
    inside: Share | None
    outside: Share | None
    difference: float | None
    low: float | None
    high: float | None
    reason: str | None = None
