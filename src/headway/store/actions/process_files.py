"""Publish a process as it stands in a process file."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from headway.process.definition import Process as ProcessValue
from headway.process.text import process_text
from headway.store.actions.audit import append_entry
from headway.store.models import Person, Process, ProcessVersion, Workspace


@transaction.atomic
def publish_process(*, workspace: Workspace, process: ProcessValue, by: Person, at: datetime) -> ProcessVersion:
    """The next version of the process of this name, made where there is none. Deals that exist keep their version."""
    row, _ = Process.objects.get_or_create(
        workspace=workspace, name=process.name[:200], archived_at=None, defaults={"created_at": at}
    )
    number = (row.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = ProcessVersion.objects.create(
        workspace=workspace, process=row, number=number, text=process_text(process), changed_at=at, changed_by=by,
        published_at=at, valid_from=process.valid_from,
    )  # fmt: skip
    append_entry(
        workspace=workspace, by=by, at=at, verb="publish process", target=f"process {row.key}",
        detail={"version": number},
    )  # fmt: skip
    return version
