"""What is newer than what somebody has before them: cheap enough to be asked once a second."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from headway.store.models import Deal, Event, Voiding, Workspace
from headway.store.queries.access import Access

MOST = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """How far somebody has seen: the newest event and the newest undo; written `events.undone`, as in 812.3."""

    event: int = 0
    voiding: int | None = 0

    def __str__(self) -> str:
        return str(self.event) if self.voiding is None else f"{self.event}.{self.voiding}"


@dataclass(frozen=True, slots=True)
class Changes:
    """`last`: seen from now on; `deals`: keys of at most 200 deals that something happened to."""

    last: Seen
    deals: tuple[str, ...]


def seen_from(text: str) -> Seen:
    """From `812.3` or `812` (without the second, undos since that event are new); anything else saw nothing."""
    found = re.fullmatch(r"(\d{1,18})(?:\.(\d{1,18}))?", text)
    if not found:
        return Seen()
    return Seen(int(found[1]), int(found[2]) if found[2] else None)


def last_seen(access: Access) -> Seen:
    """The newest event and undo of the workspace: what a page is as fresh as. One query."""
    newest = [
        Subquery(model._default_manager.filter(workspace=OuterRef("pk")).order_by("-pk").values("pk")[:1])
        for model in (Event, Voiding)
    ]
    event, voiding = Workspace.objects.filter(pk=access.workspace.pk).values_list(*newest).get()
    return Seen(event or 0, voiding or 0)


def find_changes(access: Access, after: Seen, deal_key: str = "") -> Changes | None:
    """What happened after `after`, to one deal or to any; None when nothing did. At most 3 queries."""
    events = Event.objects.filter(workspace=access.workspace, pk__gt=after.event)
    voidings = Voiding.objects.filter(workspace=access.workspace)
    if after.voiding is not None:
        voidings = voidings.filter(pk__gt=after.voiding)
    else:
        recorded = Event.objects.filter(workspace=access.workspace, pk=after.event).values("recorded_at")
        voidings = voidings.filter(at__gt=recorded[:1])
    if deal_key:
        events, voidings = events.filter(deal__key=deal_key), voidings.filter(event__deal__key=deal_key)
    new = list(events.order_by("-pk").values_list("pk", "deal_id")[:MOST])
    undone = list(voidings.order_by("-pk").values_list("pk", "event__deal_id")[:MOST])
    if not new and not undone:
        return None
    touched = {deal_id for _, deal_id in (*new, *undone) if deal_id is not None}
    keys = Deal.objects.filter(pk__in=touched).order_by("pk").values_list("key", flat=True)  # of this workspace: above
    last = Seen(new[0][0] if new else after.event, undone[0][0] if undone else after.voiding or 0)
    return Changes(last, tuple(keys[:MOST]))
