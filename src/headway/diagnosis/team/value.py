"""The figures of the team's pages as frozen values, as the analysis keeps them.

Amounts are in the main currency, shares 0 to 1. `behind` names the `Behind` that lists the deals of a figure. `more`:
about how many more (deals, weeks, owners: the page says which) it takes until an unknown figure can be told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from headway.diagnosis.value import Fade, PressureRow, Share, StageMovement

MOST_BEHIND = 200
"""Deals that are kept behind one part of a figure; how many there are in all is kept as well."""

MOST_OWN = 50
"""The same behind a figure of one owner."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some deals behind a figure: all `n` of them, the ids of the first `MOST_BEHIND`, and how these were chosen."""

    words: str
    n: int
    deals: tuple[str, ...]
    chosen: str = "largest"  # largest | newest | longest


@dataclass(frozen=True, slots=True)
class Behind:
    """The deals behind one figure, in parts; the part that asks for something comes first."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Open deals claimed at one stage and evidenced at one: places in `Matrix.stages` from 1.

    claimed 0: in none of them. evidenced 0: nothing yet; None: no buyer act was observed.
    """

    claimed: int
    evidenced: int | None
    deals: int
    amount: float
    behind: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The open deals of one process, by claimed and by evidenced stage."""

    process: str
    stages: tuple[str, ...]
    deals: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """Inflation: money by which claims overstate `deals` open deals worth `amount`; None where it cannot be told.

    `told`: of these, the deals that `value` is about; `n`: past deals that it rests on.
    """

    deals: int
    amount: float
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    told: int = 0
    more: int = 0


@dataclass(frozen=True, slots=True)
class StageMoney:
    """The same of the deals that claim one stage without the evidence for it."""

    process: str
    stage: str
    money: Money
    behind: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Open deals by whether their claim is ahead of the buyer, agrees or is behind.

    `observed`: those of which that is known: a buyer act was observed, and a stage is claimed.
    """

    open: int
    observed: int
    ahead: int
    agree: int
    behind: int


@dataclass(frozen=True, slots=True)
class SilenceBand:
    """Open deals whose buyer has been silent for `from_days` up to `to_days`; None: without end.

    `past`: of decided deals that were silent at least `from_days` long, the share that was won.
    """

    from_days: int
    to_days: int | None
    deals: int
    amount: float
    past: Share | None
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """Silence of open deals. `over`: beyond `limit_days`; `unknown`: no buyer act was ever observed."""

    limit_days: float
    limit_from: str  # own past | process
    bands: tuple[SilenceBand, ...]
    over: int
    unknown: int


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Findings on open deals that have stood for `from_days` up to `to_days`; None: without end."""

    from_days: int
    to_days: int | None
    findings: int
    deals: int
    behind: str = ""


@dataclass(frozen=True, slots=True)
class RuleAge:
    """Findings of one rule on open deals, and for how long the one in the middle has stood."""

    title: str
    findings: int
    deals: int
    median_days: float
    behind: str


@dataclass(frozen=True, slots=True)
class Ages:
    """Open findings by age: nothing that somebody allowed is among them."""

    findings: int
    deals: int
    bands: tuple[AgeBand, ...]
    rules: tuple[RuleAge, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """Movement of one stage, and the deals behind it."""

    stage: StageMovement
    more: int
    behind: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Where open deals are, and whether they get to a decision."""

    currency: str | None
    claims: Claims
    matrices: tuple[Matrix, ...]
    money: Money
    stage_money: tuple[StageMoney, ...]
    silence: Silence
    ages: Ages
    moved: Moved | None
    stages: tuple[Moved, ...]
    upper_bound: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """How often something expected was kept: `kept` of `due` times, on `deals` deals."""

    label: str
    kept: int
    due: int
    deals: int
    share: Share
    process: str = ""
    behind: str = ""
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class Apart:
    """Whether owners differ in one expectation: share of variance between them; None where it cannot be told."""

    label: str
    differs: bool | None
    variance_share: float | None
    low: float | None
    high: float | None
    n: int
    behind: str


@dataclass(frozen=True, slots=True)
class Owners:
    """How much the way of a deal depends on whose it is. Names nobody. `more`: owners lacking."""

    variance_share: float | None
    low: float | None
    high: float | None
    owners: int
    deals: int
    steps: tuple[Apart, ...]
    more: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """Departures at the ends of a period against other days. `more`: deals lacking on a side."""

    row: PressureRow
    more: int
    inside: str
    outside: str


@dataclass(frozen=True, slots=True)
class Practice:
    """Is the process used: by stage, claim, step, version and team; over time; by whom; under pressure.

    `small_teams`: teams of under three owners, of whom a figure would be one about a person; left out.
    """

    overall: Kept | None
    stages: tuple[Kept, ...]
    claims: tuple[Kept, ...]
    steps: tuple[Kept, ...]
    versions: tuple[Kept, ...]
    teams: tuple[Kept, ...]
    small_teams: int
    weeks: tuple[Kept, ...]
    fade: Fade
    fade_more: int
    owners: Owners
    pressure: tuple[Pressed, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OwnList:
    """Deals behind one figure of an owner: all `n`, and the ids of the first `MOST_OWN`."""

    name: str
    title: str
    n: int
    deals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfOwner:
    """Of the open deals of one owner: claims against buyers, silence, and what departs from the process.

    No figure of theirs is set beside anybody else's.
    """

    owner: str
    currency: str | None
    amount: float
    claims: Claims
    money: Money
    silence: Silence
    ages: Ages
    lists: tuple[OwnList, ...]


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """All of it. `behind`: by the name that figures give."""

    pipeline: Pipeline
    practice: Practice
    owners: tuple[OfOwner, ...]
    behind: dict[str, Behind]
