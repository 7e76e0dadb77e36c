"""`headway serve --no-worker` beside `headway worker`, as real processes: the one waits for the other's tables."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.test_serve import HEADWAY, command_of, descendants, told
from tests.jobs.workshop import wait_until
from tests.processes import end, free_port, start_held

pytestmark = pytest.mark.slow


def state_of(home: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(home / "headway.sqlite3")) as connection:
        return connection.execute("SELECT state, error FROM store_outmessage").fetchall()


def put_message(home: Path) -> None:
    """A mail to somebody without an account; no mail server is set up, so it is refused in a sentence."""
    with closing(sqlite3.connect(home / "headway.sqlite3")) as connection:
        connection.execute(
            "INSERT INTO store_outmessage (key, channel, kind, address, subject, text, html, blocks, files, once,"
            " created_at, due_at, state, lease, attempts, error) VALUES ('abc', 'mail', 'minutes', 'a@example.com',"
            " 'S', 'T', '', '[]', '[]', 'x', '2026-01-01', '2026-01-01', 'waiting', '', 0, '')"
        )
        connection.commit()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc to look processes up in")
def test_the_worker_waits_for_the_tables_then_works_alone_and_ends_when_asked(tmp_path: Path) -> None:
    home, said = tmp_path / "home", tmp_path / "worker.log"
    worker = start_held([HEADWAY, "worker"], env=told(home), cwd=tmp_path, log=said)
    port = str(free_port())
    serve = [HEADWAY, "serve", "--no-worker", "--port", port]
    try:
        wait_until(lambda: said.exists() and "Waiting for" in said.read_text(), "it waits")
        served = start_held(serve, env=told(home), cwd=tmp_path, log=tmp_path / "serve.log")
        try:
            wait_until(lambda: "Headway runs at" in (tmp_path / "serve.log").read_text(), "it serves")
            assert not [pid for pid in descendants(served.pid) if "jobs.worker" in command_of(pid)]
            wait_until(lambda: "The worker runs" in said.read_text(), "it works")
            put_message(home)
            wait_until(lambda: state_of(home)[0][0] == "failed", "the message was taken")
            assert "HEADWAY_MAIL" in state_of(home)[0][1]
        finally:
            end(served)
        (pid,) = [pid for pid in descendants(worker.pid) if "worker" in command_of(pid)]
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not command_of(pid), "it ends")
        assert "Traceback" not in said.read_text()
    finally:
        end(worker)
