"""A home and a database of a test's own, and real workers as processes on them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.databases import is_postgres
from tests.postgres import NAME

ROOT = Path(__file__).parents[2]
BEGIN = "import django; django.setup()\nfrom headway.store.guards import ALL, enter; enter(ALL)\n"
PATIENCE = 180.0  # seconds until a test gives up: machines are busy


@dataclass(frozen=True)
class Workshop:
    """`folder`: its HEADWAY_HOME; `database`: its DATABASE_URL, if it is not the file in there."""

    folder: Path
    database: str = ""

    @classmethod
    def on(cls, own_database: dict[str, Any], folder: Path) -> Workshop:
        """On the database of the fixture `own_database`, which the test itself reads and writes too."""
        name = str(own_database["NAME"])
        if not is_postgres():
            return cls(Path(name).parent)
        return cls(folder, urlsplit(os.environ[NAME])._replace(path=f"/{name}").geturl())

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEADWAY", "DATABASE"))}
        return kept | {
            "DATABASE_URL": self.database,
            "HEADWAY_HOME": str(self.folder), "HEADWAY_ADDRESS": "http://localhost", "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "headway.settings",
        }  # fmt: skip

    def run(self, code: str) -> str:
        """What a script prints that runs inside the application; an error of it fails the test."""
        done = subprocess.run(
            [sys.executable, "-c", BEGIN + textwrap.dedent(code)], env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def worker(self, before: str = "") -> subprocess.Popen[str]:
        """A worker; `before` runs in it first, to put other kinds of jobs in its registry."""
        code = BEGIN + textwrap.dedent(before) + "\nfrom headway.jobs.worker import main; main()"
        return subprocess.Popen([sys.executable, "-c", code], env=self.environment, text=True)


def wait_until(met: Callable[[], bool], what: str) -> None:
    """Look again and again; the test fails after `PATIENCE`."""
    until = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < until, f"still not so: {what}"
        time.sleep(0.1)
