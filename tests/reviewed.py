"""Reviews as rows, for tests of what is read from many of them: held, late, empty or skipped, with what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from headway.store.models import AgendaItem, Deal, Decision, Person, Review, Rhythm, Workspace


def make_rhythm(workspace: Workspace, leader: Person, at: datetime, name: str = "Pipeline review") -> Rhythm:
    """A weekly review of thirty minutes."""
    return Rhythm.objects.create(
        workspace=workspace, kind="pipeline", name=name, leader=leader, first_on=at.date(), starts=time(10),
        zone="UTC", rule="FREQ=WEEKLY;BYDAY=WE", minutes=30, created_at=at, changed_at=at,
    )  # fmt: skip


def make_review(
    rhythm: Rhythm, due_at: datetime, state: str = "held", deals: Sequence[Deal] = (), *, talked: int | None = None,
    decided: int = 0, findings: Sequence[str] = (),
) -> Review:  # fmt: skip
    """One occurrence: of its `deals` the first `talked` (all) were talked about, each with these findings."""
    opened_at = None if state == "skipped" else due_at + timedelta(days=state == "late", minutes=1)
    closed_at = opened_at + timedelta(minutes=30) if opened_at else None
    review = Review.objects.create(
        workspace=rhythm.workspace, rhythm=rhythm, kind=rhythm.kind, name=rhythm.name, leader=rhythm.leader,
        due_at=due_at, minutes=30, state=state, prepared_at=due_at - timedelta(days=1), shown_at=due_at,
        opened_at=opened_at, closed_at=closed_at,
        skipped_at=due_at + timedelta(hours=14) if state == "skipped" else None,
    )  # fmt: skip
    spoken = len(deals) if talked is None else talked
    items = [
        AgendaItem(
            workspace=rhythm.workspace, review=review, deal=deal, place=place, minutes=5.0, value=1.0,
            facts={"key": deal.key, "name": deal.name, "findings": list(findings)},
            state="passed" if state == "skipped" or place >= spoken else "done", seconds=120,
        )
        for place, deal in enumerate(deals)
    ]  # fmt: skip
    AgendaItem.objects.bulk_create(items)
    for item in AgendaItem.objects.filter(review=review).order_by("place")[:decided]:
        Decision.objects.create(
            workspace=rhythm.workspace, review=review, item=item, what="keep", by=rhythm.leader, at=closed_at
        )
    return review
