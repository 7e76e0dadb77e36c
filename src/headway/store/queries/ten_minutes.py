"""The ten-minute pass: the ten largest open deals, and which of them somebody has answered for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from headway.deals.events import EventKind
from headway.store.actions.visits import TEN_MINUTES
from headway.store.models import Event
from headway.store.queries.access import Access
from headway.store.queries.my_deals import SEEN, DealRow, Known

TEN = 10


def list_largest(access: Access, owner: int | None) -> list[DealRow]:
    """The ten largest open deals, of an owner (an id) or of everybody; those without an amount come last."""
    found = DealRow.objects.filter(is_live=True, outcome="").select_related("owner")
    found = found.filter(workspace=access.workspace) if owner is None else found.filter(owner_id=owner)
    rows = list(found.filter(amount__isnull=False).order_by("-amount", "id")[:TEN])
    if len(rows) < TEN:
        rows += list(found.filter(amount__isnull=True).order_by("id")[: TEN - len(rows)])
    for row in rows:
        row.workspace = access.workspace
    return rows


def answered_of(deals: Sequence[DealRow], known: Mapping[int, Known]) -> set[int]:
    """Deals on which a buyer was seen to do something, or somebody said that there is nothing to point to."""
    looked = Event.objects.filter(
        deal__in=[deal.pk for deal in deals], kind=EventKind.DEAL_INSPECTED, name=TEN_MINUTES, voiding__isnull=True
    )
    seen = {pk for pk, one in known.items() if any(event.kind in SEEN for event in one.history.events)}
    return seen | set(looked.values_list("deal_id", flat=True))
