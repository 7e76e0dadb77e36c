"""Starting contenders, each in a process of its own, and gathering what they found."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.data import FOLDER, ROOT

HEADWAY = Path(sys.executable)
PEERS = ROOT / ".venv-bench/bin/python"


@dataclass
class Findings:
    """All that one contender found out about one log, over all rounds."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    peak_mib: float = 0.0

    def median(self, task: str) -> float:
        """Seconds, the median over all repetitions; KeyError where the task was never run."""
        return statistics.median(self.seconds[task])

    def best(self, *tasks: str) -> tuple[float, str]:
        """The smallest median among several ways to do one thing, and which it is."""
        return min((self.median(task), task) for task in tasks if task in self.seconds)

    def add(self, record: dict[str, Any]) -> None:
        """Take in one round."""
        for task, times in record["seconds"].items():
            self.seconds.setdefault(task, []).extend(times)
        self.answers |= record["answers"]
        self.versions |= record["versions"]
        self.peak_mib = max(self.peak_mib, *record["peaks_mib"].values())


def play(
    module: str, tasks: tuple[str, ...], log: Path, findings: Findings, *, repeat: int, memory_mib: int = 1536
) -> None:
    """Run `benchmarks.MODULE` on a log in its own environment and add what it found."""
    python = HEADWAY if module == "ours" else PEERS
    out = FOLDER / f"{module}.json"
    FOLDER.mkdir(exist_ok=True)
    options = ["--log", str(log), "--out", str(out), "--repeat", str(repeat), "--memory-mib", str(memory_mib)]
    command = [str(python), "-m", f"benchmarks.{module}", *tasks, *options]
    print(f"  {module} {' '.join(tasks)} on {log.name} …", file=sys.stderr, flush=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PM4PY_SHOW_PROGRESS_BAR": "False"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{module} stopped with status {done.returncode}:\n{done.stderr[-2000:]}")
    findings.add(json.loads(out.read_text()))
    out.unlink()


def diagnose(log: Path, repeat: int) -> list[float]:
    """Seconds that the whole `headway diagnose` takes from the file to the HTML report, as a user starts it."""
    report = FOLDER / "report.html"
    examples = ROOT / "examples"
    command = [
        str(HEADWAY.parent / "headway"), "diagnose", str(log), "--mapping", str(examples / "loan_mapping.yaml"),
        "--process", str(examples / "loan_process.yaml"), "--html", str(report),
    ]  # fmt: skip
    times = []
    for _ in range(repeat):
        report.unlink(missing_ok=True)
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
        if not report.stat().st_size:
            raise RuntimeError("headway diagnose wrote an empty report")
    return times
