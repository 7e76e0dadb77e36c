"""From every earlier version of the tables to this one: no row lost, no value changed, and the application works.

One database walks through all versions. At each, a row is put into every table that exists by then, made from its
columns, so that a new migration is covered by itself; the rows of a real firm come along from the first.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import DatabaseError
from django.test import Client

from headway.basics.errors import UserError
from headway.store.actions.deals import add_deal
from headway.store.actions.evidence import record_evidence
from headway.store.backup.archive import Backup
from headway.store.backup.canonical import encode_row
from headway.store.backup.making import make_backup
from headway.store.backup.restoring import _set_counter, fill, load
from headway.store.backup.rows import canonical_lines, snapshot
from headway.store.backup.schema import Table, need_known, read_schema
from headway.store.guards import ALL, HISTORY, enter, tenant_tables
from tests.cast import NOW, Cast, make_cast
from tests.databases import Template, connected_to, is_postgres, run_apart
from tests.e2e.site import drop_database, environment
from tests.e2e.site import new_database as new_site_database
from tests.postgres import NAME

pytestmark = [pytest.mark.database, pytest.mark.slow]
SEEN = NOW + timedelta(hours=1)
# Columns that a migration took away, and where what they held is now.
GONE = {
    ("store_analysis", "diagnosis"): "worked out anew by the next analysis, into store_analysistext",
    ("store_analysis", "rewind"): "worked out anew by the next analysis, into store_analysistext",
    ("store_analysis", "page"): "worked out anew by the next analysis, into store_analysistext",
    ("store_analysis", "sections"): "worked out anew by the next analysis, into store_analysistext",
}
Rows = dict[str, dict[Any, dict[str, Any]]]  # table, key, column


@dataclass
class Walked:
    """What the walk left: the database at its end, what was put in on the way, and a backup of the first version."""

    name: str
    put: Rows = field(default_factory=dict)
    backup: Path = Path()
    versions: list[str] = field(default_factory=list)
    firm: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def walked(template: Template, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Walked]:
    """From the first version to this one."""
    folder = tmp_path_factory.mktemp("walked")
    with django_db_blocker.unblock():
        with template.copied():
            firm, keys = firm_rows()
        with new_database(folder) as name:
            found = Walked(name, firm=keys)
            walk(found, firm, folder)
            yield found


@pytest.fixture
def upgraded(walked: Walked, django_db_blocker: Any) -> Iterator[Walked]:
    """The database after the walk, for a test that may write into it; it sees all workspaces."""
    with django_db_blocker.unblock(), connected_to(walked.name):
        enter(ALL)
        with transaction.atomic():
            yield walked
            transaction.set_rollback(True)


@contextmanager
def new_database(folder: Path) -> Iterator[str]:
    """Name of an empty database, gone with the block."""
    name = f"upgrade_{secrets.token_hex(6)}" if is_postgres() else str(folder / f"{secrets.token_hex(6)}.sqlite3")
    if is_postgres():
        run_apart(f'CREATE DATABASE "{name}"')
    yield name
    if is_postgres():
        run_apart(f'DROP DATABASE "{name}" WITH (FORCE)')


def firm_rows() -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """Canonical rows of a small real firm at this version, and keys of what is asked for later."""
    enter(ALL)
    cast: Cast = make_cast()
    deal = add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=NOW, owner="Bob Adler")
    record_evidence(
        deal=deal, milestone="problem_stated", source="quote", grade=1, happened_at=NOW, quote="Yes", contact="Petra",
        by=cast.bob, at=SEEN,
    )  # fmt: skip
    with snapshot(connection) as schema:
        rows = {table.name: list(as_values(table)) for table in schema.tables}
    return rows, {"workspace": cast.workspace.key, "deal": deal.key, "person": cast.alice.email}


def as_values(table: Table) -> Iterator[dict[str, Any]]:
    """A table's canonical rows by column."""
    names = [column.name for column in table.columns]
    for line in canonical_lines(connection, table, settings.HOME):
        yield dict(zip(names, json.loads(line), strict=True))


def walk(found: Walked, firm: dict[str, list[dict[str, Any]]], folder: Path) -> None:
    """One version after the other, a row into every table at each; at the end as `headway serve` brings it up."""
    with connected_to(found.name):
        others = [node for node in MigrationExecutor(connection).loader.graph.leaf_nodes() if node[0] != "store"]
        found.versions = sorted(
            name for app, name in MigrationExecutor(connection).loader.disk_migrations if app == "store"
        )
        for place, version in enumerate(found.versions[:-1]):
            MigrationExecutor(connection).migrate([("store", version), *(others if place == 0 else [])])
            enter(ALL)
            with unchecked():
                put_rows(found, place, firm if place == 0 else {})
            if place == 0:
                found.backup = folder / "first.zip"
                make_backup(found.backup, at=NOW)
        call_command("migrate", verbosity=0)


def put_rows(found: Walked, place: int, firm: dict[str, list[dict[str, Any]]]) -> None:
    """A row into every table, and the firm's; everything that came in is kept in `found`."""
    tables = read_schema(connection).tables
    put_firm(tables, firm)
    if place == 0 and is_postgres():
        for table in tables:
            if table.key.kind == "int":
                _set_counter(connection, table, 0)  # as if the database had given the numbers itself
    for table in tables:
        put_row(table, place)
        kept = found.put.setdefault(table.name, {})
        fresh = {row[table.key.name]: row for row in as_values(table) if row[table.key.name] not in kept}
        assert fresh, table.name
        kept |= fresh


def put_firm(tables: tuple[Table, ...], firm: dict[str, list[dict[str, Any]]]) -> None:
    """The firm's rows as far as there were such tables and columns; what is no more is empty."""
    empty = {"text": "", "json": "{}", "int": 0, "bool": False, "float": 0.0}
    for table in tables:
        lines = [
            encode_row([row.get(c.name, empty.get(c.kind)) for c in table.columns]).encode()
            for row in firm.get(table.name, [])
        ]
        load(connection, table, lines, settings.HOME)


def put_row(table: Table, place: int) -> None:
    """One row of the table, told from others by its key; it points to rows of the same place, or to itself."""
    number = 1_000_000 + place
    lines = [encode_row([value_of(table, c.name, c.kind, number) for c in table.columns]).encode()]
    load(connection, table, lines, settings.HOME)


def value_of(table: Table, name: str, kind: str, number: int) -> Any:
    """A value of the kind that fits the shortest column and is no other row's."""
    if name == table.key.name or (kind == "int" and name.endswith("_id")):
        return number
    if kind in ("text", "path"):
        return f"{number % 1000:03}"[:3] if name != "text" else f"Ünicode “{number}”\n"
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_900, UTC) + timedelta(days=number % 1000)
    return {
        "int": number % 1000,
        "bool": bool(number % 2),
        "float": 0.1 + number % 1000,
        "decimal": str(Decimal(number % 1000) + Decimal("0.10")) + "0" * 6 if name == "rate" else f"{number % 1000}.10",
        "instant": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "date": date(2026, 1, 2).isoformat(),
        "time": time(8, 30).isoformat("microseconds"),
        "json": '{"a":[1,2.5,null],"ü":"“"}',
        "bytes": "AAEC/w==",
    }[kind]


@contextmanager
def unchecked() -> Iterator[None]:
    """One transaction, in which rows may come before those they point to."""
    with connection.constraint_checks_disabled(), transaction.atomic():
        yield


def test_no_row_is_lost_and_no_value_changed(upgraded: Walked) -> None:
    assert len(upgraded.versions) > 12
    tables = {table.name: table for table in read_schema(connection).tables}
    for name, put in upgraded.put.items():
        now = {row[tables[name].key.name]: row for row in as_values(tables[name])}
        assert put.keys() <= now.keys(), name
        for key, row in put.items():
            kept = {column: value for column, value in row.items() if (name, column) not in GONE}
            assert kept.items() <= now[key].items(), (name, key)


def test_every_row_points_to_one_that_is_there(upgraded: Walked) -> None:
    connection.check_constraints()
    if is_postgres():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("table", HISTORY)
def test_the_history_is_guarded_afterwards(upgraded: Walked, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        if not cursor.fetchone()[0]:
            assert table not in upgraded.put, "a row was put in before"
            pytest.skip("the table is of the newest version, and empty")
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_other_workspaces_are_hidden_afterwards(upgraded: Walked) -> None:
    if not is_postgres():
        pytest.skip("SQLite has no such wall")
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert {name for (name,) in cursor.fetchall()} == set(tenant_tables())
        enter(987_654_321)
        cursor.execute("SELECT count(*) FROM store_deal")
        assert cursor.fetchone() == (0,)


def test_the_application_answers_and_the_analysis_runs(upgraded: Walked) -> None:
    from headway.jobs.analysis import analyse
    from headway.store.models import AnalysisText, Deal, Person, Workspace

    workspace = Workspace.objects.get(key=upgraded.firm["workspace"])
    client = Client()
    client.force_login(Person.objects.get(email=upgraded.firm["person"]))
    pages = [f"/w/{workspace.key}/", f"/w/{workspace.key}/deals/", f"/w/{workspace.key}/deals/{upgraded.firm['deal']}/"]

    def answered() -> None:
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, page
        assert "Fleet renewal" in answer.content.decode()

    answered()
    enter(ALL)
    analyse(workspace, at=SEEN)
    enter(ALL)
    assert AnalysisText.objects.filter(workspace=workspace).exists()
    answered()
    enter(ALL)
    made = add_deal(workspace=workspace, name="After", by=Person.objects.get(email=upgraded.firm["person"]), at=SEEN)
    assert made.pk > max(key for key in upgraded.put["store_deal"] if key < 1_000_000)
    assert Deal.objects.filter(pk=made.pk).exists()


def test_a_backup_of_the_first_version_is_brought_up_when_restored(
    walked: Walked, django_db_blocker: Any, tmp_path: Path
) -> None:
    with (
        django_db_blocker.unblock(),
        new_database(tmp_path) as name,
        connected_to(name),
        Backup(walked.backup) as backup,
    ):
        assert backup.manifest.migrations["store"] == walked.versions[0]
        if is_postgres():
            with transaction.atomic():
                fill(connection, backup, settings.HOME)
        else:
            fill(connection, backup, settings.HOME)
        with snapshot(connection) as schema:
            assert schema.versions["store"] == walked.versions[-1]
            for table in schema.tables:
                now = {row[table.key.name]: row for row in as_values(table)}
                for key, row in walked.put.get(table.name, {}).items():
                    if key <= 1_000_000 and table.name in {mark.name for mark in backup.manifest.tables}:
                        kept = {column: value for column, value in row.items() if (table.name, column) not in GONE}
                        assert kept.items() <= now[key].items(), (table.name, key)


def test_two_that_start_at_once_do_not_break(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    server = os.environ.get(NAME, "")
    database = new_site_database(server)
    code = "import django; django.setup(); from headway.store.upgrading import bring_up; bring_up()"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env=environment(tmp_path / "home", database),
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    drop_database(database)


def test_a_database_of_a_newer_program_is_refused(upgraded: Walked) -> None:
    MigrationRecorder(connection).record_applied("store", "9999_later")
    with pytest.raises(UserError, match="is of a newer Headway \\(store 9999_later\\)"):
        need_known(connection)
