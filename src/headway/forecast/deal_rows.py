"""Each open deal's forecast as a row: chances by week, the likely week, facts, and what would have to come true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from headway.conformance.arrays import BoolArray, FloatArray
from headway.deals.event_log import EventLog, sql_text
from headway.forecast.known_at import day_of
from headway.forecast.method import Chances
from headway.forecast.snapshots import LOST, NO_DECISION, UNSEEN, WON, KnownAt
from headway.forecast.value import BASE_RATE, MODEL, NOTHING, Chance, DealForecast, Fact, LikelyWeek, ToCome, Week
from headway.process.definition import Process

WEEKS = tuple(range(7, 92, 7))
"""The 13 weeks shown, as days."""
LEAST_CHANCE = 0.05
"""Of any decision within 13 weeks, below which no likely week is said."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What is said of the deals of `known.now`, in their order. `by_end` None: the period is over."""

    basis: str
    weekly: Chances
    by_end: Chances | None
    decision_days: FloatArray | None
    facts: Sequence[tuple[Fact, ...]]
    to_come: Mapping[int, tuple[ToCome, ...]]
    stalled: BoolArray
    seen: BoolArray


def deal_rows(log: EventLog, processes: Sequence[Process], known: KnownAt, said: Said) -> tuple[DealForecast, ...]:
    """One row per open deal, those with the largest expected amount first."""
    log.replace("rows_asked", pa.table({"deal": known.now.deal}))
    about = {row["deal"]: row for row in log.rows(sql_text(__package__, "rows_about"))}
    log.connection.execute("DROP TABLE rows_asked")
    today = day_of(known.day)
    days = tuple(today + timedelta(days=ahead) for ahead in WEEKS)
    rows = [_row(place, about[int(deal)], known, said, days, processes) for place, deal in enumerate(known.now.deal)]
    return tuple(sorted(rows, key=lambda row: (-row.expected, -(row.amount or 0.0), row.id)))


def _row(
    place: int, about: Mapping[str, Any], known: KnownAt, said: Said, days: Sequence[date], processes: Sequence[Process]
) -> DealForecast:
    now = known.now
    process = processes[int(now.process[place])]
    amount, silence = float(now.amount[place]), float(now.silence[place])
    told = said.basis != NOTHING
    weekly = said.weekly
    return DealForecast(
        id=about["id"],
        name=about["name"],
        account=about["account"],
        owner=about["owner"],
        team=about["team"],
        segment=about["segment"],
        process=process.name,
        claimed=_stage(process, int(now.claimed[place])),
        evidenced=_stage(process, int(now.level[place])),
        amount=None if np.isnan(amount) else amount,
        closes_on=_date(about["close_on"]),
        silence_days=None if np.isnan(silence) else int(silence),
        basis=said.basis,
        won=_chance(weekly, place, -1, WON) if told else None,
        lost=_chance(weekly, place, -1, LOST) if told else None,
        no_decision=_chance(weekly, place, -1, NO_DECISION) if told else None,
        by_end=_chance(said.by_end, place, 0, WON) if told and said.by_end is not None else None,
        weeks=_weeks(weekly, place, days) if said.basis == MODEL else (),
        likely=_likely(said, place, day_of(known.day)),
        facts=said.facts[place],
        to_come=said.to_come.get(int(now.deal[place]), ()),
        stalled=bool(said.stalled[place]),
        limits=_limits(about, amount, place, known, said),
    )


def _stage(process: Process, rank: int) -> str | None:
    """None where nothing is known; creation where nothing is evidenced yet is None too."""
    return process.stages[rank - 1].name if 0 < rank <= len(process.stages) else None


def _chance(chances: Chances, place: int, horizon: int, way: int) -> Chance:
    value, low, high = (round(float(one[place, horizon, way]), 4) for one in (chances.value, chances.low, chances.high))
    return Chance(value, min(low, value), max(high, value))


def _weeks(weekly: Chances, place: int, days: Sequence[date]) -> tuple[Week, ...]:
    return tuple(
        Week(
            on,
            _chance(weekly, place, week, WON),
            round(float(weekly.value[place, week, LOST]), 4),
            round(float(weekly.value[place, week, NO_DECISION]), 4),
        )
        for week, on in enumerate(days)
    )


def _likely(said: Said, place: int, today: date) -> LikelyWeek | None:
    if said.decision_days is None or said.weekly.value[place, -1].sum() < LEAST_CHANCE:
        return None
    low, middle, high = (today + timedelta(days=int(np.ceil(days))) for days in said.decision_days[place])
    return LikelyWeek(middle, low, high)


def _limits(about: Mapping[str, Any], amount: float, place: int, known: KnownAt, said: Said) -> tuple[str, ...]:
    found = []
    if not about["counted"]:
        found.append(f"its amount is in {about['currency']}, for which no rate is stated, and is not summed")
    elif np.isnan(amount):
        found.append("no amount")
    elif amount <= 0:
        found.append("its amount is not above zero, and is not summed")
    due = float(known.now.due_days[place])
    if due < 0:
        found.append(f"its close date has passed by {round(-due)} {'day' if round(-due) == 1 else 'days'}")
    if said.basis == MODEL and not said.seen[place]:
        found.append("no past deal was ever where it is")
    if said.basis == BASE_RATE:
        found.append("the chance is that of all deals")
    if int(known.now.level[place]) == UNSEEN:
        found.append("no buyer act was ever seen")
    return tuple(found)


def _date(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value
