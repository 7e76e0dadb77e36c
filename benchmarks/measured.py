"""What every contender's process does: time a thing several times, and hand figures and answers to the one who asked.

Standard library only, because it runs in the environment of Headway and in that of its peers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

MILESTONES = (
    "A_SUBMITTED", "A_PARTLYSUBMITTED", "W_Afhandelen leads", "A_PREACCEPTED", "W_Completeren aanvraag", "A_ACCEPTED",
    "O_SENT", "W_Nabellen offertes", "O_SENT_BACK", "W_Valideren aanvraag", "A_APPROVED",
)  # fmt: skip
"""The ordered process that cases are held against (design, section 6)."""

CASE, NAME, AT = "case:concept:name", "concept:name", "time:timestamp"
"""Columns of the repeated logs in Parquet, as pm4py wants them."""

T = TypeVar("T")


@dataclass
class Record:
    """What one process found out. `seconds`: per task, one figure per repetition; `answers`: comparable.

    `peaks_mib`: the most memory taken up to the end of each task; what is done to compare answers is not counted.
    """

    seconds: dict[str, list[float]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    peaks_mib: dict[str, float] = field(default_factory=dict)

    def timed(self, task: str, work: Callable[[], T], repeat: int) -> T:
        """Do it `repeat` times, keep each time, return the last result."""
        times = self.seconds.setdefault(task, [])
        for _ in range(repeat - 1):
            self._once(work, times)  # its result is let go at once, so that two never stand in memory
        result = self._once(work, times)
        self.peaks_mib[task] = peak_mib()
        return result

    def _once(self, work: Callable[[], T], times: list[float]) -> T:
        started = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - started)
        return result

    def hand_over(self, path: Path) -> None:
        """Write everything to a file."""
        path.write_text(json.dumps(asdict(self)))


def peak_mib() -> float:
    """The most memory (resident, MiB) that this process took so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def arguments(tasks: Iterable[str]) -> argparse.Namespace:
    """`TASKS --log FILE --out FILE --repeat N`, the same for every contender."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tasks", nargs="+", choices=tuple(tasks))
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--memory-mib", type=int, default=1536)
    return parser.parse_args()


def digest(lines: Iterable[str]) -> str:
    """One short text that is the same for the same set of lines."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def conformance_answer(cases: int, conforming: Iterable[str]) -> dict[str, Any]:
    """How many cases were looked at, how many and which conform."""
    names = list(conforming)
    return {"cases": cases, "conform": len(names), "which": digest(names)}


def variants_answer(counts: Iterable[tuple[tuple[str, ...], int]]) -> dict[str, Any]:
    """How many variants there are, and which, with how many cases each."""
    lines = [f"{count} {'|'.join(names)}" for names, count in counts]
    return {"variants": len(lines), "which": digest(lines)}


def pairs_answer(values: Iterable[tuple[str, str, float]]) -> dict[str, float]:
    """A figure per pair of names that follow one another; seconds to the millisecond."""
    return {f"{first} > {second}": round(float(value), 3) for first, second, value in sorted(values)}
