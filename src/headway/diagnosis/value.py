"""The whole analysis as one frozen value: what reports, screens and the JSON file show, and nothing else.

Amounts are plain floats in the main currency of the log; deals in another currency are counted in
`LogSummary.other_currency_deals` and never mixed into a sum. Shares and chances are 0 to 1. Every figure that is
an estimate is a `Share` or carries its own n and interval; None means unknown and stands beside a `reason`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

SCHEMA = "headway/diagnosis/1"


@dataclass(frozen=True, slots=True)
class Share:
    """An estimated share with its 95 % interval and the number of cases it rests on."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of the five sentences. `deals` are the ids of the deals it names, in the order of their names in `text`."""

    text: str
    deals: tuple[str, ...] = ()


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
class MilestoneState:
    """proven | open | weak | lapsed | disputed, and whether a lapse only asks to re-confirm."""

    id: str
    rank: int
    buyer: str
    ask: str
    state: str
    reconfirm: bool = False
    ahead: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """An open deal: what is claimed, what is evidenced, how silent it is and what it is doing."""

    id: str
    name: str
    account: str | None
    owner: str | None
    amount: float | None
    currency: str | None
    process: str
    claimed_rank: int | None
    claimed: str | None
    evidenced_rank: int | None  # 0: nothing evidenced yet; None: not observed
    evidenced: str | None
    gap: int | None
    gap_amount: float | None
    silence_days: float | None
    seller_silence_days: float | None
    standing: str
    days_in_stage: float | None
    close_on: date | None
    past_won: int | None  # of past deals this silent at this stage ...
    past_n: int | None
    question: str | None
    milestones: tuple[MilestoneState, ...] = ()


@dataclass(frozen=True, slots=True)
class StageGap:
    """Open pipeline at one stage and beyond, as claimed and as evidenced (observed deals only)."""

    process: str
    rank: int
    stage: str
    claimed_deals: int
    claimed_amount: float
    evidenced_deals: int
    evidenced_amount: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Claimed against evidenced over all open deals."""

    open_deals: int
    observed_deals: int
    inflated: int
    even: int
    sandbagged: int
    amount: float | None  # in money, None where hidden
    stages: tuple[StageGap, ...]
    standings: tuple[tuple[str, int, float], ...]  # standing, deals, amount
    silence_limit_days: float
    silence_from: str  # own past | process
    reason: str | None = None
    amount_low: float | None = None  # 95 % interval of amount
    amount_high: float | None = None
    amount_deals: int = 0  # open deals that amount is about
    amount_n: int = 0  # past deals it rests on


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
class Path:
    """One way through the stages, and how the deals that went it ended."""

    stages: tuple[str, ...]
    deals: int
    won: int
    lost: int
    no_decision: int
    withdrawn: int
    open: int
    amount: float
    process: str = ""  # empty: any


@dataclass(frozen=True, slots=True)
class Edge:
    """Moves from one stage to another. Beside stages: source "" is the creation, target an outcome's name."""

    source: str
    target: str
    moves: int
    deals: int
    median_days: float | None
    amount: float
    process: str = ""  # empty: any


@dataclass(frozen=True, slots=True)
class Dwell:
    """Days spent in one visit of a stage."""

    process: str
    rank: int
    stage: str
    visits: int
    median: float | None
    p75: float | None
    p90: float | None
    won_p90: float | None
    won_visits: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Paths, the stage graph and dwell."""

    variants: int
    paths: tuple[Path, ...]
    edges: tuple[Edge, ...]
    dwell: tuple[Dwell, ...]


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
    title: str = "Diagnosis"
    schema: str = SCHEMA
