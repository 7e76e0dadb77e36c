"""Steps that the process asked of the seller, whose time has come, and which nobody has done: what can still be done.

A step whose milestone the buyer has proven by now is moot, whatever was left out. Method page: docs/methods/agenda.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from headway.basics.periods import AsOf
from headway.deals.event_log import folded
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.proof import MilestoneProof
from headway.process.definition import Process, Step


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A step not done yet, and since how many days it is overdue (below 0: due in so many days)."""

    step: Step
    overdue_days: float


def steps_left_out(
    history: DealHistory,
    process: Process,
    proofs: Sequence[MilestoneProof],
    as_of: AsOf,
    *,
    useless: Collection[str] = (),
) -> tuple[LeftOut, ...]:
    """Asked of the seller by now and not done, in the order of the process. `useless`: ids of steps known to be of no
    use, which are not missed. A step's clock begins when its stage, or one beyond it, is first claimed; with `after`,
    at that buyer act."""
    known = history.known(as_of)
    held = {proof.milestone.id for proof in proofs if proof.holds}
    begun = _claimed_since(known, process)
    found = []
    for rank, stage in enumerate(process.stages, 1):
        for step in stage.steps:
            if step.at_buyers_request or step.id in useless or step.serves in held or _is_excused(step, known, held):
                continue
            start = _acted_at(known, step.after) if step.after else begun.get(rank)
            if start is None or _times_done(known, step, start) >= step.times:
                continue
            due_at = start + timedelta(days=step.due_days)
            if step.due_days == 0 and step.after:  # by the end of the day on which the buyer acted
                due_at = datetime.combine(start.date(), time(), start.tzinfo) + timedelta(days=1)
            found.append(LeftOut(step, (as_of.at - due_at).total_seconds() / 86_400))
    return tuple(found)


def _claimed_since(known: DealHistory, process: Process) -> dict[int, datetime]:
    """Rank -> when it, or a rank beyond it, was first claimed."""
    ranks = {folded(label): rank for rank, stage in enumerate(process.stages, 1) for label in stage.labels}
    found: dict[int, datetime] = {}
    for event in known.events:
        if event.kind is EventKind.STAGE_CLAIMED and event.name:
            for rank in range(1, ranks.get(folded(event.name), 0) + 1):
                found.setdefault(rank, event.happened_at)
    return found


def _acted_at(known: DealHistory, act: str) -> datetime | None:
    acts = (e.happened_at for e in known.events if e.kind is EventKind.BUYER_ACTED and e.name == act)
    return next(acts, None)


def _times_done(known: DealHistory, step: Step, start: datetime) -> int:
    def counts(event: Event) -> bool:
        done = event.kind is EventKind.ACTIVITY_DONE and event.name in step.activities
        return done and (not step.after or event.happened_at >= start)

    return sum(counts(event) for event in known.events)


def _is_excused(step: Step, known: DealHistory, held: Collection[str]) -> bool:
    return step.unless is not None and (step.unless in held or _acted_at(known, step.unless) is not None)
