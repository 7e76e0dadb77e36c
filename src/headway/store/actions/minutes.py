"""Send the agenda of a review the day before, and its minutes when it is closed: into the outbox, once to each."""

from __future__ import annotations

from datetime import datetime

from headway.store.models import Review


def send_agenda(*, review: Review, at: datetime) -> int:
    """The prepared agenda to everyone in the review, their own deals first; how many messages are new."""
    return 0


def send_minutes(*, review: Review, at: datetime) -> int:
    """The minutes to everyone in the rhythm and everybody present, and to the workspace's Slack; how many are new.

    Inside the transaction that closes the review. Called again it puts nothing out a second time.
    """
    return 0
