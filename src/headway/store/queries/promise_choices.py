"""What a promise may be about: open deals, the milestones that one of them still lacks, and who is known there."""

from __future__ import annotations

from dataclasses import dataclass

from headway.process.definition import Milestone
from headway.store.models import Contact, Deal, Event
from headway.store.queries.access import Access
from headway.store.queries.versions import process_of

MOST_DEALS = 300
MOST_NAMES = 30


@dataclass(frozen=True, slots=True)
class Choices:
    """`deals`: (key, name), one's own first. `milestones`: of the chosen deal, those not proven. `contacts`: names."""

    deals: tuple[tuple[str, str], ...]
    milestones: tuple[Milestone, ...] = ()
    contacts: tuple[str, ...] = ()


def choices_of(access: Access, deal: Deal | None) -> Choices:
    """For the form of a promise. Three queries with a deal, else one."""
    own = access.membership.owner_id
    open_deals = Deal.objects.filter(workspace=access.workspace, is_live=True, outcome="").order_by("-attention", "pk")
    if own is not None and access.role == "seller":
        open_deals = open_deals.filter(owner=own)
    deals = list(open_deals.values_list("key", "name")[:MOST_DEALS])
    if deal is None:
        return Choices(tuple(sorted(deals, key=lambda one: one[1].casefold())))
    if all(key != deal.key for key, _ in deals):
        deals.append((deal.key, deal.name))
    proven = {row["id"] for row in deal.proofs if row["state"] == "proven"}
    lacking = [m for _, m in process_of(deal.version).milestones if m.id not in proven] if deal.version else []
    names = list(
        Contact.objects.filter(deal=deal, removed_at=None).order_by("pk").values_list("name", flat=True)[:MOST_NAMES]
    )
    told = Event.objects.filter(deal=deal, contact__isnull=False, voiding=None).order_by("-happened_at", "-pk")
    names += [name for name in told.values_list("contact__text", flat=True)[:200] if name]
    return Choices(
        tuple(sorted(deals, key=lambda one: one[1].casefold())),
        tuple(lacking),
        tuple(dict.fromkeys(names))[:MOST_NAMES],
    )
