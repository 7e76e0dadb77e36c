"""Look through every text of a workspace for somebody, and put a number in their place: history, rows, files.

Every column that holds text is found by itself. What somebody else wrote and that mentions the person is shown, to be
kept or not; everything else goes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import CharField, Field, JSONField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from headway.store.exported import table_of
from headway.store.guards import ALL, entered
from headway.store.models import Membership, OutMessage, Workspace
from headway.store.needles import Needles

NEVER = {"entry"}  # the audit: it holds no names, and no link of it may change
# Columns of words that somebody wrote: they are asked about where the name stands among others.
WRITTEN = {
    ("wording", "text"), ("deal", "name"), ("deal", "account"), ("event", "name"), ("attachment", "name"),
    ("process", "name"), ("processversion", "text"), ("processversion", "form"), ("trial", "label"),
    ("trial", "other"), ("trial", "reason"), ("rhythm", "name"), ("rhythm", "place"), ("holiday", "name"),
    ("gatechange", "why"),
}  # fmt: skip
CODES = {"key", "digest", "sha256", "token_hash", "lease", "state", "once", "mark", "kind", "channel", "media_type"}
ROWS_AT_ONCE = 200
LONGEST_EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Place:
    """A text in which somebody was found. `written`: somebody else's words around it; `whole`: nothing but them."""

    table: str
    field: str
    row: int
    excerpt: str
    written: bool
    whole: bool

    @property
    def mark(self) -> str:
        """How a page names it: `wording.text.17`."""
        return f"{self.table}.{self.field}.{self.row}"


def text_columns() -> list[tuple[type[Model], Field[Any, Any]]]:
    """Every column of a workspace's tables that may hold what people write."""
    return [
        (model, one)
        for model in apps.get_app_config("store").get_models()
        if any(field.name == "workspace" for field in model._meta.concrete_fields) and table_of(model) not in NEVER
        for one in model._meta.concrete_fields
        if isinstance(one, CharField | TextField | JSONField) and one.name not in CODES
    ]


def find_places(workspace: Workspace, wanted: Needles) -> Iterator[Place]:
    """Every text of the workspace in which they stand, files aside."""
    for model, one in text_columns():
        with _in_sight(model):
            hits = list(_hits(model, one, workspace, wanted))
        for row, value in hits:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            written = (table_of(model), one.name) in WRITTEN
            yield Place(table_of(model), one.name, row, excerpt(text, wanted), written, wanted.is_all_of(text))


def replace_all(workspace: Workspace, wanted: Needles, kept: frozenset[str] = frozenset()) -> dict[str, int]:
    """Put what stands for them into every text but those kept (by their marks); how many rows changed, per table.

    Inside a transaction in which `headway.store.guards.opened` holds for the history.
    """
    changed: dict[str, int] = defaultdict(int)
    for model, one in text_columns():
        table = table_of(model)
        with _in_sight(model):
            hits = [hit for hit in _hits(model, one, workspace, wanted) if f"{table}.{one.name}.{hit[0]}" not in kept]
            if hits:
                changed[table] += _replace(model, one, hits, wanted)
    return dict(changed)


def _replace(model: type[Model], one: Field[Any, Any], hits: list[tuple[int, Any]], wanted: Needles) -> int:
    new: dict[str, list[int]] = defaultdict(list)
    held: dict[str, Any] = {}
    for row, value in hits:
        instead = wanted.replaced_within(value)
        text = json.dumps(instead)
        held[text] = instead[: one.max_length] if isinstance(instead, str) and one.max_length else instead
        new[text].append(row)
    changed = 0
    for text, rows in new.items():
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[start : start + ROWS_AT_ONCE]
            changed += model._default_manager.filter(pk__in=part).update(**{one.name: held[text]})
    return changed


def _rows(model: type[Model], workspace: Workspace) -> QuerySet[Model]:
    """The rows of a workspace. A digest tells of every workspace of its reader, and is of none."""
    mine = Q(workspace=workspace)
    if model is OutMessage:
        readers = Membership.objects.filter(workspace=workspace).values("person")
        mine |= Q(workspace=None, person__in=readers)
    return model._default_manager.filter(mine)


def _in_sight(model: type[Model]) -> AbstractContextManager[None]:
    """Behind the wall of a workspace no row is seen that is of none."""
    return entered(ALL) if model is OutMessage else nullcontext()


def _hits(model: type[Model], one: Field[Any, Any], workspace: Workspace, wanted: Needles) -> Iterator[tuple[int, Any]]:
    """The rows whose text holds them. The database looks for a piece that every way of writing has, we for the rest."""
    rows = _rows(model, workspace)
    is_json = isinstance(one, JSONField)
    if is_json:
        rows = rows.annotate(as_text=Cast(one.name, TextField()))
    column = "as_text" if is_json else one.name
    asked = Q()
    for fragment in wanted.fragments:
        asked |= Q(**{f"{column}__icontains": fragment})
        if not fragment.isascii():
            asked |= Q(**{f"{column}__icontains": json.dumps(fragment)[1:-1]})
    numbers = list(rows.filter(asked).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), ROWS_AT_ONCE):
        part = model._default_manager.filter(pk__in=numbers[start : start + ROWS_AT_ONCE])
        for row, value in part.order_by("pk").values_list("pk", one.name):
            if value is not None and _holds(value, wanted):
                yield row, value


def _holds(value: Any, wanted: Needles) -> bool:
    return wanted.finds(value) if isinstance(value, str) else bool(wanted.replaced_within(value) != value)


def excerpt(text: str, wanted: Needles) -> str:
    """The words around the first place."""
    match = wanted.pattern.search(text)
    if match is None or len(text) <= LONGEST_EXCERPT:
        return text[:LONGEST_EXCERPT]
    start = max(0, match.start() - LONGEST_EXCERPT // 2)
    end = min(len(text), start + LONGEST_EXCERPT)
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def in_content(content: bytes, wanted: Needles) -> bool:
    """Whether a file's plain text holds them; a packed one (a PDF, a document of Word) cannot be looked into."""
    return any(wanted.finds(content.decode(encoding, "ignore")) for encoding in ("utf-8", "utf-16", "latin-1"))


def wipe_freed(tables: tuple[str, ...] = ()) -> None:
    """After the transaction: what was overwritten or deleted is gone from the database's files as well.

    A database in memory, and a connection inside a transaction (as in tests), are left alone.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables or [model._meta.db_table for model in {model for model, _ in text_columns()}]:
                cursor.execute(f"VACUUM {table}")
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
