"""Everything on a deal's row that follows from its history: one pure function, for one deal and for all alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from headway.basics.periods import AsOf
from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.evidence.attention import attention
from headway.evidence.deal_about import DealAbout
from headway.evidence.kinds import Standing, State
from headway.evidence.proof import MilestoneProof, mark_ahead
from headway.evidence.question import next_question
from headway.evidence.standing import DAY_SECONDS, DealStanding, observed_acts, standing_of
from headway.process.definition import Process
from headway.store.queries.analyses import Scale

ABOUT_WHOM_ONLY = (EventKind.OWNER_SET, EventKind.AMOUNT_SET, EventKind.CLOSE_DATE_SET)
PASSED = timedelta(seconds=1)  # a limit is passed only after it, and clocks are floats
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Facts:
    """What was last said of a deal, and its clocks. Instants aware, UTC; empty text and None: nothing was said."""

    amount: Decimal | None = None
    currency: str = ""
    close_on: date | None = None
    claimed: str = ""
    owner: str = ""
    opened_at: datetime | None = None
    outcome: str = ""
    decided_at: datetime | None = None
    last_buyer_act_at: datetime | None = None
    last_activity_at: datetime | None = None
    agreed_act: str = ""
    agreed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """By what a deal is measured: its process, the moment, the company's scale. `still`: a past day, time stands."""

    process: Process | None
    as_of: AsOf
    scale: Scale
    still: bool = False


def facts_of(known: DealHistory, currency: str) -> Facts:
    """From the history as of some moment, of a deal in `currency`."""
    claim, owner = known.last(EventKind.STAGE_CLAIMED), known.last(EventKind.OWNER_SET)
    close, agreed = known.last(EventKind.CLOSE_DATE_SET), known.last(EventKind.ACT_AGREED)
    activity, decision = known.last(EventKind.ACTIVITY_DONE), known.decision
    created = [e.happened_at for e in known.events if e.kind is EventKind.DEAL_CREATED]
    acted = [e.happened_at for e in known.events if e.kind not in ABOUT_WHOM_ONLY]
    opened = created or acted or [e.happened_at for e in known.events]
    return Facts(
        amount=None if known.amount is None else Decimal(f"{known.amount:.2f}"),
        currency=currency,
        close_on=close.due_on if close else None,
        claimed=(claim.name or "") if claim else "",
        owner=(owner.name or "") if owner else "",
        opened_at=min(opened, default=None),
        outcome=decision[0].value if decision else "",
        decided_at=decision[1] if decision else None,
        last_buyer_act_at=max(observed_acts(known.events), default=None),
        last_activity_at=activity.happened_at if activity else None,
        agreed_act=(agreed.name or "") if agreed else "",
        agreed_on=agreed.due_on if agreed else None,
    )


def deal_row(
    facts: Facts,
    measured: Measured,
    about: DealAbout | None,
    claimed_rank: int | None,
    evidenced_rank: int | None,
    proofs: tuple[MilestoneProof, ...],
) -> dict[str, Any]:
    """The columns of a deal's row but `owner`, `standing_at`, `touched_at`, `last_event`.

    `about` None: a decided deal, whose row holds facts and ranks alone.
    """
    gap = claimed_rank - evidenced_rank if claimed_rank is not None and evidenced_rank is not None else None
    row: dict[str, Any] = {
        "amount": None if facts.amount is None else facts.amount.quantize(CENT),
        "close_on": facts.close_on,
        "claimed": facts.claimed[:300],
        "opened_at": facts.opened_at,
        "outcome": facts.outcome,
        "decided_at": facts.decided_at,
        "last_buyer_act_at": facts.last_buyer_act_at,
        "last_activity_at": facts.last_activity_at,
        "agreed_act": facts.agreed_act[:300],
        "agreed_on": facts.agreed_on,
        "claimed_rank": claimed_rank,
        "evidenced_rank": evidenced_rank,
        "gap": gap,
    }
    if facts.outcome or about is None:
        return row | {"standing": Standing.DECIDED.value} | NOTHING_TO_DO
    standing = _standing(facts, measured, claimed_rank, evidenced_rank, gap, proofs)
    return row | _next(facts, measured, about, standing)


NOTHING_TO_DO: dict[str, Any] = {
    "proofs": [], "question": "", "question_to": "", "question_about": "", "attention": 0.0, "reasons": [],
    "turns_at": None,
}  # fmt: skip
COLUMNS = (
    "amount", "close_on", "claimed", "opened_at", "outcome", "decided_at", "last_buyer_act_at", "last_activity_at",
    "agreed_act", "agreed_on", "claimed_rank", "evidenced_rank", "gap", "standing", *NOTHING_TO_DO,
)  # fmt: skip


def _standing(
    facts: Facts, measured: Measured, claimed: int | None, evidenced: int | None, gap: int | None,
    proofs: tuple[MilestoneProof, ...],
) -> DealStanding:  # fmt: skip
    at, limit = measured.as_of.at, measured.scale.silence_limit_days(measured.process)
    silence, seller = _days(at, facts.last_buyer_act_at), _days(at, facts.last_activity_at)
    waiting = facts.agreed_on is not None and facts.agreed_on >= at.date()
    standing = standing_of(silence, seller, waiting, limit)
    return DealStanding(claimed, evidenced, gap, silence, seller, standing, mark_ahead(proofs, evidenced or 0))


def _days(later: datetime, earlier: datetime | None) -> float | None:
    return None if earlier is None else (later - earlier).total_seconds() / DAY_SECONDS


def _next(facts: Facts, measured: Measured, about: DealAbout, standing: DealStanding) -> dict[str, Any]:
    process, as_of = measured.process, measured.as_of
    found = next_question(about, standing, process, as_of=as_of) if process else None
    rate = measured.scale.rate(facts.currency)
    weighed = attention(
        standing,
        None if facts.amount is None or rate is None else float(facts.amount) * rate,
        stages=len(process.stages) if process else 1,
        typical_amount=measured.scale.typical_amount,
        close_on=facts.close_on,
        as_of=as_of,
        silence_limit_days=measured.scale.silence_limit_days(process),
        agreed_due_on=about.agreed.due_on if about.agreed else None,
    )
    return {
        "standing": standing.standing.value,
        "proofs": [proof_row(proof) for proof in standing.proofs],
        "question": found.text if found else "",
        "question_to": (found.contact or "")[:200] if found else "",
        "question_about": (found.about or "")[:120] if found else "",
        "attention": weighed.score,
        "reasons": list(weighed.reasons),
        "turns_at": None if measured.still else _turns_at(facts, measured, standing),
    }


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


def _turns_at(facts: Facts, measured: Measured, standing: DealStanding) -> datetime | None:
    """When time alone changes this row next: a proof lapses, a clock passes its limit, an agreed act falls due."""
    limit = timedelta(days=measured.scale.silence_limit_days(measured.process))
    moments = [moment + limit + PASSED for moment in (facts.last_buyer_act_at, facts.last_activity_at) if moment]
    moments += [
        proof.at + timedelta(days=proof.milestone.proof.shelf_life_days) + PASSED
        for proof in standing.proofs
        if proof.at and proof.state is State.PROVEN and proof.milestone.proof.shelf_life_days is not None
    ]
    if facts.agreed_on:
        moments.append(datetime.combine(facts.agreed_on + timedelta(days=1), time(), UTC))
    return min((moment for moment in moments if moment > measured.as_of.at), default=None)
