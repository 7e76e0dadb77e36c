"""A row of an export as the row that it becomes here: its values by type, its number moved up, its pointers anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model

from headway.basics.errors import UserError
from headway.store.actions.loaded_documents import Moves, documents_of
from headway.store.actions.wordings import digest_of
from headway.store.export_reading import ExportFile, damaged
from headway.store.exported import NUMBERS, PERSON, exported_fields, points_at, table_of
from headway.store.models import Workspace
from headway.store.written_pages import foreign_in

ROWS_AT_ONCE = 1_000
LARGEST_NUMBER = 1 << 44  # of a row in a file
SHOWN_AS_IT_STANDS = {"analysis": ("short",), "analysistext": ("sections", "page")}


@dataclass(slots=True)
class Loading:
    """One load under way. `shifts`: per table by how much its rows' numbers grow; `people`, `keys`: old to new."""

    file: ExportFile
    workspace: Workspace
    at: datetime
    shifts: dict[str, int] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    made: int = 0
    rows: int = 0

    @property
    def moves(self) -> Moves:
        """What rows are called here, for what names them inside of texts and documents."""
        return Moves(self.shifts, self.people, self.keys)

    def refuse(self, why: str) -> UserError:
        """The sentence for a file that cannot be loaded."""
        return damaged(self.file.path, why)


def rows_of(loading: Loading, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table, none where the file does not know it."""
    return loading.file.lines(f"tables/{table}.jsonl") if table in loading.file.tables() else iter(())


def in_parts(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """As lists that a statement takes at once."""
    while part := list(islice(rows, ROWS_AT_ONCE)):
        yield part


def values_of(model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
    """The values of a row by attribute; fields that an older export does not know are left to their defaults."""
    fields = _fields(model)
    unknown = row.keys() - fields.keys()
    if unknown:
        raise ValueError(f"{table_of(model)} has no field {min(unknown)}")
    return {name: _value(fields[name], value) for name, value in row.items()}


@lru_cache(maxsize=128)
def _fields(model: type[Model]) -> dict[str, Field[Any, Any]]:
    return {one.attname: one for one in exported_fields(model)}


def _value(one: Field[Any, Any], value: Any) -> Any:
    if value is None or one.is_relation or isinstance(one, JSONField):
        return value
    if isinstance(one, DateTimeField):
        return datetime.fromisoformat(value)
    if isinstance(value, str):
        if one.max_length and len(value) > one.max_length:
            raise ValueError(f"{one.name} is longer than {one.max_length} characters")
        if connection.vendor == "postgresql":
            value = value.replace("\x00", "")  # which PostgreSQL has no place for
    return one.to_python(value)


def number_of(value: Any) -> int:
    """The number of a row, checked. ValueError for what is none."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < LARGEST_NUMBER:
        raise ValueError(f"{str(value)[:20]!r} is no number of a row")
    return value


def row_of(loading: Loading, model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
    """The row as it is put in. ValueError where it points at nothing that is in the file."""
    table = table_of(model)
    values = values_of(model, row)
    values["id"] += loading.shifts[table]
    for name, target in _pointers(model):
        if values.get(name) is not None:
            values[name] = pointed(loading, target, values[name])
    for (its, name), target in NUMBERS.items():
        if its == table and values.get(name):
            values[name] += loading.shifts[target]
    _mend(loading, table, values)
    return values | {"workspace_id": loading.workspace.pk}


@lru_cache(maxsize=128)
def _pointers(model: type[Model]) -> tuple[tuple[str, str], ...]:
    pairs = ((one.attname, points_at(one)) for one in exported_fields(model))
    return tuple((name, target) for name, target in pairs if target is not None)


def pointed(loading: Loading, target: str, number: int) -> int:
    """The number that the row pointed at has here."""
    if target == PERSON:
        if number not in loading.people:
            raise ValueError("a row points at somebody who is not in the file")
        return loading.people[number]
    if target not in loading.shifts:
        raise ValueError(f"a row points at {target}, which is not in the file")
    return number_of(number) + loading.shifts[target]


def _mend(loading: Loading, table: str, values: dict[str, Any]) -> None:
    """What a row holds beside plain values and pointers."""
    if table == "wording" and values.get("text") is not None:
        values["digest"] = digest_of(loading.workspace, values["text"])
    elif table == "attachment" and values["key"] in loading.file.attachments():
        values["content"] = loading.file.read_attachment(values["key"])
    for name in SHOWN_AS_IT_STANDS.get(table, ()):
        if foreign := foreign_in(values.get(name) or ""):
            raise ValueError(f"a page of an analysis holds {foreign!r}, which Headway never writes")
    values |= documents_of(table, values, loading.moves)
