"""A pytest plugin for runs on mutants: quick tests first, and few examples of each property without shrinking.

Both only make runs shorter. Fewer examples can only lower the share of mutants killed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, settings

EXAMPLES = 20
TIMES_FROM, TIMES_TO = "HEADWAY_TEST_TIMES", "HEADWAY_WRITE_TEST_TIMES"
took: dict[str, float] = {}
by_module: dict[str, set[str]] = {}
INVALID = 70  # exit status: the mutant is no valid query, so it says nothing about the tests
NO_QUERY = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by how long each test took the last time (JSON by node id), and shorten properties."""
    times = _times()
    items.sort(key=lambda item: times.get(item.nodeid, 1.0))
    for item in items:
        test: Any = getattr(item, "obj", None)
        given = getattr(test, "_hypothesis_internal_use_settings", None)
        if given is not None:
            test._hypothesis_internal_use_settings = settings(
                given,
                max_examples=min(given.max_examples, EXAMPLES),
                deadline=None,
                database=None,
                derandomize=True,
                phases=(Phase.explicit, Phase.generate),
            )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Tell mutmut, which asks what each test touches, what a fixture shared by a module touched before."""
    yield
    if os.environ.get("MUTANT_UNDER_TEST") != "stats":
        return
    from mutmut.state import state

    shared = getattr(item, "_fixtureinfo").name2fixturedefs.values()  # noqa: B009
    if any(fixtures[-1].scope == "module" for fixtures in shared):
        touched = by_module.setdefault(item.nodeid.partition("::")[0], set())
        touched |= state()._stats
        state()._stats |= touched


def pytest_exception_interact(call: pytest.CallInfo[Any]) -> None:
    """Tell queries that the engine cannot even bind from those that a test refused."""
    if os.environ.get("HEADWAY_SQL_MUTANT") and call.excinfo is not None and call.excinfo.errisinstance(NO_QUERY):
        os._exit(INVALID)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep how long each test takes, what it is set up with included."""
    took[report.nodeid] = took.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish() -> None:
    """Write the times where a run is asked for them."""
    if TIMES_TO in os.environ:
        Path(os.environ[TIMES_TO]).write_text(json.dumps(took))


def _times() -> dict[str, float]:
    file = Path(os.environ.get(TIMES_FROM, "mutmut-stats.json"))
    if not file.exists():
        return {}
    found: dict[str, Any] = json.loads(file.read_text())
    return dict(found.get("duration_by_test", found))
