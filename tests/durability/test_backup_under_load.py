"""A backup while people write as fast as they can: what was answered before it began is in it, and it is one moment.

And kill -9 in the middle of a backup or a restore: nothing half-written is taken for a whole.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from headway.process.loader import parse_process
from tests.durability.test_kills import verifier
from tests.durability.writers import Ledger, Writer
from tests.e2e.site import ROOT, Firm, Site, environment, new_database
from tests.postgres import Server, running_server

HEADWAY = str(Path(sys.executable).parent / "headway")
WRITERS = 4
PATIENCE_S = 120


@pytest.fixture(params=["sqlite", "postgresql"])
def postgres(request: pytest.FixtureRequest) -> Iterator[Server | None]:
    """A server of its own; None for SQLite."""
    if request.param == "sqlite":
        yield None
        return
    with running_server() as server:
        yield server


@dataclass
class Restored:
    """Where a backup was put, as `verifier` wants it."""

    home: Path
    database: str


def start(*arguments: str, home: Path, database: str) -> subprocess.Popen[str]:
    """The command line, at work."""
    return subprocess.Popen(
        [HEADWAY, *arguments], env=environment(home, database), cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended_well(process: subprocess.Popen[str]) -> str:
    """What it said."""
    said, wrong = process.communicate(timeout=PATIENCE_S * 3)
    assert process.returncode == 0, wrong
    return said


def writers_on(site: Site, ledger: Ledger) -> list[Writer]:
    """People at work on several deals."""
    deals = site.rows("SELECT key FROM store_deal WHERE outcome = '' AND source_id IS NOT NULL ORDER BY id LIMIT 4")
    process = parse_process(site.rows("SELECT text FROM store_processversion")[0][0], "the firm's")
    milestone, stage = process.stages[0].milestones[0].id, process.stages[1].name
    made = [
        Writer(site, ledger, deals[n % len(deals)][0], milestone, stage, 1_000_000 + n * 100_000)
        for n in range(WRITERS)
    ]
    for writer in made:
        writer.start()
    return made


def wait_for(what: Callable[[], object], why: str) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < ends, why
        time.sleep(0.002)


def test_a_backup_under_load_is_one_moment_and_kills_leave_nothing_half(
    postgres: Server | None, tmp_path: Path
) -> None:
    firm = Firm(tmp_path, postgres.url() if postgres else "", size=(1, 3))
    site = firm.start(tmp_path)
    ledger, before, file = Ledger(tmp_path / "ledger.jsonl"), tmp_path / "before.jsonl", tmp_path / "backup.zip"
    try:
        writers = writers_on(site, ledger)
        wait_for(lambda: ledger.lines > 40, "nobody writes")
        killed_backup(site, tmp_path / "killed.zip")
        before.write_text(ledger.file.read_text())
        written = ledger.lines
        assert "rows of" in ended_well(start("backup", str(file), home=site.home, database=site.database))
        assert ledger.lines > written, "the backup held people up"
        refused = [writer.refused for writer in writers if writer.refused]
        assert not refused, refused
    finally:
        site.stop()
    for writer in writers:
        writer.join(timeout=30)
    restored = Restored(tmp_path / "restored", new_database(postgres.url()) if postgres else "")
    killed_restore(file, restored)
    ended_well(start("restore", str(file), home=restored.home, database=restored.database))
    with verifier(restored) as wrong_in:  # type: ignore[arg-type]
        assert wrong_in(before) == []
    assert_prefix(restored, ledger)
    print(f"{len(before.read_text().splitlines())} answered writes before, {ledger.lines} in all")


def killed_backup(site: Site, file: Path) -> None:
    """kill -9 in the midst of it: the name stays free, and what is left behind is hidden and no backup."""
    process = start("backup", str(file), home=site.home, database=site.database)
    wait_for(lambda: list(file.parent.glob(".killed.zip-*.part")) or process.poll() is not None, "it never began")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it had ended before the kill"
    assert not file.exists()


def killed_restore(file: Path, into: Restored) -> None:
    """kill -9 in the midst of it: there is no installation, not even a key."""
    process = start("restore", str(file), home=into.home, database=into.database)
    wait_for(lambda: size_of(into) > 1_000_000 or process.poll() is not None, "it never came so far")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it had ended before the kill"
    assert not [path for path in into.home.glob("*") if not path.name.startswith(".restoring")]
    if into.database:
        with psycopg.connect(into.database) as connection:
            tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            assert connection.execute(tables).fetchone() == (0,)


def size_of(into: Restored) -> int:
    """Bytes of the unfinished database."""
    if into.database:
        with psycopg.connect(into.database, autocommit=True) as connection:  # what is not committed counts
            (size,) = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
            return int(size) - 7_400_000  # an empty one
    file = into.home / ".restoring" / "headway.sqlite3"
    return file.stat().st_size if file.exists() else 0


def assert_prefix(restored: Restored, ledger: Ledger) -> None:
    """Of each writer's answered writes, which come one after the other, the first ones are there and then no more."""
    place = SimpleNamespace(home=restored.home, database=restored.database)
    rows: Any = Site.rows
    deals = {name for (name,) in rows(place, "SELECT name FROM store_deal WHERE name LIKE ?", "Deal %")}
    words = {text for (text,) in rows(place, "SELECT text FROM store_wording WHERE text LIKE ?", "Quote %")}
    amounts = {int(a) for (a,) in rows(place, "SELECT amount FROM store_event WHERE kind = 'amount_set'")}
    there: dict[int, list[bool]] = {}
    for write in ledger.read():
        mark = write["mark"]
        found = {"deal": f"Deal {mark}" in deals, "evidence": f"Quote {mark}" in words, "amount": int(mark) in amounts}
        if write["kind"] in found:
            there.setdefault(int(mark) // 100_000, []).append(found[write["kind"]])
    assert len(there) == WRITERS
    for writer, marks in there.items():
        assert marks == sorted(marks, reverse=True), f"writer {writer}: a later write is there and an earlier is not"
