"""A fitted model that is asked about deals as they were, or as they might be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Protocol

import numpy as np

from headway.conformance.arrays import FloatArray
from headway.forecast.method import Chances
from headway.forecast.model import Model
from headway.forecast.snapshots import WON, Snapshots


class Asked(Protocol):
    """What answers for any rows; each row's answer depends on nothing but that row."""

    def chances(self, rows: Snapshots, horizons: Sequence[int], *, interval: bool = True) -> Chances:
        """Chances of these rows, in their order; without intervals where they are not asked for."""
        ...


def won_within(model: Asked, many: Sequence[Snapshots], horizons: Sequence[int]) -> list[FloatArray]:
    """The chances (n, h) to be won within each horizon, for each of `many` tables; asked for all of them at once."""
    sizes = np.cumsum([len(rows) for rows in many])
    if not sizes.size or not sizes[-1]:
        return [np.zeros((0, len(horizons))) for _ in many]
    columns = {one.name: np.concatenate([getattr(rows, one.name) for rows in many]) for one in fields(Snapshots)}
    rows, asked = Snapshots(**columns), tuple(horizons)
    # Nobody looks at the intervals of what might be, and they take longest.
    chances = model.chances(rows, asked, interval=False) if isinstance(model, Model) else model.chances(rows, asked)
    found: FloatArray = chances.value[:, :, WON]
    return [np.asarray(part, dtype=np.float64) for part in np.split(found, sizes[:-1])]
