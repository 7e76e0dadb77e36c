"""What all tests share: which are slow, which need a database, one browser, and sight of every workspace.

`make quick` leaves out `slow` (named by file below: those that simulate, search long, start processes) and `browser`.
Tests marked `database` run on SQLite and once more on PostgreSQL (`python -m tests.postgres pytest -m database`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from tests.browser import running_browser
from tests.databases import Template, is_postgres

HERE = Path(__file__).parent
# Property tests are never timed: what else the machine does must not fail them.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

SLOW = (
    "cli/test_diagnose.py",
    "cli/test_diagnosis_text.py",
    "conformance/test_consistency.py",
    "conformance/test_fade.py",
    "conformance/test_levels.py",
    "conformance/test_movement.py",
    "conformance/test_order.py",
    "conformance/test_pressure.py",
    "conformance/test_survival.py",
    "connectors/test_column_order.py",
    "connectors/test_hubspot_and_pipedrive_layouts.py",
    "connectors/test_mapped_files.py",
    "connectors/test_salesforce_layouts.py",
    "connectors/files",
    "demo",
    "diagnosis",
    "durability",
    "e2e",
    "evidence/test_many.py",
    "jobs/test_rhythm.py",
    "process/linter",
    "report",
    "test_docs.py",
    "test_docs_examples.py",
    "test_harness.py",
)
BROWSER = ("e2e",)
DATABASE_FIXTURES = {"db", "own_database"}
REFUSED = {"transactional_db", "live_server", "django_db_reset_sequences"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark by place and by need; on PostgreSQL, of the browser's journeys only those for both databases stay."""
    left_out = []
    for item in items:
        place = item.path.relative_to(HERE).as_posix()
        if place.startswith(SLOW):
            item.add_marker(pytest.mark.slow)
        if place.startswith(BROWSER):
            item.add_marker(pytest.mark.browser)
        if place.startswith(BROWSER) or needs_database(item):
            item.add_marker(pytest.mark.database)
        if is_postgres() and place.startswith(BROWSER) and not item.get_closest_marker("both_databases"):
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def needs_database(item: pytest.Item) -> bool:
    """Whether the test asks for the application's database. One that empties tables cannot be: history refuses it."""
    names = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    if names & REFUSED or (marker and marker.kwargs.get("transaction")):
        raise pytest.UsageError(
            f"{item.nodeid}: emptying tables is refused by the history's guards; take the fixture `own_database`."
        )
    return marker is not None or bool(names & DATABASE_FIXTURES)


@pytest.fixture(autouse=True)
def _everything_in_sight(request: pytest.FixtureRequest) -> Iterator[None]:
    """The test itself sees every workspace, before and after each request; what it calls enters its own walls."""
    if not needs_database(request.node):
        yield
        return
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")
    from django.core.signals import request_finished
    from django.db import connection

    from headway.store.guards import ALL, enter

    def see_everything(**_: Any) -> None:
        if not connection.needs_rollback:
            enter(ALL)

    see_everything()
    request_finished.connect(see_everything)
    yield
    request_finished.disconnect(see_everything)


@pytest.fixture(scope="session")
def template(django_test_environment: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Template]:
    """The empty database that `own_database` copies."""
    with django_db_blocker.unblock():
        made = Template(tmp_path_factory.mktemp("databases"))
    yield made
    made.remove()


@pytest.fixture
def own_database(template: Template, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A database of this test's own, with rows that other connections, threads and processes see.

    The value is Django's settings of it. Instead of emptying tables after the test, which the history refuses.
    """
    with django_db_blocker.unblock(), template.copied() as settings:
        yield settings


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of this process: two of Playwright's loops cannot live side by side."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # its loop makes Django take every test for asynchronous
    with running_browser() as running:
        yield running
