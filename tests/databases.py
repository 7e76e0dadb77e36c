"""The application's database in tests: which engine, and copies that a test may fill and throw away."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.postgres import NAME


def is_postgres() -> bool:
    """Whether this run is the one on PostgreSQL."""
    return bool(os.environ.get(NAME))


class Template:
    """A database with the application's tables and nothing in them, to be copied. Made apart from pytest-django's."""

    def __init__(self, folder: Path) -> None:
        from django.core.management import call_command

        self.folder = folder
        self.name = str(folder / "template.sqlite3")
        if is_postgres():
            self.name = f"template_{secrets.token_hex(6)}"
            run_apart(f'CREATE DATABASE "{self.name}"')
        with connected_to(self.name):
            call_command("migrate", verbosity=0)

    @contextmanager
    def copied(self) -> Iterator[dict[str, Any]]:
        """Point Django's connection at a copy for the length of a block; the value is the connection's settings."""
        name = f"own_{secrets.token_hex(6)}"
        if not is_postgres():
            home = self.folder / name  # of the copy alone, named as in a home: processes may be started on it
            home.mkdir()
            name = shutil.copy(self.name, home / "headway.sqlite3")
        else:
            run_apart(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
        with connected_to(str(name)) as settings:
            yield settings
        if is_postgres():
            run_apart(f'DROP DATABASE "{name}" WITH (FORCE)')

    def remove(self) -> None:
        """Drop it; a file goes with its folder."""
        if is_postgres():
            run_apart(f'DROP DATABASE "{self.name}" WITH (FORCE)')


def run_apart(statement: str) -> None:
    """Run a statement that no transaction may hold, on a connection of its own."""
    with psycopg.connect(os.environ[NAME], autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


@contextmanager
def connected_to(name: str) -> Iterator[dict[str, Any]]:
    """Django's connection leads to this database for the length of a block; the one open before is kept as it is."""
    from django.db import connection

    from headway.store.guards import ALL, enter

    kept, connection.connection = connection.connection, None
    settings = connection.settings_dict
    original, settings["NAME"] = settings["NAME"], name
    try:
        enter(ALL)
        yield settings
    finally:
        connection.close()
        settings["NAME"], connection.connection = original, kept
