"""Ask for an export, write it, record who took it, and let it go after a week."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from headway.basics.errors import UserError
from headway.store.actions.audit import append_entry
from headway.store.actions.jobs import ask_for
from headway.store.export_writing import Told, Written, write_export
from headway.store.guards import enter
from headway.store.models import Person, Workspace, WorkspaceExport
from headway.store.queries.exports import exports_folder, file_of

LASTS = timedelta(days=7)
STALE = timedelta(hours=1)


@transaction.atomic
def ask_for_export(*, workspace: Workspace, by: Person, at: datetime) -> WorkspaceExport:
    """An export, and the job that writes it. UserError while one is being written."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    waiting = WorkspaceExport.objects.filter(workspace=workspace, finished_at=None, fault="", created_at__gt=at - STALE)
    if waiting.exists():
        raise UserError("An export is being written already: wait for it.")
    made = WorkspaceExport.objects.create(workspace=workspace, by=by, created_at=at)
    ask_for(kind="export", workspace=workspace, by=by, at=at, about={"export": made.key}, once=f"export {made.key}")
    append_entry(workspace=workspace, by=by, at=at, verb="export workspace", target=f"export {made.key}")
    return made


def write_asked(*, export: WorkspaceExport, at: datetime, told: Told) -> None:
    """Write the file of an export and say that it is there, for a week. Written twice it is the same file."""
    try:
        written = write_export(workspace=export.workspace, file=file_of(export), at=at, told=told)
    except OSError as problem:
        fault = f"The file could not be written ({problem.strerror}): ask whoever runs Headway for room on its disk."
        WorkspaceExport.objects.filter(pk=export.pk).update(fault=fault, finished_at=at)
        raise UserError(fault) from None
    tell_written(export=export, written=written, at=at)


@transaction.atomic
def tell_written(*, export: WorkspaceExport, written: Written, at: datetime) -> None:
    """The file is there, until a week from now."""
    WorkspaceExport.objects.filter(pk=export.pk).update(
        finished_at=at, expires_at=at + LASTS, bytes=written.size, sha256=written.sha256, counts=written.rows
    )


@transaction.atomic
def record_download(*, export: WorkspaceExport, by: Person, at: datetime) -> None:
    """Who took a copy is recorded."""
    append_entry(workspace=export.workspace, by=by, at=at, verb="download export", target=f"export {export.key}")


@transaction.atomic
def drop_export(*, export: WorkspaceExport, by: Person, at: datetime) -> None:
    """Delete the file before its time."""
    found = WorkspaceExport.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if found.finished_at is None:
        raise UserError("This export is being written: wait for it, then delete it.")
    if found.expires_at is None or found.expires_at > at:
        WorkspaceExport.objects.filter(pk=found.pk).update(expires_at=at)
        append_entry(workspace=export.workspace, by=by, at=at, verb="delete export", target=f"export {export.key}")
    transaction.on_commit(lambda: file_of(export).unlink(missing_ok=True))


def export_to_file(*, workspace: Workspace, file: Path, at: datetime) -> Written:
    """For the command line: an export wherever its caller wants it, recorded in the audit first."""
    enter(workspace.pk)
    with transaction.atomic():
        append_entry(workspace=workspace, by=None, at=at, verb="export workspace")
    return write_export(workspace=workspace, file=file, at=at)


def sweep_exports(*, at: datetime) -> int:
    """For the nightly job: delete files whose week is over, and files that no export knows; how many went."""
    kept = {one.key for one in WorkspaceExport.objects.filter(expires_at__gt=at)}
    kept |= {one.key for one in WorkspaceExport.objects.filter(finished_at=None, created_at__gt=at - STALE)}
    gone = 0
    for file in exports_folder().iterdir():
        if file.name.split(".")[0] not in kept and not any(key in file.name for key in kept):
            file.unlink(missing_ok=True)
            gone += 1
    return gone
