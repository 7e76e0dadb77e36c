"""What the database knows of its own tables, by which it reads them, and its memory for much at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

ROWS_LOOKED_AT = 1_000  # of each index: enough to tell a workspace's rows from a deal's, in a few milliseconds

ROOMY_KIB = 262_144  # indexes of five million events; with the usual 20 MB each row written reads pages back from disk


def refresh_statistics(database: BaseDatabaseWrapper | None = None) -> None:
    """Count anew on SQLite; PostgreSQL does so by itself.

    Never told, SQLite takes every index for as good as another, and at 100,000 deals reads all findings of a workspace
    for those of fifty deals (`python -m benchmarks.team_pages`). With a limit it keeps counts only, never values.
    """
    database = database or connections[DEFAULT_DB_ALIAS]
    if database.vendor != "sqlite":
        return
    with database.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}")
        cursor.execute("ANALYZE")


@contextmanager
def roomy_cache() -> Iterator[None]:
    """SQLite may keep 256 MiB of pages inside the block, for millions of rows written in one transaction."""
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "sqlite":
        yield
        return
    with database.cursor() as cursor:
        usual = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size=-{ROOMY_KIB}")
    try:
        yield
    finally:
        with database.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size={int(usual)}")
