"""What each cause adds to the change of a number between two days, deal by deal and to the cent.

The number is what was booked in a period and, of every open deal, its amount times the chance of being won by the
period's end. Of a deal open on both days its columns are exchanged group by group, the model and the day staying as
they were, once in the order of `GROUPS` and once in the reverse of it; what a group adds is the mean of both. After
that the days pass, and then the model is the later one. Method page: docs/methods/why-it-moved.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.forecast.method import Chances
from headway.forecast.snapshots import LOST, NO_DECISION, OPEN, UNSEEN, WON, KnownAt, Snapshots
from headway.forecast.why_groups import GROUPS, KEYS, NUMBER, Both, Told, causes_of


class Asked(Protocol):
    """A fitted model that is asked about deals, as they were or as they might be."""

    def chances(self, rows: Snapshots, horizons: Sequence[int]) -> Chances:
        """Chances of these rows, in their order."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What a number rested on at the end of the day `known.day`.

    `booked_deals`, `booked`: the deals won in the period by then, and for how much (NaN: not known).
    """

    known: KnownAt
    model: Asked
    booked_deals: IntArray
    booked: FloatArray


@dataclass(frozen=True, slots=True)
class Days:
    """The period as days since 1970-01-01, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What each cause adds on each deal, in cents; every column is (n,). `before`, `after`: the number, in cents."""

    deal: IntArray
    cause: IntArray
    cents: IntArray
    before: int
    after: int


def pieces_between(before: State, after: State, period: Days, told: Told) -> Pieces:
    """Every cause on every deal that changed; for each deal and in all, the cents add up exactly."""
    deal = np.unique(
        np.concatenate([before.known.now.deal, after.known.now.deal, before.booked_deals, after.booked_deals])
    )
    worth_before, worth_after = _worths(before, period, deal), _worths(after, period, deal)
    cents = np.zeros((len(KEYS), deal.size), dtype=np.int64)
    both = np.isin(deal, before.known.now.deal) & np.isin(deal, after.known.now.deal)
    both &= ~np.isin(deal, before.booked_deals) & ~np.isin(deal, after.booked_deals)
    change = worth_after - worth_before
    if both.any():
        was, now = _in_order(before.known.now, deal[both]), _in_order(after.known.now, deal[both])
        added = _added(Both(was, now, was), before.model, after.model, period, told)
        cents[:, both] = _to_the_cent(added, change[both])
    rest = np.flatnonzero(~both)
    cents[_ended(before, after, deal[rest]), rest] = change[rest]
    cause, place = np.nonzero(cents)
    return Pieces(deal[place], cause, cents[cause, place], int(worth_before.sum()), int(worth_after.sum()))


def _worths(state: State, period: Days, deals: IntArray) -> IntArray:
    """What each of `deals` (sorted, with all that the state holds) adds to the number, in cents."""
    found = np.zeros(deals.size)
    now = state.known.now
    found[np.searchsorted(deals, now.deal)] = _worth(state.model, now, period, now.amount)
    np.add.at(found, np.searchsorted(deals, state.booked_deals), np.nan_to_num(state.booked))
    return np.rint(100 * found).astype(np.int64)


def _worth(model: Asked, rows: Snapshots, period: Days, amount: FloatArray) -> FloatArray:
    """Amount times the chance of being won in the period; 0 where the amount is not known."""
    if not len(rows):
        return np.zeros(0)
    day = int(rows.day[0])
    last, first = period.last - day, period.first - 1 - day
    if last <= 0:
        return np.zeros(len(rows))
    asked = (first, last) if first > 0 else (last,)
    won = model.chances(rows, asked).value[:, :, WON]
    chance = won[:, -1] - won[:, 0] if first > 0 else won[:, -1]
    return np.nan_to_num(amount) * chance


def _in_order(rows: Snapshots, deals: IntArray) -> Snapshots:
    """The rows of these deals (sorted)."""
    order = np.argsort(rows.deal, kind="stable")
    return rows.take(order[np.searchsorted(rows.deal[order], deals)])


def _added(both: Both, earlier: Asked, later: Asked, period: Days, told: Told) -> FloatArray:
    """What each cause (rows) adds on each deal (columns), in money."""
    found = np.zeros((len(KEYS), len(both.was)))
    start = _worth(earlier, both.was, period, both.was.amount)
    groups = [(causes_of(key, both, told), columns) for key, columns in GROUPS]
    every = np.arange(len(both.was))
    for order in (groups, groups[::-1]):
        rows, worth = both.was, start
        for causes, columns in order:
            exchanged = columns(replace(both, rows=rows))
            changed = np.zeros(len(rows), dtype=bool)
            for name, values in exchanged.items():
                changed |= ~_alike(getattr(rows, name), values)
            if not changed.any():
                continue
            rows = replace(rows, **exchanged)  # type: ignore[arg-type]  # columns of the same kinds
            asked = rows.take(changed)
            became = worth.copy()
            became[changed] = _worth(earlier, asked, period, asked.amount)
            found[causes, every] += (became - worth) / 2
            worth = became
    passed = _worth(earlier, both.now, period, both.now.amount)
    found[NUMBER["time"]] = passed - worth
    found[NUMBER["learned"]] = _worth(later, both.now, period, both.now.amount) - passed
    return found


def _alike(one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]) -> BoolArray:
    return np.asarray((one == other) | ((one != one) & (other != other)))


def _to_the_cent(added: FloatArray, change: IntArray) -> IntArray:
    """`added` in cents, so that each deal's column adds up to its `change`: the largest one takes up the difference."""
    cents = np.rint(100 * added).astype(np.int64)
    largest = np.abs(added).argmax(axis=0)
    cents[largest, np.arange(change.size)] += change - cents.sum(axis=0)
    return cents


def _ended(before: State, after: State, deals: IntArray) -> IntArray:
    """The cause on deals that are not open on both days."""
    was_open, is_open = np.isin(deals, before.known.now.deal), np.isin(deals, after.known.now.deal)
    booked, is_booked = np.isin(deals, before.booked_deals), np.isin(deals, after.booked_deals)
    spans = after.known.spans
    ended = spans.take((spans.after != OPEN) & (spans.end > before.known.day) & np.isin(spans.deal, deals))
    order = np.argsort(ended.end, kind="stable")  # of several endings the last one is written last
    exits = np.full(deals.size, UNSEEN)
    exits[np.searchsorted(deals, ended.deal[order])] = ended.after[order]
    lived = np.isin(deals, before.known.spans.deal) | booked
    return np.select(
        [booked & is_booked, is_booked & ~booked, is_open & lived, is_open, exits == WON, exits == LOST,
         exits == NO_DECISION, was_open | booked],
        [NUMBER[key] for key in ("amount", "won", "reopened", "new", "won", "lost", "no_decision", "other")],
        default=NUMBER["other"],
    )  # fmt: skip
