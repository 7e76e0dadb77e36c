"""Where the buyer is and what the deal is doing: evidenced stage, gap, the two clocks, standing.

Pure functions on one deal's history. `headway.evidence.many` says the same of many deals at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headway.basics.periods import AsOf
from headway.deals.event_log import folded
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.kinds import Grade, Standing
from headway.evidence.proof import MilestoneProof, is_withdrawn, mark_ahead, milestone_proofs
from headway.process.definition import Process

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class DealStanding:
    """One deal as of a moment. Ranks: 1 = first stage, 0 = nothing evidenced, None = unknown. Lengths in days.

    evidenced_rank is None where no buyer act was ever observed: then there is no gap either.
    """

    claimed_rank: int | None
    evidenced_rank: int | None
    gap: int | None
    silence_days: float | None
    seller_silence_days: float | None
    standing: Standing
    proofs: tuple[MilestoneProof, ...]


def evidenced_rank(proofs: tuple[MilestoneProof, ...], stages: int, claimed_rank: int | None) -> int | None:
    """The furthest stage k such that all required milestones of stages 1..k hold; None if none is required at all.

    A stage that requires nothing of this deal cannot be evidenced by itself: it counts as far as it is claimed.
    """
    if not proofs:
        return None
    needed = {p.rank for p in proofs}
    failing = min((p.rank for p in proofs if not p.holds), default=stages + 1)
    proven = max((rank for rank in needed if rank < failing), default=0)
    return max(proven, min(failing - 1, claimed_rank or 0))


def deal_standing(history: DealHistory, process: Process, as_of: AsOf, *, silence_limit_days: float) -> DealStanding:
    """Everything above of one deal. `silence_limit_days`: beyond it a buyer, or a seller, is called silent."""
    known = history.known(as_of)
    decision = known.decision
    at = min(as_of.at, decision[1]) if decision else as_of.at
    claimed = _claimed_rank(known, process)
    proofs = milestone_proofs(history, process, as_of)
    observed = observed_acts(tuple(event for event in known.events if event.happened_at <= at))
    rank = evidenced_rank(proofs, len(process.stages), claimed) if observed else None
    silence = _days(at, max(observed)) if observed else None
    active = [e.happened_at for e in known.events if e.kind is EventKind.ACTIVITY_DONE and e.happened_at <= at]
    seller_silence = _days(at, max(active)) if active else None
    standing = (
        Standing.DECIDED
        if decision
        else standing_of(silence, seller_silence, _is_waiting(known, as_of), silence_limit_days)
    )
    gap = claimed - rank if claimed is not None and rank is not None else None
    return DealStanding(claimed, rank, gap, silence, seller_silence, standing, mark_ahead(proofs, rank or 0))


def observed_acts(events: tuple[Event, ...]) -> list[datetime]:
    """When the buyer was observed to act: buyer acts, and evidence beyond the seller's word that was not retracted."""
    return [
        event.happened_at
        for event in events
        if event.kind is EventKind.BUYER_ACTED
        or (
            event.kind is EventKind.EVIDENCE_RECORDED
            and (event.grade or 0) > Grade.WORD
            and not is_withdrawn(event, event.name or "", events, EventKind.EVIDENCE_RETRACTED)
        )
    ]


def standing_of(
    silence_days: float | None, seller_silence_days: float | None, waiting: bool, limit_days: float
) -> Standing:
    """Standing of an open deal from its two clocks (days, None = never) and whether an agreed act is yet to come."""
    if silence_days is None:
        return Standing.UNSEEN
    if waiting:
        return Standing.WAITING
    if silence_days <= limit_days:
        return Standing.ADVANCING
    seller_active = seller_silence_days is not None and seller_silence_days <= limit_days
    return Standing.DRIFTING if seller_active else Standing.QUIET


def _claimed_rank(known: DealHistory, process: Process) -> int | None:
    ranks = {folded(label): rank for rank, stage in enumerate(process.stages, 1) for label in stage.labels}
    claim = known.last(EventKind.STAGE_CLAIMED)
    return ranks.get(folded(claim.name)) if claim and claim.name else None


def _is_waiting(known: DealHistory, as_of: AsOf) -> bool:
    """True while the act that the buyer agreed to last is not yet due."""
    agreed = known.last(EventKind.ACT_AGREED)
    return agreed is not None and agreed.due_on is not None and agreed.due_on >= as_of.at.date()


def _days(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds() / DAY_SECONDS
