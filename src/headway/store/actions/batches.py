"""An import before it is written: the files handed in, what was answered, and the job that brings it in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from headway.basics.errors import UserError
from headway.store.actions.audit import append_entry
from headway.store.actions.jobs import ask_for
from headway.store.models import ImportBatch, Job, Person, Upload, Workspace

TELLABLE = {"state", "answers", "report", "title", "known_at"}
OVER = ("done", "dropped")


@transaction.atomic
def begin_import(*, workspace: Workspace, by: Person, at: datetime, title: str = "") -> ImportBatch:
    """An import with no files yet, in state `uploaded`."""
    batch = ImportBatch.objects.create(workspace=workspace, by=by, created_at=at, title=title[:300])
    append_entry(workspace=workspace, by=by, at=at, verb="begin import", target=f"import {batch.key}")
    return batch


@transaction.atomic
def add_upload(*, batch: ImportBatch, name: str, path: Path, size: int, sha256: str) -> Upload:
    """A file of the import that lies at `path`, under its own name (the day of the export is read from it).

    It stays there until the import is done or dropped.
    """
    return Upload.objects.create(
        batch=batch, workspace=batch.workspace, name=name[:255], path=str(path), bytes=size, sha256=sha256
    )


@transaction.atomic
def tell_batch(*, batch: ImportBatch, **told: Any) -> ImportBatch:
    """Keep what was answered or found out: `state`, `answers`, `report`, `title`, `known_at`.

    UserError where the import is over. No audit: what counts is audited when it is written.
    """
    unknown = told.keys() - TELLABLE
    if unknown:
        raise ValueError(f"an import is not told {sorted(unknown)}")
    found = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if found.state in OVER:
        raise UserError("This import is over: begin a new one with the files.")
    for name, value in told.items():
        setattr(found, name, value)
    found.save(update_fields=list(told))
    return found


@transaction.atomic
def start_import(*, batch: ImportBatch, by: Person, at: datetime) -> Job:
    """Ask for the job that writes it (kind `import`); asking twice is one job. UserError where it is over."""
    tell_batch(batch=batch, state="running")
    return ask_for(
        kind="import", workspace=batch.workspace, by=by, at=at, about={"batch": batch.key}, once=f"import {batch.key}"
    )


@transaction.atomic
def drop_batch(*, batch: ImportBatch, by: Person, at: datetime) -> None:
    """Give it up before it was written; its files are removed."""
    tell_batch(batch=batch, state="dropped")
    append_entry(workspace=batch.workspace, by=by, at=at, verb="drop import", target=f"import {batch.key}")
    paths = list(batch.uploads.values_list("path", flat=True))
    transaction.on_commit(lambda: remove_files(paths))


def remove_files(paths: list[str]) -> None:
    """Remove uploads that are no longer needed; one that is gone already is no error."""
    for path in paths:
        Path(path).unlink(missing_ok=True)
