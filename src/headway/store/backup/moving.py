"""Make sure that nobody writes while an installation moves: what they wrote would stay behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from headway.basics.errors import UserError

BUSY = "Headway is at work on this database: end `headway serve` and `headway worker` first."


@contextmanager
def held_alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Nobody else has the database open. UserError where somebody does.

    On SQLite nobody can write to it for the length of the block either; on PostgreSQL it is looked at before and after.
    """
    if connection.vendor == "sqlite":
        with _locked(connection):
            yield
        return
    _need_nobody(connection)
    yield
    _need_nobody(connection)


@contextmanager
def _locked(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=1000")
        try:
            # Only who is alone may end the write-ahead log: whoever has the file open, if idle, keeps a lock on it.
            cursor.execute("PRAGMA journal_mode=DELETE")
        except DatabaseError:
            raise UserError(BUSY) from None
    with transaction.atomic(connection.alias):  # IMMEDIATE, by the settings: nobody else writes
        yield


def _need_nobody(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
        if cursor.fetchone()[0]:
            raise UserError(BUSY)
