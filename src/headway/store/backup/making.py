"""Make a backup of an installation, while people work in it."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from headway.basics.errors import UserError
from headway.store.backup.archive import HEADS, KEY, UPLOADS, Manifest, Writer, is_backup, key_mark, replaced_whole
from headway.store.backup.rows import canonical_lines, last_key, snapshot
from headway.store.backup.schema import Schema


def make_backup(path: Path, *, at: datetime, with_key: bool = False, using: str = "default") -> Manifest:
    """Everything as it stood at one moment, as a file: rows of all workspaces and tables but sessions, files of imports
    that are under way, the file of audit heads, the secret key only where asked for. Memory does not grow with it.

    UserError where the file cannot be written, something else stands there, or there is nothing to back up.
    """
    if path.exists() and not is_backup(path):
        raise UserError(f"{path} is there already and is no backup of Headway: choose another name.")
    connection = connections[using]
    connection.ensure_connection()
    home = Path(settings.HOME)
    # Read first: a line that is newer than the rows would tell of entries that the backup does not have.
    heads = settings.AUDIT_HEADS.read_bytes() if settings.AUDIT_HEADS.exists() else None
    with replaced_whole(path) as file, snapshot(connection) as schema, Writer(file) as writer:
        if not schema.versions.get("store"):
            raise UserError("The database is empty: there is nothing to back up yet.")
        for upload in _uploads(connection, schema, home):
            with upload.open("rb") as content:
                writer.add_file(UPLOADS + upload.relative_to(home / UPLOADS).as_posix(), content)
        for table in schema.tables:
            writer.add_table(table, canonical_lines(connection, table, home), last_key(connection, table))
        if heads is not None:
            writer.add_file(HEADS, io.BytesIO(heads))
        if with_key:
            writer.add_file(KEY, io.BytesIO(settings.SECRET_KEY.encode()))
        manifest = Manifest(
            made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
            headway=version("headway"),
            database=connection.vendor,
            migrations=dict(schema.versions),
            key_mark=key_mark(settings.SECRET_KEY),
            tables=tuple(writer.tables),
            files=writer.files,
        )
        writer.finish(manifest)
    return manifest


def _uploads(connection: BaseDatabaseWrapper, schema: Schema, home: Path) -> list[Path]:
    """Files of imports that still lie in the home; those of finished imports are gone."""
    if not any(table.name == "store_upload" for table in schema.tables):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT path FROM store_upload")
        paths = sorted(Path(path) for (path,) in cursor.fetchall())
    return [path for path in paths if path.is_relative_to(home / UPLOADS) and path.is_file()]
