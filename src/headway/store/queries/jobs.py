"""Jobs as the worker and the pages that wait for them see them."""

from __future__ import annotations

from datetime import datetime

from headway.store.models import Job as JobRow
from headway.store.models import Workspace
from headway.store.queries.access import Access

__all__ = ["JobRow", "find_job_of", "list_workspaces", "shown_job"]


def find_job_of(access: Access, *, kind: str, about: str) -> JobRow | None:
    """The newest job of this kind about the batch with this key, whatever its state; None where none was asked for."""
    jobs = JobRow.objects.filter(workspace=access.workspace, kind=kind, about__batch=about)
    return jobs.order_by("-id").first()


def shown_job(access: Access) -> JobRow | None:
    """The job of the workspace that people wait for now: the one that runs, else the next that waits."""
    jobs = JobRow.objects.filter(workspace=access.workspace, state__in=("running", "waiting"))
    return jobs.order_by("state", "due_at").first()  # "running" stands before "waiting"


def list_workspaces() -> list[Workspace]:
    """Every workspace that is not removed, oldest first; at most 10,000."""
    return list(Workspace.objects.filter(removed_at=None).order_by("id")[:10_000])


def last_of_kind(workspace: Workspace, kind: str) -> datetime | None:
    """When a job of this kind was last asked for."""
    return (
        JobRow.objects.filter(workspace=workspace, kind=kind).order_by("-id").values_list("due_at", flat=True).first()
    )
