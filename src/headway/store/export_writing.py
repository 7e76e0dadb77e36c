"""Write everything a workspace holds into one zip file, a bounded number of rows at a time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from headway.store.export_tables import README, TABLES
from headway.store.exported import (
    FORMAT,
    LEFT_OUT,
    PERSON,
    VERSION,
    WORKSPACE,
    exported_fields,
    exported_models,
    points_at,
    table_of,
    to_json,
)
from headway.store.guards import entered
from headway.store.models import Attachment, Head, Person, Workspace

ROWS_AT_ONCE = 2_000
LEVEL = 6
Told = Callable[[int, int, str], None]


@dataclass(slots=True)
class Written:
    """What an export holds: per file its rows, bytes and SHA-256; `rows` per table; the file's own size and sum."""

    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    size: int = 0
    sha256: str = ""


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one moment, whoever writes meanwhile; nobody waits for it."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "BEGIN"
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("COMMIT")


def write_export(*, workspace: Workspace, file: Path, at: datetime, told: Told = lambda *_: None) -> Written:
    """The export of a workspace as `file`, readable by its owner only; it is there whole or not at all."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    found = Written()
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as handle:
            packed = zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
            with packed as archive, entered(workspace.pk), snapshot():
                _write_all(archive, workspace, at, found, told)
            handle.flush()
            os.fsync(handle.fileno())
        with draft.open("rb") as handle:
            found.sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        found.size = draft.stat().st_size
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return found


def _write_all(archive: zipfile.ZipFile, workspace: Workspace, at: datetime, found: Written, told: Told) -> None:
    models = exported_models()
    steps = len(models) + len(TABLES) + 2
    _lines(archive, found, "workspace.jsonl", _workspace_rows(workspace))
    for number, model in enumerate(models):
        told(number, steps, "Writing")
        found.rows[table_of(model)] = _lines(
            archive, found, f"tables/{table_of(model)}.jsonl", _rows(model, workspace, found)
        )
    told(len(models), steps, "Writing files")
    _attachments(archive, found, workspace)
    people = Person.objects.filter(pk__in=found.people).order_by("pk").values("id", "key", "email", "name")
    found.rows["people"] = _lines(archive, found, "people.jsonl", map(dict, people))
    for number, (name, (columns, rows)) in enumerate(TABLES.items()):
        told(len(models) + 1 + number, steps, "Writing tables to read")
        _table(archive, found, f"readable/{name}.csv", columns, rows(workspace))
    archive.writestr("README.txt", README)
    archive.writestr("manifest.json", json.dumps(_manifest(workspace, at, found), ensure_ascii=False, indent=1))


def _manifest(workspace: Workspace, at: datetime, found: Written) -> dict[str, Any]:
    head = Head.objects.filter(workspace=workspace).first()
    return {
        "format": FORMAT,
        "version": VERSION,
        "headway": version("headway"),
        "migration": newest_migration(),
        "made_at": at.isoformat(),
        "workspace": {"key": workspace.key, "name": workspace.name},
        "chain": {"number": head.number if head else 0, "digest": head.digest if head else ""},
        "rows": found.rows,
        "files": found.files,
        "left_out": LEFT_OUT,
    }


def newest_migration() -> str:
    """The last migration of the tables."""
    applied = MigrationRecorder(connection).migration_qs.filter(app="store")
    return str(applied.order_by("-name").values_list("name", flat=True)[0])


def _workspace_rows(workspace: Workspace) -> Iterator[dict[str, Any]]:
    row = Workspace.objects.get(pk=workspace.pk)
    yield {one.attname: to_json(getattr(row, one.attname)) for one in exported_fields(Workspace)}


def _rows(model: type[Model], workspace: Workspace, found: Written) -> Iterator[dict[str, Any]]:
    """A table's rows by their number. Pages, not a cursor: PostgreSQL would hand a cursor's rows over at once."""
    fields = exported_fields(model)
    names = [one.attname for one in fields]
    people = [one.attname for one in fields if points_at(one) == PERSON]
    table, last = table_of(model), 0
    while True:
        page = model._default_manager.filter(**{WORKSPACE: workspace, "pk__gt": last}).order_by("pk")
        rows = list(page.values(*names)[:ROWS_AT_ONCE])
        for row in rows:
            found.people.update(row[name] for name in people if row[name] is not None)
            yield {name: to_json(row[name]) for name in names} | _instead(table, row)
        if len(rows) < ROWS_AT_ONCE:
            return
        last = rows[-1]["id"]


def _instead(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """What is told otherwise than it stands: a copy must not send what the original is about to send."""
    if table == "outmessage" and row["state"] in ("waiting", "sending", "unsure"):
        return {"state": "dropped"}
    return {}


def _attachments(archive: zipfile.ZipFile, found: Written, workspace: Workspace) -> None:
    keys = Attachment.objects.filter(workspace=workspace, content__isnull=False).order_by("pk")
    for key in keys.values_list("key", flat=True):
        content = bytes(Attachment.objects.values_list("content", flat=True).get(key=key) or b"")
        name = f"attachments/{key}"
        archive.writestr(zipfile.ZipInfo(name), content, compress_type=zipfile.ZIP_STORED)
        found.files[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _lines(archive: zipfile.ZipFile, found: Written, name: str, rows: Iterable[dict[str, Any]]) -> int:
    return _stream(
        archive, found, name, (json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    )


def _table(
    archive: zipfile.ZipFile, found: Written, name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> None:
    def lines() -> Iterator[str]:
        yield "\ufeff" + _csv_line(columns)  # the mark by which spreadsheets know the encoding
        yield from map(_csv_line, rows)

    _stream(archive, found, name, lines())


def _csv_line(row: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(row)
    return text.getvalue()


def _stream(archive: zipfile.ZipFile, found: Written, name: str, lines: Iterable[str]) -> int:
    rows, size, total = 0, 0, hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as opened:
        for line in lines:
            content = line.encode("utf-8", "surrogatepass")
            opened.write(content)
            total.update(content)
            rows, size = rows + 1, size + len(content)
    found.files[name] = {"rows": rows, "bytes": size, "sha256": total.hexdigest()}
    return rows
