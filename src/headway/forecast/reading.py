"""Reads a log into plain columns of what was known of its deals, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.deals.event_log import EventLog, sql_text
from headway.evidence.rewound import rewound
from headway.forecast.snapshots import NEVER, OPEN, UNSEEN
from headway.forecast.timelines import (
    SPAN,
    Steps,
    keys_of,
    last_named,
    latest,
    latest_unless_retracted,
    pushes_of,
    whole,
)

EPOCH = date(1970, 1, 1)
MOST_KINDS = 12
"""Kinds of activities that are counted one by one."""
TABLES = ("spells", "ranks", "acts", "activities", "owners")


@dataclass(frozen=True, slots=True, eq=False)
class Spells:
    """Open lives of deals, by deal and day. `end`: the day it was known to be decided, NEVER while it is open."""

    deal: IntArray
    start: IntArray
    end: IntArray
    exit: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Stretches in which nothing changed that models are told, the buyer's acts included, by deal and day (`key`)."""

    key: IntArray
    spell: IntArray
    start: IntArray
    end: IntArray
    level: IntArray
    claimed: IntArray
    claimed_since: IntArray
    amount: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Columns per deal (by its number), its spells and pieces, and what else was known of it; days since 1970-01-01.

    `amount`: as known at the end of the log, NaN where it is not or in another currency (`counted` false).
    """

    ids: tuple[str, ...]
    process: IntArray
    segment: IntArray
    segments: tuple[str, ...]
    teams: tuple[str | None, ...]
    owners: tuple[str, ...]
    currency: str | None
    amount: FloatArray
    counted: BoolArray
    spells: Spells
    pieces: Pieces
    acts: Steps
    activities: Steps
    kinds: tuple[str, ...]
    by_kind: tuple[Steps, ...]
    close_dates: Steps
    pushes: Steps
    agreed: Steps
    held: Steps


def read_log(log: EventLog, days: Sequence[date]) -> Read:
    """`days`: every day from the first on which anything was known to the last."""
    deals = log.table(sql_text(__package__, "past_deals"))
    first = (days[0] - EPOCH).days if days else 0
    tables = _tables(log, days)
    on = {name: whole(table, "day") + first - 1 for name, table in tables.items()}
    of = {name: whole(table, "deal") for name, table in tables.items()}
    process = whole(deals, "process")
    spells = _spells(tables["spells"], of["spells"], on["spells"], first, len(days), process)
    owners, held = _coded(log, tables["owners"])
    segments, segment = _names(deals.column("segment"))
    acts = tables["acts"]
    gone = whole(acts, "until")
    gone = np.where(gone > len(days), NEVER, _day(gone, first))
    acted = latest_unless_retracted(of["acts"], on["acts"], gone, whole(acts, "value", -NEVER))
    dates, agreed = tables["close_date_set"], tables["act_agreed"]
    due = (of["close_date_set"], on["close_date_set"], whole(dates, "turn"), whole(dates, "value", NEVER))
    kinds, by_kind = _by_kind(log, tables["activities"], of["activities"], on["activities"])
    currencies = deals.column("main_currency").to_pylist()
    return Read(
        ids=tuple(deals.column("id").to_pylist()),
        process=process,
        segment=segment,
        segments=segments,
        teams=tuple(deals.column("team").to_pylist()),
        owners=owners,
        currency=currencies[0] if currencies else None,
        amount=deals.column("amount").to_numpy(zero_copy_only=False).astype(np.float64),
        counted=deals.column("counted").to_numpy(zero_copy_only=False).astype(np.bool_),
        spells=spells,
        pieces=_pieces(tables["ranks"], of["ranks"], on["ranks"], first, acted, spells),
        acts=acted,
        activities=latest(of["activities"], on["activities"], whole(tables["activities"], "value")),
        kinds=kinds,
        by_kind=by_kind,
        close_dates=last_named(*due),
        pushes=pushes_of(*due),
        agreed=last_named(
            of["act_agreed"], on["act_agreed"], whole(agreed, "turn"), whole(agreed, "value", NEVER)
        ),
        held=last_named(of["owners"], on["owners"], whole(tables["owners"], "turn"), held),
    )  # fmt: skip


def _tables(log: EventLog, days: Sequence[date]) -> dict[str, pa.Table]:
    kinds = ("close_date_set", "act_agreed")
    if not days:
        empty = pa.table({name: pa.array([], pa.int64()) for name in EMPTY})
        return dict.fromkeys((*TABLES, *kinds), empty)
    with rewound(log, days):
        found = {}
        for name in TABLES:
            query = sql_text(__package__, f"past_{name}")
            found[name] = log.table(query, {"first": days[0]} if "$first" in query else {})
        for kind in kinds:
            found[kind] = log.table(sql_text(__package__, "past_dates"), {"first": days[0], "kind": kind})
    return found


EMPTY = ("deal", "day", "until", "value", "kind", "turn", "ended", "claimed", "level", "amount")


def _day(numbers: IntArray, first: int) -> IntArray:
    """Numbers of days of the rewind as days since 1970-01-01."""
    return numbers + first - 1


def _spells(table: pa.Table, deal: IntArray, start: IntArray, first: int, days: int, process: IntArray) -> Spells:
    """Rows that follow each other without a day between them are one spell."""
    until = whole(table, "until")
    end = np.where(until > days, NEVER, _day(until, first))
    ended = np.where(until > days, OPEN, whole(table, "ended"))
    kept = process[deal] >= 0
    deal, start, end, ended = deal[kept], start[kept], end[kept], ended[kept]
    begins = np.ones(deal.size, dtype=np.bool_)
    begins[1:] = (deal[1:] != deal[:-1]) | (start[1:] != end[:-1])
    last = np.r_[begins[1:], np.ones(min(1, deal.size), dtype=np.bool_)]
    return Spells(deal[begins], start[begins], end[last], ended[last])


def _pieces(table: pa.Table, deal: IntArray, start: IntArray, first: int, acts: Steps, spells: Spells) -> Pieces:
    """Spans of one rank, cut where the buyer is known to act."""
    rank_key = keys_of(deal, start)
    spell_key = keys_of(spells.deal, spells.start)
    keys = np.unique(np.concatenate([rank_key, acts.key]))
    at_deal, at_day = keys // SPAN, keys % SPAN
    rank = np.searchsorted(rank_key, keys, side="right") - 1
    spell = np.searchsorted(spell_key, keys, side="right") - 1
    until = _day(whole(table, "until"), first)
    safe_rank, safe_spell = np.maximum(rank, 0), np.maximum(spell, 0)
    kept = (rank >= 0) & (spell >= 0)
    if kept.any():
        kept &= (deal[safe_rank] == at_deal) & (at_day < until[safe_rank])
        kept &= (spells.deal[safe_spell] == at_deal) & (at_day < spells.end[safe_spell])
    keys, at_day, rank, spell = keys[kept], at_day[kept], rank[kept], spell[kept]
    end = spells.end[spell] if spell.size else at_day
    follows = np.flatnonzero(spell[1:] == spell[:-1])
    end[follows] = at_day[follows + 1]
    claimed = whole(table, "claimed")[rank]
    return Pieces(
        key=keys,
        spell=spell,
        start=at_day,
        end=end,
        level=whole(table, "level")[rank],
        claimed=claimed,
        claimed_since=_since_change(spell, claimed, at_day),
        amount=table.column("amount").cast(pa.float64()).to_numpy(zero_copy_only=False)[rank],
    )


def _since_change(spell: IntArray, claimed: IntArray, day: IntArray) -> IntArray:
    """Per piece, the day from which its claim had been the same."""
    if not spell.size:
        return day
    changed = np.r_[True, (spell[1:] != spell[:-1]) | (claimed[1:] != claimed[:-1])]
    starts = np.flatnonzero(changed)
    return np.repeat(day[starts], np.diff(np.r_[starts, spell.size]))


def _coded(log: EventLog, table: pa.Table) -> tuple[tuple[str, ...], IntArray]:
    """Owners as numbers of their own; UNSEEN where the name is empty."""
    rows = log.rows("SELECT code, name FROM codes WHERE kind = 'owner_set' AND name IS NOT NULL ORDER BY name")
    numbers = {row["code"]: number for number, row in enumerate(rows)}
    values = whole(table, "value")
    distinct, places = np.unique(values, return_inverse=True)
    codes = np.array([numbers.get(code, UNSEEN) for code in distinct.tolist()], dtype=np.int64)
    return tuple(row["name"] for row in rows), codes[places] if distinct.size else values


def _by_kind(
    log: EventLog, table: pa.Table, deals: IntArray, days: IntArray
) -> tuple[tuple[str, ...], tuple[Steps, ...]]:
    """The first kinds of activities to be known, and of each what was done.

    In the order in which they became known (then by how often on that day, then by name), so that what becomes known
    later can only add a column, which is nought on every day before.
    """
    names = {row["code"]: row["name"] for row in log.rows("SELECT code, name FROM codes WHERE kind = 'activity_done'")}
    kind, value = whole(table, "kind"), whole(table, "value")
    found = []
    for code in np.unique(kind).tolist():
        first = int(days[kind == code].min())
        if names[code]:
            found.append((first, -int((days[kind == code] == first).sum()), names[code], code))
    kept = sorted(found)[:MOST_KINDS]
    steps = tuple(latest(deals[kind == code], days[kind == code], value[kind == code]) for *_, code in kept)
    return tuple(name for _, _, name, _ in kept), steps


def _names(column: pa.ChunkedArray) -> tuple[tuple[str, ...], IntArray]:
    values = column.to_pylist()
    distinct = sorted({value for value in values if value})
    numbers = {value: number for number, value in enumerate(distinct)}
    return tuple(distinct), np.array([numbers.get(value, UNSEEN) for value in values], dtype=np.int64)
