"""When somebody last looked at a workspace, so that a page can say what changed since; and what a pass looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from headway.deals.events import EventKind
from headway.store.actions.audit import append_entry
from headway.store.actions.events import append_event
from headway.store.actions.standing import refresh
from headway.store.models import Deal, Event, Membership, Person

TEN_MINUTES = "ten-minute pass"
AT_MOST_EVERY = timedelta(hours=1)


def record_visit(*, membership: Membership, at: datetime) -> None:
    """They are here now. Written at most once an hour."""
    stale = Q(last_visit_at=None) | Q(last_visit_at__lt=at - AT_MOST_EVERY)
    if membership.last_visit_at is None or membership.last_visit_at < at - AT_MOST_EVERY:
        Membership.objects.filter(stale, pk=membership.pk).update(last_visit_at=at)


@transaction.atomic
def find_nothing(*, deal: Deal, by: Person, at: datetime) -> Event:
    """The ten-minute pass looked at this deal, and nobody could point to anything that the buyer did."""
    event = append_event(deal=deal, kind=EventKind.DEAL_INSPECTED, by=by, at=at, name=TEN_MINUTES, actor=by.name)
    append_entry(
        workspace=deal.workspace, by=by, at=at, verb="look at deal", target=f"deal {deal.key}",
        detail={"event": event.pk},
    )  # fmt: skip
    refresh(deal=deal, at=at)
    return event
