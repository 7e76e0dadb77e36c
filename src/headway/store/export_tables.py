"""The tables of an export that people read: deals, events, contacts, promises, each cell guarded against formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model

from headway.basics.cells import guarded
from headway.store.models import Commitment, Contact, Deal, Event, Workspace

ROWS_AT_ONCE = 5_000
README = """Everything a workspace of Headway holds.

readable/     deals, events, contacts and promises, for a spreadsheet. A quote before a cell that begins with = + - @
              keeps a spreadsheet from taking it for a formula.
attachments/  files handed in as evidence, by their keys in tables/attachment.jsonl
tables/       every table, one row a line (JSON); workspace.jsonl and people.jsonl belong to them
manifest.json what is in here, with sums

`headway load FILE --home FOLDER` puts all of it into an installation of Headway. Secrets are not in here.
"""
Rows = Callable[[Workspace], Iterator[tuple[str, ...]]]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return guarded(value) if isinstance(value, str) else str(value)


def _pages(model: type[Model], workspace: Workspace, names: tuple[str, ...], **only: Any) -> Iterator[tuple[str, ...]]:
    last = 0
    while True:
        page = model._default_manager.filter(workspace=workspace, pk__gt=last, **only).order_by("pk")
        rows = list(page.values_list("pk", *names)[:ROWS_AT_ONCE])
        for row in rows:
            yield tuple(_cell(value) for value in row[1:])
        if len(rows) < ROWS_AT_ONCE:
            return
        last = rows[-1][0]


def _table(model: type[Model], columns: dict[str, str], **only: Any) -> tuple[tuple[str, ...], Rows]:
    return tuple(columns), lambda workspace: _pages(model, workspace, tuple(columns.values()), **only)


# name -> the headings, and what gives the rows
TABLES: dict[str, tuple[tuple[str, ...], Rows]] = {
    "deals": _table(
        Deal,
        {
            "deal": "key", "id in the source": "source_id", "name": "name", "account": "account",
            "owner": "owner__name", "team": "team", "segment": "segment", "pipeline": "pipeline",
            "amount": "amount", "currency": "currency", "expected close": "close_on", "opened": "opened_at",
            "claimed stage": "claimed", "claimed rank": "claimed_rank", "evidenced rank": "evidenced_rank",
            "gap": "gap", "standing": "standing", "outcome": "outcome", "decided": "decided_at",
            "last buyer act": "last_buyer_act_at",
        },
        is_live=True,
    ),
    "events": _table(
        Event,
        {
            "deal": "deal__key", "kind": "kind", "name": "name", "happened": "happened_at",
            "recorded": "recorded_at", "recorded how": "recorded_how", "actor": "actor__text",
            "contact": "contact__text", "grade": "grade", "amount": "amount", "due": "due_on", "ref": "ref",
            "note": "note__text", "taken back": "voiding__at",
        },
    ),
    "contacts": _table(
        Contact,
        {"deal": "deal__key", "name": "name", "part": "part", "email": "email", "removed": "removed_at"},
    ),
    "promises": _table(
        Commitment,
        {
            "promise": "key", "deal": "deal__key", "owner": "owner__text", "what": "what__text",
            "shown when": "shows__text", "by whom": "contact__text", "due": "due_on", "made": "made_at",
            "state": "state", "ended": "ended_at",
        },
    ),
}  # fmt: skip
