"""Departures from the process, rule by rule, and the events behind the deals that are named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class EventRef:
    """One event behind a figure, with the place it was read from."""

    kind: str
    what: str
    happened_at: datetime
    who: str | None
    file: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One departure on one deal: what happened, what would mend it, and the events behind it."""

    rule: str
    deal: str
    name: str
    amount: float | None
    process: str
    version: str
    stage: str | None
    happened_at: datetime | None
    what: str
    mend: str
    open: bool
    allowed: bool = False


@dataclass(frozen=True, slots=True)
class StageCount:
    """Deals and money of one rule at one stage."""

    process: str
    rank: int
    stage: str
    deals: int
    amount: float


@dataclass(frozen=True, slots=True)
class RuleResult:
    """All findings of one rule: how many, how much money, where, and the examples to look at first."""

    rule: str
    title: str
    meaning: str
    findings: int
    deals: int
    amount: float
    open_deals: int
    open_amount: float
    allowed: int
    stages: tuple[StageCount, ...]
    examples: tuple[Finding, ...]
    reason: str | None = None  # why the rule could not be asked


@dataclass(frozen=True, slots=True)
class DealTrace:
    """Every event of a deal that is named somewhere: what a figure can be traced to."""

    deal: str
    name: str
    amount: float | None
    currency: str | None
    owner: str | None
    outcome: str | None
    events: tuple[EventRef, ...]
    more: int = 0  # events left out here
