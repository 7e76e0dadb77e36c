"""All that an agenda page shows: points with what was said and changed since, calls, and the leader's promises."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from headway.deals.events import EventKind
from headway.reviews.agenda_deal import AgendaDeal, deal_from
from headway.reviews.changed import MENDING, change_words
from headway.reviews.kinds import Promise
from headway.reviews.minutes import Promised, Said
from headway.store.models import AgendaItem, Commitment, DealCall, Event, Review
from headway.store.queries.access import Access
from headway.store.queries.agenda_scope import scope_of
from headway.store.queries.minutes import MOST_ITEMS, said_of, title_of
from headway.store.queries.people import PersonRow

MOST_PROMISES = 40
MOST_CHANGES = 1_000


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody's blind call: `chance` is 0 to 1."""

    person: int
    name: str
    chance: float


@dataclass(frozen=True, slots=True)
class AgendaPoint:
    """A point of an agenda. `deal` None: a topic. `mine`: of the person who looks. `changes`: since it was prepared.

    `seller`: the member who owns the deal, where there is one. `calls`: everybody's; a page shows them only after
    one's own.
    """

    item: AgendaItem
    title: str
    deal: AgendaDeal | None
    mine: bool
    said: tuple[Said, ...]
    changes: tuple[str, ...]
    calls: tuple[Called, ...]

    @property
    def settled(self) -> bool:
        """Whether it needs no time in the meeting any more."""
        return self.item.state == "answered"

    def call_of(self, person: PersonRow) -> Called | None:
        """The call this person made."""
        return next((call for call in self.calls if call.person == person.pk), None)


def agenda_points(access: Access, review: Review) -> list[AgendaPoint]:
    """In the order of the agenda, what is settled last; at most 200. 4 queries."""
    items = list(
        AgendaItem.objects.filter(review=review)
        .select_related("deal__owner", "deal__version")
        .order_by("place", "id")[:MOST_ITEMS]
    )
    said, changes, calls = said_of(review), _changes(review, items), _calls(review)
    owner = access.membership.owner_id
    points = [
        AgendaPoint(
            item, title_of(item), deal_from(item.facts) if item.deal and item.facts.get("key") else None,
            owner is not None and item.deal is not None and item.deal.owner_id == owner, tuple(said[item.pk]),
            tuple(changes[item.deal_id]) if item.deal_id else (), tuple(calls[item.deal_id]) if item.deal_id else (),
        )
        for item in items
    ]  # fmt: skip
    return sorted(points, key=lambda point: point.settled)


def leader_promises(review: Review, at: datetime) -> list[Promised]:
    """The leader's own: broken since the last review, and due by this one; broken first. 3 queries, at most 40."""
    scope = scope_of(review, at)
    broken = Q(state=Promise.BROKEN, ended_at__gte=scope.since)
    due = Q(state=Promise.OPEN, due_on__lte=scope.day)
    rows = (
        Commitment.objects.filter(broken | due, workspace=review.workspace_id, person=review.leader_id)
        .select_related("owner", "what", "shows", "contact")
        .order_by("due_on", "id")[:MOST_PROMISES]
    )
    found = [
        Promised(
            row.owner.text or "", row.what.text or "", row.due_on, row.shows.text or "" if row.shows else "",
            row.contact.text or "" if row.contact else "", row.state,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.state != Promise.BROKEN)


def _changes(review: Review, items: list[AgendaItem]) -> dict[int, list[str]]:
    """What people changed on the deals since the agenda was prepared, in order; twice the same is said once."""
    found: dict[int, list[str]] = defaultdict(list)
    if review.prepared_at is None:
        return found
    currency = {item.deal_id: item.deal.currency for item in items if item.deal}
    rows = Event.objects.filter(
        workspace=review.workspace_id, deal__in=list(currency), kind__in=[kind.value for kind in MENDING],
        recorded_at__gt=review.prepared_at, by__isnull=False, batch=None, voiding=None,
    ).order_by("id")  # fmt: skip
    if review.opened_at is not None:
        rows = rows.filter(recorded_at__lt=review.opened_at)
    for row in rows.values("deal_id", "kind", "name", "amount", "due_on")[:MOST_CHANGES]:
        amount = None if row["amount"] is None else float(row["amount"])
        said = change_words(
            EventKind(row["kind"]), row["name"] or "", amount, row["due_on"], currency[row["deal_id"]] or ""
        )
        if said not in found[row["deal_id"]]:
            found[row["deal_id"]].append(said)
    return found


def _calls(review: Review) -> dict[int, list[Called]]:
    """Deal to the newest call of each person in this review."""
    newest: dict[tuple[int, int], Called] = {}
    rows = DealCall.objects.filter(review=review).order_by("recorded_at", "id")
    for deal, person, name, chance in rows.values_list("deal_id", "by_id", "by__name", "chance"):
        newest[deal, person] = Called(person, name, chance)
    found: dict[int, list[Called]] = defaultdict(list)
    for (deal, _), call in newest.items():
        found[deal].append(call)
    return found
