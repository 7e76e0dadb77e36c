"""Refresh the row of a deal from its history, by the pure functions of `headway.evidence`."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from headway.basics.periods import AsOf
from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.evidence.kinds import Standing, State
from headway.evidence.proof import MilestoneProof
from headway.evidence.standing import DealStanding, deal_standing, observed_acts
from headway.process.definition import Process
from headway.store.models import Deal, Event, Owner
from headway.store.queries.histories import deal_history
from headway.store.queries.versions import process_of


def refresh(*, deal: Deal, at: datetime, touched: bool = True) -> Deal:
    """Work out and save everything on the deal's row that follows from its events, as of `at`."""
    deal.refresh_from_db()
    history = deal_history(deal)
    now = AsOf.moment(at)
    known = history.known(now)
    _write_facts(deal, known)
    process = process_of(deal.version) if deal.version else None
    if process is not None:
        standing = deal_standing(history, process, now, silence_limit_days=process.limits.silence_days)
        _write_standing(deal, known, process, standing)
    deal.standing_at = at
    if touched:
        deal.touched_at = at
    newest = Event.objects.filter(deal=deal).order_by("-id").values_list("id", flat=True).first()
    deal.last_event = newest or 0
    deal.save()
    return deal


def _write_facts(deal: Deal, known: DealHistory) -> None:
    claim, created = known.last(EventKind.STAGE_CLAIMED), known.last(EventKind.DEAL_CREATED)
    close, owner = known.last(EventKind.CLOSE_DATE_SET), known.last(EventKind.OWNER_SET)
    agreed, activity = known.last(EventKind.ACT_AGREED), known.last(EventKind.ACTIVITY_DONE)
    decision, acts = known.decision, observed_acts(known.events)
    deal.amount = None if known.amount is None else Decimal(f"{known.amount:.2f}")
    deal.close_on = close.due_on if close else None
    deal.claimed = (claim.name or "") if claim else ""
    deal.opened_at = created.happened_at if created else min((e.happened_at for e in known.events), default=None)
    deal.outcome, deal.decided_at = (decision[0].value, decision[1]) if decision else ("", None)
    deal.last_buyer_act_at = max(acts, default=None)
    deal.last_activity_at = activity.happened_at if activity else None
    deal.agreed_act, deal.agreed_on = ((agreed.name or ""), agreed.due_on) if agreed else ("", None)
    if owner and owner.name:
        deal.owner, _ = Owner.objects.get_or_create(workspace=deal.workspace, name=owner.name)


def _write_standing(deal: Deal, known: DealHistory, process: Process, standing: DealStanding) -> None:
    deal.claimed_rank = standing.claimed_rank
    deal.evidenced_rank = standing.evidenced_rank
    deal.gap = standing.gap
    deal.standing = standing.standing.value
    deal.proofs = [proof_row(proof) for proof in standing.proofs]
    deal.turns_at = _turns_at(deal, known, process, standing)


def proof_row(proof: MilestoneProof) -> dict[str, Any]:
    """A milestone's state as it stands on the deal's row."""
    return {
        "id": proof.milestone.id,
        "rank": proof.rank,
        "state": proof.state.value,
        "at": proof.at.isoformat() if proof.at else None,
        "reconfirm": proof.reconfirm,
        "ahead": proof.ahead,
    }


def _turns_at(deal: Deal, known: DealHistory, process: Process, standing: DealStanding) -> datetime | None:
    """When time alone changes this row next: a proof lapses, a clock passes its limit, an agreed act falls due."""
    if standing.standing is Standing.DECIDED or not known.events:
        return None
    limit = timedelta(days=process.limits.silence_days)
    seen = max(event.happened_at for event in known.events)
    moments = [moment + limit for moment in (deal.last_buyer_act_at, deal.last_activity_at) if moment]
    moments += [
        proof.at + timedelta(days=proof.milestone.proof.shelf_life_days)
        for proof in standing.proofs
        if proof.at and proof.state is State.PROVEN and proof.milestone.proof.shelf_life_days is not None
    ]
    if deal.agreed_on:
        moments.append(datetime.combine(deal.agreed_on, datetime.max.time(), seen.tzinfo))
    return min((moment for moment in moments if moment > seen), default=None)
