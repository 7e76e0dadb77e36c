"""What a verdict says, as frozen plain values: the diagnosis carries them, reports and screens show them.

Differences are shares (−1 to 1; 0.02 = two points) of *without minus with*: negative means worse without it.
Intervals of effects are 90 %. None means unknown and stands beside a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

WORDS = ("works", "process", "practice", "rhythm", "costly", "helps", "unknown")


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval and the number of deals it rests on."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Who was compared with whom, and how far to trust it.

    `landmark`: the moment, in words. `n` deals were open then and followed for `horizon_days`; `left_out` of them had
    left it out by then; of these `won_without`, of the others `won_with` were won. `not_followed`: open at the
    landmark, too recent to know. `decided_before`: decided before it, so not compared. `naive`: share won among
    finished deals that never did it minus among those that did (`naive_n` deals). `raw`: the difference at the
    landmark before adjusting. `without_evidence`: the adjusted difference when the buyer's evidence is not looked at.
    `e_value`: a hidden cause would have to be this many times as frequent on one side, and to raise the chance of
    winning this many times, to explain the difference away; `e_value_bound`: to move the interval's near end to none.
    `inspected`: share of the deals that left it out that a review looked at; None where no review was recorded.
    """

    landmark: str
    n: int
    left_out: int
    won_without: int
    won_with: int
    horizon_days: float
    not_followed: int
    decided_before: int
    adjusted_for: tuple[str, ...]
    raw: float | None
    naive: float | None
    naive_n: int
    why_naive_is_off: str
    without_evidence: float | None
    e_value: float | None
    e_value_bound: float | None
    owners: int
    owners_leaving_out: int
    inspected: Interval | None
    evidence_seen: float  # share of the compared deals with a dated buyer act by the landmark


@dataclass(frozen=True, slots=True)
class PlantedTruth:
    """What is really so in a simulated firm. `cost`: share won with minus without (positive: worse without it)."""

    word: str
    cost: float
    naive: float | None = None


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What a trial found: deals asked and not asked, decided so far, and what the sequential test says.

    `state`: running | better with | better without | no difference | stopped. `effect`: without minus with, with a
    sequential interval that holds however often it is looked at.
    """

    name: str
    state: str
    asked: int
    not_asked: int
    decided: int
    effect: Interval | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One step or rule: what leaving it out costs, and so who should change what.

    `subject`: step | rule. `id`: the step's id or the rule's name. `word`: one of WORDS; empty where it is not judged
    (`ground` says why: asked for by the buyer). `ground`: harmless | met by few | kept by nearly all | not inspected |
    no reviews | better without | few leave it out | many leave it out | no buyer evidence | evidence tells nothing |
    too few | too wide | at the buyer's request | trial. `sentence` says it plainly with its figures; `so`: what to do.
    `deals_needed`: how many more decided deals it takes, where unknown. `provisional`: not yet confirmed by a next
    estimate with at least 10 % more decided deals. `cannot_be_judged`: a difference is shown, without buyer evidence.
    """

    subject: str
    id: str
    label: str
    process: str
    stage: str
    word: str
    ground: str
    sentence: str
    so: str
    margin: float
    left_out: Interval | None
    effect: Interval | None
    deals_needed: int | None = None
    provisional: bool = True
    cannot_be_judged: bool = False
    comparison: Comparison | None = None
    trial: TrialResult | None = None
    truth: PlantedTruth | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One milestone: how much better deals do that have it, among deals alive at the same landmark.

    `word`: telling | not telling | unknown. `effect`: share won with minus without it (positive: having it is good).
    """

    milestone: str
    buyer: str
    process: str
    stage: str
    word: str
    ground: str
    sentence: str
    effect: Interval | None
    with_it: int
    without_it: int
    landmark: str
    deals_needed: int | None = None


@dataclass(frozen=True, slots=True)
class OrderReversal:
    """Two milestones that winning buyers reach in the other order than the process has them."""

    first: str  # the id of the one the process puts first
    second: str
    first_buyer: str
    second_buyer: str
    share: Interval  # share of winning deals with both that reached `second` first


@dataclass(frozen=True, slots=True)
class BuyersOrder:
    """Whether the documented order is the one in which winning buyers go, and the order proposed instead."""

    process: str
    won: int
    pairs_compared: int
    reversals: tuple[OrderReversal, ...]
    proposed: tuple[tuple[str, str], ...]  # (milestone id, buyer text), in the order proposed; empty: keep it
    sentence: str
    reason: str | None = None
    recorded_after: int = 0  # milestones of won deals with no evidence recorded by the decision: left out
    as_documented: int = 0  # pairs that surely come in the documented order


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of theatre, of a process or a meeting: found, not found, or not to be told.

    `kind`: edits before reviews | claims in bursts | late evidence | dates at period ends | mandatory criterion.
    """

    kind: str
    about: str
    found: bool | None
    sentence: str
    value: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Theatre:
    """Whether the process is played rather than followed. Of a process and its meetings, never of a person."""

    found: bool | None
    sentence: str
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class WeekAfter:
    """Adherence so many weeks after a review that was held, or missed."""

    weeks: int
    held: Interval | None
    missed: Interval | None


@dataclass(frozen=True, slots=True)
class Reinforcement:
    """What a review does to adherence, how long it lasts, and what the leader's absence does."""

    sentence: str
    reviews_held: int
    reviews_missed: int
    difference: Interval | None  # adherence after held minus after missed
    half_life_days: Interval | None
    absence: Interval | None  # adherence in weeks of the leader's absence minus the other weeks
    absence_sentence: str
    curve: tuple[WeekAfter, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OwnWay:
    """One way of leaving the process that was allowed with a predicted result, scored over its decided deals."""

    rule: str
    label: str
    why: str
    predicted: str
    allowed: int
    decided: int
    came_true: int
    share: Interval | None
    expected: float | None  # what deals alive at the same moment without the exception did
    word: str  # keeps winning | comes true (predicted: proven, ended) | not better | unknown
    sentence: str


@dataclass(frozen=True, slots=True)
class ConstraintCandidate:
    """Attention, Trust, Movement or Control: what speaks for it being the one thing to mend first, and what against."""

    name: str
    score: float | None
    for_it: tuple[str, ...]
    against_it: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constraint:
    """The one thing that holds this team back most, from where and how deals stop; name None: cannot be told yet."""

    name: str | None
    sentence: str
    so: str
    candidates: tuple[ConstraintCandidate, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything the judge says of one log. `sentence`: the one that settles the argument for this team."""

    sentence: str
    so: str
    margin: float
    horizon_days: float | None
    verdicts: tuple[Verdict, ...]
    signals: tuple[Signal, ...]
    orders: tuple[BuyersOrder, ...]
    theatre: Theatre
    reinforcement: Reinforcement
    own_ways: tuple[OwnWay, ...]
    constraint: Constraint
    no_steps: str | None = None  # why there are no steps to judge
