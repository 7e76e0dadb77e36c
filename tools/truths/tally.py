"""Counting what was said against what was true, with intervals that know that steps of one firm go together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Z = 1.959964  # 95 %
Z_90 = 1.644854
LABELS = ("harmless", "cannot be met", "practice", "rhythm", "costly", "helps", "works", "unknown")
AT_FAULT = ("cannot be met", "practice", "rhythm", "costly")
FULL, MARGIN = 20, 10  # points
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Seen:
    """One step of one firm: what was true, what was said, what its interval and the naive table say.

    `points`: what leaving it out is meant to cost. `true`, `said`: one of LABELS. `covered`: None without an interval.
    `error`: standard error of the difference, from the width of its 90 % interval.
    """

    cell: str
    firm: int
    deals: int
    points: int
    true: str
    said: str
    covered: bool | None
    naive: str
    error: float | None

    @property
    def found(self) -> bool:
        """Said to cost something, whoever is to mend it."""
        return self.said in AT_FAULT

    @property
    def wrong(self) -> bool:
        """Another word than the true one; unknown is none."""
        return self.said not in ("unknown", self.true)

    @property
    def wrong_about_cost(self) -> bool:
        """Said to cost where it does not, not to cost where it does, or to help."""
        return self.said == "helps" or (self.found if self.points == 0 else self.said == "harmless")

    @property
    def accused(self) -> bool:
        """People or their leader blamed for leaving out what is harmless."""
        return self.points == 0 and self.said in ("practice", "rhythm", "costly")

    @property
    def naive_wrong(self) -> bool:
        """What a dashboard's reader would take from the two-by-two table of finished deals is wrong."""
        return self.naive != ("does not matter" if self.points == 0 else "costs")


@dataclass(frozen=True, slots=True)
class Rate:
    """`done` of `n` steps in `firms` firms; 95 % bounds (Wilson), drawn apart where steps of one firm go together."""

    done: int
    n: int
    firms: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """NaN where nothing was counted."""
        return self.done / self.n if self.n else math.nan


def seen_of(records: Iterable[dict[str, Any]], deals: Callable[[str], int]) -> list[Seen]:
    """Every judged step of these firms; `deals`: how many decided deals a cell's firms have."""
    return [
        Seen(
            cell=record["cell"],
            firm=record["seed"],
            deals=deals(record["cell"]),
            points=step["points"],
            true=_label(step["meant"], harmless=step["points"] == 0),
            said=_label(step["said"], harmless=step["ground"] == "harmless"),
            covered=None if step["low"] is None else step["low"] <= step["cost"] <= step["high"],
            naive=_naive(step["naive"], step["naive_p"]),
            error=None if step["low"] is None else (step["high"] - step["low"]) / (2 * Z_90),
        )
        for record in records
        for step in record["steps"]
    ]


def _label(word: str, *, harmless: bool) -> str:
    return ("harmless" if harmless else "cannot be met") if word == "process" else word


def _naive(difference: float | None, p_value: float | None) -> str:
    if difference is None or p_value is None or p_value >= SIGNIFICANT:
        return "does not matter"
    return "costs" if difference < 0 else "better without"


def rate(seen: Sequence[Seen], is_so: Callable[[Seen], bool | None]) -> Rate:
    """The share of steps for which it is so; those for which it is None do not count."""
    firms: dict[int, list[bool]] = {}
    for one in seen:
        if (value := is_so(one)) is not None:
            firms.setdefault(one.firm, []).append(value)
    return rate_of(list(firms.values()))


def rate_of(firms: Sequence[Sequence[bool]]) -> Rate:
    """Wilson's bounds with as many steps as the clustering leaves (Kish's design effect); the firms where all agree."""
    n, done = sum(len(firm) for firm in firms), sum(sum(firm) for firm in firms)
    if not n:
        return Rate(0, 0, 0, 0.0, 1.0)
    share = done / n
    effective = float(len(firms))
    if 0 < done < n:
        spread = sum((sum(firm) - share * len(firm)) ** 2 for firm in firms)
        effective = min(n, max(len(firms), n * n * share * (1 - share) / spread)) if spread else n
    low, high = wilson(share, effective)
    return Rate(done, n, len(firms), low, high)


def wilson(share: float, n: float) -> tuple[float, float]:
    """95 % bounds of a share seen in `n` trials, n not necessarily whole."""
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
