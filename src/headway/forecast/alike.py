"""How many past deals were alike in one respect, and how many of them were won soon after they first were.

A past deal counts once, from the first of its weekly snapshots that was alike, and only where the whole horizon has
passed since: deals that are still open count as not won, and none is left out because it ended early.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.forecast.snapshots import KnownAt, Snapshots


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Weekly snapshots whose horizon has wholly passed, by deal and day; `won` within it."""

    rows: Snapshots
    won: BoolArray

    @classmethod
    def of(cls, known: KnownAt, horizon_days: int) -> Self:
        """Those of a moment. `horizon_days` >= 1."""
        weekly = known.weekly.take(known.weekly.day + horizon_days <= known.day)
        weekly = weekly.take(np.lexsort((weekly.day, weekly.deal)))
        return cls(weekly, weekly.won_within(horizon_days))


@dataclass(frozen=True, slots=True, eq=False)
class Like:
    """For each of n deals: which snapshots are compared (those with the same `key`), and from which value on they are
    alike. The deal itself is not among its past deals."""

    deal: IntArray
    key: IntArray
    least: FloatArray


def alike(followed: Followed, key: IntArray, value: FloatArray, asked: Like) -> tuple[IntArray, IntArray]:
    """(deals, deals won) with a snapshot of the same key whose value is at least the one asked for; both (n,).

    `key`, `value`: of the followed snapshots; NaN is never alike. Exact for every value asked for, by one sort.
    """
    none = np.zeros(asked.deal.size, dtype=np.int64)
    kept = ~np.isnan(value)
    if not kept.any() or not asked.deal.size:
        return none, none.copy()
    deal, key, won = followed.rows.deal[kept], key[kept], followed.won[kept]
    values, rank = np.unique(value[kept], return_inverse=True)
    size = values.size + 2
    order = np.lexsort((deal, key))  # stable, so days stay in order
    deal, key, rank, won = deal[order], key[order], rank[order], won[order]
    begins = np.r_[True, (key[1:] != key[:-1]) | (deal[1:] != deal[:-1])]
    part = np.cumsum(begins) - 1
    most = np.maximum.accumulate(part * size + rank) - part * size
    before = np.where(begins, -1, np.r_[-1, most[:-1]])
    first = most > before  # the first row of its deal to come this far
    wanted = np.searchsorted(values, asked.least)
    found = _between(key[first], before[first], most[first], size, asked.key, wanted)
    found_won = _between(key[first & won], before[first & won], most[first & won], size, asked.key, wanted)
    own = _own(part * size + most, key[begins], deal[begins], size, asked, wanted)
    there = own >= 0
    return found - there, found_won - (there & won[np.maximum(own, 0)])


def _between(key: IntArray, before: IntArray, most: IntArray, size: int, asked: IntArray, wanted: IntArray) -> IntArray:
    """How many rows of the asked key came this far for the first time: before < wanted <= most."""
    low, high = np.sort(key * size + before + 1), np.sort(key * size + most + 1)
    at = asked * size + wanted + 1
    found: IntArray = np.searchsorted(low, at) - np.searchsorted(high, at)
    return found


def _own(reached: IntArray, key: IntArray, deal: IntArray, size: int, asked: Like, wanted: IntArray) -> IntArray:
    """The row with which the asked deal itself is counted; −1 where it is not."""
    deals = int(max(deal.max(), asked.deal.max())) + 1
    pair, at = key * deals + deal, asked.key * deals + asked.deal
    part = np.searchsorted(pair, at)
    known = (part < pair.size) & (pair[np.minimum(part, pair.size - 1)] == at)
    row = np.searchsorted(reached, part * size + wanted)
    inside = known & (row < reached.size) & (reached[np.minimum(row, reached.size - 1)] // size == part)
    return np.where(inside, row, -1)
