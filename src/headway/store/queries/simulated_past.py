"""What a simulated firm's deals had come to by a past moment, and what followed: what its past reviews are read off."""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from headway.deals.events import EventKind
from headway.process.definition import Milestone
from headway.reviews.agenda_deal import AgendaDeal, LastAct
from headway.reviews.kinds import What
from headway.store.models import AgendaItem, Deal, DealFinding, Event, Person
from headway.store.queries.versions import process_of

FOLLOWED = timedelta(days=4)  # what happens on a deal so soon after a review was decided in it
SILENT_DAYS = 10
STEPS = (0.1, 0.3, 0.5, 0.7, 0.9)
TOLD = (
    EventKind.STAGE_CLAIMED, EventKind.AMOUNT_SET, EventKind.CLOSE_DATE_SET, EventKind.DEAL_DECIDED,
    EventKind.EVIDENCE_RECORDED, EventKind.ACT_AGREED, EventKind.BUYER_ACTED,
)  # fmt: skip
ENDED = ("withdrawn", "no_decision")


@dataclass(slots=True)
class Past:
    """One deal's events in their order, as far as reviews read them."""

    deal: Deal
    rows: list[Event] = field(default_factory=list)
    findings: list[DealFinding] = field(default_factory=list)

    def until(self, at: datetime) -> list[Event]:
        """Happened by then."""
        return self.rows[: bisect_right(self.rows, at, key=lambda row: row.happened_at)]

    def after(self, at: datetime) -> list[Event]:
        """Happened in the days after."""
        later = self.rows[bisect_right(self.rows, at, key=lambda row: row.happened_at) :]
        return [row for row in later if row.happened_at <= at + FOLLOWED]


def pasts_of(deals: set[int]) -> dict[int, Past]:
    """Of these deals, with their events and findings in order."""
    rows = Deal.objects.filter(pk__in=deals).select_related("owner", "version")
    pasts = {deal.pk: Past(deal) for deal in rows}
    told = Event.objects.filter(deal__in=deals, kind__in=[kind.value for kind in TOLD], voiding=None)
    for row in told.select_related("contact").order_by("happened_at", "pk"):
        pasts[row.deal_id].rows.append(row)  # type: ignore[index]
    for finding in DealFinding.objects.filter(deal__in=deals, happened_at__isnull=False).order_by("happened_at"):
        pasts[finding.deal_id].findings.append(finding)
    return pasts


def last_of(rows: list[Event], kind: EventKind) -> Event | None:
    return next((row for row in reversed(rows) if row.kind == kind.value), None)


def shown(past: Past, at: datetime) -> AgendaDeal:
    """The deal as it stood, as far as it is told here."""
    rows, deal = past.until(at), past.deal
    claim, close, act = (
        last_of(rows, kind) for kind in (EventKind.STAGE_CLAIMED, EventKind.CLOSE_DATE_SET, EventKind.BUYER_ACTED)
    )
    amount = last_of(rows, EventKind.AMOUNT_SET)
    silence = (at - act.happened_at).days if act else None
    return AgendaDeal(
        key=deal.key, name=deal.name, account=deal.account, owner=deal.owner.name if deal.owner else "",
        amount=float(amount.amount) if amount and amount.amount is not None else None, currency=deal.currency,
        claimed=(claim.name or "") if claim else "", evidenced="", gap=None,
        standing="unseen" if silence is None else "quiet" if silence > SILENT_DAYS else "advancing",
        silence_days=silence, closes_on=close.due_on if close else None,
        last_act=LastAct(act.name or "", _words(act), act.happened_at.date()) if act else None,
        findings=tuple(one.what for one in past.findings if one.happened_at and one.happened_at <= at)[-3:],
    )  # fmt: skip


def followed(past: Past, item: AgendaItem) -> tuple[What | None, dict[str, Any], Event | None]:
    """What was decided, by what happened on the deal in the days after; (None, ...) where nothing did."""
    at = item.review.due_at
    before = last_of(past.until(at), EventKind.STAGE_CLAIMED)
    stages = [stage.name for stage in process_of(past.deal.version).stages] if past.deal.version else []
    for row in past.after(at):
        if row.kind == EventKind.STAGE_CLAIMED.value and before is not None and row.name != before.name:
            ranks = [stages.index(name) if name in stages else -1 for name in (before.name or "", row.name or "")]
            what = What.FORWARD if ranks[1] > ranks[0] else What.BACK
            return what, {"from": before.name, "to": row.name}, row
        if row.kind == EventKind.DEAL_DECIDED.value and row.name in ENDED:
            return What.DISQUALIFY, {"outcome": row.name}, row
        if row.kind == EventKind.CLOSE_DATE_SET.value:
            return What.CORRECT, {"fields": ["close date"]}, row
        if row.kind == EventKind.ACT_AGREED.value and row.due_on is not None:
            return What.PLAN, {"until": row.due_on.isoformat(), "agreed": True}, row
    return (What.KEEP, {}, None) if item.place % 3 == 1 else (None, {}, None)


def next_milestone(past: Past, at: datetime) -> Milestone | None:
    """The first milestone without evidence by then that has a question to ask."""
    if past.deal.version is None:
        return None
    shown = {row.name for row in past.until(at) if row.kind == EventKind.EVIDENCE_RECORDED.value}
    milestones = (milestone for _, milestone in process_of(past.deal.version).milestones)
    return next((one for one in milestones if one.id not in shown and one.ask), None)


def contact_then(past: Past, at: datetime) -> str:
    """Who at the buyer had acted last by then; empty for nobody by name."""
    return next((_words(row) for row in reversed(past.until(at)) if _words(row)), "")


def _words(row: Event) -> str:
    return (row.contact.text or "") if row.contact else ""


def chance_then(past: Past, at: datetime, stages: int, caller: Person) -> float:
    """One of the five steps: the claimed stage's share of the way, and a whim that is always the same."""
    claim = last_of(past.until(at), EventKind.STAGE_CLAIMED)
    names = [stage.name for stage in process_of(past.deal.version).stages] if past.deal.version else []
    rank = names.index(claim.name) + 1 if claim and claim.name in names else 1
    whim = random.Random(f"{past.deal.name} {at.date()} {caller.name}").gauss(0, 0.15)  # noqa: S311 - no secret
    guess = 0.8 * rank / stages + whim
    return min(STEPS, key=lambda step: abs(step - guess))
