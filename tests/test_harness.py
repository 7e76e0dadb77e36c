"""The ground that other tests stand on: PostgreSQL from either source, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.postgres import NAME, is_alive, running_server, system_binaries, wheel_binaries
from tests.processes import end, start_held

ROOT = Path(__file__).parent.parent
SOURCES = {"system": system_binaries, "wheel": wheel_binaries}


@pytest.mark.parametrize("source", SOURCES)
def test_a_server_of_either_source_serves_a_role_that_row_security_holds(source: str) -> None:
    binaries = SOURCES[source]()
    if binaries is None:
        pytest.skip("no PostgreSQL is installed; the wheel serves")
    with running_server(binaries=binaries) as server:
        rows = server.ask(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, current_setting('fsync'), current_setting('server_encoding')"
            " FROM pg_roles WHERE rolname = current_user",
            "headway", "headway",
        )  # fmt: skip
        assert rows == [(False, False, True, "off", "UTF8")]
        assert server.ask("SELECT datcollate FROM pg_database WHERE datname = 'headway'") == [("C.UTF-8",)]
        folder, head = server.folder, server.head.pid
    assert not folder.exists()
    assert not is_alive(head)


def test_a_durable_server_keeps_what_it_answered_through_a_kill() -> None:
    with running_server(durable=True) as server:
        assert server.ask("SHOW fsync") == [("on",)]
        server.ask("CREATE TABLE kept (n int)", "headway", "headway")
        server.ask("INSERT INTO kept VALUES (1)", "headway", "headway")
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            server.ask("SELECT 1")
        server.start()
        assert server.ask("SELECT n FROM kept", "headway", "headway") == [(1,)]


def test_a_killed_test_run_leaves_no_server_behind() -> None:
    told = 'echo "$HEADWAY_TEST_DATABASE"; sleep 60'
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres", "sh", "-c", told], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, NAME: ""}, start_new_session=True,
    )  # fmt: skip
    assert run.stdout
    url = run.stdout.readline().strip()
    with psycopg.connect(url.replace("headway@", "postgres@")) as connection:
        found = connection.execute("SHOW data_directory").fetchone()
    assert found
    folder = Path(found[0]).parent
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    wait_until(lambda: not answers(url), "the server still answers")
    wait_until(lambda: not folder.exists(), "its folder is still there")


def test_a_held_process_and_its_children_end_with_us(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f'sleep 60 & echo "$! $$" > {pids}.part; mv {pids}.part {pids}; wait'
    holder = (
        "import sys, os, time; from pathlib import Path; from tests.processes import start_held;"
        f"held = start_held(['sh', '-c', {script!r}], env=os.environ, cwd=Path('/')); time.sleep(60)"
    )
    run = subprocess.Popen([sys.executable, "-c", holder], cwd=ROOT)
    wait_until(pids.exists, "the child never began")
    run.kill()
    run.wait()
    wait_until(lambda: not any(is_alive(int(pid)) for pid in pids.read_text().split()), "a child lives on")


def test_ending_a_held_process_ends_its_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f'sleep 60 & echo "$! $$" > {pids}.part; mv {pids}.part {pids}; wait'
    held = start_held(["sh", "-c", script], env=os.environ, cwd=Path("/"))
    wait_until(pids.exists, "the child never began")
    end(held)
    wait_until(lambda: not any(is_alive(int(pid)) for pid in pids.read_text().split()), "a child lives on")


def answers(url: str) -> bool:
    """Whether somebody answers there."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def wait_until(holds, complaint: str, seconds: float = 20) -> None:  # type: ignore[no-untyped-def]
    """Fail with `complaint` unless `holds()` within some seconds."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, complaint
        time.sleep(0.05)
