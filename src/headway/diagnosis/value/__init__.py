"""The whole analysis as one frozen value: what reports, screens and the JSON file show, and nothing else.

Sums are plain floats in the main currency of the log; a deal in another one is summed at the rate stated for it
(`LogSummary.currencies`), and without one counted in `LogSummary.other_currency_deals` and never mixed in. Shares
and chances are 0 to 1. Every figure that is an estimate is a `Share` or carries its own n and interval; None means
unknown and stands beside a `reason`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headway.diagnosis.value.adherence import Adherence, AdherenceRow, Consistency, Fade, PressureRow, StepConsistency
from headway.diagnosis.value.figures import Sentence, Share
from headway.diagnosis.value.findings import DealTrace, EventRef, Finding, RuleResult, StageCount
from headway.diagnosis.value.flow import Dwell, Edge, Flow, Path
from headway.diagnosis.value.movement import CurvePoint, Movement, StageMovement
from headway.diagnosis.value.pipeline import Gap, MilestoneState, OpenDeal, StageGap
from headway.diagnosis.value.reading import (
    CurrencyRead,
    LogSummary,
    OrderPair,
    ProcessSummary,
    Repair,
    SourceFile,
    StageSummary,
)
from headway.forecast.value import Forecast
from headway.verdict.value import Judged

SCHEMA = "headway/diagnosis/1"

__all__ = [
    "SCHEMA",
    "Adherence",
    "AdherenceRow",
    "Consistency",
    "CurrencyRead",
    "CurvePoint",
    "DealTrace",
    "Diagnosis",
    "Dwell",
    "Edge",
    "EventRef",
    "Fade",
    "Finding",
    "Flow",
    "Forecast",
    "Gap",
    "Judged",
    "LogSummary",
    "MilestoneState",
    "Movement",
    "OpenDeal",
    "OrderPair",
    "Path",
    "PressureRow",
    "ProcessSummary",
    "Repair",
    "RuleResult",
    "Sentence",
    "Share",
    "SourceFile",
    "StageCount",
    "StageGap",
    "StageMovement",
    "StageSummary",
    "StepConsistency",
]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that `headway diagnose` says."""

    as_of: datetime
    sentences: tuple[Sentence, ...]
    log: LogSummary
    processes: tuple[ProcessSummary, ...]
    movement: Movement
    findings: tuple[RuleResult, ...]
    gap: Gap
    open_deals: tuple[OpenDeal, ...]
    adherence: Adherence
    flow: Flow
    consistency: Consistency
    fade: Fade
    pressure: tuple[PressureRow, ...]
    traces: tuple[DealTrace, ...]
    judged: Judged | None = None  # verdicts; None in what was stored before there were any
    forecast: Forecast | None = None  # only where it was asked for: it takes longer than all the rest
    title: str = "Diagnosis"
    schema: str = SCHEMA
