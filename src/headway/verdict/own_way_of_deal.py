"""Did what an exception predicted come true, on one deal? A pure function on its history.

The same meaning for many deals at once is in `headway.verdict.own_ways`; a property test demands that both agree.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from headway.basics.periods import AsOf
from headway.deals.event_log import folded
from headway.deals.events import EventKind, Outcome
from headway.deals.history import DealHistory, Event
from headway.deals.predictions import Predicted, predicted_in
from headway.evidence.proof import WITHDRAWING, is_withdrawn, required_milestones
from headway.process.definition import Milestone, Process


def came_true(history: DealHistory, process: Process | None, exception: Event, as_of: AsOf) -> bool | None:
    """None while it cannot be told, where nothing was predicted, or where the deal was decided before.

    *proven* speaks of the stage claimed when the exception was allowed, or of the next one where that was real already;
    its milestones must be proven by the day on which the exception ends.
    """
    known = history.known(as_of)
    predicted, decision = predicted_in(exception.ref), known.decision
    if predicted is None or (decision is not None and exception.happened_at >= decision[1]):
        return None
    if predicted is not Predicted.PROVEN:
        return None if decision is None else (decision[0] is Outcome.WON) == (predicted is Predicted.WON)
    ends = None
    if exception.due_on is not None:
        ends = datetime.combine(exception.due_on, time(), UTC) + timedelta(days=1)
    target = _target(known, process, exception) if process is not None else None
    if process is None or target is None or (decision is None and (ends is None or as_of.at < ends)):
        return None
    proven_at = _real_at(known, process, target)
    return proven_at is not None and (ends is None or proven_at < ends)


def _target(known: DealHistory, process: Process, exception: Event) -> int | None:
    """The rank that *proven* speaks of; None where the process has no such stage, or nothing to prove there."""
    claims = [e for e in known.events if e.kind is EventKind.STAGE_CLAIMED and e.happened_at <= exception.happened_at]
    ranks = {folded(label): rank for rank, stage in enumerate(process.stages, 1) for label in stage.labels}
    claimed = [ranks[folded(e.name or "")] for e in claims if folded(e.name or "") in ranks]
    if not claimed:
        return None
    real_at = _real_at(known, process, claimed[-1]) if _has_milestones(process, claimed[-1]) else None
    target = claimed[-1] + (1 if real_at is not None and real_at <= exception.happened_at else 0)
    return target if _has_milestones(process, target) else None


def _has_milestones(process: Process, rank: int) -> bool:
    return any(at == rank for at, _ in process.milestones)


def _real_at(known: DealHistory, process: Process, rank: int) -> datetime | None:
    """When this stage became real: the last of the first proofs of all that it and the stages before it require."""
    decision = known.decision
    events = tuple(e for e in known.events if decision is None or e.happened_at <= decision[1])
    needed = [m for at, m in required_milestones(process, known.amount, known.record_type) if at <= rank]
    firsts = [_first_proof(m, events) for m in needed]
    found = [at for at in firsts if at is not None]
    return max(found) if found and len(found) == len(firsts) else None


def _first_proof(milestone: Milestone, events: tuple[Event, ...]) -> datetime | None:
    taken = tuple(e for e in events if e.kind in WITHDRAWING)
    shown = (
        e.happened_at
        for e in events
        if (e.kind is EventKind.EVIDENCE_RECORDED and e.name == milestone.id)
        or (e.kind is EventKind.BUYER_ACTED and e.name in milestone.proof.acts)
        if (e.grade or 0) >= milestone.proof.grade
        and not any(is_withdrawn(e, milestone.id, taken, kind) for kind in WITHDRAWING)
    )
    return min(shown, default=None)
