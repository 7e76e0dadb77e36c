# ruff: noqa: E501 - tables of made-up figures read better in long lines
"""How the sample firm works: adherence, flow, consistency and pressure."""

from __future__ import annotations

import random
from datetime import date, timedelta

from headway.diagnosis.value import (
    Adherence,
    AdherenceRow,
    Consistency,
    Edge,
    Path,
    PressureRow,
    StepConsistency,
)
from tests.report.sample_company import STAGES, share


def adherence() -> Adherence:
    """A year and a half of weeks with a fall in November 2025."""
    chance = random.Random(3)
    weeks = []
    for week in range(78):
        starts_on = date(2024, 12, 2) + timedelta(weeks=week)
        level = 0.71 if starts_on < date(2025, 11, 10) else 0.58
        value = min(max(level + chance.gauss(0, 0.055), 0.05), 0.98)
        due = 24 + week % 31
        weeks.append(
            AdherenceRow(
                starts_on.isoformat(),
                round(value * due),
                due,
                share(round(value * due) / due, due),
                starts_on=starts_on,
            )
        )

    def rows(*labels: tuple[str, float, int]) -> tuple[AdherenceRow, ...]:
        return tuple(
            AdherenceRow(label, round(value * due), due, share(value, due), "New business")
            for label, value, due in labels
        )

    return Adherence(
        overall=share(0.66, 3111),
        stages=rows(*zip(STAGES, (0.81, 0.69, 0.52, 0.61, 0.77), (1204, 802, 518, 374, 213), strict=True)),
        claims=rows(*zip(STAGES, (0.88, 0.66, 0.47, 0.43, 0.58), (640, 512, 377, 301, 241), strict=True)),
        steps=rows(("Ask who else has called this a problem", 0.84, 640), ("Send the cost sheet for the buyer to fill in", 0.63, 512),
                   ("Ask who has to say yes to the sum", 0.49, 377), ("Meet everyone who can say no", 0.44, 301),
                   ("Agree the paper path with dates", 0.72, 241)),
        versions=rows(("New business, version 1", 0.7, 1890), ("New business, version 2", 0.59, 1221)),
        teams=rows(("Key accounts", 0.71, 1020), ("Mid-market", 0.66, 1391), ("Partners", 0.57, 700)),
        weeks=tuple(weeks),
    )  # fmt: skip


def edges() -> tuple[Edge, ...]:
    """Moves between stages and to the ends."""
    on = ((0, 1, 471), (1, 2, 338), (2, 3, 262), (3, 4, 223), (0, 2, 28), (1, 3, 31), (0, 3, 9), (2, 4, 15), (2, 1, 26), (3, 2, 19),
          (3, 1, 8), (1, 0, 14), (4, 3, 11))  # fmt: skip
    ends = ((4, "won", 171), (3, "won", 33), (2, "won", 8), (0, "lost", 52), (1, "lost", 74), (2, "lost", 61), (3, "lost", 45),
            (4, "lost", 16), (0, "no_decision", 41), (1, "no_decision", 49), (2, "no_decision", 27), (3, "no_decision", 12),
            (4, "no_decision", 5), (0, "withdrawn", 17), (1, "withdrawn", 8), (2, "withdrawn", 4))  # fmt: skip
    inside = [Edge(STAGES[a], STAGES[b], n, n, 9.0 + 7 * abs(b - a), n * 41_000.0) for a, b, n in on]
    return (*inside, *(Edge(STAGES[a], end, n, n, 21.0, n * 40_000.0) for a, end, n in ends))


def paths() -> tuple[Path, ...]:
    """The commonest ways through."""
    d, e, b, n, s = STAGES
    return (
        Path((d, e, b, n, s), 148, 96, 18, 9, 1, 24, 6.4e6), Path((d, e), 103, 0, 48, 31, 6, 18, 3.9e6),
        Path((d,), 97, 0, 33, 27, 9, 28, 3.1e6), Path((d, e, b), 71, 4, 36, 14, 3, 14, 3.0e6),
        Path((d, e, b, n), 62, 17, 22, 7, 0, 16, 2.9e6), Path((d, e, n, s), 29, 19, 4, 1, 0, 5, 1.3e6),
        Path((d, e, b, e, b, n, s), 17, 7, 5, 2, 0, 3, 0.9e6), Path((d, b, n, s), 14, 8, 3, 1, 0, 2, 0.6e6),
    )  # fmt: skip


def consistency() -> Consistency:
    """Owners differ in two steps of five."""
    steps = (
        StepConsistency("Meet everyone who can say no", True, 0.24, 0.11, 0.41, 301),
        StepConsistency("Ask who has to say yes to the sum", True, 0.17, 0.06, 0.33, 377),
        StepConsistency("Send the cost sheet for the buyer to fill in", False, 0.04, 0.0, 0.13, 512),
        StepConsistency("Agree the paper path with dates", None, None, None, None, 41),
    )
    return Consistency(0.13, 0.05, 0.26, 12, 623, steps)


def pressure() -> tuple[PressureRow, ...]:
    """More deviations at the end of a quarter; months are not told apart from chance."""
    return (
        PressureRow("month", share(0.31, 402), share(0.28, 911), 0.03, -0.02, 0.08),
        PressureRow("quarter", share(0.39, 214), share(0.27, 1099), 0.12, 0.06, 0.18),
    )
