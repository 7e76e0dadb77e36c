"""The whole comparison: `.venv/bin/python -m benchmarks.run` (about 15 minutes), or `--quick` (the real log only).

Prints a Markdown table and writes it to docs/benchmarks.md; `--quick` only prints.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contest import PEERS, Findings, diagnose, play
from benchmarks.data import ROOT, real_log, repeated
from benchmarks.equality import require_equal
from benchmarks.page import Line, page
from headway.basics.errors import UserError

QUESTIONS = ("conformance", "follows", "variants", "dwell")
RUST = ("r4pm", "rustxes")
PAGE = ROOT / "docs/benchmarks.md"


@dataclass
class Results:
    """Lines of the table, and what was found equal."""

    lines: list[Line] = field(default_factory=list)
    equal: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)


def fastest(findings: Findings, task: str) -> tuple[float, str]:
    """pm4py's faster way for a task, and what to call it."""
    seconds, way = findings.best(f"{task}_pandas", f"{task}_polars")
    return seconds, f"pm4py ({way.rpartition('_')[2]})"


def real(results: Results, rounds: int, repeat: int) -> None:
    """The real log: reading it, the questions, and the whole diagnosis."""
    log = real_log()
    ours, readers, pm4py, whole = Findings(), Findings(), Findings(), list[float]()
    for number in range(rounds):  # in turns, so that a busy moment of the machine hits all alike
        play("ours", ("xes",), log, ours, repeat=repeat)
        for reader in RUST:
            play("peer_readers", (reader,), log, readers, repeat=repeat)
        whole += diagnose(log, 1)
        play("ours", ("load", *QUESTIONS), log, ours, repeat=3 * repeat)
        play("peer_pm4py", QUESTIONS, log, pm4py, repeat=1)
        if number == 0:
            play("peer_readers", ("pm4py_default", "pm4py_own"), log, readers, repeat=1)
    results.equal += require_equal(ours, pm4py, 1)
    results.versions |= readers.versions | pm4py.versions | ours.versions
    rust, reader = readers.best(*RUST)
    scale = "262,200 events"
    read = ours.median("xes")
    own = readers.median("pm4py_own")
    results.lines += [
        Line(scale, "XES (gzip) to columns", read, f"{reader}, the fastest Rust reader", rust, at_most=1.5 * rust),
        Line(scale, "XES (gzip) to columns", read, "pm4py's own reader", own),
    ]
    for task, at_least in (("conformance", 100), ("follows", 10), ("variants", 3), ("dwell", None)):
        seconds, peer = fastest(pm4py, task)
        results.lines.append(Line(scale, WORDS[task], ours.median(task), peer, seconds, at_least=at_least))
    order = ours.median("build") + ours.median("place")
    results.lines.append(Line(scale, "the log into the engine and into order, once", ours.median("load") + order))
    middle = sorted(whole)[len(whole) // 2]
    limit = 4 * rust + 2
    results.lines.append(
        Line(scale, "`headway diagnose`, from file to report", middle, f"{reader}, reading alone", rust, at_most=limit)
    )


WORDS = {
    "conformance": "milestone conformance of every case (token-based replay)",
    "follows": "directly-follows graph",
    "variants": "variants",
    "dwell": "median time between events, per pair",
}


def at_scale(results: Results, copies: int, memory_gib: float, with_peer: bool, repeat: int) -> Findings:
    """The log repeated: the questions, and how much memory they take."""
    log = repeated(copies)
    ours, pm4py = Findings(), Findings()
    # The engine gets what is left of the bar after Python, Arrow and the buffers of reading.
    play("ours", ("load", *QUESTIONS), log, ours, repeat=repeat, memory_mib=int(memory_gib * 1024 * 0.7))
    if with_peer:
        play("peer_pm4py", QUESTIONS, log, pm4py, repeat=1)
    results.equal += [f"×{copies}: {said}" for said in require_equal(ours, pm4py if with_peer else None, copies)]
    scale = f"{262_200 * copies / 1e6:.1f} M events"
    for task in QUESTIONS:
        seconds, peer = fastest(pm4py, task) if with_peer else (None, "")
        results.lines.append(
            Line(scale, WORDS[task], ours.median(task), peer, seconds, at_least=10 if with_peer else None)
        )
    order = ours.median("build") + ours.median("place")
    results.lines += [
        Line(scale, "Parquet into the engine, once", ours.median("load"), "pm4py" if with_peer else "",
             pm4py.median("load") if with_peer else None),
        Line(scale, "put in order, once", order),
        Line(scale, "most memory (GiB)", ours.peak_mib / 1024, "pm4py" if with_peer else "",
             pm4py.peak_mib / 1024 if with_peer else None, at_most=memory_gib, unit="GiB"),
    ]  # fmt: skip
    return ours


def growth(results: Results, smaller: Findings, larger: Findings, factor: float) -> None:
    """How much longer four times the data take: all in all, which is held to a bar, and step by step."""
    steps = ("load", "build", "place", *QUESTIONS)
    totals = [sum(findings.median(step) for step in steps) for findings in (smaller, larger)]
    scale = f"{factor:g} times the data"
    results.lines.append(Line(scale, "time, all in all", totals[1] / totals[0], at_most=factor, unit="×"))
    for step in steps:
        grown = larger.median(step) / smaller.median(step)
        results.lines.append(Line(scale, f"time, {STEPS.get(step, WORDS.get(step))}", grown, unit="×"))


STEPS = {"load": "Parquet into the engine", "build": "settling the order", "place": "giving milestones their ranks"}


def main() -> int:
    """Run what was asked; 0 when every bar is met, 1 when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the real log only, two rounds, nothing written")
    parser.add_argument("--no-peers-at-scale", action="store_true", help="leave pm4py out on the repeated logs")
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args()
    if not PEERS.exists():
        print("The peers are not set up: run make bench, or python3 tools/setup.py bench.", file=sys.stderr)
        return 2
    results = Results()
    try:
        real(results, rounds=2 if asked.quick else 5, repeat=2 if asked.quick else 3)
        if not asked.quick:
            smaller = at_scale(results, 50, 2, with_peer=not asked.no_peers_at_scale, repeat=3)
            larger = at_scale(results, 200, 4, with_peer=False, repeat=1)
            growth(results, smaller, larger, 4)
    except UserError as problem:
        print(problem, file=sys.stderr)
        return 2
    text = page(results.lines, results.equal, results.versions)
    print(text)
    if not asked.quick:
        asked.out.write_text(text, encoding="utf-8")
    missed = [line.task for line in results.lines if line.met is False]
    if missed:
        print(f"Missed: {'; '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
