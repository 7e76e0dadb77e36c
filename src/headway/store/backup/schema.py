"""Which tables a database has, by its own migrations rather than by the models of this program.

So a database, or a backup of one, of any earlier version is read as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from headway.basics.errors import UserError

# Left out: sessions let in whoever holds them, and the others every migration writes anew.
LEFT_OUT = {
    "django_session",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
}
PATHS = {("store_upload", "path")}  # of files below HEADWAY_HOME, kept relative to it
KINDS = {
    "AutoField": "int",
    "BigAutoField": "int",
    "IntegerField": "int",
    "BigIntegerField": "int",
    "SmallIntegerField": "int",
    "PositiveIntegerField": "int",
    "PositiveSmallIntegerField": "int",
    "PositiveBigIntegerField": "int",
    "CharField": "text",
    "SlugField": "text",
    "TextField": "text",
    "BooleanField": "bool",
    "FloatField": "float",
    "DecimalField": "decimal",
    "DateTimeField": "instant",
    "DateField": "date",
    "TimeField": "time",
    "JSONField": "json",
    "BinaryField": "bytes",
}
UNBOUNDED = {"TextField", "JSONField", "BinaryField"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `kind`: a value of `KINDS`, or path; `places`: of a decimal."""

    name: str
    kind: str
    places: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the key first, then the other columns by name. `refers`: tables its rows point to.

    `wide`: whether single rows may be very long.
    """

    name: str
    columns: tuple[Column, ...]
    refers: frozenset[str] = frozenset()
    wide: bool = False

    @property
    def key(self) -> Column:
        """The column that settles the order of rows."""
        return self.columns[0]


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables, those pointed to first, and the newest migration applied of each app."""

    tables: tuple[Table, ...]
    versions: Mapping[str, str]


def read_schema(connection: BaseDatabaseWrapper) -> Schema:
    """What the database holds, as its migrations say. UserError where it is newer than this program."""
    loader = need_known(connection)
    return schema_at(loader, last_of(loader, _applied(loader)))


def need_known(connection: BaseDatabaseWrapper) -> MigrationLoader:
    """UserError where a migration was applied that this program does not have."""
    loader = MigrationLoader(connection)
    if unknown := sorted(_applied(loader) - loader.graph.nodes.keys()):
        raise UserError(f"The database is of a newer Headway ({' '.join(unknown[0])}): install that version.")
    return loader


def _applied(loader: MigrationLoader) -> set[tuple[str, str]]:
    return {node for node in loader.applied_migrations or () if node[0] in loader.migrated_apps}


def last_of(loader: MigrationLoader, applied: Iterable[tuple[str, str]]) -> dict[str, str]:
    """App to the newest of its applied migrations."""
    nodes = set(applied)
    return {
        app: name
        for app, name in sorted(nodes)
        if not any(child.key[0] == app and child.key in nodes for child in loader.graph.node_map[app, name].children)
    }


def schema_at(loader: MigrationLoader, versions: Mapping[str, str]) -> Schema:
    """The tables after these migrations. UserError where one of them is not known."""
    nodes = list(versions.items())
    if unknown := [node for node in nodes if node not in loader.graph.nodes]:
        raise UserError(f"Its tables are newer than this Headway knows ({' '.join(unknown[0])}): install that version.")
    return Schema(tables_of(loader.project_state(nodes).apps) if nodes else (), dict(versions))


def tables_of(apps: Apps) -> tuple[Table, ...]:
    """Every table of these models but those left out, those pointed to first."""
    found = [
        _table(model)
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and model._meta.managed and model._meta.db_table not in LEFT_OUT
    ]
    return _in_order(found)


def _table(model: Any) -> Table:
    meta = model._meta
    fields = sorted(meta.local_concrete_fields, key=lambda field: (not field.primary_key, field.column))
    return Table(
        meta.db_table,
        tuple(_column(meta.db_table, field) for field in fields),
        frozenset(field.related_model._meta.db_table for field in fields if field.is_relation) - {meta.db_table},
        any(field.get_internal_type() in UNBOUNDED for field in fields),
    )


def _column(table: str, field: Any) -> Column:
    held = field
    while held.is_relation:
        held = held.target_field
    kind = "path" if (table, field.column) in PATHS else KINDS[held.get_internal_type()]
    return Column(field.column, kind, held.decimal_places if kind == "decimal" else 0)


def _in_order(tables: list[Table]) -> tuple[Table, ...]:
    """By name, but never before a table pointed to; where tables point at each other, the first by name goes first."""
    left = {table.name: table for table in sorted(tables, key=lambda table: table.name)}
    ordered: list[Table] = []
    while left:
        ready = next((name for name, table in left.items() if not table.refers & left.keys()), next(iter(left)))
        ordered.append(left.pop(ready))
    return tuple(ordered)
