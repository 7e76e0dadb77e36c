"""An action succeeds whole or not at all: a fault after any of its writes leaves the database as it was."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from headway.store import actions
from headway.store.guards import ALL, enter
from tests.cast import make_cast
from tests.durability.scenarios import SCENARIOS, Ground

# Atomic, and not called by anybody but actions; or there is only before the first account, which the cast has.
WITHIN_OTHERS = {"audit.append_entry"}
BEFORE_ANYBODY = {"workspaces.make_setup_link", "workspaces.use_setup_link"}
WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")


class FaultError(Exception):
    """What breaks in the middle."""


class Breaking:
    """Lets statements through until the n-th write is done, then breaks."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(WRITES):
            self.left -= 1
            if self.left == 0:
                raise FaultError(sql)
        return result


@contextmanager
def breaking(after: int) -> Iterator[Breaking]:
    """Every statement of the block goes through a `Breaking`."""
    wrapper = Breaking(after)
    with connection.execute_wrapper(wrapper):
        yield wrapper


def everything() -> dict[str, list[str]]:
    """Every row of every table."""
    enter(ALL)
    with connection.cursor() as cursor:
        held = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            held[table] = sorted(map(repr, cursor.fetchall()))
    return held


def list_actions() -> set[str]:
    """Every public function of the actions that is atomic, as module.function."""
    found = set()
    for module in pkgutil.iter_modules(actions.__path__):
        loaded = importlib.import_module(f"{actions.__name__}.{module.name}")
        for name, value in vars(loaded).items():
            own = getattr(value, "__module__", "") == loaded.__name__
            if own and not name.startswith("_") and hasattr(value, "__wrapped__") and callable(value):
                found.add(f"{module.name}.{name}")
    return found


def test_every_action_is_broken_below() -> None:
    assert list_actions() - set(SCENARIOS) - WITHIN_OTHERS - BEFORE_ANYBODY == set()


@pytest.mark.parametrize("action", SCENARIOS)
def test_a_fault_after_any_write_leaves_everything_as_it_was(own_database: object, action: str) -> None:
    prepare, act = SCENARIOS[action]
    ground = Ground(make_cast())
    prepare(ground)
    before, after = everything(), 0
    while True:
        after += 1
        try:
            with breaking(after):
                act(ground)
            break
        except FaultError as fault:
            assert everything() == before, f"{action} left something behind after write {after}: {fault}"
    assert everything() != before, f"{action} wrote nothing: the scenario tests nothing"
