"""The table as Markdown, with what it was measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HEADER = "| log | task | Headway | peer | | ratio | bar | |\n|---|---|--:|---|--:|--:|---|---|"


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison. `ours`, `theirs` in `unit`; the bar: at least so many times faster, or at most so much."""

    log: str
    task: str
    ours: float
    peer: str = ""
    theirs: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    unit: str = "s"

    @property
    def ratio(self) -> float | None:
        """How many times more the peer takes."""
        return None if self.theirs is None else self.theirs / self.ours

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None where none is set."""
        if self.at_least is not None and self.ratio is not None:
            return self.ratio >= self.at_least
        return None if self.at_most is None else self.ours <= self.at_most

    def markdown(self) -> str:
        """The line of the table."""
        if self.at_least is not None:
            bar = f"≥ {self.at_least:g}×"
        else:
            bar = "" if self.at_most is None else f"≤ {figure(self.at_most, self.unit)}"
        verdict = {True: "met", False: "**missed**", None: ""}[self.met]
        theirs = "" if self.theirs is None else figure(self.theirs, self.unit)
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}×"
        ours = figure(self.ours, self.unit)
        return f"| {self.log} | {self.task} | {ours} | {self.peer} | {theirs} | {ratio} | {bar} | {verdict} |"


def figure(value: float, unit: str) -> str:
    """Three significant digits and the unit."""
    return f"{value:.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"


def machine() -> str:
    """Processor, cores, memory, system."""
    model = platform.processor() or platform.machine()
    about = Path("/proc/cpuinfo")
    if about.exists():
        names = [line.split(":", 1)[1].strip() for line in about.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, {system}, Python {platform.python_version()}"


def page(lines: Sequence[Line], equal: Sequence[str], versions: dict[str, str]) -> str:
    """The whole page."""
    load = f"{os.getloadavg()[0]:.1f}"
    shown = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "Written by `make bench` (`benchmarks/`). Every contender runs in a process of its own, in turns, on the",
            "same machine; figures are medians. pm4py works on a table in memory and gets the faster of its two kinds",
            "(pandas, Polars); Headway works on its event log in DuckDB, which is put in order once, when a log is",
            "read. Results are compared before times are.",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d}: {machine()}; load of the machine at the end: {load}.",
            f"Versions: {shown}.",
            "",
            "The log: BPI Challenge 2012 (13,087 cases, 262,200 events); ×50 and ×200 repeat it with case ids of their",
            "own, as Parquet.",
            "",
            HEADER,
            *(line.markdown() for line in lines),
            "",
            "Found equal before anything was timed against anything:",
            "",
            *(f"- {said}" for said in equal),
            "",
        ]
    )
