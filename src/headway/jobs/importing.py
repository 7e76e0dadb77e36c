"""Imports: the job behind the wizard, and the straight way for files at the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from headway.basics.errors import UserError
from headway.connectors.files.limits import UPLOAD, Limits
from headway.connectors.mapping_file import parse_mapping
from headway.connectors.source import Progress as ReadingProgress
from headway.connectors.source import SourceReport, read_sources
from headway.deals.event_log import EventLog
from headway.jobs.task import Task, Told
from headway.process.loader import load_process
from headway.store.actions.batches import begin_import, remove_files, tell_batch
from headway.store.actions.imports import import_batch
from headway.store.actions.jobs import ask_for
from headway.store.actions.process_files import publish_process
from headway.store.queries.batches import BatchRow, get_batch_of, upload_paths
from headway.store.queries.people import PersonRow, WorkspaceRow

SMALL_BYTES = 20_000_000
MEMORY_MIB = 1024


def read_files(
    paths: Sequence[Path],
    answers: Mapping[str, Any],
    log: EventLog,
    *,
    limits: Limits = UPLOAD,
    progress: ReadingProgress | None = None,
) -> SourceReport:
    """Fill the source tables of `log` from files, with what the user answered.

    `answers` may hold: `mapping` (text of a mapping file), `columns` (role -> column), `layout`, `day_order` (dmy |
    mdy), `decimal_mark` (point | comma), `zone`. UserError, InvalidFileError: as `read_sources`. Where only the user
    can tell something, UserError says so; ask with `headway.connectors.question` while checking instead.
    """
    mapping = answers.get("mapping")
    return read_sources(
        paths,
        log,
        mapping=parse_mapping(mapping, "the mapping") if mapping else None,
        columns=answers.get("columns") or None,
        layout=answers.get("layout") or None,
        day_order=answers.get("day_order") or None,
        decimal_mark=answers.get("decimal_mark") or None,
        zone=answers.get("zone") or None,
        limits=limits,
        progress=progress,
    )


def small(paths: Sequence[Path]) -> bool:
    """Whether the log of these files fits well into memory."""
    return sum(path.stat().st_size for path in paths if path.is_file()) <= SMALL_BYTES


def run_import(task: Task) -> None:
    """The job `import`: read, write in one go, ask for an analysis. Taken up again, it begins anew or is done.

    `about`: `batch`, the key of the import. A failure stays with the import as `report.failed`, one sentence.
    """
    batch = get_batch_of(task.workspace, task.about["batch"])
    by, paths = task.by or batch.by, upload_paths(batch)
    if batch.state != "done":
        try:
            write_files(batch, paths, by, task.at, task.told)
        except UserError as error:
            tell_batch(batch=batch, state="failed", report=batch.report | {"failed": str(error)})
            raise
    ask_for_analysis(task.workspace, by, task.at)
    remove_files([str(path) for path in paths])


def write_files(
    batch: BatchRow, paths: Sequence[Path], by: PersonRow, at: datetime, told: Told | None = None, *,
    limits: Limits = UPLOAD,
) -> BatchRow:  # fmt: skip
    """Read the files by the answers of `batch` and write them into the history."""
    with EventLog(memory_mib=MEMORY_MIB, in_memory=small(paths)) as log:
        reading = (lambda name, *_: told(0, 0, f"Reading {name}")) if told else None
        report = read_files(paths, batch.answers, log, limits=limits, progress=reading)
        if not log.value("SELECT count(*) FROM source_deals") and not log.value("SELECT count(*) FROM source_events"):
            raise UserError(f"{', '.join(path.name for path in paths)} holds no deals: export it again with its rows.")
        batch = tell_batch(batch=batch, known_at=report.known_at or at)
        writing = (lambda done, total: told(done, total, "Writing the history")) if told else None
        import_batch(batch=batch, log=log, by=by, at=at, progress=writing)
    return get_batch_of(batch.workspace, batch.key)


def load_files(
    workspace: WorkspaceRow, paths: Sequence[Path], by: PersonRow, at: datetime, processes: Sequence[Path] = (),
    *, answers: Mapping[str, Any] | None = None, limits: Limits = UPLOAD,
) -> BatchRow:  # fmt: skip
    """Publish the process files, import the files, all in this process; no analysis is made or asked for.

    `answers`: as in `read_files`. UserError where a file cannot be read; processes that were published stay.
    """
    for path in processes:
        publish_process(workspace=workspace, process=load_process(path), by=by, at=at)
    batch = begin_import(workspace=workspace, by=by, at=at, title=", ".join(path.name for path in paths))
    batch = tell_batch(batch=batch, state="running", answers=dict(answers or {}))
    try:
        return write_files(batch, paths, by, at, limits=limits)
    except UserError as error:
        tell_batch(batch=batch, state="failed", report={"failed": str(error)})
        raise


def ask_for_analysis(workspace: WorkspaceRow, by: PersonRow | None, at: datetime) -> None:
    """Ask for an analysis; one that waits already serves."""
    ask_for(kind="analysis", workspace=workspace, by=by, at=at, once=f"analysis {workspace.key}")
