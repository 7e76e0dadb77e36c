"""What every way of forecasting is: from what was known at a moment to chances for the deals open then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from headway.conformance.arrays import FloatArray
from headway.forecast.snapshots import KnownAt


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """`value` (n, h, 3): won, lost, ended in no decision within each of `horizons` days, per deal of `KnownAt.now`.

    Chances grow with the horizon and never add up to more than 1. `low`, `high`: the 80 % interval of each, in the
    same shape; equal to `value` where a method gives none.
    """

    horizons: tuple[int, ...]
    value: FloatArray
    low: FloatArray
    high: FloatArray


class Method(Protocol):
    """Fits on what is known and forecasts the deals open then. Pure: the same `known` gives the same chances."""

    def __call__(self, known: KnownAt, horizons: Sequence[int]) -> Chances:
        """Chances of the deals of `known.now`, in their order."""
        ...
