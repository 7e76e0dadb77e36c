"""From when on a change is new to somebody: since yesterday, or since they were here last, where that is longer ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from headway.store.actions.visits import record_visit
from headway.web.requests import Inside

YESTERDAY = timedelta(days=1)
LONGEST = timedelta(days=14)
SITTING = timedelta(hours=8)
KEPT = "looked_since"


def new_since(request: Inside, at: datetime) -> datetime:
    """The moment; one answer for a whole sitting, so that looking twice loses nothing. `at`: the moment shown."""
    membership, workspace = request.access.membership, request.access.workspace
    kept = request.session.get(KEPT, {})
    begun, before = kept.get(workspace.key, ("", ""))
    if not begun or request.now - datetime.fromisoformat(begun) > SITTING:
        last = membership.last_visit_at
        begun, before = request.now.isoformat(), last.isoformat() if last else ""
        request.session[KEPT] = kept | {workspace.key: (begun, before)}
    record_visit(membership=membership, at=request.now)
    since = at - YESTERDAY
    if before:
        since = min(since, datetime.fromisoformat(before))
    return max(since, at - LONGEST)


def since_words(since: datetime, at: datetime) -> str:
    """`Since yesterday`, `Since Friday`, `Since 9 Nov`."""
    days = (at.date() - since.date()).days
    if days <= 1:
        return "Since yesterday"
    return f"Since {since:%A}" if days < 7 else f"Since {since.day} {since:%b}"
