"""What the database itself enforces: history refuses UPDATE and DELETE; PostgreSQL hides rows of other workspaces.

`entered` says, per connection, which workspace's rows may be seen: the second wall, should a query forget its filter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

HISTORY = (
    "store_event",
    "store_voiding",
    "store_exhibit",
    "store_allowedexception",
    "store_pin",
    "store_batchundone",
    "store_batchkept",
    "store_call",
    "store_callvoiding",
    "store_forecasttotal",
    "store_answer",
    "store_dealcall",
    "store_decision",
    "store_decisionvoiding",
    "store_commitmentend",
    "store_baselinereading",
    "store_correction",
    "store_correctionvoiding",
    "store_correctionlook",
    "store_findingend",
    "store_gatechange",
    "store_gatepassing",
    "store_placement",
    "store_erasure",
    "store_currencyrate",
    "store_entry",
)
AUDIT = "store_entry"
OPEN_TABLES = {
    "store_membership",
    "store_invitation",
    "store_job",
    "store_calendarlink",
}  # read to find out which workspace to enter
ALL = "*"
NONE = ""


def guard_after_migration(using: str, **_: Any) -> None:
    """Make the guards anew (receiver of post_migrate)."""
    make_guards(connections[using])


def make_guards(connection: BaseDatabaseWrapper) -> None:
    """Create every trigger and policy; safe to call again."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION headway_refuse() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'history is append-only: %% of %%', TG_OP, TG_TABLE_NAME; END $$".replace(
                    "%%", "%"
                )
            )
        for table in HISTORY:
            if table in tables:
                for statement in refusals(connection.vendor, table):
                    cursor.execute(statement)
        if connection.vendor == "postgresql":
            for table in tenant_tables():
                if table in tables:
                    for statement in walls(table):
                        cursor.execute(statement)


@contextmanager
def opened(using: str = "default") -> Iterator[None]:
    """The one door in the history: words of a person may be overwritten inside. Only erasures, inside a transaction.

    A fault takes the triggers back with the transaction; without one they stand again when the block ends.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("the history is opened inside a transaction only")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come takes no other trigger
        for table in HISTORY:
            if table != AUDIT:
                for statement in closed_by(connection.vendor, table):
                    cursor.execute(statement)
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in HISTORY:
            if table != AUDIT:
                for statement in refusals(connection.vendor, table):
                    cursor.execute(statement)


def closed_by(vendor: str, table: str) -> list[str]:
    """The statements that take the refusal of changes away."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")]


def refusals(vendor: str, table: str) -> list[str]:
    """The statements that make a table append-only."""
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION headway_refuse()",
            f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION headway_refuse()",
        ]
    return [
        statement
        for verb in ("UPDATE", "DELETE")
        for statement in (
            f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()}",
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, 'history is append-only: {verb} of {table}'); END",
        )
    ]


def tenant_tables() -> list[str]:
    """Tables whose rows belong to one workspace."""
    return sorted(
        model._meta.db_table
        for model in apps.get_app_config("store").get_models()
        if any(field.name == "workspace" for field in model._meta.get_fields())
        and model._meta.db_table not in OPEN_TABLES
    )


def walls(table: str) -> list[str]:
    """The statements that hide other workspaces' rows, from the tables' owner too."""
    rule = f"coalesce(current_setting('headway.workspace', true), '') IN ('{ALL}', workspace_id::text)"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS {table}_of_workspace ON {table}",
        f"CREATE POLICY {table}_of_workspace ON {table} USING ({rule}) WITH CHECK ({rule})",
    ]


def enter(workspace_id: int | str, using: str = "default") -> None:
    """From now on this connection sees the rows of this workspace (`ALL`: every one, `NONE`: none)."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('headway.workspace', %s, false)", [str(workspace_id)])


@contextmanager
def entered(workspace_id: int | str, using: str = "default") -> Iterator[None]:
    """`enter` for the length of a block; afterwards this connection sees what it saw before."""
    before = sight(using)
    enter(workspace_id, using)
    try:
        yield
    finally:
        if not _is_broken(connections[using]):  # else the rollback that must follow restores it
            enter(before, using)


def sight(using: str = "default") -> str:
    """What this connection sees: a workspace's id, `ALL` or `NONE`; always `ALL` on SQLite, which has no such wall."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return ALL
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('headway.workspace', true), '')")
        return str(cursor.fetchone()[0])


def _is_broken(connection: BaseDatabaseWrapper) -> bool:
    """Whether the open transaction refuses any other statement: one failed in it, or it is to be rolled back."""
    if connection.needs_rollback:
        return True
    if connection.vendor != "postgresql" or connection.connection is None:
        return False
    return bool(connection.connection.info.transaction_status.name == "INERROR")
