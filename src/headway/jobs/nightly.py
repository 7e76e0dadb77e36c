"""What is due by the clock alone: an analysis each night, rows that time has turned, the heads of the audit."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from headway.jobs.corrections import ask_for_looks
from headway.jobs.digests import put_due_digests
from headway.jobs.importing import ask_for_analysis
from headway.jobs.rhythm import ask_for_rhythm
from headway.jobs.task import Task
from headway.store.actions.audit import write_due_heads
from headway.store.actions.exports import sweep_exports
from headway.store.actions.jobs import ask_for
from headway.store.actions.retention import ask_for_retention
from headway.store.actions.sending import forget_bodies
from headway.store.actions.turning import refresh_turned
from headway.store.actions.uploads import sweep_uploads
from headway.store.guards import ALL, entered
from headway.store.queries.baselines import due_readings
from headway.store.queries.jobs import last_of_kind, list_workspaces
from headway.store.queries.people import WorkspaceRow
from headway.store.queries.turning import has_turned

NIGHT_FROM = time(2)  # in the workspace's own zone
REFRESH_EVERY = timedelta(minutes=15)
LOOK_EVERY = timedelta(hours=1)  # again at deals after a coaching, where the last time failed
READ_EVERY = timedelta(hours=1)  # where a reading of a baseline failed


def ask_for_what_is_due(at: datetime) -> None:
    """Ask for every job that is due by now; asking again asks for nothing new. The audit's heads are kept hourly."""
    begun = False
    with entered(ALL):
        for workspace in list_workspaces():
            last = last_of_kind(workspace, "analysis")
            night = night_before(workspace, at)
            if last is not None and last < night:  # before the first analysis there is nothing to keep fresh
                ask_for_analysis(workspace, None, at)
                begun = True
            ask_for_rhythm(workspace, at)
            kept_at = last_of_kind(workspace, "retention") if workspace.keep_months else at
            if kept_at is None or kept_at < night:
                ask_for_retention(workspace, at)
            looked_at = last_of_kind(workspace, "corrections")
            if looked_at is None or at - looked_at >= LOOK_EVERY:
                ask_for_looks(workspace, at)
            turned_at = last_of_kind(workspace, "refresh")
            read_at = last_of_kind(workspace, "baselines")
            if (read_at is None or at - read_at >= READ_EVERY) and due_readings(workspace, at):
                ask_for(kind="baselines", workspace=workspace, by=None, at=at, once=f"baselines {workspace.key}")
            if (turned_at is None or at - turned_at >= REFRESH_EVERY) and has_turned(workspace, at):
                ask_for(kind="refresh", workspace=workspace, by=None, at=at, once=f"refresh {workspace.key}")
    if begun:
        with entered(ALL):
            sweep_uploads(at=at)
            sweep_exports(at=at)
            forget_bodies(at=at)
    put_due_digests(at)
    write_due_heads(at=at)


def night_before(workspace: WorkspaceRow, at: datetime) -> datetime:
    """The last time it was two o'clock at night where the workspace is."""
    try:
        zone: ZoneInfo | None = ZoneInfo(workspace.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = None
    local = at.astimezone(zone or UTC)
    night = datetime.combine(local.date(), NIGHT_FROM, local.tzinfo)
    return (night if night <= local else night - timedelta(days=1)).astimezone(UTC)


def run_refresh(task: Task) -> None:
    """The job `refresh`: work rows out anew whose moment has come."""
    refresh_turned(
        workspace=task.workspace, at=task.at, told=lambda done, all_of: task.told(done, all_of, "Refreshing")
    )
