"""Ask for background work; take, extend and end it by leases."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from headway.store.models import Job, Person, Workspace

LEASE = timedelta(seconds=60)
ATTEMPTS = 3


@transaction.atomic
def ask_for(
    *,
    kind: str,
    workspace: Workspace,
    by: Person | None,
    at: datetime,
    about: dict[str, Any] | None = None,
    once: str | None = None,
    due_at: datetime | None = None,
) -> Job:
    """A job, due now or at `due_at`. With `once`, a waiting one of this mark serves."""
    if once:
        waiting = Job.objects.filter(once=once, state="waiting").first()
        if waiting:
            return waiting
    return Job.objects.create(
        workspace=workspace, kind=kind, about=about or {}, once=once, by=by, created_at=at, due_at=due_at or at
    )


@transaction.atomic
def take_job(*, at: datetime) -> Job | None:
    """The next due job, leased to the caller; one whose worker died is taken up again, at most three times."""
    due = Q(state="waiting", due_at__lte=at) | Q(state="running", lease_until__lt=at)
    job = Job.objects.select_for_update(skip_locked=True, of=("self",)).filter(due).order_by("due_at", "id").first()
    if job is None:
        return None
    if job.attempts >= ATTEMPTS:
        _end(
            job, "failed", "This was begun three times and never came to its end; try again, or ask who runs this.", at
        )
        return take_job(at=at)
    job.state, job.lease, job.lease_until = "running", secrets.token_hex(6), at + LEASE
    job.attempts += 1
    job.save()
    return job


def extend(*, job: Job, at: datetime, done: int | None = None, total: int | None = None, message: str = "") -> bool:
    """Tell progress and keep the lease; False where another worker holds it by now, and this one must stop."""
    told = {"done": done, "total": total, "message": message or None}
    given = {name: value for name, value in told.items() if value is not None}
    mine = Job.objects.filter(pk=job.pk, lease=job.lease, state="running")
    return mine.update(lease_until=at + LEASE, **given) == 1


def end_job(*, job: Job, at: datetime, failed: str | None = None) -> None:
    """Done, or failed with one sentence."""
    _end(job, "failed" if failed else "done", failed or "", at)


def _end(job: Job, state: str, message: str, at: datetime) -> None:
    mine = Job.objects.filter(pk=job.pk, lease=job.lease)
    mine.update(state=state, message=message, finished_at=at, lease_until=None)
