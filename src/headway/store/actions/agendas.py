"""Prepare a review's agenda: the deals where talking changes most, within its minutes, as rows everybody reads."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from headway.reviews.agenda import Agenda, agenda_of
from headway.reviews.agenda_deal import facts_of
from headway.reviews.kinds import Held, ReviewKind
from headway.store.actions.audit import append_entry
from headway.store.models import AgendaItem, Answer, Commitment, DealCall, Decision, Review
from headway.store.queries.agenda_candidates import Field, field_of
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
    scope, stay = scope_of(review, at), _with_work(review)
    waiting = [item for item in stay if item.state == WAITING]
    settled = [item for item in stay if item.state == SETTLED]
    over = [item for item in stay if item.state not in (WAITING, SETTLED)]
    field = field_of(scope, [item.deal_id for item in waiting if item.deal_id is not None])
    gone = {item.deal_id for item in (*over, *settled)}
    agenda = agenda_of(
        [near.candidate for near in field.near.values() if near.row.pk not in gone],
        review.minutes - min(MOST_FOR_LEADER, broken_by_leader(scope)) - sum(item.minutes for item in over),
        kind=scope.kind,
        kept={item.deal.key for item in waiting if item.deal is not None},
    )
    chosen = _items(review, field, agenda, waiting)
    left = [item for item in waiting if item not in chosen]  # decided since, or about no deal
    _write(review, [*over, *chosen, *left, *settled])
    return _prepared(review, scope.shown, at)


def _items(review: Review, field: Field, agenda: Agenda, waiting: list[AgendaItem]) -> list[AgendaItem]:
    """The points as rows: those that were there already, brought up to date, and new ones."""
    there = {item.deal.key: item for item in waiting if item.deal is not None}
    facts = facts_of_points(field, agenda.points)
    items = []
    for point in agenda.points:
        deal = field.near[point.key].row
        item = there.get(point.key) or AgendaItem(workspace=review.workspace, review=review, deal=deal)
        shown, why = facts[point.key]
        item.minutes, item.value, item.why, item.facts = point.minutes, point.value, list(why), facts_of(shown)
        items.append(item)
    return items


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
    for place, item in enumerate(items, 1):
        item.place = place
    old = [item for item in items if item.pk]
    AgendaItem.objects.filter(review=review).exclude(pk__in=[item.pk for item in old]).delete()
    AgendaItem.objects.bulk_update(old, FIELDS)
    AgendaItem.objects.bulk_create([item for item in items if not item.pk])


def _prepared(review: Review, shown: datetime, at: datetime) -> Review:
    review.prepared_at, review.shown_at = at, shown
    review.revision += 1
    review.save(update_fields=["prepared_at", "shown_at", "revision"])
    append_entry(
        workspace=review.workspace, by=None, at=at, verb="prepare agenda", target=f"review {review.key}",
        detail={"items": review.items.count()},
    )  # fmt: skip
    return review
