"""The reviews of a simulated firm as rows, as its history has them: held or missed, what they looked at, what followed.

Only for the demo: what was decided is read off what happened on a deal in the days after; promises are asked of the
milestone that came next, and kept or broken by the evidence of the simulation. Everything says that it is simulated.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction

from headway.deals.events import EventKind
from headway.forecast.period import key_of, period_of
from headway.process.definition import Milestone
from headway.reviews.agenda_deal import AgendaDeal, LastAct, facts_of
from headway.reviews.kinds import Held, What
from headway.store.actions.audit import append_entry
from headway.store.actions.commitments import settle_commitments
from headway.store.actions.wordings import wordings
from headway.store.models import (
    AgendaItem,
    Commitment,
    CommitmentEnd,
    Deal,
    DealCall,
    DealFinding,
    Decision,
    Event,
    Membership,
    Person,
    Review,
    ReviewPerson,
    Rhythm,
)
from headway.store.queries.versions import process_of

SIMULATED = "Simulated: read off what happened on the deal afterwards."
FOLLOWED = timedelta(days=4)  # what happens on a deal so soon after a review was decided in it
RECENT = timedelta(days=300)  # promises are made in reviews since then
SILENT_DAYS = 10
STEPS = (0.1, 0.3, 0.5, 0.7, 0.9)
OCCURRED = (EventKind.REVIEW_HELD.value, EventKind.REVIEW_MISSED.value)
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


@transaction.atomic
def record_simulated_reviews(*, rhythm: Rhythm, by: Person, at: datetime) -> int:
    """Every occurrence of the rhythm's name that the history knows, as a review of it; how many. Once is enough:
    where the rhythm has past reviews already, nothing is written."""
    rhythm = Rhythm.objects.select_for_update(of=("self",)).select_related("workspace", "leader").get(pk=rhythm.pk)
    if Review.objects.filter(rhythm=rhythm, due_at__lt=at).exists():
        return 0
    told = Event.objects.filter(workspace=rhythm.workspace, name=rhythm.name, voiding=None, happened_at__lt=at)
    occurred = list(told.filter(kind__in=OCCURRED, deal=None).order_by("happened_at"))
    inspected: dict[datetime, list[Event]] = defaultdict(list)
    for row in told.filter(kind=EventKind.DEAL_INSPECTED.value, deal__is_live=True).order_by("happened_at", "pk"):
        held = next((one for one in reversed(occurred) if one.happened_at <= row.happened_at), None)
        if held is not None:
            inspected[held.happened_at].append(row)
    reviews = Review.objects.bulk_create([_review(rhythm, row, inspected[row.happened_at]) for row in occurred])
    pasts = _pasts({row.deal_id for rows in inspected.values() for row in rows if row.deal_id is not None})
    writing = Writing(rhythm, by, pasts)
    for review in reviews:
        looked = dict.fromkeys(row.deal_id for row in inspected[review.due_at] if row.deal_id in pasts)
        writing.add(review, [pasts[deal] for deal in looked if deal is not None])
    writing.write(reviews, at)
    append_entry(
        workspace=rhythm.workspace, by=by, at=at, verb="record simulated reviews", target=f"rhythm {rhythm.key}",
        detail={"reviews": len(reviews)},
    )  # fmt: skip
    settle_commitments(workspace=rhythm.workspace, at=at)
    return len(reviews)


class Writing:
    """Gathers what all reviews leave, and writes it at once: items, decisions, calls, promises."""

    def __init__(self, rhythm: Rhythm, by: Person, pasts: dict[int, Past]) -> None:
        self.rhythm, self.by, self.pasts = rhythm, by, pasts
        self.items: list[tuple[AgendaItem, Past]] = []
        members = Membership.objects.filter(workspace=rhythm.workspace, ended_at=None, owner__isnull=False)
        self.sellers = {one.owner_id: one.person for one in members.select_related("person")}

    def add(self, review: Review, looked: list[Past]) -> None:
        """The items of one review."""
        for place, past in enumerate(looked, 1):
            minutes = review.minutes / len(looked)
            item = AgendaItem(
                workspace=self.rhythm.workspace, review=review, deal=past.deal, place=place, minutes=round(minutes, 1),
                value=0, why=["Looked at in the simulated review."], facts=facts_of(_shown(past, review.due_at)),
                state="waiting", seconds=round(60 * minutes), calls_opened_at=_moment(review, place, 3),
            )  # fmt: skip
            self.items.append((item, past))

    def write(self, reviews: list[Review], at: datetime) -> None:
        """All of it. Few statements at any number of reviews."""
        AgendaItem.objects.bulk_create([item for item, _ in self.items])
        note = wordings(self.rhythm.workspace, [SIMULATED])[SIMULATED]
        decisions = [made for item, past in self.items if (made := self._decision(item, past, note)) is not None]
        Decision.objects.bulk_create(decisions)
        decided = {made.item_id for made in decisions}
        AgendaItem.objects.filter(pk__in=decided).update(state="done")
        full = {made.review_id for made in decisions}
        empty = [one.pk for one in reviews if one.state == Held.HELD and one.pk not in full]
        Review.objects.filter(pk__in=empty).update(state=Held.EMPTY.value)
        held = [one for one in reviews if one.opened_at]
        ReviewPerson.objects.bulk_create(
            ReviewPerson(workspace=self.rhythm.workspace, review=one, person=self.rhythm.leader, joined_at=one.due_at,
                         seen_at=one.closed_at or one.due_at) for one in held
        )  # fmt: skip
        DealCall.objects.bulk_create([call for item, past in self.items for call in self._calls(item, past)])
        self._promises(reviews, at)

    def _decision(self, item: AgendaItem, past: Past, note: int) -> Decision | None:
        what, about, event = _followed(past, item)
        if what is None:
            return None
        return Decision(
            workspace=self.rhythm.workspace, review=item.review, item=item, what=what.value, note_id=note, event=event,
            about=about | {"events": []}, by=self.rhythm.leader, at=_moment(item.review, item.place, 4),
        )  # fmt: skip

    def _calls(self, item: AgendaItem, past: Past) -> list[DealCall]:
        """The leader on the first three, sellers with an account on their own: by claimed stage, as people do."""
        review, seller = item.review, self.sellers.get(past.deal.owner_id)
        callers = [self.rhythm.leader] if item.place <= 3 else []
        callers += [seller] if seller is not None and seller not in callers else []
        stages = len(process_of(past.deal.version).stages) if past.deal.version else 6
        return [
            DealCall(
                workspace=self.rhythm.workspace, deal=past.deal, review=review, by=caller,
                chance=_chance(past, review.due_at, stages, caller), period=key_of(period_of(review.due_at.date())),
                happened_at=_moment(review, item.place, 1), recorded_at=_moment(review, item.place, 1),
            )
            for caller in callers
        ]  # fmt: skip

    def _promises(self, reviews: list[Review], at: datetime) -> None:
        """One on a deal in each recent review, and the leader's own: to hold the next one."""
        made, kept = [], []
        ahead = {one.pk: other for one, other in pairwise(reviews)}
        first = {item.review_id: (item, past) for item, past in reversed(self.items)}
        for review in reviews:
            if not review.opened_at or review.due_at < at - RECENT:
                continue
            if review.pk in first:
                promise = self._promise(*first[review.pk])
                made += [promise] if promise is not None else []
            following = ahead.get(review.pk)
            if following is not None:
                made.append(own := self._own(review, following))
                kept += [(own, following)] if following.opened_at else []
        Commitment.objects.bulk_create(made)
        CommitmentEnd.objects.bulk_create(
            CommitmentEnd(workspace=self.rhythm.workspace, commitment=one, how="kept", by=self.rhythm.leader,
                          happened_at=following.due_at, at=following.due_at) for one, following in kept
        )  # fmt: skip

    def _promise(self, item: AgendaItem, past: Past) -> Commitment | None:
        milestone, contact = _next_milestone(past, item.review.due_at), _contact(past, item.review.due_at)
        owner = past.deal.owner
        if milestone is None or owner is None or not contact:
            return None
        texts = wordings(
            self.rhythm.workspace, [owner.name, f"Ask {contact}: {milestone.ask}", milestone.buyer, contact]
        )
        moment = _moment(item.review, item.place, 5)
        return Commitment(
            workspace=self.rhythm.workspace, review=item.review, item=item, deal=past.deal,
            person=self.sellers.get(owner.pk), owner_id=texts[owner.name],
            what_id=texts[f"Ask {contact}: {milestone.ask}"], shows_id=texts[milestone.buyer],
            contact_id=texts[contact], milestone=milestone.id, due_on=(moment + timedelta(days=14)).date(),
            by=self.rhythm.leader, happened_at=moment, made_at=moment,
        )  # fmt: skip

    def _own(self, review: Review, following: Review) -> Commitment:
        leader = self.rhythm.leader
        words = {"owner": leader.name, "what": "Hold the next review on its day", "shows": "the review itself"}
        texts = wordings(self.rhythm.workspace, words.values())
        moment = review.closed_at or review.due_at
        return Commitment(
            workspace=self.rhythm.workspace, review=review, person=leader, owner_id=texts[words["owner"]],
            what_id=texts[words["what"]], shows_id=texts[words["shows"]], due_on=following.due_at.date(), by=leader,
            happened_at=moment, made_at=moment,
        )  # fmt: skip


def _review(rhythm: Rhythm, row: Event, looked: list[Event]) -> Review:
    held = row.kind == EventKind.REVIEW_HELD.value
    due = row.happened_at
    last = max((one.happened_at for one in looked), default=due)
    ends = max(last + timedelta(minutes=2), due + timedelta(minutes=min(10, rhythm.minutes)))
    return Review(
        workspace=rhythm.workspace, rhythm=rhythm, kind=rhythm.kind, name=rhythm.name, team=rhythm.team,
        leader=rhythm.leader, due_at=due, minutes=rhythm.minutes, prepared_at=due - timedelta(days=1), shown_at=due,
        state=Held.HELD.value if held else Held.SKIPPED.value, opened_at=due if held else None,
        closed_at=ends if held else None, skipped_at=None if held else due + timedelta(days=4),
    )  # fmt: skip


def _pasts(deals: set[int]) -> dict[int, Past]:
    rows = Deal.objects.filter(pk__in=deals).select_related("owner", "version")
    pasts = {deal.pk: Past(deal) for deal in rows}
    told = Event.objects.filter(deal__in=deals, kind__in=[kind.value for kind in TOLD], voiding=None)
    for row in told.select_related("contact").order_by("happened_at", "pk"):
        pasts[row.deal_id].rows.append(row)  # type: ignore[index]
    for finding in DealFinding.objects.filter(deal__in=deals, happened_at__isnull=False).order_by("happened_at"):
        pasts[finding.deal_id].findings.append(finding)
    return pasts


def _last(rows: list[Event], kind: EventKind) -> Event | None:
    return next((row for row in reversed(rows) if row.kind == kind.value), None)


def _shown(past: Past, at: datetime) -> AgendaDeal:
    """The deal as it stood, as far as it is told here."""
    rows, deal = past.until(at), past.deal
    claim, close, act = (
        _last(rows, kind) for kind in (EventKind.STAGE_CLAIMED, EventKind.CLOSE_DATE_SET, EventKind.BUYER_ACTED)
    )
    amount = _last(rows, EventKind.AMOUNT_SET)
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


def _followed(past: Past, item: AgendaItem) -> tuple[What | None, dict[str, Any], Event | None]:
    """What was decided, by what happened on the deal in the days after; (None, ...) where nothing did."""
    at = item.review.due_at
    before = _last(past.until(at), EventKind.STAGE_CLAIMED)
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


def _next_milestone(past: Past, at: datetime) -> Milestone | None:
    """The first milestone without evidence by then that has a question to ask."""
    if past.deal.version is None:
        return None
    shown = {row.name for row in past.until(at) if row.kind == EventKind.EVIDENCE_RECORDED.value}
    milestones = (milestone for _, milestone in process_of(past.deal.version).milestones)
    return next((one for one in milestones if one.id not in shown and one.ask), None)


def _contact(past: Past, at: datetime) -> str:
    return next((_words(row) for row in reversed(past.until(at)) if _words(row)), "")


def _words(row: Event) -> str:
    return (row.contact.text or "") if row.contact else ""


def _chance(past: Past, at: datetime, stages: int, caller: Person) -> float:
    """One of the five steps: the claimed stage's share of the way, and a whim that is always the same."""
    claim = _last(past.until(at), EventKind.STAGE_CLAIMED)
    names = [stage.name for stage in process_of(past.deal.version).stages] if past.deal.version else []
    rank = names.index(claim.name) + 1 if claim and claim.name in names else 1
    whim = random.Random(f"{past.deal.name} {at.date()} {caller.name}").gauss(0, 0.15)  # noqa: S311 - no secret
    guess = 0.8 * rank / stages + whim
    return min(STEPS, key=lambda step: abs(step - guess))


def _moment(review: Review, place: int, minutes: int) -> datetime:
    """Within the review, later for later places."""
    ends = review.closed_at or review.due_at
    return min(review.due_at + timedelta(minutes=place + minutes), ends)
