"""Prepare the topics of a process review, and decide on them: a change, a trial, or nothing, with the reason."""

from __future__ import annotations

from datetime import datetime

from headway.store.models import Review


def prepare_topics(*, review: Review, at: datetime) -> Review:
    """Fill the agenda of a process review as of `at`; prepared again, only topics that still wait are replaced."""
    raise NotImplementedError
