"""Looking changes nothing: every address, asked for with GET and HEAD in every role, leaves every table as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from headway.store.backup.rows import Held, held_in
from headway.store.backup.schema import tables_of
from headway.store.guards import ALL, entered
from headway.store.models import Entry, Membership
from headway.store.models.people import Role
from tests.cast import Cast, client_of, make_cast
from tests.web.routes import Route, furnish, list_routes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOME = Path("/nowhere")
# What looking may write, and why. Sessions are in no backup and so in no hash: they are how one is known at all.
AUDIT = {"store_entry", "store_head"}  # who saw a person or a deal is recorded, and nothing else is: see below
VISIT = ("store_membership", "last_visit_at")  # "since your last visit" needs to know when that was
SIGHTS = {"saw"}
MAY_BE_WRITTEN = AUDIT | {VISIT[0], "django_session"}
WRITING = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


@dataclass
class Writings:
    """Which address sent a writing statement to which table: who is to blame where the hashes differ."""

    route: str = ""
    found: set[str] = field(default_factory=set)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """For the length of the block."""
        with connection.execute_wrapper(self._note):
            yield

    def _note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        table = WRITING.match(sql)
        if table and table[1] not in MAY_BE_WRITTEN:
            self.found.add(f"{self.route} wrote {table[1]}")
        return execute(sql, params, many, context)


def state() -> dict[str, Held]:
    """Table to the hash of its rows, without the tables and the column that looking may write."""
    found = {}
    with entered(ALL):
        for table in tables_of(apps):
            if table.name not in AUDIT:
                kept = tuple(column for column in table.columns if (table.name, column.name) != VISIT)
                found[table.name] = held_in(connection, replace(table, columns=kept), HOME)
    return found


def reachable(keys: dict[str, str]) -> list[Route]:
    """All addresses that there are keys for; that this is every one is demanded by tests/web/test_headers.py."""
    return [route for route in list_routes() if keys.keys() >= set(route.kinds)]


@pytest.mark.parametrize("role", [*Role.values, "outsider", "nobody"])
def test_no_address_changes_a_row(cast: Cast, role: str) -> None:
    keys = furnish(cast.workspace, cast.alice, cast.version, cast.bob)
    person = {"nobody": None, "outsider": cast.carol}.get(role, cast.bob)
    if role in Role.values:
        Membership.objects.filter(workspace=cast.workspace, person=cast.bob).update(role=role)
    entries = list(Entry.objects.values_list("pk", flat=True))
    client = client_of(person) if person else Client()
    before, writings, answered = state(), Writings(), 0
    with writings.noted():
        for route in reachable(keys):
            writings.route = f"{route.name} ({route.route})"
            answered += client.get(route.url(cast.workspace.key, keys)).status_code == 200
            if role == Role.LEADER:  # what asks `method == "GET"` first must not take HEAD for a press
                client.head(route.url(cast.workspace.key, keys))
    after = state()
    assert not writings.found, "\n".join(sorted(writings.found))
    assert not [name for name in after if after[name] != before[name]]
    assert answered > {"nobody": 5, "outsider": 10}.get(role, 60)
    with entered(ALL):
        verbs = set(Entry.objects.exclude(pk__in=entries).values_list("verb", flat=True))
    assert verbs <= SIGHTS


def test_a_hidden_change_would_be_seen(cast: Cast) -> None:
    before, writings = state(), Writings()
    with writings.noted():
        Membership.objects.filter(person=cast.bob).update(role="viewer")
        cast.bob.save(update_fields=["name"])
    assert writings.found == {" wrote store_person"}
    assert [name for name, held in state().items() if held != before[name]] == ["store_membership"]


@pytest.fixture
def cast() -> Cast:
    return make_cast()
