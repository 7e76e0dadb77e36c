"""What the database knows of its own tables, from which it chooses how to read them."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

ROWS_LOOKED_AT = 1_000  # of each index: enough to tell a workspace's rows from a deal's, in a few milliseconds


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
