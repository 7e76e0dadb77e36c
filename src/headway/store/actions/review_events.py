"""What reviews leave in the history: that one was held or missed, and which deals it looked at. Analyses read it."""

from __future__ import annotations

from datetime import datetime

from headway.deals.events import EventKind, RecordedHow
from headway.store.actions.events import append_event
from headway.store.actions.wordings import find_wording
from headway.store.models import Deal, Event, Person, Review


def append_occurrence(*, review: Review, held: bool, by: Person | None, happened_at: datetime, at: datetime) -> Event:
    """That it was held, or missed. Inside an action's transaction; of no one deal."""
    kind = EventKind.REVIEW_HELD if held else EventKind.REVIEW_MISSED
    return Event.objects.create(
        workspace=review.workspace, deal=None, kind=kind.value, name=review.name, happened_at=happened_at,
        recorded_at=at, recorded_how=RecordedHow.HISTORY.value, by=by,
        actor_id=find_wording(review.workspace, review.leader.name), ref=f"review {review.key}",
    )  # fmt: skip


def append_inspection(*, review: Review, deal: Deal, by: Person, at: datetime) -> Event:
    """That it looked at this deal. The caller refreshes the deal and writes the audit."""
    return append_event(
        deal=deal, kind=EventKind.DEAL_INSPECTED, by=by, at=at, name=review.name, actor=by.name,
        ref=f"review {review.key}",
    )  # fmt: skip
