"""Prepare a review's agenda: the deals where talking changes most, within its minutes, as rows everybody reads."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from headway.reviews.agenda import agenda_of
from headway.reviews.agenda_deal import facts_of
from headway.reviews.kinds import Held, ReviewKind
from headway.store.actions.audit import append_entry
from headway.store.models import AgendaItem, Answer, Commitment, DealCall, Decision, Review
from headway.store.queries.agenda_candidates import field_of
from headway.store.queries.agenda_facts import facts_of_points
from headway.store.queries.agenda_scope import broken_by_leader, scope_of

WAITING, SETTLED = "waiting", "answered"
OPEN_STATES = (Held.DUE, Held.RUNNING)
MOST_FOR_LEADER = 3  # minutes for the leader's own broken promises, one each
FIELDS = ("place", "minutes", "value", "why", "facts")


@transaction.atomic
def prepare_agenda(*, review: Review, at: datetime) -> Review:
    """Fill the review's agenda as of `at`, from the newest analysis there is; a review that is over stays as it is.

    Prepared again, items that only wait are chosen anew; those with an answer, call, decision or promise stay, brought
    up to date where they still wait. What was settled before the meeting stands last and takes no minutes from others.
    ValueError for a process review, whose topics are others.
    """
    if review.kind == ReviewKind.PROCESS:
        raise ValueError("a process review talks about topics, not deals: headway.store.actions.process_review")
    locked = Review.objects.select_for_update(of=("self",)).select_related("workspace", "rhythm", "leader")
    review = locked.get(pk=review.pk)
    if review.state not in OPEN_STATES:
        return review
    stay = _with_work(review)
    open_, over, settled = (
        [one for one in stay if one.state == WAITING],
        [one for one in stay if one.state not in (WAITING, SETTLED)],
        [one for one in stay if one.state == SETTLED],
    )
    scope = scope_of(review, at)
    field = field_of(scope, [one.deal_id for one in open_ if one.deal_id is not None])
    minutes = review.minutes - min(MOST_FOR_LEADER, broken_by_leader(scope)) - sum(one.minutes for one in over)
    kept = {one.deal.key: one for one in open_ if one.deal is not None}
    gone = {one.deal_id for one in (*over, *settled)}
    candidates = [near.candidate for near in field.near.values() if near.row.pk not in gone]
    agenda = agenda_of(candidates, minutes, kind=scope.kind, kept=set(kept))
    facts = facts_of_points(field, agenda.points)
    chosen = []
    for point in agenda.points:
        item = kept.pop(point.key, None) or AgendaItem(
            workspace=review.workspace, review=review, deal=field.near[point.key].row
        )
        shown, why = facts[point.key]
        item.minutes, item.value, item.why, item.facts = point.minutes, point.value, list(why), facts_of(shown)
        chosen.append(item)
    left = [one for one in open_ if one not in chosen]  # decided since, or about no deal
    items = [*over, *chosen, *left, *settled]
    for place, item in enumerate(items, 1):
        item.place = place
    _write(review, items)
    return _prepared(review, scope.shown, len(items), at)


def _with_work(review: Review) -> list[AgendaItem]:
    """Items on which somebody already did something, and those that are done."""

    def there_is(model: type, **about: OuterRef) -> Q:
        return Q(Exists(model._default_manager.filter(**about)))  # type: ignore[attr-defined]

    touched = Q(~Q(state=WAITING)) | there_is(Answer, item=OuterRef("pk")) | there_is(Decision, item=OuterRef("pk"))
    touched |= there_is(Commitment, item=OuterRef("pk"))
    touched |= there_is(DealCall, review=OuterRef("review"), deal=OuterRef("deal"))
    touched |= Q(pk=review.at_item_id) | Q(calls_opened_at__isnull=False)
    items = AgendaItem.objects.select_related("deal").filter(touched, review=review)
    return list(items.order_by("place", "pk"))


def _write(review: Review, items: list[AgendaItem]) -> None:
    old = [item for item in items if item.pk]
    AgendaItem.objects.filter(review=review).exclude(pk__in=[item.pk for item in old]).delete()
    AgendaItem.objects.bulk_update(old, FIELDS)
    AgendaItem.objects.bulk_create([item for item in items if not item.pk])


def _prepared(review: Review, shown: datetime, items: int, at: datetime) -> Review:
    review.prepared_at, review.shown_at = at, shown
    review.revision += 1
    review.save(update_fields=["prepared_at", "shown_at", "revision"])
    append_entry(
        workspace=review.workspace, by=None, at=at, verb="prepare agenda", target=f"review {review.key}",
        detail={"items": items},
    )  # fmt: skip
    return review
