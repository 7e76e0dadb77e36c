"""Put a backup into an empty database: at the version it was made with, compared table by table, then brought up."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from headway.basics.errors import UserError
from headway.store.backup.archive import Backup
from headway.store.backup.canonical import to_database
from headway.store.backup.rows import held_in, last_key, snapshot
from headway.store.backup.schema import Table, read_schema, schema_at
from headway.store.guards import ALL, enter
from headway.store.statistics import refresh_statistics

AT_ONCE = 2_000
WIDE_AT_ONCE = 16
WAITING = "state IN ('waiting', 'sending')"
# The file is thrown away unless it comes to its end, so nothing need be on disk before.
FAST = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"


def need_room(connection: BaseDatabaseWrapper) -> None:
    """UserError unless the database has no tables of ours."""
    try:
        tables = set(connection.introspection.table_names())
    except DatabaseError as problem:
        raise UserError(f"The database does not answer: {str(problem).strip().splitlines()[0]}.") from None
    if tables & {"django_migrations", "store_workspace"}:
        raise UserError("The database holds an installation already: restore into an empty one.")


def fill(connection: BaseDatabaseWrapper, backup: Backup, home: Path) -> None:
    """Make the tables as they were, put every row in, compare, and bring it up to this version.

    On PostgreSQL inside the caller's transaction; on SQLite the caller throws the file away when this does not end.
    `home`: where the installation will live. UserError where a table differs or a row cannot stand in this database.
    """
    tables = make_tables(connection, backup)
    loaded: set[str] = set()
    with _unchecked(connection):
        for table, mark in zip(tables, backup.manifest.tables, strict=True):
            load(connection, table, backup.lines(mark), home)
            loaded.add(table.name)
            if all(known.refers <= loaded for known in tables if known.name in loaded):
                _check(connection)
    _check(connection, all_of_it=True)
    compare(connection, backup, home)
    call_command("migrate", database=connection.alias, verbosity=0, interactive=False)
    set_counters(connection, backup)


def make_tables(connection: BaseDatabaseWrapper, backup: Backup) -> tuple[Table, ...]:
    """Empty tables of the backup's version, in the order of its manifest. UserError where they are not these."""
    manifest = backup.manifest
    schema = schema_at(MigrationLoader(connection), manifest.migrations)
    if [(table.name, table.columns) for table in schema.tables] != [(t.name, t.columns) for t in manifest.tables]:
        raise UserError(
            f"{backup.path} was made by another Headway ({manifest.headway}) whose tables differ: install that version."
        )
    MigrationExecutor(connection).migrate(list(manifest.migrations.items()))
    enter(ALL, connection.alias)
    return schema.tables


def load(connection: BaseDatabaseWrapper, table: Table, lines: Iterable[bytes], home: Path) -> None:
    """Insert a table's rows. UserError where one cannot stand in this database."""
    changes = [to_database(column, connection.vendor, home) for column in table.columns]
    needed = [(place, change) for place, change in enumerate(changes) if change]

    def rows() -> Iterator[list[Any]]:
        for line in lines:
            values = json.loads(line)
            for place, change in needed:
                if values[place] is not None:
                    values[place] = change(values[place])
            yield values

    names = ", ".join(f'"{column.name}"' for column in table.columns)
    raw: Any = connection.connection
    try:
        if connection.vendor == "postgresql":
            with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for row in rows():
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(table.columns))
        insert = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'
        left = rows()
        while some := list(islice(left, WIDE_AT_ONCE if table.wide else AT_ONCE)):
            with transaction.atomic(connection.alias):
                raw.executemany(insert, some)
    except (DatabaseError, sqlite3.Error, psycopg.Error) as problem:  # of the bare connection, or of its commit
        said = str(problem).strip().splitlines()[0]
        raise UserError(
            f"A row of {table.name} cannot stand in this database ({said}): nothing was restored."
        ) from None


def compare(connection: BaseDatabaseWrapper, backup: Backup, home: Path) -> None:
    """UserError naming the first table of the database that differs from the backup."""
    with snapshot(connection) as schema:
        if dict(schema.versions) != backup.manifest.migrations:
            raise UserError(
                f"The database is of version {schema.versions.get('store', 'none')} and {backup.path} of"
                f" {backup.manifest.migrations.get('store')}: they cannot be compared."
            )
        here = {table.name: table for table in schema.tables}
        for mark in backup.manifest.tables:
            held = held_in(connection, here[mark.name], home)
            if held != mark.held:
                raise UserError(
                    f"Table {mark.name} differs from {backup.path}: {held.rows:,} rows in the database,"
                    f" {mark.held.rows:,} in the backup."
                )


def set_counters(connection: BaseDatabaseWrapper, backup: Backup) -> None:
    """No number that was ever given to a row is given to another, even where the row is gone."""
    here = {table.name: table for table in read_schema(connection).tables}
    given = {mark.name: mark.last for mark in backup.manifest.tables}
    for name, table in here.items():
        if table.key.kind == "int":
            _set_counter(connection, table, given.get(name, 0))


def _set_counter(connection: BaseDatabaseWrapper, table: Table, given: int) -> None:
    key = f'"{table.key.name}"'
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT coalesce(max({key}), 0) FROM "{table.name}"')
        last = max(given, cursor.fetchone()[0])
        if not last or last <= last_key(connection, table):
            return
        if connection.vendor == "postgresql":
            sequence = "pg_get_serial_sequence(%s, %s)::regclass"
            cursor.execute(f"SELECT setval({sequence}, %s)", [f'"{table.name}"', table.key.name, last])
            return
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last])


@contextmanager
def _unchecked(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Rows may come before those they point to, for the length of the block; PostgreSQL looks at the end anyway."""
    if connection.vendor == "postgresql":
        yield
        return
    connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.enable_constraint_checking()


def _check(connection: BaseDatabaseWrapper, *, all_of_it: bool = False) -> None:
    """UserError where a row points to one that is not there. On PostgreSQL what is unchecked waits in its memory."""
    if connection.vendor != "postgresql" and not all_of_it:
        return
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            else:
                connection.check_constraints()
    except IntegrityError as problem:
        said = str(problem).strip().splitlines()[0].rstrip(".")
        raise UserError(f"Rows of the backup point to rows it does not have ({said}): take another one.") from None


def waiting_messages(connection: BaseDatabaseWrapper) -> int:
    """How many messages will leave when the worker starts."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM store_outmessage WHERE {WAITING}")
        return int(cursor.fetchone()[0])


def drop_messages(connection: BaseDatabaseWrapper) -> None:
    """Let none of them leave."""
    why = "Dropped when a backup was restored."
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE store_outmessage SET state = 'dropped', error = %s WHERE {WAITING}", [why])


def forget_factors(connection: BaseDatabaseWrapper) -> int:
    """Take everybody's second factor away, which nobody can check without the key it was sealed with; how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT user_id) FROM mfa_authenticator")
        people = int(cursor.fetchone()[0])
        cursor.execute("DELETE FROM mfa_authenticator")
    return people


@contextmanager
def restored(backup: Backup, home: Path, *, forget: bool, drop: bool) -> Iterator[list[str]]:
    """Restore into the default database; PostgreSQL commits when the block has ended well, SQLite's file is complete
    and on disk within the block. The value: sentences for who restores.

    `forget` second factors, `drop` messages that wait. UserError where it cannot be; then nothing is there.
    """
    connection = connections["default"]
    need_room(connection)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.connection.executescript(FAST)
        told = _restore(connection, backup, home, forget=forget, drop=drop)
        _settle(connection)
        yield told
        return
    with transaction.atomic():
        yield _restore(connection, backup, home, forget=forget, drop=drop)


def _restore(connection: BaseDatabaseWrapper, backup: Backup, home: Path, *, forget: bool, drop: bool) -> list[str]:
    fill(connection, backup, home)
    refresh_statistics(connection)
    told = []
    if forget and (people := forget_factors(connection)):
        told.append(f"Second factors were removed, of {people}: they set them up anew.")
    if waiting := waiting_messages(connection):
        if drop:
            drop_messages(connection)
        left = "were dropped" if drop else "wait to be sent (--without-messages would have dropped them)"
        told.append(f"Messages that {left}: {waiting}.")
    return told


def _settle(connection: BaseDatabaseWrapper) -> None:
    """Leave one file that is on disk."""
    file = Path(str(connection.settings_dict["NAME"]))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    file.chmod(0o600)
    with file.open("rb") as written:
        os.fsync(written.fileno())
