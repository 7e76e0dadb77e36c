"""What was known of each deal at any moment: the covariates of every landmark, read from the log once.

Needs the tables of `record_proof` and `lay_out`. Verdicts on the past ask what had happened by the landmark,
whenever it was recorded, except evidence recorded only after the decision: that may have been recorded because of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.basics.periods import naive_utc
from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.deals.event_log import EventLog, sql_text

DAY_US = 86_400_000_000
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """What happened to deals one after another: (m,) arrays sorted by deal and time; `value` is what it set."""

    key: IntArray
    at: IntArray
    value: IntArray
    first: IntArray  # (deals,) where each deal's rows begin
    origin: int
    span: int

    def count(self, deals: IntArray, at: IntArray) -> IntArray:
        """How many there had been on each deal by each moment (microseconds), the moment included."""
        return np.searchsorted(self.key, _keys(deals, at, self.origin, self.span), side="right") - self.first[deals]

    def last(self, deals: IntArray, at: IntArray) -> IntArray:
        """The row of the latest by each moment; −1 where there was none."""
        count = self.count(deals, at)
        return np.where(count > 0, self.first[deals] + count - 1, -1)

    def values_at(self, rows: IntArray, missing: int) -> FloatArray:
        """What those rows set; `missing` for −1."""
        return self.filled(rows, np.full(rows.size, missing)).astype(np.float64)

    def filled(self, rows: IntArray, otherwise: IntArray) -> IntArray:
        """What those rows set; `otherwise` (n,) for −1."""
        return np.where(rows >= 0, self.value[rows], otherwise) if self.value.size else otherwise


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Everything about deals that a landmark may need; arrays are indexed by the deal's number. NEVER: not decided.

    `repeated`: the same deal as an earlier one, exported twice. `process` is −1 for deals without one; `segment`,
    `record_type` and `owner` are codes, −1 where none is known.
    """

    at: int
    reviews: bool
    process: IntArray
    created: IntArray
    decided: IntArray
    won: BoolArray
    repeated: BoolArray
    amount: FloatArray
    segment: IntArray
    segments: tuple[str, ...]
    record_type: IntArray
    record_types: tuple[str, ...]
    owner: IntArray
    acts: Track
    milestones: Track
    stages: Track
    claims: Track
    activities: Track
    amounts: Track
    owners: Track
    inspections: Track

    def outcome(self, deals: IntArray, at: IntArray, horizon: int) -> BoolArray:
        """Won within `horizon` microseconds after `at`."""
        return self.won[deals] & (self.decided[deals] <= at + horizon)

    def owner_at(self, deals: IntArray, at: IntArray) -> IntArray:
        """Who held each deal then, else who holds it last."""
        return self.owners.filled(self.owners.last(deals, at), self.owner[deals])

    def amount_at(self, deals: IntArray, at: IntArray) -> FloatArray:
        """The amount as it was then, NaN where none was; where only the export's last day knows one, that."""
        last = self.amounts.last(deals, at)
        then = np.where(last >= 0, self.amounts.values_at(last, 0) / 100, np.nan)
        return np.where(self.amounts.count(deals, np.full(deals.size, self.at)) > 0, then, self.amount[deals])

    def inspected(self, deals: IntArray, start: IntArray, end: IntArray) -> BoolArray:
        """Whether a review looked at each deal from `start` to `end`."""
        return self.inspections.count(deals, end) > self.inspections.count(deals, start - 1)


def known_of(log: EventLog) -> Known:
    """Read it all, once for every step, rule and milestone."""
    for name in ("known_firsts", "known_levels"):
        log.connection.execute(sql_text(__package__, name))
    table = log.table(sql_text(__package__, "known_deals"))
    columns = {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}
    tracks = {name: _rows(log, f"known_{name}") for name in TRACKS}
    _, coded = _coded(np.concatenate([columns["owner"], tracks["owners"]["value"]]))
    deals = len(columns["deal"])
    tracks["owners"]["value"] = coded[deals:]
    moments = [columns["created_us"], *(track["at_us"] for track in tracks.values())]
    origin = min((int(m.min()) for m in moments if m.size), default=0)
    moment = {"at": naive_utc(log.as_of.at), "known_by": naive_utc(log.as_of.known_by)}
    at = int(log.value("SELECT epoch_us(CAST($at AS TIMESTAMP))", {"at": moment["at"]}))
    span = (at - origin) // 1000 + 2
    segments, segment = _coded(columns["segment"])
    record_types, record_type = _coded(columns["record_type"])
    return Known(
        at=at,
        reviews=bool(log.value(sql_text(__package__, "known_reviews"), moment)),
        process=_whole(columns["process"], -1),
        created=columns["created_us"].astype(np.int64),
        decided=_whole(columns["decided_us"], NEVER),
        won=columns["won"].astype(np.bool_),
        repeated=columns["repeated"].astype(np.bool_),
        amount=columns["amount"].astype(np.float64),
        segment=segment,
        segments=segments,
        record_type=record_type,
        record_types=record_types,
        owner=coded[:deals],
        **{name: _track(rows, deals, origin, span) for name, rows in tracks.items()},
    )


TRACKS = ("acts", "milestones", "stages", "claims", "activities", "amounts", "owners", "inspections")


def _rows(log: EventLog, query: str) -> dict[str, Any]:
    table = log.table(sql_text(__package__, query))
    return {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}


def _track(rows: dict[str, Any], deals: int, origin: int, span: int) -> Track:
    deal, at = rows["deal"].astype(np.int64), rows["at_us"].astype(np.int64)
    return Track(
        _keys(deal, at, origin, span),
        at,
        rows["value"].astype(np.int64),
        np.searchsorted(deal, np.arange(deals)),
        origin,
        span,
    )


def _keys(deals: IntArray, at: IntArray, origin: int, span: int) -> IntArray:
    """Deal and moment (to the millisecond) as one number that sorts by both."""
    moment = np.clip((at - origin) // 1000 + 1, 0, span - 1)
    return deals.astype(np.int64) * span + moment


def _coded(names: npt.NDArray[Any]) -> tuple[tuple[str, ...], IntArray]:
    known = np.array([name is not None for name in names], dtype=np.bool_)
    codes = np.full(names.size, -1, dtype=np.int64)
    distinct, codes[known] = np.unique(names[known].astype(str), return_inverse=True)
    return tuple(distinct.tolist()), codes


def _whole(values: npt.NDArray[Any], missing: int) -> IntArray:
    """Whole numbers of a column that may hold NULLs."""
    return np.array([missing if one is None or one != one else int(one) for one in values], dtype=np.int64)
