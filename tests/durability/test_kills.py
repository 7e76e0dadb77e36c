"""kill -9 of everything at a random moment under load: what was answered is there, and nothing is half there.

HEADWAY_CYCLES: how many kills per database (20; `make soak` asks for 200).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from headway.process.loader import parse_process
from tests.durability.writers import Ledger, Writer
from tests.e2e.site import ROOT, Firm, Site, environment
from tests.postgres import Server, running_server

CYCLES = int(os.environ.get("HEADWAY_CYCLES", "20"))
WRITERS = 4
LONGEST_S = 0.6  # of writing, before the kill


@pytest.fixture(params=["sqlite", "postgresql"])
def postgres(request: pytest.FixtureRequest) -> Iterator[Server | None]:
    """A server that keeps what it answered; None for SQLite."""
    if request.param == "sqlite":
        yield None
        return
    with running_server(durable=True) as server:
        yield server


def test_what_was_answered_survives_kills_and_nothing_is_half_written(postgres: Server | None, tmp_path: Path) -> None:
    chance, ledger = random.Random(20261122), Ledger(tmp_path / "ledger.jsonl")
    firm = Firm(tmp_path, postgres.url() if postgres else "", size=(1, 3))
    site = firm.start(tmp_path)
    try:
        with verifier(site) as wrong_in:
            for cycle in range(CYCLES):
                before = ledger.lines
                write_until_killed(site, ledger, postgres, chance, first=(cycle + 1) * 1_000_000)
                if postgres:
                    postgres.start()
                assert ledger.lines > before, "nothing was written before the kill"
                assert wrong_in(ledger.file) == [], f"after kill {cycle + 1} of {CYCLES}"
                site.serve()
    finally:
        site.stop()
    print(f"{CYCLES} kills, {ledger.lines} answered writes, none lost")


def write_until_killed(site: Site, ledger: Ledger, postgres: Server | None, chance: random.Random, first: int) -> None:
    """Several writers at once, then kill -9 of the application, and of PostgreSQL just before or after it."""
    deals = site.rows("SELECT key FROM store_deal WHERE outcome = '' AND source_id IS NOT NULL ORDER BY id LIMIT 4")
    process = parse_process(site.rows("SELECT text FROM store_processversion")[0][0], "the firm's")
    milestone, stage = process.stages[0].milestones[0].id, process.stages[1].name
    writers = [
        Writer(site, ledger, deals[n % len(deals)][0], milestone, stage, first + n * 100_000) for n in range(WRITERS)
    ]
    before = ledger.lines
    for writer in writers:
        writer.start()
    while ledger.lines == before and any(writer.is_alive() for writer in writers):
        time.sleep(0.005)
    time.sleep(chance.uniform(0, LONGEST_S))
    refused = [writer.refused for writer in writers if writer.refused]
    assert not refused, f"{refused}\n{site.log.read_text()[-3000:]}"
    kills = [site.stop, *([postgres.kill] if postgres else [])]
    for kill in chance.sample(kills, len(kills)):
        kill()
    for writer in writers:
        writer.join(timeout=30)
    refused = [writer.refused for writer in writers if writer.refused]
    # Where the database goes first, the application may still say so: 500 is no success, and nothing was noted.
    assert all(postgres and ": 500 " in text for text in refused), refused


@contextmanager
def verifier(site: Site) -> Iterator[Callable[[Path], list[str]]]:
    """Asks a process that looks into the site's database: ledger -> what is wrong."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.durability.verifier"], cwd=ROOT, env=environment(site.home, site.database),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin and process.stdout

    def wrong_in(ledger: Path) -> list[str]:
        print(ledger, file=process.stdin, flush=True)
        return list(json.loads(process.stdout.readline()))  # type: ignore[union-attr]

    yield wrong_in
    process.stdin.close()
    process.wait()
