"""The owners of deals, as the CRM names them."""

from __future__ import annotations

from django.db.models import Count, Q

from headway.store.models import Owner, Workspace


def busiest_owner(workspace: Workspace) -> str | None:
    """Who owns most open deals; None where nobody owns any."""
    open_deals = Count("deal", filter=Q(deal__is_live=True, deal__outcome=""))
    found = Owner.objects.filter(workspace=workspace).annotate(open_deals=open_deals).order_by("-open_deals", "name")
    return found.values_list("name", flat=True).first()
