"""Rows as a database holds them at one moment, in canonical form and key order, and the hash of each table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from headway.basics.errors import UserError
from headway.store.backup.canonical import encode_row, expression, from_database
from headway.store.backup.schema import Schema, Table, read_schema
from headway.store.guards import ALL, entered

AT_ONCE = 2_000
WIDE_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Held:
    """What a table holds: how many rows, and the SHA-256 over their canonical lines."""

    rows: int
    sha256: str


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[Schema]:
    """For the length of the block the connection sees one moment, all workspaces; writers are not held up.

    On PostgreSQL a REPEATABLE READ, READ ONLY transaction that holds off changes of tables, on SQLite a read
    transaction: with its write-ahead log either is consistent. A transaction that is open already is taken as it is.
    """
    if connection.in_atomic_block:
        yield read_schema(connection)
        return
    with entered(ALL, connection.alias):
        if connection.vendor == "postgresql":
            before = read_schema(connection)
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                for table in before.tables:  # before the first query, which is what fixes the moment
                    cursor.execute(f'LOCK TABLE "{table.name}" IN ACCESS SHARE MODE')
                if read_schema(connection) != before:
                    raise UserError("The database is being brought up to another version: try again in a minute.")
                yield before
            return
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's own would be IMMEDIATE and hold writers up
            try:
                yield read_schema(connection)
            finally:
                cursor.execute("ROLLBACK")


def canonical_lines(connection: BaseDatabaseWrapper, table: Table, home: Path) -> Iterator[str]:
    """Every row as its canonical line, in the order of the key; bounded memory."""
    changes = [from_database(column, connection.vendor, home) for column in table.columns]
    needed = [(place, change) for place, change in enumerate(changes) if change]
    for row in _rows(connection, table):
        values = list(row)
        for place, change in needed:
            if values[place] is not None:
                values[place] = change(values[place])
        yield encode_row(values)


def _rows(connection: BaseDatabaseWrapper, table: Table) -> Iterator[tuple[Any, ...]]:
    chosen = ", ".join(expression(table.name, column, connection.vendor) for column in table.columns)
    collated = ' COLLATE "C"' if connection.vendor == "postgresql" and table.key.kind == "text" else ""
    query = f'SELECT {chosen} FROM "{table.name}" ORDER BY "{table.key.name}"{collated}'
    raw: Any = connection.connection
    if connection.vendor == "sqlite":
        yield from raw.execute(query)
        return
    with raw.cursor(name="headway_rows") as cursor:
        cursor.itersize = WIDE_AT_ONCE if table.wide else AT_ONCE
        yield from cursor.execute(query)


def held_in(connection: BaseDatabaseWrapper, table: Table, home: Path) -> Held:
    """How many rows a table has, and their hash."""
    digest, rows = hashlib.sha256(), 0
    for line in canonical_lines(connection, table, home):
        digest.update(line.encode() + b"\n")
        rows += 1
    return Held(rows, digest.hexdigest())


def held_tables(*, using: str = "default") -> dict[str, Held]:
    """Table to what it holds now, for every table that a backup holds: equal for equal rows on either database."""
    connection = connections[using]
    connection.ensure_connection()
    with snapshot(connection) as schema:
        return {table.name: held_in(connection, table, Path(settings.HOME)) for table in schema.tables}


def last_key(connection: BaseDatabaseWrapper, table: Table) -> int:
    """The highest number the table has given to a row, also to one that is gone; 0 where it counts none."""
    if table.key.kind != "int":
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
        else:
            sequence = "pg_get_serial_sequence(%s, %s)::regclass"
            cursor.execute(f"SELECT pg_sequence_last_value({sequence})", [f'"{table.name}"', table.key.name])
        found = cursor.fetchone()
    return int(found[0] or 0) if found else 0
