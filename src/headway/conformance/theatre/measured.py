"""One sign as figures: a share that was seen, set against the share to be expected without theatre."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.conformance.arrays import FloatArray, IntArray

LEVEL = 0.90  # of intervals of effects
REPLICATES = 1999


@dataclass(frozen=True, slots=True)
class Measured:
    """`value` seen (90 % interval `low` to `high`) where `expected` is usual, over `n`; shares, 0 to 1 or differences.

    `p_value`: of a value as far from the expected one by chance alone, one-sided. `large`: far enough to matter; a
    sign that is surely there and small is none. `about`: the process, meeting or milestone.
    """

    about: str
    value: float
    expected: float
    low: float
    high: float
    p_value: float
    large: bool
    n: int

    @property
    def ratio(self) -> float | None:
        """How many times the expected share was seen; None where none is expected."""
        return self.value / self.expected if self.expected > 0 else None


def resampled_sums(table: IntArray, seed: int, replicates: int = REPLICATES) -> FloatArray:
    """(replicates, columns): column sums of a (units, columns) table of counts, its rows drawn with replacement.

    Rows that are alike are drawn together, so that a million deals cost no more than their patterns.
    """
    patterns, counts = np.unique(table, axis=0, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=replicates)
    return (drawn @ patterns).astype(np.float64)


def middle(values: FloatArray, level: float = LEVEL) -> tuple[float, float]:
    """The bounds between which the middle `level` of the values lies."""
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def measured_from(
    values: FloatArray, usual: FloatArray, *, value: float, expected: float, large: float, about: str, n: int
) -> Measured:
    """A share with its interval, from what it and the usual one would be of deals drawn anew: both (REPLICATES,).

    `large`: by how much the share must surely lie beyond the usual one to matter. The interval is of the value.
    """
    low, high = middle(values)
    beyond, _ = middle(values - usual)
    return Measured(
        about=about,
        value=value,
        expected=expected,
        low=min(low, value),
        high=max(high, value),
        p_value=float(1 + np.count_nonzero(values <= usual)) / (1 + len(values)),
        large=beyond >= large,
        n=n,
    )
