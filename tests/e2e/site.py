"""A running Headway for tests in a browser: `headway serve`, so server and worker, on a database of their own."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg

from tests.processes import end, free_port, start_held

ROOT = Path(__file__).parent.parent.parent
KEY = "tests-only-" + "k" * 50
QUIET = ("HEADWAY_", "DATABASE_", "DJANGO_", "PYTEST_")


def environment(home: Path, database: str, port: int = 1) -> dict[str, str]:
    """What the application's processes are told. `database`: a URL, empty for SQLite in `home`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(QUIET)}
    return inherited | {
        "HEADWAY_HOME": str(home),
        "HEADWAY_ADDRESS": f"http://127.0.0.1:{port}",
        "HEADWAY_SECRET_KEY": KEY,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "headway.settings",
    }


class Firm:
    """A filled database from which sites are copied; made once per test process.

    `server`: URL of a PostgreSQL, empty for SQLite. `size`: sellers and months of the simulated firm.
    """

    def __init__(self, folder: Path, server: str, size: tuple[int, int] = (8, 9)) -> None:
        self.home = folder / "firm"
        self.home.mkdir(mode=0o700)
        self.server = server
        self.database = new_database(server)
        command = [sys.executable, "-m", "tests.e2e.firm", *map(str, size)]
        told = environment(self.home, self.database)
        done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        self.facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])

    def start(self, folder: Path) -> Site:
        """Server and worker on a copy of the database."""
        home = folder / f"site-{secrets.token_hex(4)}"
        shutil.copytree(self.home, home)
        return Site(home, new_database(self.server, self.database), self.facts, lambda: self.start(folder))

    def remove(self) -> None:
        """Drop the database of the firm."""
        drop_database(self.database)


@dataclass
class Site:
    """`url`: where it is served; `workspace`: key of the firm's workspace; `fresh()`: a site of this test's own.

    `told`: what the environment says beyond the usual, from the next start on.
    """

    home: Path
    database: str
    facts: dict[str, Any]
    fresh: Callable[[], Site]
    told: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.workspace: str = self.facts["workspace"]
        self.log = self.home / "log"
        self.serve()

    def serve(self, under: tuple[str, ...] = ()) -> None:
        """Start server and worker; also after `stop`. `under`: a command that runs them, such as strace."""
        told = environment(self.home, self.database, self.port) | self.told
        serve = [*under, str(Path(sys.executable).parent / "headway"), "serve", "--port", str(self.port)]
        self._process = start_held(serve, env=told, cwd=self.home, log=self.log)
        ends = time.monotonic() + 60
        while not self.answers():
            assert time.monotonic() < ends and self._process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether the server is up."""
        try:
            with urlopen(f"{self.url}/healthy", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def stop(self) -> None:
        """kill -9 of everything; the database stays."""
        end(self._process)

    def remove(self) -> None:
        """Stop, and throw the database away."""
        self.stop()
        drop_database(self.database)
        shutil.rmtree(self.home, ignore_errors=True)

    def to(self, name: str, **keys: str) -> str:
        """The address of a page by the name of its URL; `w` is the firm's workspace where it is needed."""
        from django.urls import NoReverseMatch, reverse

        try:
            return self.url + reverse(name, kwargs={"w": self.workspace, **keys})
        except NoReverseMatch:
            return self.url + reverse(name, kwargs=keys)

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds, across all workspaces; `?` stands for a value."""
        if not self.database:
            with closing(sqlite3.connect(self.home / "headway.sqlite3")) as connection:
                return connection.execute(statement, values).fetchall()
        with psycopg.connect(self.database, options="-c headway.workspace=*") as connection:
            asked = statement.replace("%", "%%").replace("?", "%s")
            return connection.execute(asked, values).fetchall()  # type: ignore[arg-type]


def new_database(server: str, template: str = "") -> str:
    """URL of a new database on PostgreSQL, a copy of `template` where given; empty for SQLite, whose file is copied."""
    if not server:
        return ""
    name = f"e2e_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        of = f'TEMPLATE "{urlsplit(template).path[1:]}"' if template else ""
        if of and connection.info.server_version >= 150_000:
            # The default strategy copies a sequence as it is, ahead of what was logged: a crash soon after the copy
            # would hand out the same numbers again.
            of += " STRATEGY FILE_COPY"
        connection.execute(f'CREATE DATABASE "{name}" {of}')  # type: ignore[arg-type]
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def drop_database(url: str) -> None:
    """Undo `new_database`."""
    if url:
        name = urlsplit(url).path[1:]
        with psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]
