"""Which moment pages show: now, or the day of the newest data where that lies in the past."""

from __future__ import annotations

from datetime import datetime

from headway.store.models import Workspace


def shown_at(workspace: Workspace, now: datetime) -> datetime:
    """The moment that standing, silence and questions are asked about."""
    return workspace.shows_at or now
