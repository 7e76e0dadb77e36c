"""What each cause adds to the change of a number between two days, deal by deal and to the cent.

The number is what was booked in a period and, of every open deal, its amount times the chance of being won by the
period's end. Of a deal open on both days its columns are exchanged group by group, the model and the day staying as
they were, once in the order of `GROUPS` and once in the reverse of it; what a group adds is the mean of both. After
that the days pass, and then the model is the later one. Method page: docs/methods/why-it-moved.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.forecast.asked import Asked, won_within
from headway.forecast.snapshots import LOST, NO_DECISION, OPEN, UNSEEN, WON, KnownAt, Snapshots
from headway.forecast.why_groups import GROUPS, KEYS, NUMBER, Both, Told, causes_of


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
    was, now = before.known.now, after.known.now
    deal = np.unique(np.concatenate([was.deal, now.deal, before.booked_deals, after.booked_deals]))
    both = np.isin(deal, was.deal) & np.isin(deal, now.deal)
    both &= ~np.isin(deal, before.booked_deals) & ~np.isin(deal, after.booked_deals)
    stay_was, stay_now = _in_order(was, deal[both]), _in_order(now, deal[both])
    steps = _steps(stay_was, stay_now, told)
    then, *stepped = _worths(before.model, before.known.day, period, [was, *(step.rows for step in steps)])
    later = _worths(after.model, after.known.day, period, [now])[0]
    passed = _worths(before.model, after.known.day, period, [stay_now])[0]
    worth_before, worth_after = _in_all(before, then, deal), _in_all(after, later, deal)
    cents_before, cents_after = (np.rint(100 * worth).astype(np.int64) for worth in (worth_before, worth_after))
    change = cents_after - cents_before
    cents = np.zeros((len(KEYS), deal.size), dtype=np.int64)
    added = _added(steps, stepped, worth_before[both], passed, worth_after[both])
    cents[:, both] = _to_the_cent(added, change[both])
    rest = np.flatnonzero(~both)
    cents[_ended(before, after, deal[rest]), rest] = change[rest]
    cause, place = np.nonzero(cents)
    return Pieces(deal[place], cause, cents[cause, place], int(cents_before.sum()), int(cents_after.sum()))


def _worths(model: Asked, day: int, period: Days, many: Sequence[Snapshots]) -> list[FloatArray]:
    """Amount times the chance of being won in the period, of each row; 0 where the amount is not known."""
    last, first = period.last - day, period.first - 1 - day
    if last <= 0:
        return [np.zeros(len(rows)) for rows in many]
    chances = won_within(model, many, (first, last) if first > 0 else (last,))
    return [
        np.nan_to_num(rows.amount) * (won[:, -1] - won[:, 0] if first > 0 else won[:, -1])
        for rows, won in zip(many, chances, strict=True)
    ]


def _in_all(state: State, worth: FloatArray, deals: IntArray) -> FloatArray:
    """What each of `deals` (sorted, with all that the state holds) adds to the number."""
    found = np.zeros(deals.size)
    found[np.searchsorted(deals, state.known.now.deal)] = worth
    np.add.at(found, np.searchsorted(deals, state.booked_deals), np.nan_to_num(state.booked))
    return found


def _in_order(rows: Snapshots, deals: IntArray) -> Snapshots:
    """The rows of these deals (sorted)."""
    order = np.argsort(rows.deal, kind="stable")
    return rows.take(order[np.searchsorted(rows.deal[order], deals)])


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """One group exchanged on the deals where it changed (`changed`: their places), which are then `rows`.

    `first`: whether it begins one of the two orders, at the deals as they were.
    """

    causes: IntArray
    changed: IntArray
    rows: Snapshots
    first: bool


def _steps(was: Snapshots, now: Snapshots, told: Told) -> list[_Step]:
    """All exchanges, in the order of the groups and then in the reverse of it."""
    found = []
    for order in (GROUPS, GROUPS[::-1]):
        both, first = Both(was, now, was), True
        for key, columns in order:
            exchanged = columns(both)
            differs = np.zeros(len(was), dtype=np.bool_)
            for name, values in exchanged.items():
                differs |= ~_alike(getattr(both.rows, name), values)
            changed = np.flatnonzero(differs)
            rows = replace(both.rows, **exchanged)  # type: ignore[arg-type]  # columns of the same kinds
            found.append(_Step(causes_of(key, both, told)[changed], changed, rows.take(changed), first))
            both, first = replace(both, rows=rows), False
    return found


def _added(
    steps: Sequence[_Step], stepped: Sequence[FloatArray], start: FloatArray, passed: FloatArray, end: FloatArray
) -> FloatArray:
    """What each cause (rows) adds on each deal (columns), in money. `stepped`: what the rows of each step are worth."""
    found = np.zeros((len(KEYS), start.size))
    worth = start
    for step, became in zip(steps, stepped, strict=True):
        worth = (start if step.first else worth).copy()
        np.add.at(found, (step.causes, step.changed), (became - worth[step.changed]) / 2)
        worth[step.changed] = became
    found[NUMBER["time"]] = passed - worth
    found[NUMBER["learned"]] = end - passed
    return found


def _alike(one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]) -> BoolArray:
    alike: BoolArray = np.asarray((one == other) | ((one != one) & (other != other)), dtype=np.bool_)
    return alike if alike.ndim == 1 else np.all(alike, axis=1)


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
        [booked & is_booked & ~is_open, is_booked & ~booked, is_open & lived, is_open, exits == WON, exits == LOST,
         exits == NO_DECISION, was_open | booked],
        [NUMBER[key] for key in ("amount", "won", "reopened", "new", "won", "lost", "no_decision", "other")],
        default=NUMBER["other"],
    )  # fmt: skip
