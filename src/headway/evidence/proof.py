"""Is a milestone of a deal proven as of a moment? Pure functions on one deal's history (method: docs/methods/proof.md).

The same meaning for many deals at once is in `headway.evidence.many`; a property test demands that both agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TypeAlias

from headway.basics.periods import AsOf
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.kinds import State
from headway.process.definition import Milestone, Process

WITHDRAWING = (EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED)
Told: TypeAlias = dict[tuple[EventKind, str | None], list[tuple[int, Event]]]


@dataclass(frozen=True, slots=True)
class MilestoneProof:
    """The state of one required milestone. `at`: when the evidence that gives the state happened; `contact`: who at the
    buyer gave it, as the history names them, None where it does not say.

    `reconfirm`: it lapsed behind fresher, later proof, so it still holds and asks to be confirmed again.
    `ahead`: it is proven although its stage is beyond the evidenced one.
    """

    milestone: Milestone
    rank: int
    state: State
    at: datetime | None = None
    reconfirm: bool = False
    ahead: bool = False
    contact: str | None = None

    @property
    def holds(self) -> bool:
        """True where it does not hinder its stage from being real."""
        return self.state is State.PROVEN or self.reconfirm


def required_milestones(process: Process, amount: float | None, record_type: str | None) -> list[tuple[int, Milestone]]:
    """(rank, milestone) of those that this deal needs; a bound on an unknown amount does not bind."""
    return [
        (rank, m)
        for rank, m in process.milestones
        if (m.amount_from is None or (amount is not None and amount >= m.amount_from))
        and (not m.record_types or record_type in m.record_types)
    ]


def milestone_proofs(history: DealHistory, process: Process, as_of: AsOf) -> tuple[MilestoneProof, ...]:
    """State of every required milestone, in the order of the process. Decided deals freeze at their decision."""
    known = history.known(as_of)
    decision = known.decision
    at = min(as_of.at, decision[1]) if decision else as_of.at
    events = tuple(event for event in known.events if event.happened_at <= at)
    told = _by_name(events)
    taken = tuple(event for event in events if event.kind in WITHDRAWING)
    proofs = [
        _state(milestone, rank, _showing(told, milestone), taken, at)
        for rank, milestone in required_milestones(process, known.amount, known.record_type)
    ]
    return tuple(_reconfirmed(proof, proofs) for proof in proofs)


def mark_ahead(proofs: tuple[MilestoneProof, ...], evidenced_rank: int) -> tuple[MilestoneProof, ...]:
    """The same, with `ahead` set on what is proven beyond the evidenced stage."""
    return tuple(replace(p, ahead=p.state is State.PROVEN and p.rank > evidenced_rank) for p in proofs)


def _by_name(events: tuple[Event, ...]) -> Told:
    """What shows milestones, by its kind and name, each with its place among the events: they are looked up often."""
    told: Told = {}
    for place, event in enumerate(events):
        if event.kind is EventKind.EVIDENCE_RECORDED or event.kind is EventKind.BUYER_ACTED:
            told.setdefault((event.kind, event.name), []).append((place, event))
    return told


def _showing(told: Told, milestone: Milestone) -> list[Event]:
    """The events that show a milestone, in order: evidence under its id, and the acts that it takes as such."""
    found = [*told.get((EventKind.EVIDENCE_RECORDED, milestone.id), ())]
    for act in dict.fromkeys(milestone.proof.acts):
        found += told.get((EventKind.BUYER_ACTED, act), ())
    return [event for _, event in sorted(found, key=itemgetter(0))]


def _state(
    milestone: Milestone, rank: int, showing: list[Event], taken: tuple[Event, ...], at: datetime
) -> MilestoneProof:
    shelf = milestone.proof.shelf_life_days
    found: dict[State, Event] = {}
    for event in showing:
        if is_withdrawn(event, milestone.id, taken, EventKind.EVIDENCE_RETRACTED):
            continue
        if (event.grade or 0) < milestone.proof.grade:
            state = State.WEAK
        elif is_withdrawn(event, milestone.id, taken, EventKind.EVIDENCE_DISPUTED):
            state = State.DISPUTED
        elif shelf is not None and at - event.happened_at > timedelta(days=shelf):
            state = State.LAPSED
        else:
            state = State.PROVEN
        found[state] = event  # events come in order, so the latest stays
    best = next((state for state in State if state in found), State.OPEN)
    latest = found.get(best)
    if latest is None:
        return MilestoneProof(milestone, rank, best)
    return MilestoneProof(milestone, rank, best, latest.happened_at, contact=latest.contact)


def is_withdrawn(event: Event, milestone: str, events: tuple[Event, ...], kind: EventKind) -> bool:
    """A retraction or dispute names its evidence by `ref`; without one it means all evidence before it."""
    return any(
        other.kind is kind
        and other.name == milestone
        and (other.ref == event.ref if other.ref is not None else other.happened_at >= event.happened_at)
        for other in events
    )


def _reconfirmed(proof: MilestoneProof, proofs: list[MilestoneProof]) -> MilestoneProof:
    if proof.state is not State.LAPSED or proof.at is None:
        return proof
    lapsed_at = proof.at
    fresher = any(
        p.state is State.PROVEN and p.rank > proof.rank and p.at is not None and p.at > lapsed_at for p in proofs
    )
    return replace(proof, reconfirm=fresher)
