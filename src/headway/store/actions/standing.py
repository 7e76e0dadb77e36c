"""Refresh the row of a deal from its history, by the pure functions of `headway.evidence`."""

from __future__ import annotations

from datetime import datetime

from headway.basics.periods import AsOf
from headway.deals.history import DealHistory
from headway.evidence.known_about import deal_about
from headway.evidence.proof import milestone_proofs
from headway.evidence.standing import deal_standing
from headway.store.actions.findings import settle_deal
from headway.store.deal_row import Facts, Measured, deal_row, facts_of, proof_row
from headway.store.models import Contact, Deal, Event, Owner
from headway.store.queries.analyses import Scale, scale_of
from headway.store.queries.clock import shown_at
from headway.store.queries.histories import deal_history
from headway.store.queries.versions import process_of

__all__ = ["moment_of_deal", "proof_row", "refresh"]

MOST_CONTACTS = 100


def refresh(*, deal: Deal, at: datetime, touched: bool = True, scale: Scale | None = None) -> Deal:
    """Work out and save everything on the deal's row that follows from its events, as of `at`.

    In a workspace that shows a past day: as of that day, unless somebody touched the deal since. `scale`: what deals
    are measured by, asked for where it is not given (give it when many are refreshed).
    """
    deal.refresh_from_db()
    before = _mends(deal)
    if touched:
        deal.touched_at = at
    moment = moment_of_deal(deal, at)
    as_of = AsOf.moment(moment)
    history = deal_history(deal)
    known = history.known(as_of)
    facts = facts_of(known, deal.currency)
    process = process_of(deal.version) if deal.version else None
    still = deal.workspace.shows_at is not None and moment == deal.workspace.shows_at
    measured = Measured(process, as_of, scale or scale_of(deal.workspace), still)
    for name, value in _row(deal, facts, known, measured, history).items():
        setattr(deal, name, value)
    deal.owner = (
        Owner.objects.get_or_create(workspace=deal.workspace, name=facts.owner[:200])[0] if facts.owner else None
    )
    deal.standing_at = at
    newest = Event.objects.filter(deal=deal).order_by("-id").values_list("id", flat=True).first()
    deal.last_event = newest or 0
    deal.save()
    if _mends(deal) != before:
        settle_deal(deal=deal, at=at)
    return deal


def _mends(deal: Deal) -> tuple[bool, bool]:
    """What of a deal's row ends findings at once: that it is decided, that its claim is shown."""
    return bool(deal.outcome), deal.gap is not None and deal.gap <= 0


def moment_of_deal(deal: Deal, at: datetime) -> datetime:
    """The moment a deal is shown at: one that people touched lives in the present, whatever day the data shows."""
    shown = shown_at(deal.workspace, at)
    return at if deal.touched_at is not None and deal.touched_at > shown else shown


def _row(deal: Deal, facts: Facts, known: DealHistory, measured: Measured, history: DealHistory) -> dict[str, object]:
    process, at = measured.process, measured.as_of.at
    about = None
    if not facts.outcome:
        written = Contact.objects.filter(deal=deal, removed_at=None).order_by("id")
        contacts = list(written.values_list("name", "part", "email")[:MOST_CONTACTS])
        about = deal_about(known, at, name=deal.name, account=deal.account, owner=facts.owner, written=contacts)
    if process is None:
        return deal_row(facts, measured, about, None, None, ())
    limit = measured.scale.silence_limit_days(process)
    standing = deal_standing(history, process, measured.as_of, silence_limit_days=limit)
    proofs = () if facts.outcome else milestone_proofs(history, process, measured.as_of)
    return deal_row(facts, measured, about, standing.claimed_rank, standing.evidenced_rank, proofs)
