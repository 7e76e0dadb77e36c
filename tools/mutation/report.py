"""What a run of mutants says: shares with intervals per package and module, the survivors, and docs/mutants.md."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

HEADWAY = "src/headway/"
EQUIVALENT = Path(__file__).parent / "equivalent.toml"
BAR = 0.8
Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Row:
    """One mutant that was run. `text`: its line as it was; `reason`: why no test can kill it, where that was shown."""

    language: str  # Python | SQL
    file: str
    line: int
    text: str
    change: str
    status: str  # killed | timeout | survived
    name: str = ""  # mutmut's name of it, or where in the query it begins
    reason: str = ""

    @property
    def package(self) -> str:
        """evidence or conformance."""
        return self.file.removeprefix(HEADWAY).split("/")[0]

    @property
    def killed(self) -> bool:
        """Timeouts count: a test run that never ends is noticed."""
        return self.status != "survived"

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Figure:
    """`killed` of `n` mutants run, out of `made`; `share` with its 95 % interval."""

    killed: int
    n: int
    made: int
    share: float
    low: float
    high: float

    @property
    def text(self) -> str:
        """`93 % (88–96 %)`."""
        return f"{self.share:.0%} ({self.low:.0%}–{self.high:.0%})".replace("%", " %")


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's score interval at 95 %; n may be an effective number."""
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def figure(rows: Sequence[Row], made: int) -> Figure:
    """Of one sample of alike chances."""
    killed, n = sum(row.killed for row in rows), len(rows)
    share = killed / n if n else 0.0
    low, high = wilson(share, n) if n else (0.0, 1.0)
    return Figure(killed, n, made, share, low, high)


def pooled(parts: Sequence[Figure]) -> Figure:
    """Of several samples, each weighted by how many mutants it stands for (stratified; variance as effective n)."""
    parts = [part for part in parts if part.n]
    made = sum(part.made for part in parts)
    share = sum(part.share * part.made / made for part in parts)
    variance = sum((part.made / made) ** 2 * part.share * (1 - part.share) / part.n for part in parts)
    n = sum(part.n for part in parts)
    low, high = wilson(share, share * (1 - share) / variance if variance else n)
    return Figure(sum(part.killed for part in parts), n, made, share, low, high)


def meets_bar(rows: Sequence[Row], made: dict[tuple[str, str], int]) -> bool:
    """Whether each package that was run reaches the bar."""
    return all(_of_package(rows, made, package).share >= BAR for package in {package for package, _ in made})


def _of_package(rows: Sequence[Row], made: dict[tuple[str, str], int], package: str) -> Figure:
    parts = [
        figure([row for row in rows if (row.package, row.language) == (package, language)], number)
        for (owner, language), number in made.items()
        if owner == package
    ]
    return pooled(parts)


def with_reasons(rows: Sequence[Row]) -> list[Row]:
    """Survivors that are listed as equivalent get their reason. They still count as survivors in the figure."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", [])
    reasons = {(one["file"], one["change"], one["text"]): one["reason"] for one in listed}
    return [replace(row, reason=reasons.get((row.file, row.change, row.text), "")) for row in rows]


def markdown(rows: Sequence[Row], made: dict[tuple[str, str], int], command: str) -> str:
    """The page docs/mutants.md. `made`: how many mutants there are, by package and language."""
    parts = ["# Mutants", ""]
    parts += [
        "A mutant is the product with one small fault put in. The share that the tests notice (kill) says how much",
        "they would notice of real faults. Python is changed by [mutmut](https://mutmut.readthedocs.io) (inside",
        "functions), the queries by `tools/mutation/sql.py`; each mutant is tested in a copy of the last commit, by",
        "the tests of the two packages.",
        "",
        f"Run it again with `{command}` (about an hour on two cores). The bar is {BAR:.0%}".replace("%", " %") + ".",
        "Figures are killed of the mutants run, with a 95 % interval (Wilson; a package's two samples are weighted by",
        "how many mutants each stands for). Mutants that no test could tell from the product count as survivors.",
        "",
        "| package | language | mutants | run | killed | share killed | without equivalents |",
        "| --- | --- | ---: | ---: | ---: | --- | ---: |",
    ]
    for package in sorted({package for package, _ in made}):
        both = [row for row in rows if row.package == package]
        for language in sorted({language for owner, language in made if owner == package}):
            own = [row for row in both if row.language == language]
            parts.append(_line(package, language, figure(own, made[package, language]), own))
        parts.append(_line(f"**{package}**", "both", _of_package(rows, made, package), both))
    parts += ["", "## By module", "", "| module | run | killed | share killed |", "| --- | ---: | ---: | --- |"]
    for file in sorted({row.file for row in rows}):
        own = figure([row for row in rows if row.file == file], 0)
        parts.append(f"| `{file.removeprefix(HEADWAY)}` | {own.n} | {own.killed} | {own.text} |")
    survivors = sorted((row for row in rows if not row.killed), key=lambda row: (row.file, row.line, row.change))
    parts += ["", "## Survivors", ""] + [_survivor(row) for row in survivors if not row.reason]
    parts += ["", "## Equivalent mutants", "", "No test can tell these from the product.", ""]
    parts += [f"{_survivor(row)}: {row.reason}" for row in survivors if row.reason]
    return "\n".join(parts) + "\n"


def _line(package: str, language: str, found: Figure, rows: Sequence[Row]) -> str:
    rest = [row for row in rows if not row.reason or row.killed]
    share = f"{sum(row.killed for row in rest) / len(rest):.0%}".replace("%", " %") if rest else "–"
    return f"| {package} | {language} | {found.made} | {found.n} | {found.killed} | {found.text} | {share} |"


def _survivor(row: Row) -> str:
    where = f"`{row.file.removeprefix(HEADWAY)}:{row.line}`"
    return f"- {where} {row.change}" + (f" in `{row.text}`" if row.language == "SQL" else "")
