"""The reviews of a simulated firm as rows, as its history has them: held or missed, what they looked at, what followed.

Only for the demo: what was decided is read off what happened on a deal in the days after; promises are asked of the
milestone that came next, and kept or broken by the evidence of the simulation. Everything says that it is simulated.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from django.db import transaction

from headway.deals.events import EventKind
from headway.forecast.period import key_of, period_of
from headway.reviews.agenda_deal import facts_of
from headway.reviews.kinds import Held, Promise
from headway.store.actions.audit import append_entry
from headway.store.actions.commitments import end_commitment, settle_commitments
from headway.store.actions.wordings import wordings
from headway.store.models import (
    AgendaItem,
    Commitment,
    CommitmentEnd,
    DealCall,
    Decision,
    Event,
    Membership,
    Person,
    Review,
    ReviewPerson,
    Rhythm,
)
from headway.store.queries.simulated_past import (
    Past,
    chance_then,
    contact_then,
    followed,
    next_milestone,
    pasts_of,
    shown,
)
from headway.store.queries.versions import process_of

SIMULATED = "(simulated)"
LET_GO = "Simulated: its day is long over, and the deal has moved on."
CARRIED = timedelta(days=28)  # what was broken is carried over so long
RECENT = timedelta(days=300)  # promises are made in reviews since then
OCCURRED = (EventKind.REVIEW_HELD.value, EventKind.REVIEW_MISSED.value)


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
    pasts = pasts_of({row.deal_id for rows in inspected.values() for row in rows if row.deal_id is not None})
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
    _let_go(rhythm, at)
    return len(reviews)


def _let_go(rhythm: Rhythm, at: datetime) -> None:
    """What was broken long ago was let go at some later review, as a team does that keeps its rhythm."""
    broken = Commitment.objects.filter(
        review__rhythm=rhythm, state=Promise.BROKEN.value, due_on__lt=(at - CARRIED).date()
    )
    for promise in broken:
        end_commitment(
            commitment=promise, how=Promise.LET_GO.value, by=rhythm.leader, note=LET_GO,
            at=datetime.combine(promise.due_on, time(12), UTC) + CARRIED,
        )  # fmt: skip


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
                value=0, why=["Looked at in the simulated review."], facts=facts_of(shown(past, review.due_at)),
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
        what, about, event = followed(past, item)
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
                chance=chance_then(past, review.due_at, stages, caller), period=key_of(period_of(review.due_at.date())),
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
        milestone, contact = next_milestone(past, item.review.due_at), contact_then(past, item.review.due_at)
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


def _moment(review: Review, place: int, minutes: int) -> datetime:
    """Within the review, later for later places."""
    ends = review.closed_at or review.due_at
    return min(review.due_at + timedelta(minutes=place + minutes), ends)
