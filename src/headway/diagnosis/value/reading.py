"""What was read, and the processes it was set against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from headway.diagnosis.value.figures import Share


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read: which layout it was taken for and how sure that is."""

    name: str
    layout: str
    certainty: float
    rows: int


@dataclass(frozen=True, slots=True)
class Repair:
    """Something missing, repaired or dropped while reading: what and why, how often, and the first lines."""

    kind: str  # missing | repaired | assumed | noted | kept | dropped
    what: str
    count: int
    file: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CurrencyRead:
    """A currency other than the main one, how many deals are in it, and what one of it was stated to be worth.

    `rate` None: nobody stated one, and no amount in it is summed. `valid_on`: since when it holds, where that is known.
    """

    currency: str
    deals: int
    rate: float | None
    valid_on: date | None


@dataclass(frozen=True, slots=True)
class LogSummary:
    """What was read."""

    deals: int
    events: int
    won: int
    lost: int
    no_decision: int
    withdrawn: int
    open: int
    owners: int
    accounts: int
    first_at: datetime | None
    last_at: datetime | None
    currency: str | None
    open_amount: float
    open_without_amount: int
    other_currency_deals: int
    buyer_acts: int
    activities: int
    without_process: int  # deals that match no process
    unknown_claims: tuple[tuple[str, int], ...]  # claimed stages that the process lacks, with deals
    sources: tuple[SourceFile, ...] = ()
    repairs: tuple[Repair, ...] = ()
    currencies: tuple[CurrencyRead, ...] = ()


@dataclass(frozen=True, slots=True)
class StageSummary:
    """A stage of a process, with the open deals that claim it now."""

    rank: int
    name: str
    entered: int  # deals that ever claimed it
    open_deals: int
    open_amount: float
    milestones: tuple[str, ...] = ()  # buyer texts


@dataclass(frozen=True, slots=True)
class OrderPair:
    """Two stages and the share of deals that entered `before` first, among those that entered both."""

    before: str
    after: str
    share: Share
    certain: bool  # at least 60 %


@dataclass(frozen=True, slots=True)
class ProcessSummary:
    """A process the deals were set against, or the one they practise where none was given."""

    name: str
    version: str
    practised: bool
    certainty: float | None  # of the inferred order, None for a given process
    deals: int
    stages: tuple[StageSummary, ...]
    pairs: tuple[OrderPair, ...] = ()
