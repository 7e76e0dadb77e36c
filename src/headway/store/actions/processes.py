"""Draft a process, and throw a draft away. Publishing is `actions.publishing`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from headway.basics.errors import UserError
from headway.process.form import ProcessForm, as_json, read_form
from headway.process.form_check import one_line
from headway.store.actions.audit import append_entry
from headway.store.models import Person, Process, ProcessVersion, Workspace
from headway.store.queries.processes import find_draft, find_published

QUIET = timedelta(minutes=30)  # one entry in the audit for as much typing by one person


class StaleDraftError(Exception):
    """Somebody else saved the draft since it was read; `form` and `revision` are what it is now."""

    def __init__(self, row: ProcessVersion) -> None:
        super().__init__(f"revision {row.revision}")
        self.row = row
        self.form = read_form(row.form)
        self.revision = row.revision


@transaction.atomic
def make_process(*, workspace: Workspace, form: ProcessForm, by: Person | None, at: datetime) -> Process:
    """A process that has nothing but a draft yet."""
    process = Process.objects.create(workspace=workspace, name=_name(form), created_at=at)
    ProcessVersion.objects.create(
        workspace=workspace, process=process, form=as_json(form), changed_at=at, changed_by=by
    )
    append_entry(workspace=workspace, by=by, at=at, verb="make process", target=f"process {process.key}")
    return process


@transaction.atomic
def save_draft(*, process: Process, form: ProcessForm, revision: int, by: Person, at: datetime) -> ProcessVersion:
    """Keep the draft as typed, sound or not. `revision`: of the draft it was typed over, 0 where there was none.

    StaleDraftError where another revision is there by now; nothing is written then.
    """
    process = Process.objects.select_for_update().get(pk=process.pk)
    row = find_draft(process)
    if (row.revision if row else 0) != revision:
        if row is None:
            raise UserError("This draft was published or thrown away meanwhile: reload the page to go on from there.")
        raise StaleDraftError(row)
    told = row is not None and row.changed_by_id == by.pk and at - row.changed_at < QUIET
    if row is None:
        row = ProcessVersion(workspace=process.workspace, process=process, revision=0)
    row.form, row.revision, row.changed_at, row.changed_by = as_json(form), row.revision + 1, at, by
    row.save()
    if find_published(process) is None and process.name != _name(form):
        Process.objects.filter(pk=process.pk).update(name=_name(form))
    if not told:
        append_entry(workspace=process.workspace, by=by, at=at, verb="edit draft", target=f"process {process.key}")
    return row


@transaction.atomic
def drop_draft(*, process: Process, by: Person, at: datetime) -> None:
    """Throw the draft away; a process that was never published goes with it (and can be brought back)."""
    published = find_published(process)
    if published is None:
        Process.objects.filter(pk=process.pk).update(archived_at=at)
    else:
        ProcessVersion.objects.filter(process=process, number=None).delete()
    append_entry(workspace=process.workspace, by=by, at=at, verb="drop draft", target=f"process {process.key}")


@transaction.atomic
def bring_back(*, process: Process, by: Person, at: datetime) -> None:
    """Undo of dropping a process that was never published."""
    Process.objects.filter(pk=process.pk).update(archived_at=None)
    append_entry(workspace=process.workspace, by=by, at=at, verb="bring back process", target=f"process {process.key}")


def _name(form: ProcessForm) -> str:
    return one_line(form.name)[:200] or "Unnamed process"
