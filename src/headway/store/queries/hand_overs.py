"""Offers to hand a workspace over."""

from __future__ import annotations

from datetime import datetime

from headway.store.actions.hand_overs import TAKEN_BACK_WITHIN
from headway.store.models import HandOver, Membership
from headway.store.queries.access import Access, NotFoundError

__all__ = ["HandOver", "find_offer", "find_returnable", "get_offer", "list_heirs"]


def find_offer(access: Access) -> HandOver | None:
    """The offer that waits."""
    made = HandOver.objects.select_related("by", "to", "workspace")
    return made.filter(workspace=access.workspace, accepted_at=None, ended_at=None).first()


def find_returnable(access: Access, at: datetime) -> HandOver | None:
    """The hand-over that this person accepted, and may still give back."""
    made = HandOver.objects.select_related("by", "to", "workspace")
    since = at - TAKEN_BACK_WITHIN
    mine = made.filter(workspace=access.workspace, to=access.person, accepted_at__gt=since, undone_at=None)
    return mine.order_by("-accepted_at").first()


def get_offer(access: Access, key: str) -> HandOver:
    """An offer of the workspace. NotFoundError where there is none."""
    made = HandOver.objects.select_related("by", "to", "workspace")
    found = made.filter(workspace=access.workspace, key=key).first()
    if found is None:
        raise NotFoundError(key)
    return found


def list_heirs(access: Access) -> list[Membership]:
    """The members to whom it may be handed, by name."""
    here = Membership.objects.select_related("person").filter(workspace=access.workspace, ended_at=None)
    return list(here.filter(person__is_active=True).exclude(person=access.person).order_by("person__name", "id")[:500])
