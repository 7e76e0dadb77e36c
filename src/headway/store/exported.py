"""What an export holds: which tables and fields leave, which stay, and why. docs/decisions/0009-export.md.

Every table with rows of a workspace is found by itself. One that stays behind stands in `LEFT_OUT` with its reason; a
field that stays stands in `FIELDS_LEFT_OUT`. A new field that may hold a secret, by its type or name, must be decided
on here: a test asks for it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Field, ForeignKey, Model

FORMAT = "headway export"
VERSION = 1
WORKSPACE, PERSON, ENTRY = "workspace", "person", "entry"

# table of the app `store` -> why none of its rows leave
LEFT_OUT = {
    "person": "only address, name and key of those who are mentioned leave, in people.jsonl",
    "noticechoice": "belongs to a person, not to a workspace",
    "setuplink": "a link that lets in; of the installation",
    "seenrequest": "of the installation",
    "invitation": "a link that lets in: invite people anew",
    "calendarlink": "a link that lets in: subscribe anew",
    "slackhook": "an address that is a secret: enter it anew",
    "job": "work of the installation; what it made is exported",
    "upload": "files that wait in a folder of the installation",
    "workspaceexport": "files in a folder of the installation",
    "head": "the end of the audit chain, which is linked anew where it is loaded",
}
# (table, field) -> why it stays
FIELDS_LEFT_OUT = {
    ("workspace", "secret"): "the key under which words are hashed; a new one is made",
    ("workspace", "removed_at"): "what is loaded is there",
    ("outmessage", "text"): "may hold links that let in",
    ("outmessage", "html"): "may hold links that let in",
    ("outmessage", "blocks"): "may hold links that let in",
    ("outmessage", "files"): "may hold links that let in",
    ("outmessage", "lease"): "of the installation",
    ("outmessage", "lease_until"): "of the installation",
    ("attachment", "content"): "stands as a file of its own, below attachments/",
}
# Fields that look like secrets and are none, with the reason.
LOOKED_AT = {
    ("attachment", "sha256"): "the sum of a file",
    ("wording", "digest"): "a keyed hash whose key stays; made anew where the words are still there",
    ("entry", "digest"): "a keyed hash whose key stays; made anew where it is loaded",
    ("rhythm", "place"): "a room",
}
SECRET_NAME = re.compile(r"secret|token|password|hash|digest|hook|sha256|salt|cipher|seal|credential|lease")
# Numbers of rows that stand outside foreign keys: (table, field) -> the table they count in.
NUMBERS = {("deal", "last_event"): "event", ("analysis", "last_event"): "event"}


@lru_cache(maxsize=1)
def exported_models() -> tuple[type[Model], ...]:
    """Every table whose rows belong to a workspace and leave with it, by name; not the workspace itself."""
    found = [
        model
        for model in apps.get_app_config("store").get_models()
        if any(field.name == "workspace" for field in model._meta.concrete_fields) and table_of(model) not in LEFT_OUT
    ]
    return tuple(sorted(found, key=table_of))


def table_of(model: type[Model]) -> str:
    """`deal`: how a table is called in an export."""
    return str(model._meta.model_name)


def workspace_model() -> type[Model]:
    """The table of workspaces."""
    return apps.get_model("store", WORKSPACE)


@lru_cache(maxsize=128)
def exported_fields(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    """The fields of a row that leave, in their order; the workspace a row belongs to is not told again."""
    table = table_of(model)
    return tuple(
        field
        for field in model._meta.concrete_fields
        if field.name != WORKSPACE
        and (table, field.name) not in FIELDS_LEFT_OUT
        and not (table == WORKSPACE and field.primary_key)
    )


def points_at(field: Field[Any, Any]) -> str | None:
    """The table that a foreign key points at; None for any other field."""
    return table_of(field.related_model) if isinstance(field, ForeignKey) else None


def undecided_fields() -> list[str]:
    """Fields that may hold a secret and on which nobody has decided; empty unless a table was added."""
    found = []
    for model in (*exported_models(), workspace_model()):
        table = table_of(model)
        for field in model._meta.concrete_fields:
            doubtful = isinstance(field, BinaryField) or SECRET_NAME.search(field.name)
            if doubtful and (table, field.name) not in FIELDS_LEFT_OUT and (table, field.name) not in LOOKED_AT:
                found.append(f"{table}.{field.name}")
    return found


def to_json(value: Any) -> Any:
    """A value of a row as JSON has it: instants, dates and amounts as text."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
