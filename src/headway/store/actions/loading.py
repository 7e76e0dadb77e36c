"""Load an export as a new workspace: into an empty installation, or beside others, whole or not at all.

Rows keep their numbers where those are free, else all of a table move up by the same; so their order stays. The audit
chain is linked anew under this installation's key. docs/decisions/0009-export.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import ForeignKey, Max, Model

from headway.basics.errors import UserError
from headway.store.actions.audit import append_entry
from headway.store.actions.loaded_documents import documents_of
from headway.store.actions.loaded_rows import (
    Loading,
    in_parts,
    number_of,
    pointed,
    row_of,
    rows_of,
    values_of,
)
from headway.store.bulk import insert_plain
from headway.store.chain import audit_key, link_digest
from headway.store.export_reading import ExportFile, damaged
from headway.store.exported import ENTRY, PERSON, exported_fields, exported_models, points_at, table_of
from headway.store.guards import ALL, enter, entered
from headway.store.models import Entry, Head, Membership, Person, Workspace
from headway.store.statistics import refresh_statistics, roomy_cache

Told = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded. `leader`: who leads it from now on; `has_password`: whether they can log in already."""

    workspace: Workspace
    rows: int
    leader: Person
    people_made: int
    has_password: bool


def load_export(*, file: ExportFile, at: datetime, leader: str = "", told: Told = lambda *_: None) -> Loaded:
    """Load a checked export. `leader`: the address of who is to lead it, a leader of it where empty.

    UserError where the workspace is here already, a row points outside of it, or nobody can lead it.
    """
    try:
        with entered(ALL), roomy_cache(), transaction.atomic():
            done = _load(file, at, leader.strip().lower(), told)
    except (DatabaseError, ValidationError, TypeError, ValueError, KeyError, OverflowError) as problem:
        why = str(problem).strip().splitlines()[0][:120] if str(problem).strip() else type(problem).__name__
        raise damaged(file.path, f"a row cannot be loaded: {why}") from None
    refresh_statistics()
    return done


def _load(file: ExportFile, at: datetime, leader: str, told: Told) -> Loaded:
    empty = not Person.objects.exists()
    loading = Loading(file, _workspace(file), at)
    _load_people(loading)
    models = parents_first(exported_models())
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


def parents_first(models: Sequence[type[Model]]) -> tuple[type[Model], ...]:
    """Tables that are pointed at before those that point at them, but for circles.

    A row that comes after rows that point at it has them looked for, on SQLite by reading the whole other table: of
    five million events once for each of their notes.
    """
    left, placed = list(models), list[type[Model]]()
    while left:
        free = [one for one in left if not (_pointed_at(one) - {one}) & set(left)] or left[:1]
        placed += free
        left = [one for one in left if one not in free]
    return tuple(placed)


def _pointed_at(model: type[Model]) -> set[type[Model]]:
    return {field.related_model for field in model._meta.concrete_fields if isinstance(field, ForeignKey)}


def _workspace(file: ExportFile) -> Workspace:
    (row,) = file.lines("workspace.jsonl")
    found = values_of(Workspace, row)
    here = Workspace.objects.filter(key=found["key"]).first()
    if here is not None:
        raise UserError(f"{here.name} is in this installation already: an export is loaded beside what is there,"
                        " never over it.")  # fmt: skip
    return Workspace.objects.create(**found)


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
        loading.people[number_of(row["id"])] = found.pk
        loading.keys[str(row["key"])] = found.key


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
    for row in rows_of(loading, table):
        number = number_of(row["id"])
        if number <= last:
            raise ValueError(f"the rows of {table} are not in order")
        first, last = first or number, number
    return first, last


def _last_given(table: str) -> int:
    """The last number that the database gave to a row of this table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        return int(cursor.fetchone()[0])


def _load_table(loading: Loading, model: type[Model]) -> None:
    for part in in_parts(rows_of(loading, table_of(model))):
        insert_plain(model, (row_of(loading, model, row) for row in part))
        loading.rows += len(part)


def _link_anew(loading: Loading) -> None:
    """The audit as it was, each entry linked to the one before under this installation's key."""
    key, digest, number = audit_key(settings.SECRET_KEY), "", 0
    for part in in_parts(rows_of(loading, ENTRY)):
        made = []
        for row in part:
            values = values_of(Entry, row)
            if values.get("number") != number + 1:
                raise ValueError(f"entry {number + 1} of the audit is missing")
            number += 1
            told = documents_of(ENTRY, values, loading.moves)
            by = None if values["by_id"] is None else pointed(loading, PERSON, values["by_id"])
            told = {"number": number, "at": values["at"], "verb": values["verb"], "detail": values["detail"],
                    "target": values["target"]} | told  # fmt: skip
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
