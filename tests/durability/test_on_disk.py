"""On SQLite, what is answered with success is on disk first: seen from outside, in the system calls of the server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from headway.process.loader import parse_process
from tests.durability.writers import Ledger, Writer
from tests.e2e.site import Firm, Site

CALLS = "read,recvfrom,recvmsg,readv,write,writev,sendto,sendmsg,fsync,fdatasync"
DATABASE = re.compile(r"\b(?:fsync|fdatasync)\(\d+<[^>]*/headway\.sqlite3(?:-wal)?>")
RESUMED = re.compile(r"<\.\.\. (?:fsync|fdatasync) resumed>.*= 0$")
ASKED = re.compile(r"(?:read|recvfrom|recvmsg|readv)\b.*\"POST /w/")
ANSWERED = re.compile(r"(?:write|writev|sendto|sendmsg)\(.*HTTP/1\.1 302")


def strace() -> str:
    """Where strace is; root on Debian gets it. Fails with the line that installs it."""
    if not shutil.which("strace") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "strace"], check=False, capture_output=True)
    found = shutil.which("strace")
    assert found, "strace is not on PATH; install it: apt-get install -y strace"
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="system calls are watched with strace, which only Linux has")
def test_the_database_is_synced_before_the_answer_is_sent(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    firm = Firm(tmp_path, "", size=(1, 3))
    site = firm.start(tmp_path)
    site.stop()
    site.serve(under=(strace(), "-f", "-y", "-s", "160", "-e", f"trace={CALLS}", "-o", str(trace)))
    try:
        # The first write after a start syncs the header of the log, whatever the settings: the second tells.
        assert post_amounts(site, tmp_path / "ledger.jsonl", 2).lines == 2
    finally:
        site.stop()
    calls = trace.read_text(errors="replace").splitlines()
    asked = [n for n, call in enumerate(calls) if ASKED.search(call)][1]
    answered = next(n for n, call in enumerate(calls) if n > asked and ANSWERED.search(call))
    assert count_syncs(calls[asked:answered]), "no sync of the database between request and answer:\n" + "\n".join(
        calls[asked : answered + 1]
    )


def count_syncs(calls: list[str]) -> int:
    """How many syncs of the database or its log came to their end among these lines, which begin with a thread's id."""
    count, begun = 0, set()
    for call in calls:
        thread = call.split()[0]
        if DATABASE.search(call):
            count += call.endswith("= 0")
            begun |= {thread} if call.endswith("<unfinished ...>") else set()
        elif thread in begun and RESUMED.search(call):
            count += 1
    return count


def post_amounts(site: Site, file: Path, times: int) -> Ledger:
    """Post so many amounts, one after the other."""
    ledger = Ledger(file)
    deal = site.rows("SELECT key FROM store_deal WHERE outcome = '' ORDER BY id LIMIT 1")[0][0]
    process = parse_process(site.rows("SELECT text FROM store_processversion")[0][0], "the firm's")
    stages = process.stages
    for first in range(1_000_000, 1_000_000 + times):
        writer = Writer(site, ledger, deal, stages[0].milestones[0].id, stages[1].name, first)
        writer.post_one("amount")
        assert not writer.refused, writer.refused
    return ledger
