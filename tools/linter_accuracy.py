"""How often the linter is right about who a line describes: `python tools/linter_accuracy.py [--errors FILE]`.

Four sets under tests/process/linter/data: lines the rules were tuned on, lines held out (their errors were not looked
at while tuning), lines whose main verb occurs in no tuned line, and minimal pairs (right only when both lines are).
Intervals are Wilson's at 95 %. `--errors tuned` lists what is wrong in one set.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from headway.process.linter import SourceLine, Who, lint_lines

DATA = Path(__file__).resolve().parent.parent / "tests/process/linter/data"
SETS = ("tuned", "held_out", "unseen_verbs", "pairs")


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Right answers of one set, and how many a linter that always says "seller" would have right."""

    name: str
    right: int
    count: int
    always_seller: int

    @property
    def share(self) -> float:
        """Accuracy, 0 to 1."""
        return self.right / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share (Wilson 1927)."""
        z, n, p = 1.959964, self.count, self.share
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return middle - half, middle + half


def rows_of(name: str) -> list[dict[str, str]]:
    """The labelled rows of one set; tab-separated with a heading."""
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def who(text: str) -> Who:
    """Who the linter says a line describes."""
    return lint_lines([SourceLine(1, text)]).lines[0].who


def cases_of(name: str) -> Iterator[tuple[tuple[str, str], ...]]:
    """Each case of a set as labelled lines: one for a line, two for a pair."""
    for row in rows_of(name):
        if name == "pairs":
            yield (row["who_a"], row["line_a"]), (row["who_b"], row["line_b"])
        else:
            yield ((row["who"], row["line"]),)


def accuracy_of(name: str) -> Accuracy:
    """Accuracy on one set."""
    cases = list(cases_of(name))
    right = sum(all(who(line) == label for label, line in case) for case in cases)
    return Accuracy(name, right, len(cases), sum(all(label == "seller" for label, _ in case) for case in cases))


def main() -> int:
    """Print the accuracies, and with --errors NAME what is wrong in that set."""
    if sys.argv[1:2] == ["--errors"]:
        for case in cases_of(sys.argv[2]):
            for label, line in case:
                if who(line) != label:
                    print(f"{label} → {who(line)}: {line}")
        return 0
    print(f"{'set':<14}{'right':>7}{'of':>6}{'accuracy':>10}{'95 %':>16}{'always seller':>16}")
    for name in SETS:
        found = accuracy_of(name)
        low, high = found.interval
        base = found.always_seller / found.count
        print(f"{name:<14}{found.right:>7}{found.count:>6}{found.share:>10.1%}{low:>9.1%}–{high:.1%}{base:>14.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
