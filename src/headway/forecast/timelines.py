"""What was known of deals, step by step: looked up for any deal and day by one binary search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from headway.conformance.arrays import FloatArray, IntArray
from headway.forecast.snapshots import NEVER

SPAN = 1 << 24
"""More days than any history has: deal and day as one number that sorts by both."""


def keys_of(deals: IntArray, days: IntArray) -> IntArray:
    """Deal and day as one number that sorts by both."""
    return deals * SPAN + np.clip(days, 0, SPAN - 1)


def whole(table: pa.Table, name: str, missing: int = -1) -> IntArray:
    """A column of whole numbers; `missing` for NULL."""
    found: IntArray = table.column(name).cast(pa.int64()).fill_null(missing).to_numpy().astype(np.int64)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """(m,) changes of one fact, sorted by deal and day: from the end of that day on it was `value`."""

    key: IntArray
    value: IntArray
    count: IntArray
    """How many changes of this deal there had been by then, this one included."""

    def rows(self, deals: IntArray, days: IntArray) -> IntArray:
        """The row in force for each deal at the end of each day; −1 where there was none."""
        found = np.searchsorted(self.key, keys_of(deals, days), side="right") - 1
        if not self.key.size:
            return found
        return np.where((found >= 0) & (self.key[np.maximum(found, 0)] // SPAN == deals), found, -1)

    def at(self, deals: IntArray, days: IntArray, missing: int) -> IntArray:
        """The value in force; `missing` where there was none."""
        return self._of(self.value, deals, days, missing)

    def counted(self, deals: IntArray, days: IntArray) -> IntArray:
        """How many changes there had been."""
        return self._of(self.count, deals, days, 0)

    def _of(self, column: IntArray, deals: IntArray, days: IntArray, missing: int) -> IntArray:
        rows = self.rows(deals, days)
        return np.where(rows >= 0, column[rows], missing) if column.size else np.full(rows.size, missing)


def days_until(named: IntArray, days: IntArray) -> FloatArray:
    """Days from each day to the one named; NaN where none is."""
    return np.where(np.abs(named) < NEVER, (named - days).astype(np.float64), np.nan)


def last_named(deals: IntArray, days: IntArray, order: IntArray, values: IntArray) -> Steps:
    """What was said last: of all that is known on a day, what stands last in the log's order."""
    if not deals.size:
        return Steps(deals, values, deals)
    by_day = np.lexsort((order, days, deals))
    deals, days, order, values = deals[by_day], days[by_day], order[by_day], values[by_day]
    newest = _running_most(deals, np.argsort(np.argsort(order)))
    said = np.empty(deals.size, dtype=np.int64)
    said[np.argsort(np.argsort(order))] = values
    return Steps(keys_of(deals, days), said[newest], _count(deals))


def latest(deals: IntArray, days: IntArray, values: IntArray) -> Steps:
    """The latest day (`values`) of all that is known; rows sorted by deal and day known."""
    return Steps(keys_of(deals, days), _running_most(deals, values), _count(deals))


def latest_unless_retracted(deals: IntArray, days: IntArray, until: IntArray, values: IntArray) -> Steps:
    """The same where some of it is known to be retracted from the day `until` on (NEVER: not)."""
    touched = np.unique(deals[until < NEVER])
    plain = ~np.isin(deals, touched)
    whole_deals = latest(deals[plain], days[plain], values[plain])
    rows: list[tuple[int, int, int, int]] = []
    for deal in touched.tolist():  # few: evidence is seldom retracted
        mine = deals == deal
        known, gone, happened = days[mine], until[mine], values[mine]
        for count, day in enumerate(sorted({*known.tolist(), *gone[gone < NEVER].tolist()}), 1):
            standing = happened[(known <= day) & (day < gone)]
            rows.append((deal, day, int(standing.max()) if standing.size else -NEVER, count))
    if not rows:
        return whole_deals
    extra: Any = np.array(rows, dtype=np.int64)
    key = np.concatenate([whole_deals.key, keys_of(extra[:, 0], extra[:, 1])])
    by_key = np.argsort(key, kind="stable")
    value = np.concatenate([whole_deals.value, extra[:, 2]])
    return Steps(key[by_key], value[by_key], np.concatenate([whole_deals.count, extra[:, 3]])[by_key])


def pushes_of(deals: IntArray, days: IntArray, order: IntArray, values: IntArray) -> Steps:
    """How often the date had been moved later, by the day each move was known."""
    by_order = np.lexsort((order, days, deals))
    deals, days, values = deals[by_order], days[by_order], values[by_order]
    later = np.zeros(deals.size, dtype=np.bool_)
    later[1:] = (deals[1:] == deals[:-1]) & (values[1:] > values[:-1]) & (values[1:] < NEVER)
    deals, days = deals[later], days[later]
    return Steps(keys_of(deals, days), _count(deals), _count(deals))


def _count(deals: IntArray) -> IntArray:
    """1, 2, 3 ... within each deal; `deals` sorted."""
    if not deals.size:
        return deals
    place = np.arange(deals.size)
    starts = np.flatnonzero(np.r_[True, deals[1:] != deals[:-1]])
    return place - np.repeat(starts, np.diff(np.r_[starts, deals.size])) + 1


def _running_most(deals: IntArray, values: IntArray) -> IntArray:
    """The greatest value so far within each deal; `deals` sorted, values from 0 to below SPAN * SPAN."""
    if not deals.size:
        return values
    low = int(values.min())
    wide = int(values.max()) - low + 1
    return np.maximum.accumulate(deals * wide + values - low) - deals * wide + low
