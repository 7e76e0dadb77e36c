"""A demo that stands still: the simulated firm in the application, as it looks at one moment for ever.

Server and clock live in this process, so that the pictures of the screens change only when the screens do.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from unittest.mock import patch
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from headway.demo.company import simulate
from headway.demo.planted import planted_truths
from tests.e2e.firm import session_of
from tests.processes import free_port

SEED, LAST_DAY = 7, date(2026, 6, 30)  # the same firm and day as the README's five sentences
MOMENT = datetime(2026, 7, 1, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StillSite:
    """`sessions`: role -> key of a session of somebody logged in; `exports`: the files that were loaded."""

    url: str
    workspace: str
    sessions: dict[str, str]
    exports: tuple[Path, ...]

    def work(self) -> None:
        """Do the jobs that wait."""
        from headway.jobs.worker import work_once

        _in_thread(lambda: all(iter(work_once, False)))

    def value(self, statement: str) -> str:
        """The first column of the first row of a query."""
        from django.db import connection

        found: list[str] = []

        def ask() -> None:
            with connection.cursor() as cursor:
                found.append(str(cursor.execute(statement).fetchone()[0]))
            connection.close()

        _in_thread(ask)
        return found[0]


@contextmanager
def still_site() -> Iterator[StillSite]:
    """Fill a database of its own and serve it until the block ends. Once per process: Django is set up for it."""
    port = free_port()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ.pop("DATABASE_URL", None)
        os.environ.update(
            HEADWAY_HOME=str(home),
            HEADWAY_ADDRESS=f"http://127.0.0.1:{port}",
            DJANGO_SETTINGS_MODULE="headway.settings",
        )
        import django

        django.setup()
        from headway.cli import demo_site
        from headway.jobs import worker

        stack.enter_context(patch("django.utils.timezone.now", return_value=MOMENT))
        stack.enter_context(patch.object(worker, "now", return_value=MOMENT))
        stack.enter_context(patch.object(demo_site, "datetime")).now.return_value = MOMENT
        exports, workspace, sessions = _filled(home)
        stack.enter_context(_served(port))
        yield StillSite(f"http://127.0.0.1:{port}", workspace, sessions, exports)


def _filled(home: Path) -> tuple[tuple[Path, ...], str, dict[str, str]]:
    """What `make demo` loads, and a session for each of its logins."""
    from django.core.management import call_command

    from headway.cli import demo_site
    from headway.store.guards import ALL, enter
    from headway.store.models import Person, Workspace

    call_command("migrate", verbosity=0)
    enter(ALL)
    company = simulate(SEED, LAST_DAY)
    files = company.write(home / "files")
    exports = tuple(one for one in files if one.suffix == ".csv")
    processes = tuple(one for one in files if one.suffix == ".yaml")
    logins = demo_site.fill(exports, processes, "correct horse battery", planted_truths(company))
    enter(ALL)
    sessions = {login.role: session_of(Person.objects.get(email=login.email)) for login in logins}
    return exports, Workspace.objects.get().key, sessions


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nobody reads the log of a picture."""


@contextmanager
def _served(port: int) -> Iterator[None]:
    from headway.web.wsgi import application

    with make_server("127.0.0.1", port, application, _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


def _in_thread(work: object) -> None:
    """Django refuses its database in the browser's thread, which runs an event loop."""
    assert callable(work)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
