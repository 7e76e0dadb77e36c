"""Load an export as a new workspace: into an empty installation, or beside others, whole or not at all.

Rows keep their numbers where those are free, else all of a table move up by the same; so their order stays. The audit
chain is linked anew under this installation's key. docs/decisions/0009-export.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import DateTimeField, Field, JSONField, Max, Model

from headway.basics.errors import UserError
from headway.store.actions.audit import append_entry
from headway.store.actions.wordings import digest_of
from headway.store.bulk import insert_plain
from headway.store.chain import audit_key, link_digest
from headway.store.export_reading import ExportFile, damaged
from headway.store.exported import ENTRY, NUMBERS, PERSON, exported_fields, exported_models, points_at, table_of
from headway.store.guards import ALL, enter, entered
from headway.store.models import Entry, Head, Membership, Person, Workspace

ROWS_AT_ONCE = 1_000
LARGEST_NUMBER = 1 << 44  # of a row in a file
Told = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded. `leader`: who leads it from now on; `has_password`: whether they can log in already."""

    workspace: Workspace
    rows: int
    leader: Person
    people_made: int
    has_password: bool


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

    def refuse(self, why: str) -> UserError:
        """The sentence for a file that cannot be loaded."""
        return damaged(self.file.path, why)


def load_export(*, file: ExportFile, at: datetime, leader: str = "", told: Told = lambda *_: None) -> Loaded:
    """Load a checked export. `leader`: the address of who is to lead it, a leader of it where empty.

    UserError where the workspace is here already, a row points outside of it, or nobody can lead it.
    """
    try:
        with entered(ALL), transaction.atomic():
            return _load(file, at, leader.strip().lower(), told)
    except (DatabaseError, ValidationError, TypeError, ValueError, KeyError, OverflowError) as problem:
        why = str(problem).strip().splitlines()[0][:120] if str(problem).strip() else type(problem).__name__
        raise damaged(file.path, f"a row cannot be loaded: {why}") from None


def _load(file: ExportFile, at: datetime, leader: str, told: Told) -> Loaded:
    empty = not Person.objects.exists()
    loading = Loading(file, _workspace(file), at)
    _load_people(loading)
    models = exported_models()
    for model in models:
        loading.shifts[table_of(model)] = _shift(loading, model)
    enter(loading.workspace.pk)
    for number, model in enumerate(models):
        told(number, len(models), "Loading")
        if table_of(model) == ENTRY:
            _link_anew(loading)
        else:
            _load_table(loading, model)
    told(len(models), len(models), "Checking")
    connection.check_constraints()
    for model in models:
        _check_pointers(loading, model)
    chosen = _leader(loading, leader, empty)
    append_entry(
        workspace=loading.workspace, by=chosen, at=at, verb="load workspace",
        detail={"sha256": file.sha256, "rows": loading.rows, "past": file.manifest.get("chain", {})},
    )  # fmt: skip
    return Loaded(loading.workspace, loading.rows, chosen, loading.made, chosen.has_usable_password())


def _workspace(file: ExportFile) -> Workspace:
    (row,) = file.lines("workspace.jsonl")
    found = _values(Workspace, row)
    here = Workspace.objects.filter(key=found["key"]).first()
    if here is not None:
        raise UserError(f"{here.name} is in this installation already: an export is loaded beside what is there,"
                        " never over it.")  # fmt: skip
    return Workspace.objects.create(**found)


def _values(model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
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


def _load_people(loading: Loading) -> None:
    """Match by address; who has no account here gets one that nobody can log in with until they are invited."""
    for row in loading.file.lines("people.jsonl"):
        email = str(row["email"]).strip().lower()
        found = Person.objects.filter(email__iexact=email).first()
        if found is None:
            key = str(row["key"])
            taken = len(key) != 12 or Person.objects.filter(key=key).exists()
            found = Person(email=email[:254], name=str(row["name"])[:120], date_joined=loading.at, is_active=False)
            if not taken:
                found.key = key
            found.set_unusable_password()
            found.save()
            loading.made += 1
        loading.people[_number(row["id"])] = found.pk
        loading.keys[str(row["key"])] = found.key


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < LARGEST_NUMBER:
        raise ValueError(f"{str(value)[:20]!r} is no number of a row")
    return value


def _shift(loading: Loading, model: type[Model]) -> int:
    """By how much the numbers of a table's rows grow, so that they lie above every row that is or was there."""
    table = table_of(model)
    first, last = _span(loading, table)
    if last == 0:
        return 0
    newest = model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0
    newest = max(newest, _last_given(model._meta.db_table))
    shift = 0 if first > newest else newest + 1 - first
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, last + shift])
    return shift


def _span(loading: Loading, table: str) -> tuple[int, int]:
    """The first and the last number of a table's rows, which stand in their order; (0, 0) for no rows."""
    first = last = 0
    for row in _rows_of(loading, table):
        number = _number(row["id"])
        if number <= last:
            raise ValueError(f"the rows of {table} are not in order")
        first, last = first or number, number
    return first, last


def _rows_of(loading: Loading, table: str) -> Iterator[dict[str, Any]]:
    return loading.file.lines(f"tables/{table}.jsonl") if table in loading.file.tables() else iter(())


def _last_given(table: str) -> int:
    """The last number that the database gave to a row of this table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        return int(cursor.fetchone()[0])


def _parts(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while part := list(islice(rows, ROWS_AT_ONCE)):
        yield part


def _load_table(loading: Loading, model: type[Model]) -> None:
    for part in _parts(_rows_of(loading, table_of(model))):
        insert_plain(model, (_row(loading, model, row) for row in part))
        loading.rows += len(part)


def _row(loading: Loading, model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
    table = table_of(model)
    values = _values(model, row)
    values["id"] += loading.shifts[table]
    for name, target in _pointers(model):
        if values.get(name) is not None:
            values[name] = _pointed(loading, target, values[name])
    for (its, name), target in NUMBERS.items():
        if its == table and values.get(name):
            values[name] += loading.shifts[target]
    _mend(loading, table, values)
    return values | {"workspace_id": loading.workspace.pk}


@lru_cache(maxsize=128)
def _pointers(model: type[Model]) -> tuple[tuple[str, str], ...]:
    pairs = ((one.attname, points_at(one)) for one in exported_fields(model))
    return tuple((name, target) for name, target in pairs if target is not None)


def _pointed(loading: Loading, target: str, number: int) -> int:
    if target == PERSON:
        if number not in loading.people:
            raise ValueError("a row points at somebody who is not in the file")
        return loading.people[number]
    if target not in loading.shifts:
        raise ValueError(f"a row points at {target}, which is not in the file")
    return _number(number) + loading.shifts[target]


def _mend(loading: Loading, table: str, values: dict[str, Any]) -> None:
    """What a row holds beside plain values and pointers."""
    if table == "wording" and values.get("text") is not None:
        values["digest"] = digest_of(loading.workspace, values["text"])
    elif table == "attachment" and values["key"] in loading.file.attachments():
        values["content"] = loading.file.read_attachment(values["key"])
    elif table == "analysis" and isinstance(values.get("summary"), dict):
        rates = values["summary"].get("gap_rates") or {}
        shift = loading.shifts["processversion"]
        moved = {f"{int(v) + shift}:{rank}": rate for key, rate in rates.items() for v, rank in [key.split(":", 1)]}
        values["summary"] = values["summary"] | ({"gap_rates": moved} if "gap_rates" in values["summary"] else {})
    if str(values.get("target", "")).startswith("person "):
        values["target"] = _target(loading, values["target"])


def _target(loading: Loading, target: str) -> str:
    kind, _, key = target.partition(" ")
    return f"{kind} {loading.keys.get(key, key)}" if kind == PERSON else target


def _link_anew(loading: Loading) -> None:
    """The audit as it was, each entry linked to the one before under this installation's key."""
    key, digest, number = audit_key(settings.SECRET_KEY), "", 0
    for part in _parts(_rows_of(loading, ENTRY)):
        made = []
        for row in part:
            values = _values(Entry, row)
            if values.get("number") != number + 1:
                raise ValueError(f"entry {number + 1} of the audit is missing")
            number += 1
            detail = dict(values["detail"])
            if isinstance(detail.get("event"), int):
                detail["event"] += loading.shifts["event"]
            by = None if values["by_id"] is None else _pointed(loading, PERSON, values["by_id"])
            told = {"number": number, "at": values["at"], "verb": values["verb"], "detail": detail,
                    "target": _target(loading, values["target"])}  # fmt: skip
            digest = link_digest(key, digest, workspace=loading.workspace.pk, by=by, **told)
            made.append(Entry(id=values["id"] + loading.shifts[ENTRY], workspace_id=loading.workspace.pk, by_id=by,
                              digest=digest, **told))  # fmt: skip
        Entry.objects.bulk_create(made)
        loading.rows += len(made)
    Head.objects.create(workspace=loading.workspace, number=number, digest=digest)


def _check_pointers(loading: Loading, model: type[Model]) -> None:
    """Every row points at rows of this workspace only: what points elsewhere was not written by an export."""
    theirs = {table_of(one): one._meta.db_table for one in exported_models()}
    mine = model._meta.db_table
    for one in exported_fields(model):
        target = points_at(one)
        if target is None or target == PERSON:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT c.id FROM {mine} AS c LEFT JOIN {theirs[target]} AS p ON p.id = c."{one.column}"'
                f' WHERE c.workspace_id = %s AND c."{one.column}" IS NOT NULL'
                " AND (p.id IS NULL OR p.workspace_id <> %s) LIMIT 1",
                [loading.workspace.pk, loading.workspace.pk],
            )
            if cursor.fetchone():
                raise loading.refuse(f"a row of {table_of(model)} points outside the workspace")


def _leader(loading: Loading, email: str, empty: bool) -> Person:
    """Who leads it from now on: the one asked for, else a leader of the export; made able to get in."""
    here = Membership.objects.filter(workspace=loading.workspace, ended_at=None).select_related("person")
    if email:
        found = Person.objects.filter(email__iexact=email).first()
        if found is None:
            found = Person(email=email, name=email.split("@")[0][:120], date_joined=loading.at)
            found.set_unusable_password()
            found.save()
    else:
        leading = here.filter(role="leader").order_by("-person__is_active", "created_at").first()
        if leading is None:
            raise UserError("Nobody in this export leads it: say with --leader whose it is, by their address.")
        found = leading.person
    mine = here.filter(person=found).first()
    if mine is None:
        Membership.objects.create(workspace=loading.workspace, person=found, role="leader", created_at=loading.at)
    elif mine.role != "leader":
        Membership.objects.filter(pk=mine.pk).update(role="leader")
    found.is_active, found.operator = True, found.operator or empty
    found.save(update_fields=["is_active", "operator"])
    return found
