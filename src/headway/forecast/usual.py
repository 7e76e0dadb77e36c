"""What is usual: the middle of each column over the past snapshots of the same process and evidenced stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.forecast.snapshots import UNSEEN, Snapshots

FEWEST = 30
"""With fewer snapshots at a stage its process is taken, with fewer of that all of them."""
LENGTHS = ("silence", "seller_silence", "age", "stage_days", "amount", "due_days", "agreed_days", "pushes",
           "activities", "recent")  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """(groups,) the middle of each column by `key` (see `place_key`), sorted; the last group is of all snapshots.

    `level`: the middle of the evidenced stage by process, by the same key with level UNSEEN − 1.
    """

    key: IntArray
    columns: dict[str, FloatArray]

    def at(self, rows: Snapshots) -> Snapshots:
        """The same deals with every length, the amount and the claim as is usual for their process and level."""
        place = self._places(rows)
        lengths: dict[str, Any] = {name: self.columns[name][place] for name in LENGTHS}
        return replace(rows, claimed=self.columns["claimed"][place].astype(np.int64), **lengths)

    def level(self, rows: Snapshots) -> IntArray:
        """The level that is usual in the process of each deal."""
        of_process = replace(rows, level=np.full(len(rows), UNSEEN - 1))
        return self.columns["level"][self._places(of_process)].astype(np.int64)

    def _places(self, rows: Snapshots) -> IntArray:
        last = self.key.size - 1
        found = np.full(len(rows), last)
        for key in (place_key(rows.process, np.full(len(rows), UNSEEN - 1)), place_key(rows.process, rows.level)):
            at = np.minimum(np.searchsorted(self.key[:-1], key), max(last - 1, 0))
            known = (self.key[at] == key) & (at < last)
            found = np.where(known, at, found)
        return found


def place_key(process: IntArray, level: IntArray) -> IntArray:
    """Process and level as one number, not below 0."""
    key: IntArray = process * 1_000 + level + 2
    return key


def usual_of(weekly: Snapshots) -> Usual | None:
    """Of the snapshots a model was fitted on; None where there are none."""
    if not len(weekly):
        return None
    by_level = place_key(weekly.process, weekly.level)
    by_process = place_key(weekly.process, np.full(len(weekly), UNSEEN - 1))
    groups: list[tuple[int, BoolArray]] = []
    for keys in (by_level, by_process):
        found, counts = np.unique(keys, return_counts=True)
        groups += [
            (key, keys == key) for key, count in zip(found.tolist(), counts.tolist(), strict=True) if count >= FEWEST
        ]
    groups.sort(key=lambda group: group[0])
    groups.append((-1, np.ones(len(weekly), dtype=np.bool_)))
    columns = {
        name: np.array([_middle(getattr(weekly, name)[rows]) for _, rows in groups])
        for name in (*LENGTHS, "claimed", "level")
    }
    return Usual(np.array([key for key, _ in groups], dtype=np.int64), columns)


def _middle(values: FloatArray | IntArray) -> float:
    """The median of what is known, as one that occurs; NaN where most are not known."""
    known = np.sort(values[~np.isnan(values)].astype(np.float64))
    return float(known[(known.size - 1) // 2]) if 2 * known.size >= max(values.size, 1) and known.size else np.nan
