"""Bring the tables up to this version: one process at a time, and never a database that is newer than the program."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from headway.store.backup.schema import need_known

LOCK = 7_427_011_203  # any number, as long as it stays


def bring_up() -> None:
    """Apply what is left of the migrations. A second process that starts meanwhile waits, and finds nothing to do.

    UserError where the database is newer; django.db.DatabaseError where it does not answer.
    """
    with _one_at_a_time():
        need_known(connection)
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                yield
            finally:
                if connection.is_usable():
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        return
    with (Path(settings.HOME) / ".migrating.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
