"""The owners of deals, as the CRM names them."""

from __future__ import annotations

from django.db.models import Count, Q

from headway.store.models import Owner as OwnerRow
from headway.store.models import Workspace
from headway.store.queries.access import Access

__all__ = ["OwnerRow", "busiest_owner", "list_owner_names", "list_owners"]
MOST_OWNERS = 1000


def list_owners(access: Access) -> list[OwnerRow]:
    """Who owns deals here, by name; at most 1,000."""
    return list(OwnerRow.objects.filter(workspace=access.workspace).order_by("name")[:MOST_OWNERS])


def list_owner_names(access: Access) -> list[str]:
    """Their names alone, in the same order."""
    return [owner.name for owner in list_owners(access)]


def busiest_owner(workspace: Workspace) -> str | None:
    """Who owns most open deals; None where nobody owns any."""
    open_deals = Count("deal", filter=Q(deal__is_live=True, deal__outcome=""))
    found = OwnerRow.objects.filter(workspace=workspace).annotate(open_deals=open_deals).order_by("-open_deals", "name")
    return found.values_list("name", flat=True).first()
