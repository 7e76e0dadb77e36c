"""What the clock asks of a workspace's rhythm: to lay out, to pass by, to prepare."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from headway.store.actions.laying_out import AHEAD
from headway.store.actions.occurrences import last_moment
from headway.store.models import Commitment, Review, Rhythm, Workspace

PREPARED_BEFORE = timedelta(hours=24)
LAID_OUT_AGAIN = timedelta(days=1)
AT_MOST = 500
LONG_GONE = timedelta(days=30)


def list_running(workspace: Workspace) -> list[Rhythm]:
    """Rhythms that have not ended."""
    return list(Rhythm.objects.filter(workspace=workspace, ended_at=None).order_by("pk"))


def list_gone_by(workspace: Workspace, at: datetime) -> list[Review]:
    """Reviews that nobody opened and that may no longer be held, the oldest first; at most 500."""
    due = Review.objects.select_related("rhythm", "workspace", "leader")
    rows = due.filter(workspace=workspace, state="due", opened_at=None, due_at__lt=at).order_by("due_at")
    return [row for row in rows[:AT_MOST] if at >= last_moment(row)]


def list_unprepared(workspace: Workspace, at: datetime) -> list[Review]:
    """Reviews due within 24 hours, or still to be held, that have no agenda yet; the next first; at most 500."""
    rows = Review.objects.select_related("rhythm", "workspace", "leader").filter(
        workspace=workspace, state="due", opened_at=None, prepared_at=None,
        due_at__lte=at + PREPARED_BEFORE, due_at__gt=at - LONG_GONE,
    )  # fmt: skip
    return list(rows.order_by("due_at")[:AT_MOST])


def has_rhythm_work(workspace: Workspace, at: datetime) -> bool:
    """Whether anything waits to be laid out, passed by or prepared."""
    short = Q(laid_until=None) | Q(laid_until__lt=at + AHEAD - LAID_OUT_AGAIN)
    if Rhythm.objects.filter(short, workspace=workspace, ended_at=None).exists():
        return True
    return bool(list_unprepared(workspace, at) or list_gone_by(workspace, at))


def keeps_a_rhythm(workspace: Workspace) -> bool:
    """Whether there is a rhythm or a promise for the clock to turn."""
    rhythms = Rhythm.objects.filter(workspace=workspace, ended_at=None)
    return rhythms.exists() or Commitment.objects.filter(workspace=workspace, state="open").exists()
