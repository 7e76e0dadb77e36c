"""Runs SQL mutants in a copy of the source tree: `python -m mutation.sql_runner JOBS.json RESULTS.jsonl` in the copy.

The tests are imported once; each mutant is written into the copy and tested by a forked child, first failure ends it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mutation.plugin import INVALID, TIMES_FROM, TIMES_TO

OPTIONS = ["-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-p", "mutation.plugin", "--no-header", "--tb=no"]


def main() -> None:
    """Each job: number, file, start, end, text, tests. Each result: the job's number, its status and seconds."""
    jobs = json.loads(Path(sys.argv[1]).read_text())
    tests = sorted({test for job in jobs for test in job["tests"]})
    times = timed(tests)
    with Path(sys.argv[2]).open("a", encoding="utf-8") as results:
        for job in jobs:
            started = time.monotonic()
            usual = sum(seconds for test, seconds in times.items() if test.partition("::")[0] in job["tests"])
            status = tested(job, 60 + 10 * usual)
            seconds = round(time.monotonic() - started, 1)
            results.write(json.dumps({"number": job["number"], "status": status, "seconds": seconds}) + "\n")
            results.flush()


def timed(tests: list[str]) -> dict[str, float]:
    """Seconds that each test takes on the queries as they are; the runner gives up where one fails."""
    with Path(os.devnull).open("w") as silence:
        out, sys.stdout = sys.stdout, silence
        pytest.main(["--collect-only", *OPTIONS, *tests])
        sys.stdout = out
    times = Path("test-times.json").absolute()
    os.environ[TIMES_TO] = str(times)
    if _outcome(_forked(tests), timeout=3600) != "survived":
        raise SystemExit("the tests fail without any mutant: mend them first")
    del os.environ[TIMES_TO]
    os.environ[TIMES_FROM] = str(times)
    found: dict[str, float] = json.loads(times.read_text())
    return found


def tested(job: dict[str, Any], timeout: float) -> str:
    """killed, survived, timeout or invalid."""
    file = Path(job["file"])
    original = file.read_text(encoding="utf-8")
    file.write_text(original[: job["start"]] + job["text"] + original[job["end"] :], encoding="utf-8")
    try:
        return _outcome(_forked(job["tests"]), timeout)
    finally:
        file.write_text(original, encoding="utf-8")


def _forked(tests: list[str]) -> int:
    child = os.fork()
    if child:
        return child
    os.setpgid(0, 0)
    os.environ["HEADWAY_SQL_MUTANT"] = "1"
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os._exit(int(pytest.main([*OPTIONS, *tests])))


def _outcome(child: int, timeout: float) -> str:
    deadline = time.monotonic() + timeout
    pause = 0.02
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return {0: "survived", INVALID: "invalid"}.get(code, "killed")
        time.sleep(pause)
        pause = min(0.5, pause * 1.5)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


if __name__ == "__main__":
    main()
