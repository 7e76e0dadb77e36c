"""Mandatory criteria: did a milestone stop telling anything once everyone had to fill it in?

Method page: docs/methods/theatre.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from headway.conformance.arrays import IntArray, code_column
from headway.conformance.change_point import ChangePoint, change_point
from headway.conformance.estimate import Unknown
from headway.conformance.theatre.measured import REPLICATES, Measured, middle
from headway.deals.event_log import EventLog, sql_text
from headway.process.definition import Process

RISE = 0.15  # the fill rate must have risen by as much
LEAST_SIDE = 10  # decided deals in each of: filled before, left empty before, filled after
LARGE = 0.10


@dataclass(frozen=True, slots=True)
class Criterion:
    """A milestone whose fill rate rose from `before` to `after`, and whether its lift held.

    lift: share won of deals that had it filled minus those that did not, before the rise. `fall`: by how much the
    share won of those with it filled fell after it, beyond what all deals lost; `n` counts decided deals.
    """

    process: str
    milestone: str
    buyer: str
    before: float
    after: float
    lift: float
    fall: Measured | Unknown


def mandatory_criteria(log: EventLog, processes: Sequence[Process], *, seed: int = 0) -> tuple[Criterion, ...]:
    """Every milestone whose fill rate rose at one point, or from the version that requires it."""
    asked = _write_criteria(log, processes)
    rows = log.table(sql_text(__package__, "mandatory"))
    columns = {name: rows[name].to_numpy().astype(np.int64) for name in rows.column_names}
    found = []
    for number, (process, milestone, buyer) in enumerate(asked):
        mine = {name: column[columns["criterion"] == number] for name, column in columns.items()}
        after = _after_the_rise(mine, seed)
        if after is None:
            continue
        cells = _cells(mine, after)
        rates = [_rate(mine, after == side) for side in (False, True)]
        fall = fall_of_lift(cells, about=buyer, seed=seed)
        lift = cells[0, 1, 1] / max(1, cells[0, 1].sum()) - cells[0, 0, 1] / max(1, cells[0, 0].sum())
        found.append(Criterion(process, milestone, buyer, rates[0], rates[1], float(lift), fall))
    return tuple(found)


def fall_of_lift(cells: npt.ArrayLike, *, about: str = "criterion", seed: int = 0) -> Measured | Unknown:
    """By how much the share won of deals with a criterion filled fell when it became mandatory.

    cells: (2, 2, 2) decided deals by after, filled, won. value: fall of the share won where filled, less that of all
    deals; expected 0. `large`: the criterion told something before, and surely lost `LARGE` or more. p and interval:
    deals drawn anew on each side.
    """
    counts = code_column("cells", np.asarray(cells).ravel()).reshape(2, 2, 2)
    sides = int(counts[0, 1].sum()), int(counts[0, 0].sum()), int(counts[1, 1].sum())
    if min(sides) < LEAST_SIDE:
        return Unknown(
            f"needs {LEAST_SIDE} decided deals with it and {LEAST_SIDE} without it before, and {LEAST_SIDE} with it "
            f"after; here are {sides[0]}, {sides[1]} and {sides[2]}",
            min(sides),
            LEAST_SIDE,
        )
    rng = np.random.default_rng(seed)
    drawn = np.stack(
        [rng.multinomial(side.sum(), side.ravel() / side.sum(), size=REPLICATES).reshape(-1, 2, 2) for side in counts],
        axis=1,
    )
    fall, lift = _fall(drawn)
    seen, _ = _fall(counts[None])
    low, high = middle(fall)
    value = float(seen[0])
    p_value = float(1 + max(np.count_nonzero(fall <= 0), np.count_nonzero(lift <= 0))) / (1 + REPLICATES)
    return Measured(
        about=about,
        value=value,
        expected=0.0,
        low=min(low, value),
        high=max(high, value),
        p_value=p_value,
        large=low > 0 and value >= LARGE,
        n=int(counts.sum()),
    )


def _fall(cells: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """(replicates,): the fall of the share won where filled beyond that of all deals; the lift before."""
    won, all_of = cells[..., 1].astype(np.float64), np.maximum(cells.sum(axis=-1), 1).astype(np.float64)
    filled = won[:, :, 1] / all_of[:, :, 1]
    everyone = won.sum(axis=2) / all_of.sum(axis=2)
    lift = filled[:, 0] - won[:, 0, 0] / all_of[:, 0, 0]
    # A rise of all deals' wins is no reason to ask more of the criterion; a fall is shared by it.
    return filled[:, 0] - filled[:, 1] - np.maximum(0.0, everyone[:, 0] - everyone[:, 1]), lift


def _write_criteria(log: EventLog, processes: Sequence[Process]) -> list[tuple[str, str, str]]:
    """The table `criteria`: each milestone of each process, in every version that has its stage."""
    asked = {
        (process.name, m.id): (m, process.stages[rank - 1].name)
        for process in processes
        for rank, m in process.milestones
    }
    rows = []
    for number, ((name, milestone), (told, stage)) in enumerate(asked.items()):
        for place, process in enumerate(processes):
            ranks = {s.name: rank for rank, s in enumerate(process.stages, 1)}
            own = {m.id: rank for rank, m in process.milestones}
            if process.name == name and (rank := own.get(milestone, ranks.get(stage))) is not None:
                rows.append((number, place, rank, milestone, milestone in own, told.amount_from))
    types = (pa.int32(), pa.int32(), pa.int32(), pa.string(), pa.bool_(), pa.float64())
    names = ("criterion", "process", "rank", "id", "asked", "amount_from")
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    log.replace(
        "criteria",
        pa.table({name: pa.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)}),
    )
    return [(name, milestone, m.buyer) for (name, milestone), (m, _) in asked.items()]


def _after_the_rise(mine: dict[str, IntArray], seed: int) -> npt.NDArray[np.bool_] | None:
    """Which rows lie after the fill rate rose; None where it did not rise at one point."""
    if not mine["deals"].size:
        return None
    if 0 < mine["asked"].sum() < mine["asked"].size:
        after = mine["asked"] == 1
    else:
        weeks = mine["week"] - mine["week"].min()
        possible = np.bincount(weeks, weights=mine["deals"]).astype(np.int64)
        filled = np.bincount(weeks, weights=mine["deals"] * mine["filled"]).astype(np.int64)
        change = change_point(filled, possible, seed=seed)
        if not isinstance(change, ChangePoint):
            return None
        after = weeks >= change.week
    rise = _rate(mine, after) - _rate(mine, ~after)
    return after if rise >= RISE else None


def _rate(mine: dict[str, IntArray], side: npt.NDArray[np.bool_]) -> float:
    return float((mine["deals"] * mine["filled"])[side].sum() / max(1, mine["deals"][side].sum()))


def _cells(mine: dict[str, IntArray], after: npt.NDArray[np.bool_]) -> IntArray:
    """(2, 2, 2) decided deals by after, filled, won."""
    cells, decided = np.zeros((2, 2, 2), dtype=np.int64), mine["decided"] == 1
    np.add.at(
        cells, (after[decided].astype(int), mine["filled"][decided], mine["won"][decided]), mine["deals"][decided]
    )
    return cells
