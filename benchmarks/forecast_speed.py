"""Fit and forecast 100,000 open deals from 500,000 decided ones, beside scikit-learn's gradient boosting.

`.venv/bin/python -m benchmarks.forecast_speed` makes a firm up (whose true chances are known), prints the seconds that
Headway takes to fit and to forecast every open deal for 13 weeks with intervals, the seconds that
HistGradientBoostingClassifier takes to fit the same table of landmarks once, the ratio, the most memory held, and the
seconds of a refit for a team of about 200 decided deals.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from headway.conformance.arrays import FloatArray, IntArray
from headway.forecast.baselines import table_of
from headway.forecast.model import Model, model_of
from headway.forecast.snapshots import LOST, NEVER, NO_DECISION, OPEN, UNSEEN, WON, KnownAt, Snapshots, Spans

LEVELS, OWNERS = 4, 200
MOST_WEEKLY = 400_000  # as many as headway.forecast.known_at hands over
WEEKS = tuple(range(7, 92, 7))
ACTED = 3


def true_hazards(level: IntArray, silence: IntArray, amount: FloatArray) -> FloatArray:
    """(n, 4): the made-up firm's daily chances to be won, lost, ended in no decision, and of a buyer act."""
    won = (
        np.where(level == LEVELS, 0.045, 0.001 * level) * np.exp(-0.2 * (amount - 10)) * np.where(silence < 14, 1, 0.4)
    )
    lost = np.full(level.size, 0.004)
    quiet = np.where(silence < 21, 0.001, 0.012)
    acted = 0.05 * np.exp(-silence / 20.0)
    return np.column_stack([won, lost, quiet, acted])


@dataclass(slots=True)
class _Firm:
    """The state of every deal while days go by; one place per deal."""

    start: IntArray
    amount: FloatArray
    owner: IntArray
    level: IntArray
    acted: IntArray
    began: IntArray
    since: IntArray
    exit: IntArray
    exit_day: IntArray


def made_up(deals: int, days: int = 400, *, seed: int = 0, most_weekly: int = MOST_WEEKLY) -> KnownAt:
    """All that is known on the last of `days` days of a firm to which as many deals come every day."""
    random = np.random.default_rng(seed)
    begun = np.sort(random.integers(0, days, deals))
    firm = _Firm(
        begun, random.normal(10, 1, deals), random.integers(0, OWNERS, deals), np.ones(deals, dtype=np.int64),
        begun.copy(), begun.copy(), begun.copy(), np.full(deals, OPEN), np.full(deals, NEVER),
    )  # fmt: skip
    told = random.random(deals) < most_weekly / max(deals * 8, 1)  # a deal is open for some eight weeks
    spans: list[tuple[IntArray, ...]] = []
    weekly: list[Snapshots] = []
    alive = np.zeros(0, dtype=np.int64)
    for day in range(days):
        if day and (days - 1 - day + 1) % 7 == 0:
            weekly.append(_seen(firm, alive[told[alive]], day - 1))
        alive = _next_day(firm, alive, day, random, spans)
        alive = np.concatenate([alive, np.flatnonzero(firm.start == day)])
    last = days - 1
    spans.append(_cut(firm, alive[firm.began[alive] < last], np.full(deals, last), OPEN, UNSEEN - 1))
    columns = [np.concatenate(parts) for parts in zip(*spans, strict=True)]
    lived = Spans(*columns)
    now = _seen(firm, alive, last)
    past = _joined(weekly, firm) if weekly else now.take(np.zeros(0, dtype=np.int64))
    stages = (tuple(f"Stage {one}" for one in range(1, LEVELS + 1)),)
    decided = int((lived.after != OPEN).sum())
    return KnownAt(last, now, past, lived, stages, tuple(f"Owner {one}" for one in range(OWNERS)), (), 0, decided)


def _next_day(
    firm: _Firm, alive: IntArray, day: int, random: np.random.Generator, spans: list[tuple[IntArray, ...]]
) -> IntArray:
    """One day of all open deals: those that end leave, those whose buyer acts may reach the next level."""
    hazards = true_hazards(firm.level[alive], day - 1 - firm.acted[alive], firm.amount[alive])
    drawn = (random.random(alive.size)[:, None] >= np.cumsum(hazards, axis=1)).sum(axis=1)
    for kind in (WON, LOST, NO_DECISION):
        ended = alive[drawn == kind]
        spans.append(_cut(firm, ended, np.full(firm.start.size, day), kind, UNSEEN - 1))
        firm.exit[ended], firm.exit_day[ended] = kind, day
    moved = alive[drawn == ACTED]
    level = np.minimum(firm.level[moved] + (random.random(moved.size) < 0.4), LEVELS)
    cut = _cut(firm, moved, np.full(firm.start.size, day), OPEN, 0)
    spans.append((*cut[:-1], level))
    firm.since[moved] = np.where(level > firm.level[moved], day, firm.since[moved])
    firm.level[moved], firm.acted[moved], firm.began[moved] = level, day, day
    return alive[drawn >= ACTED]


def _cut(firm: _Firm, deals: IntArray, end: IntArray, after: int, level: int) -> tuple[IntArray, ...]:
    """The columns of `Spans` for stretches that end now."""
    same, nought = np.full(deals.size, after), np.zeros(deals.size, dtype=np.int64)
    own = firm.level[deals]
    began, acted = firm.began[deals], firm.acted[deals]
    return deals, deals, began, end[deals], nought, own, own, acted, same, np.full(deals.size, level)


def _seen(firm: _Firm, deals: IntArray, day: int) -> Snapshots:
    """The open deals at the end of a day; how they end is filled in later."""
    silence = (day - firm.acted[deals]).astype(np.float64)
    unknown = np.full(deals.size, np.nan)
    return Snapshots(
        deal=deals, spell=deals, day=np.full(deals.size, day), process=np.zeros(deals.size, dtype=np.int64),
        level=firm.level[deals], claimed=firm.level[deals], silence=silence, seller_silence=silence,
        age=(day - firm.start[deals]).astype(np.float64), stage_days=(day - firm.since[deals]).astype(np.float64),
        amount=np.exp(firm.amount[deals]), due_days=60 - silence, agreed_days=unknown, pushes=np.zeros(deals.size),
        activities=(day - firm.start[deals]) // 5.0, recent=np.minimum((day - firm.start[deals]) // 5.0, 3.0),
        owner=firm.owner[deals], segment=np.full(deals.size, UNSEEN),
        exit=firm.exit[deals], exit_day=firm.exit_day[deals],
    )  # fmt: skip


def _joined(parts: list[Snapshots], firm: _Firm) -> Snapshots:
    """Snapshots of many days in one, with the exits known at the end."""
    columns: dict[str, Any] = {
        one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Snapshots)
    }
    return replace(Snapshots(**columns), exit=firm.exit[columns["deal"]], exit_day=firm.exit_day[columns["deal"]])


def _timed(known: KnownAt) -> tuple[float, float]:
    begun = time.perf_counter()
    model = model_of(known)
    assert isinstance(model, Model)
    fitted = time.perf_counter()
    model.chances(known.now, WEEKS)
    return fitted - begun, time.perf_counter() - fitted


def _boosted(known: KnownAt) -> float:
    from sklearn.ensemble import HistGradientBoostingClassifier

    past = known.weekly.take(known.weekly.day + 30 <= known.day)
    rows, ended = table_of(past), past.ended_within(30)
    rows = rows[:, (rows != rows[:1]).any(axis=0)]
    rows = rows[:, ~np.isnan(rows).all(axis=0)]
    begun = time.perf_counter()
    HistGradientBoostingClassifier(random_state=0).fit(rows, ended)
    return time.perf_counter() - begun


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=600_000)
    known = made_up(parser.parse_args().deals)
    fit, forecast = _timed(known)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    boosted = _boosted(known)
    print(f"{known.decided:,} decided, {len(known.now):,} open, {len(known.weekly):,} landmarks")
    print(
        f"fit {fit:.1f} s, forecast {forecast:.1f} s, boosting {boosted:.1f} s, ratio {(fit + forecast) / boosted:.2f}"
    )
    print(f"most memory {peak:.2f} GiB, with the made-up firm")
    small = _timed(made_up(260))
    print(f"a team of about 200 decided deals: fit {small[0]:.2f} s, forecast {small[1]:.2f} s")


if __name__ == "__main__":
    main()
