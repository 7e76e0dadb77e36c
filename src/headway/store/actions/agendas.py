"""Prepare a review's agenda: the deals where talking changes most, within its minutes, as rows everybody reads."""

from __future__ import annotations

from datetime import datetime

from headway.store.models import Review


def prepare_agenda(*, review: Review, at: datetime) -> Review:
    """Fill the review's agenda as of `at`; prepared again, only items that still wait are replaced."""
    raise NotImplementedError
