"""A process as frozen values: stages, the milestones that make them real, the steps asked of sellers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows a milestone: the lowest grade (0-4), its shelf life, and which observed buyer acts prove it."""

    grade: int = 1
    shelf_life_days: int | None = None
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """One thing the buyer must have done. Required for every deal unless a bound on amount or kind is set."""

    id: str
    buyer: str
    ask: str = ""
    usual_days: int | None = None
    proof: Proof = field(default_factory=Proof)
    amount_from: float | None = None
    record_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing asked of the seller. Due `due_days` after its stage is claimed, or after the buyer act `after`.

    Done when `activities` happened `times` times by the due time (and, with `after`, since that act); 0 days: by the
    time the stage is claimed. Not asked where the buyer did `unless` (a buyer act, or what a milestone says) before it
    was due. Only a seller's own step (`at_buyers_request` false) can be judged.
    """

    id: str
    seller: str
    serves: str
    due_days: int
    after: str | None = None
    activities: tuple[str, ...] = ()
    at_buyers_request: bool = False
    times: int = 1
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A named part of a process; real for a deal when every milestone it requires is proven.

    `claims` are the names under which a CRM claims this stage (its own name always counts).
    `usual_days`: within which a deal usually reaches a decision from here; `limit_days`: its longest stay.
    """

    name: str
    milestones: tuple[Milestone, ...] = ()
    steps: tuple[Step, ...] = ()
    claims: tuple[str, ...] = ()
    usual_days: int | None = None
    limit_days: int | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """Every name under which this stage may be claimed."""
        return (self.name, *self.claims)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that rules use where a team has too few decided deals of its own to go by."""

    silence_days: int = 21  # a buyer or seller longer silent than this is called silent
    late_entry_days: int = 7  # recorded later than this after it happened
    activities_without_movement: int = 3


@dataclass(frozen=True, slots=True)
class Process:
    """A versioned, ordered list of stages for one kind of deal.

    Deals are chosen by pipeline and record type (no names: any). Of several versions, a deal is pinned to the
    one in force (`valid_from`) when it was created. `practised` marks an order inferred from the log.
    """

    name: str
    stages: tuple[Stage, ...]
    version: str = "1"
    valid_from: date | None = None
    pipelines: tuple[str, ...] = ()
    record_types: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    practised: bool = False

    @property
    def milestones(self) -> tuple[tuple[int, Milestone], ...]:
        """(rank of its stage, milestone), in order; rank 1 is the first stage."""
        return tuple((rank, m) for rank, stage in enumerate(self.stages, 1) for m in stage.milestones)

    @property
    def steps(self) -> tuple[tuple[int, Step], ...]:
        """(rank of its stage, step), in order."""
        return tuple((rank, step) for rank, stage in enumerate(self.stages, 1) for step in stage.steps)
