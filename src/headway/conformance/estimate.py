"""What an estimator answers with: a figure with its n and interval, or "unknown" with the reason."""

from __future__ import annotations

from dataclasses import dataclass

LEVEL = 0.95
"""Coverage that every interval in Headway aims at unless said otherwise."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure: `value` with its interval `low` to `high`, resting on `n` deals (or events: the field says)."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """No honest figure can be given: why, on how many `n` it would rest, and how many are `needed`."""

    reason: str
    n: int
    needed: int
