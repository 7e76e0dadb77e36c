"""A rhythm for tests of other things: a weekly review that Alice, or whoever is given, leads."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from headway.reviews.recurrence import Every, rule_from
from headway.store.actions.rhythms import Terms, set_rhythm
from headway.store.models import Person, Review, Rhythm, Workspace


def weekly(
    workspace: Workspace, by: Person, at: datetime, *people: Person, kind: str = "coaching", name: str = "Coaching"
) -> Rhythm:
    """Held every week at ten from the day after `at`, laid out ahead."""
    first_on = (at + timedelta(days=1)).date()
    terms = Terms(
        name=name, leader=by, people=people, first_on=first_on, starts=time(10), zone="Europe/Berlin",
        rule=rule_from(Every.WEEK, first_on).text, minutes=30,
    )  # fmt: skip
    return set_rhythm(workspace=workspace, kind=kind, terms=terms, by=by, at=at)


def next_of(rhythm: Rhythm) -> Review:
    """Its next occurrence that is due."""
    return Review.objects.filter(rhythm=rhythm, state="due").order_by("due_at")[0]
