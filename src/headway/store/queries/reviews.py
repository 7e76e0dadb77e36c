"""The reviews of a workspace: those to come, those that are over, and what is still open on them for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from headway.reviews.kinds import Held
from headway.store.models import AgendaItem, Answer, Commitment, Decision, Review
from headway.store.models import AgendaItem as ItemRow
from headway.store.models import Review as ReviewRow
from headway.store.queries.access import Access

__all__ = ["ItemRow", "Listed", "ReviewRow", "list_coming", "list_past"]
MOST_COMING = 20
A_PAGE = 20
OPEN = (Held.DUE, Held.RUNNING)
Rows: TypeAlias = "QuerySet[Review]"


@dataclass(frozen=True, slots=True)
class Listed:
    """A review as a list shows it. `items`: deals or topics on it; `settled`: of these; `mine`: deals of the person
    who looks; `mine_open`: of these, those they have not answered. `decisions`: that hold."""

    review: Review
    place: str
    items: int = 0
    settled: int = 0
    mine: int = 0
    mine_open: int = 0
    decisions: int = 0
    promises: int = 0


def list_coming(access: Access) -> list[Listed]:
    """Those that run or are still to be held, the next first; at most 20. One query."""
    owner, person = access.membership.owner_id, access.person.pk
    items = AgendaItem.objects.filter(review=OuterRef("pk"))
    mine = items.filter(deal__owner_id=owner) if owner is not None else items.none()
    answered = Answer.objects.filter(item=OuterRef("pk"), by=person)
    rows = _rows(access).filter(state__in=OPEN).order_by("due_at", "id")
    rows = rows.annotate(
        items_=_count(items), settled_=_count(items.filter(state="answered")), mine_=_count(mine),
        mine_open_=_count(mine.filter(~Exists(answered), state="waiting")),
    )  # fmt: skip
    return [Listed(row, _place(row), row.items_, row.settled_, row.mine_, row.mine_open_) for row in rows[:MOST_COMING]]


def list_past(access: Access, page: int) -> tuple[list[Listed], bool]:
    """Those that are over, the newest first, 20 a page; whether there are more. `page` counts from 1. One query."""
    rows = _rows(access).exclude(state__in=OPEN).order_by("-due_at", "-id")
    rows = rows.annotate(
        items_=_count(AgendaItem.objects.filter(review=OuterRef("pk"))),
        decisions_=_count(Decision.objects.filter(review=OuterRef("pk"), voiding=None)),
        promises_=_count(Commitment.objects.filter(review=OuterRef("pk"))),
    )  # fmt: skip
    first = (page - 1) * A_PAGE
    found = list(rows[first : first + A_PAGE + 1])
    listed = [
        Listed(row, _place(row), row.items_, decisions=row.decisions_, promises=row.promises_) for row in found[:A_PAGE]
    ]
    return listed, len(found) > A_PAGE


def _rows(access: Access) -> Rows:
    return Review.objects.filter(workspace=access.workspace).select_related("rhythm", "leader", "reason")


def _place(review: Review) -> str:
    return review.rhythm.place if review.rhythm else ""


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many of them, as a column of the outer query: a subquery each, so that no two multiply each other."""
    counted = rows.order_by().values("workspace").annotate(n=Count("pk", filter=Q())).values("n")
    return Coalesce(Subquery(counted[:1], output_field=IntegerField()), 0)
