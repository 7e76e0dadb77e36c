"""Snapshots from a few columns, and a model that is a formula: for tests of what is said of a forecast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.forecast.method import Chances
from headway.forecast.snapshots import NEVER, OPEN, WON, KnownAt, Snapshots, Spans

USUAL: dict[str, Any] = {
    "spell": 0,
    "day": 1_000,
    "process": 0,
    "level": 1,
    "claimed": 1,
    "silence": 5.0,
    "seller_silence": 5.0,
    "age": 30.0,
    "stage_days": 10.0,
    "amount": 100.0,
    "due_days": 30.0,
    "agreed_days": np.nan,
    "pushes": 0.0,
    "activities": 4.0,
    "recent": 1.0,
    "owner": 0,
    "segment": 0,
    "exit": OPEN,
    "exit_day": NEVER,
}
STAGES = (("Discovery", "Proposal", "Agreement"),)


def snapshots(deal: Sequence[int], **columns: Any) -> Snapshots:
    """One row per deal; columns that are not given are as usual, single values are for every row."""
    kinds = {one.name: np.int64 if "IntArray" in str(one.type) else np.float64 for one in fields(Snapshots)}
    given = USUAL | {"spell": list(deal)} | columns
    filled: dict[str, Any] = {
        name: np.array(np.broadcast_to(np.asarray(value, dtype=kinds[name]), len(deal)))
        for name, value in given.items()
    }
    return Snapshots(deal=np.array(deal, dtype=np.int64), **filled)


def spans(*rows: tuple[int, int, int, int]) -> Spans:
    """(deal, start, end, after): one stretch each, at the first level."""
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 4)
    deal, start, end, after = (table[:, column] for column in range(4))
    one = np.ones(len(rows), dtype=np.int64)
    return Spans(deal, deal, start, end, 0 * one, one, one, start, after, one - 3)


def known_at(day: int, now: Snapshots, weekly: Snapshots | None = None, lived: Spans | None = None) -> KnownAt:
    """What is known at the end of a day."""
    return KnownAt(
        day=day,
        now=now,
        weekly=snapshots([]) if weekly is None else weekly,
        spans=spans() if lived is None else lived,
        stages=STAGES,
        owners=("Ana",),
        segments=("Mid",),
        first_day=0,
        decided=0,
    )


@dataclass(frozen=True)
class Formula:
    """Chances that grow with the horizon from a score (n,) of the rows, whatever it is."""

    score: Callable[[Snapshots], npt.NDArray[np.float64]]

    def chances(self, rows: Snapshots, horizons: Sequence[int], *, interval: bool = True) -> Chances:
        daily = 0.03 / (1 + np.exp(-self.score(rows)))
        value = np.zeros((len(rows), len(horizons), 3))
        value[:, :, WON] = 1 - (1 - daily[:, None]) ** np.asarray(horizons, dtype=np.float64)
        return Chances(tuple(horizons), value, value, value)


def everything(rows: Snapshots) -> npt.NDArray[np.float64]:
    """A score in which every column counts, and counts differently beside others."""
    n = np.nan_to_num
    return np.asarray(
        0.9 * rows.level * (1 + 0.2 * rows.claimed)
        - 0.1 * n(rows.silence, nan=40.0) * (1 + 0.3 * rows.level)
        - 0.01 * rows.age
        - 0.02 * rows.stage_days
        + 0.3 * np.log1p(np.maximum(n(rows.amount), 0.0))
        + 0.1 * rows.recent
        - 0.02 * n(rows.seller_silence)
        + 0.03 * rows.activities
        - 0.4 * rows.pushes
        - 0.01 * n(rows.due_days, nan=99.0)
        + 0.5 * (n(rows.agreed_days, nan=-1.0) >= 0)
        + 0.3 * rows.owner
        - 0.2 * rows.segment
        + 0.7 * rows.process
    )
