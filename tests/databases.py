"""The application's database in tests: which engine, and copies that a test may fill and throw away."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.postgres import NAME


def is_postgres() -> bool:
    """Whether this run is the one on PostgreSQL."""
    return bool(os.environ.get(NAME))


@contextmanager
def copied_database(file: Path) -> Iterator[dict[str, Any]]:
    """Point Django's connection at a copy of the test database, as the migrations left it, for the length of a block.

    `file`: where the copy lies on SQLite. On PostgreSQL the copy is made with TEMPLATE and dropped at the end.
    """
    from django.db import connection

    from headway.store.guards import ALL, enter

    settings = connection.settings_dict
    original = settings["NAME"]
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
        kept, connection.connection = connection.connection, None  # closing the last one would lose an in-memory base
        settings["NAME"] = str(file)
    else:
        name = f"{original}_{secrets.token_hex(4)}"
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
        settings["NAME"] = name
    try:
        enter(ALL)
        yield settings
    finally:
        settings["NAME"] = original
        if connection.vendor == "sqlite":
            if connection.connection is not None:
                connection.connection.close()
            connection.connection = kept
        else:
            connection.close()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
