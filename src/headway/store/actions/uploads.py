"""Hand files in, answer what only people know, start; and let nothing that was handed in lie about."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from headway.basics.errors import UserError
from headway.process.loader import parse_process
from headway.store.actions.batches import add_upload, begin_import, drop_batch, remove_files, start_import, tell_batch
from headway.store.actions.jobs import ask_for
from headway.store.actions.process_files import publish_process
from headway.store.models import ImportBatch, Job, Person, Upload, Workspace
from headway.store.queries.versions import list_published

LEFT_OVER = timedelta(days=1)
FORGOTTEN = timedelta(days=14)
OPEN = ("uploaded", "asking", "ready", "failed")
ANSWERS = {"day_order", "decimal_mark", "layout", "zone", "mapping", "chosen"}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that lies in the uploads folder, under its own name in a folder of a random name."""

    name: str
    path: Path
    size: int
    sha256: str


def uploads_folder() -> Path:
    """Where files wait to be imported; for the eyes of this system's user only."""
    folder = Path(settings.HOME) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@transaction.atomic
def hand_in(
    *, workspace: Workspace, files: Sequence[Incoming], mapping: str, processes: Sequence[str], by: Person, at: datetime
) -> ImportBatch:
    """An import of these files, and the job that checks it. `mapping`: text of a mapping file, or empty;
    `processes`: texts of process files, published when the import is started."""
    first, *others = [file.name for file in files]
    title = first if not others else f"{first} and {len(others)} more"
    batch = begin_import(workspace=workspace, by=by, at=at, title=title)
    answers: dict[str, Any] = {"mapping": mapping} if mapping else {}
    if workspace.zone != "UTC":
        answers["zone"] = workspace.zone
    report = {"processes": list(processes)} if processes else {}
    tell_batch(batch=batch, answers=answers, report=report)
    return add_files(batch=batch, files=files, by=by, at=at)


@transaction.atomic
def add_files(
    *, batch: ImportBatch, files: Sequence[Incoming], mapping: str = "", by: Person, at: datetime
) -> ImportBatch:
    """More files, or a mapping, for an import that was not started; one of the same name is replaced. Checked anew."""
    replaced = list(batch.uploads.filter(name__in=[file.name for file in files]))
    paths = [upload.path for upload in replaced]
    batch.uploads.filter(pk__in=[upload.pk for upload in replaced]).delete()
    transaction.on_commit(lambda: remove_files(paths))
    for file in files:
        add_upload(batch=batch, name=file.name, path=file.path, size=file.size, sha256=file.sha256)
    return answer(batch=batch, told={"mapping": mapping} if mapping else {}, by=by, at=at)


@transaction.atomic
def answer(*, batch: ImportBatch, told: Mapping[str, Any], by: Person, at: datetime) -> ImportBatch:
    """Keep answers (keys of `ANSWERS`; None forgets one) and check anew with them."""
    if unknown := told.keys() - ANSWERS:
        raise ValueError(f"an import has no answers {sorted(unknown)}")
    found = _waiting(batch)
    answers = {**found.answers, **told}
    answers = {name: value for name, value in answers.items() if value is not None}
    kept = {name: found.report[name] for name in ("processes",) if name in found.report}
    found = tell_batch(batch=found, state="uploaded", answers=answers, report=kept)
    ask_for(
        kind="check", workspace=found.workspace, by=by, at=at, about={"batch": found.key}, once=f"check {found.key}"
    )
    return found


@transaction.atomic
def leave_out(*, batch: ImportBatch, name: str, by: Person, at: datetime) -> ImportBatch:
    """Take one file out of an import that was not started. UserError where it is the last."""
    found = _waiting(batch)
    if found.uploads.count() < 2:
        raise UserError(f"{name} is the only file of this import: drop the import instead.")
    gone = list(found.uploads.filter(name=name))
    paths = [upload.path for upload in gone]
    found.uploads.filter(pk__in=[upload.pk for upload in gone]).delete()
    transaction.on_commit(lambda: remove_files(paths))
    return answer(batch=found, told={}, by=by, at=at)


@transaction.atomic
def settle_columns(
    *, batch: ImportBatch, out: Sequence[str], told: Mapping[str, Any], by: Person, at: datetime
) -> ImportBatch:
    """Keep what columns mean (`mapping`, `chosen`) and leave the files `out` aside, at once."""
    for name in out:
        batch = leave_out(batch=batch, name=name, by=by, at=at)
    return answer(batch=batch, told=told, by=by, at=at)


@transaction.atomic
def start(*, batch: ImportBatch, by: Person, at: datetime) -> Job:
    """Import what was checked: publish the process files handed in with it, and ask for the job that writes.

    UserError where it is not ready.
    """
    found = ImportBatch.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=batch.pk)
    if found.state not in ("ready", "running", "failed") or "compared" not in found.report:
        raise UserError("This import is not checked yet: wait for the check, then press Import.")
    published = {version.text for version in list_published(found.workspace)}
    for text in found.report.get("processes", ()):
        process = parse_process(text, "the process file")
        if text not in published and process.name not in {v.process.name for v in list_published(found.workspace)}:
            publish_process(workspace=found.workspace, process=process, by=by, at=at)
    report = {name: value for name, value in found.report.items() if name != "failed"}
    tell_batch(batch=found, report=report)
    return start_import(batch=found, by=by, at=at)


def drop(*, batch: ImportBatch, by: Person, at: datetime) -> None:
    """Give an import up before it was written; its files and everything read from them go."""
    folders = {Path(path).parent for path in batch.uploads.values_list("path", flat=True)}
    with transaction.atomic():
        _waiting(batch)
        drop_batch(batch=batch, by=by, at=at)
        ImportBatch.objects.filter(pk=batch.pk).update(report={}, answers={})
    for folder in folders:
        _remove_folder(folder)


def sweep_uploads(*, at: datetime) -> int:
    """For the nightly job: drop imports that nobody finished in two weeks, remove folders of files that no open import
    needs and that are older than a day, and what the reports of finished imports quote. Returns how many folders went.
    """
    for batch in ImportBatch.objects.filter(state__in=OPEN, created_at__lt=at - FORGOTTEN).select_related("by")[:500]:
        drop(batch=batch, by=batch.by, at=at)
    needed = {
        Path(path).parent
        for path in Upload.objects.exclude(batch__state__in=("done", "dropped")).values_list("path", flat=True)
    }
    gone = 0
    for folder in uploads_folder().iterdir():
        old = _touched_at(folder) < (at - LEFT_OVER).timestamp()
        if folder not in needed and old:
            _remove_folder(folder)
            gone += 1
    finished = ImportBatch.objects.filter(state="done", finished_at__lt=at - LEFT_OVER, report__has_key="tables")
    for batch in finished.defer("answers")[:500]:
        batch.report = {name: value for name, value in batch.report.items() if name not in ("tables", "problems")}
        batch.save(update_fields=["report"])
    return gone


def _waiting(batch: ImportBatch) -> ImportBatch:
    found = ImportBatch.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=batch.pk)
    if found.state == "running" and not _has_failed(found):
        raise UserError("This import is being written now: wait for it to end, then undo it if you must.")
    if found.state in ("done", "dropped"):
        raise UserError("This import is over: begin a new one with the files.")
    return found


def _touched_at(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:  # an import just dropped removes it too
        return float("inf")


def _has_failed(batch: ImportBatch) -> bool:
    """Whether the job that was to write it gave up, so that nothing is written and nothing will be."""
    job = Job.objects.filter(workspace=batch.workspace, kind="import", about__batch=batch.key).order_by("-id").first()
    return job is not None and job.state == "failed"


def _remove_folder(folder: Path) -> None:
    if folder.parent == uploads_folder():
        shutil.rmtree(folder, ignore_errors=True)
