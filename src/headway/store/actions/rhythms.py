"""Set, change and end a rhythm, lay its occurrences out ahead, and say of one that it is skipped, moved or held now."""

from __future__ import annotations

from datetime import datetime

from headway.store.models import Person, Review, Rhythm, Workspace


def lay_out(*, rhythm: Rhythm, at: datetime) -> list[Review]:
    """The occurrences of the next 8 days, and in any case the next one, each as a Review; those that are new."""
    raise NotImplementedError


def pass_by(*, review: Review, at: datetime) -> bool:
    """Its days went by and nobody opened it: skipped, with a REVIEW_MISSED event, once. Whether it was done now."""
    raise NotImplementedError


def skip_review(*, review: Review, reason: str, by: Person, at: datetime) -> Review:
    """Said before, or within its days of grace: it is not held."""
    raise NotImplementedError


def move_review(*, review: Review, due_at: datetime, by: Person, at: datetime) -> Review:
    """This one occurrence is at another time."""
    raise NotImplementedError


def begin_review_now(
    *, workspace: Workspace, kind: str, name: str, team: str, leader: Person, minutes: int, by: Person, at: datetime
) -> Review:
    """A review without a rhythm, due now; `open_review` opens it."""
    raise NotImplementedError
