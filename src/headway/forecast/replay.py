"""Past weeks forecast again, each with only what had been recorded then, and what became of the deals.

`replay` fits and applies each method at each origin, a past day, through `Past.at` and nothing else. What became of the
deals is looked up afterwards, in what is known later. Method page: docs/methods/forecast.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.forecast import scores
from headway.forecast.baselines import usual_days
from headway.forecast.method import Chances, Method
from headway.forecast.snapshots import NEVER, OPEN, WON, KnownAt, Snapshots

HORIZON_DAYS = 30
WEEK = 7
TIMED_DAYS = (*range(1, 14), *range(14, 13 * WEEK, 3), 13 * WEEK)
"""Horizons that a method is asked for where the days to a decision count: up to the 13 weeks that are shown."""
MOST_ORIGINS = 12


class Past(Protocol):
    """The past of a log, as `headway.forecast.known_at` opens it."""

    def at(self, day: int) -> KnownAt:
        """All that had been recorded by the end of `day`."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """Every forecast of a replay, a row per origin and deal open then; columns (n,), chances (n, 3) by method.

    `origin`: which of `days`. `amount`: 0 where none above 0 is known. `ended`: WON, LOST, NO_DECISION within the
    horizon, else OPEN. `to_go`: days from the origin to the decision where it is known (`decided`), else for how long
    none is. `likely`: by method that was asked for it, (n, 3) the 10, 50 and 90 % point of the days to a decision, NaN
    where none. `usual`: (n,) the usual days. `how`: WON, LOST, NO_DECISION whenever it ended, else OPEN; `due_day`: the
    expected close date known at the origin, NEVER for none.
    """

    horizon_days: int
    days: tuple[int, ...]
    origin: IntArray
    deal: IntArray
    amount: FloatArray
    claimed: IntArray
    ended: IntArray
    to_go: FloatArray
    decided: BoolArray
    chances: Mapping[str, FloatArray]
    likely: Mapping[str, FloatArray]
    usual: FloatArray
    how: IntArray
    due_day: IntArray

    @property
    def won(self) -> BoolArray:
        """Won within the horizon."""
        found: BoolArray = self.ended == WON
        return found

    @property
    def booked(self) -> FloatArray:
        """(origins,): the sum of amounts won within the horizon."""
        return scores.totals(np.where(self.won, self.amount, 0.0), self.origin, len(self.days))

    def expected(self, method: str) -> FloatArray:
        """(origins,): the sum of amounts times the chance of being won."""
        return scores.totals(self.chances[method][:, WON] * self.amount, self.origin, len(self.days))


def weekly_origins(day: int, horizon_days: int = HORIZON_DAYS, most: int = MOST_ORIGINS) -> tuple[int, ...]:
    """The last weeks whose horizon has passed at the end of `day`, the earliest first."""
    newest = day - -(-horizon_days // WEEK) * WEEK  # whole weeks back, as the models of other past days are
    return tuple(newest - WEEK * back for back in reversed(range(most)))


def replay(
    past: Past,
    methods: Mapping[str, Method],
    origins: Sequence[int],
    horizon_days: int = HORIZON_DAYS,
    *,
    deals: BoolArray | None = None,
    forecast: BoolArray | None = None,
    timed: Collection[str] = (),
    until: int | None = None,
) -> Replay:
    """Forecast every deal open at each origin by each method, and look up what became of it.

    deals: which a method is fitted on, by a flag per deal of the log; forecast: which it is applied to, where others.
    timed: methods that are asked for the days to a decision too. until: the day by which outcomes are
    looked up, by default when the last horizon ends. Origins at which nothing was decided or open are left out.
    """
    if not origins:
        raise ValueError("a replay needs at least one origin")
    last = max(origins) + horizon_days if until is None else until
    ends = _ends(past.at(last))
    found = []
    for day in origins:
        known = past.at(day)
        if deals is not None:
            known = known.of(deals, forecast=forecast)
        if known.decided and len(known.now):
            found.append((day, known, *_forecast(known, methods, horizon_days, timed)))
    return _together(found, ends, horizon_days, last, (tuple(methods), tuple(timed)))


_Ends = tuple[IntArray, IntArray, IntArray]
_Found = tuple[int, KnownAt, dict[str, FloatArray], dict[str, FloatArray]]


def _forecast(
    known: KnownAt, methods: Mapping[str, Method], horizon_days: int, timed: Collection[str]
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    chances, likely = {}, {}
    for name, method in methods.items():
        asked = tuple(sorted({*TIMED_DAYS, horizon_days})) if name in timed else (horizon_days,)
        said = method(known, asked)
        chances[name] = said.value[:, asked.index(horizon_days)]
        if name in timed:
            likely[name] = days_to_decision(said)
    return chances, likely


def days_to_decision(said: Chances, *, shares: Sequence[float] = (0.1, 0.5, 0.9)) -> FloatArray:
    """(n, len(shares)): days by which these shares of a deal's decisions fall, if it is decided within the horizons.

    Straight lines between the horizons. NaN where the chance of any decision is 0.
    """
    ended = said.value.sum(axis=2)
    days = np.concatenate([[0.0], np.asarray(said.horizons, dtype=np.float64)])
    found = np.full((len(ended), len(shares)), np.nan)
    for row, chances in enumerate(ended):
        if chances[-1] > 0:
            found[row] = np.interp(shares, np.concatenate([[0.0], chances / chances[-1]]), days)
    return found


def _ends(known: KnownAt) -> _Ends:
    """Of every spell known to have ended: its key (ordered), how, and on which day."""
    ended = known.spans.after != OPEN
    keys = _keys(known.spans.deal[ended], known.spans.spell[ended])
    order = np.argsort(keys, kind="stable")
    return keys[order], known.spans.after[ended][order], known.spans.end[ended][order]


def _keys(deal: IntArray, spell: IntArray) -> IntArray:
    found: IntArray = (deal << 32) + spell
    return found


def _together(
    found: Sequence[_Found], ends: _Ends, horizon_days: int, last: int, names: tuple[tuple[str, ...], tuple[str, ...]]
) -> Replay:
    days = tuple(day for day, *_ in found)
    nows = [known.now for _, known, *_ in found]
    origin = _whole([np.full(len(now), place, dtype=np.int64) for place, now in enumerate(nows)])
    deal = _whole([now.deal for now in nows])
    began = np.array(days, dtype=np.int64)[origin] if days else origin
    exits, exit_days = _looked_up(_keys(deal, _whole([now.spell for now in nows])), ends)
    decided = exits != OPEN
    return Replay(
        horizon_days=horizon_days,
        days=days,
        origin=origin,
        deal=deal,
        amount=_money(np.concatenate([np.zeros(0), *(now.amount for now in nows)])),
        claimed=_whole([now.claimed for now in nows]),
        ended=np.where(decided & (exit_days - began <= horizon_days), exits, OPEN),
        to_go=np.where(decided, exit_days - began, last - began).astype(np.float64),
        decided=decided,
        chances={
            name: np.concatenate([np.zeros((0, 3)), *(said[name] for _, _, said, _ in found)]) for name in names[0]
        },
        likely={name: np.concatenate([np.zeros((0, 3)), *(days[name] for *_, days in found)]) for name in names[1]},
        usual=np.concatenate([np.zeros(0), *(usual_days(known) for _, known, *_ in found)]),
        how=exits,
        due_day=_whole([_due_days(now) for now in nows]),
    )


def _due_days(now: Snapshots) -> IntArray:
    """The expected close date of each, as a day; NEVER where none was known."""
    return np.where(np.isnan(now.due_days), NEVER, now.day + np.nan_to_num(now.due_days).astype(np.int64))


def _money(amount: FloatArray) -> FloatArray:
    return np.where(np.isfinite(amount) & (amount > 0), amount, 0.0)


def _whole(parts: Sequence[IntArray]) -> IntArray:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _looked_up(keys: IntArray, ends: _Ends) -> tuple[IntArray, IntArray]:
    names, exits, exit_days = ends
    if names.size == 0:
        return np.full(keys.size, OPEN), np.zeros(keys.size, dtype=np.int64)
    place = np.minimum(np.searchsorted(names, keys), names.size - 1)
    known = names[place] == keys
    return np.where(known, exits[place], OPEN), np.where(known, exit_days[place], 0)
