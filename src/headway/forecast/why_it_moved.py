"""Why the number changed between two days: causes that add up exactly, each with the deals and events behind it.

Method page: docs/methods/why-it-moved.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np

from headway.basics.figures import counted
from headway.conformance.arrays import BoolArray, IntArray
from headway.deals.event_log import EventLog, sql_text
from headway.forecast.known_at import day_number, day_of
from headway.forecast.snapshots import Snapshots
from headway.forecast.value import Moved, Period, Piece
from headway.forecast.why_groups import CAUSES, KEYS, Told
from headway.forecast.why_pieces import Days, Pieces, State, pieces_between
from headway.forecast.why_words import KINDS, Case, Words
from headway.process.definition import Process

__all__ = ["CAUSES", "State", "moved_between"]

LEAST_SHARE = 0.005
MOST_PIECES = 200


def moved_between(
    before: State,
    after: State,
    period: Period,
    log: EventLog,
    processes: Sequence[Process],
    *,
    currency: str | None = None,
) -> Moved:
    """Every cause with its sum, and the pieces behind it; pieces, causes and the change agree to the cent.

    Pieces below 0.5 % of the change, or beyond the 200 largest, are one piece per cause (`deal` empty: other deals).
    `log`: the one both states were read from, built as of `after` or later. ValueError where `after` is not later.
    """
    if after.known.day <= before.known.day:
        raise ValueError("the later state must be of a later day")
    from_on, to_on = day_of(before.known.day), day_of(after.known.day)
    days = Days(day_number(period.starts_on), day_number(period.ends_on))
    pieces = pieces_between(before, after, days, _told(log, from_on, to_on))
    decided = max(after.known.decided - before.known.decided, 0)
    words = Words(from_on, to_on, period.ends_on, processes, currency, decided)
    named = _named(pieces)
    largest = np.flatnonzero(named)[np.argsort(-np.abs(pieces.cents[named]), kind="stable")]
    return Moved(
        from_on=from_on,
        to_on=to_on,
        before=pieces.before / 100,
        after=pieces.after / 100,
        causes=_causes(pieces),
        pieces=(*_told_pieces(pieces, largest, before, after, words, log), *_rest(pieces, ~named)),
    )


def _told(log: EventLog, from_on: date, to_on: date) -> Told:
    found = log.table(sql_text(__package__, "why_told"), {"from_on": from_on, "to_on": to_on})
    deal = found.column("deal").to_numpy().astype(np.int64)
    shown, doubted = (found.column(name).to_numpy(zero_copy_only=False).astype(bool) for name in ("shown", "doubted"))
    return Told(deal[shown], deal[doubted])


def _named(pieces: Pieces) -> BoolArray:
    """Which pieces are shown one by one."""
    size = np.abs(pieces.cents)
    named: BoolArray = size >= LEAST_SHARE * abs(pieces.after - pieces.before)
    if int(named.sum()) > MOST_PIECES:
        largest = np.argsort(-size, kind="stable")[:MOST_PIECES]
        kept = np.zeros(size.size, dtype=np.bool_)
        kept[largest] = True
        named &= kept
    return named


def _causes(pieces: Pieces) -> tuple[tuple[str, float, int], ...]:
    cents = np.zeros(len(KEYS), dtype=np.int64)
    np.add.at(cents, pieces.cause, pieces.cents)
    deals = np.bincount(pieces.cause, minlength=len(KEYS))
    order = sorted(np.flatnonzero(deals).tolist(), key=lambda cause: (-abs(int(cents[cause])), cause))
    return tuple((KEYS[cause], int(cents[cause]) / 100, int(deals[cause])) for cause in order)


def _rest(pieces: Pieces, left: BoolArray) -> list[Piece]:
    """All others as one piece per cause, in the order of the causes."""
    found = []
    for cause, key in enumerate(KEYS):
        cents = pieces.cents[left & (pieces.cause == cause)]
        if cents.size:
            found.append(Piece("", counted(int(cents.size), "other deal"), key, int(cents.sum()) / 100, CAUSES[key]))
    return found


def _told_pieces(
    pieces: Pieces, places: IntArray, before: State, after: State, words: Words, log: EventLog
) -> list[Piece]:
    """The pieces at these places, each with its events in words."""
    deals = np.unique(pieces.deal[places])
    asked = {"deals": deals.tolist()}
    names = {row["deal"]: row for row in log.rows(sql_text(__package__, "why_deals"), asked)}
    events: dict[int, list[dict[str, Any]]] = {}
    between = {"from_on": words.from_on, "to_on": words.to_on}
    for row in log.rows(sql_text(__package__, "why_events"), asked | between):
        events.setdefault(row["deal"], []).append(row)
    was, now = _columns(before.known.now, deals), _columns(after.known.now, deals)
    booked = dict(zip(after.booked_deals.tolist(), np.nan_to_num(after.booked).tolist(), strict=True))
    found = []
    for place in places.tolist():
        deal, key, amount = int(pieces.deal[place]), KEYS[pieces.cause[place]], int(pieces.cents[place]) / 100
        behind = tuple(event for event in events.get(deal, ()) if event["kind"] in KINDS.get(key, ()))
        case = Case(key, was.get(deal, {}), now.get(deal, {}), behind, amount, booked.get(deal))
        found.append(Piece(names[deal]["id"], names[deal]["name"], key, amount, words.why(case), case.ordinals))
    return found


def _columns(rows: Snapshots, deals: IntArray) -> Mapping[int, dict[str, float]]:
    """Every column of these deals' rows, by deal."""
    kept = rows.take(np.isin(rows.deal, deals))
    columns = {one.name: getattr(kept, one.name).tolist() for one in fields(kept)}
    return {deal: {name: values[row] for name, values in columns.items()} for row, deal in enumerate(columns["deal"])}
