"""The columns that the regression looks at: a snapshot of a deal as numbers, each in a group that can be told apart.

Every column is finite for any snapshot: what is unknown is nought beside a flag that says so; what lies outside the
past is taken as the most extreme of the past; codes never seen before have no column. Columns without any difference
in the past are dropped. Owners and segments have one column each where enough deals are theirs; these are not brought
to one scale, so that the ridge pulls each of them towards all others (partial pooling).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from headway.conformance.arrays import FloatArray, IntArray
from headway.forecast.hazard import stage_said
from headway.forecast.snapshots import UNSEEN, Snapshots

GROUPS = {
    "evidence": "what the buyer has shown",
    "silence": "how long the buyer has been silent",
    "claim": "what the CRM claims",
    "stage": "how long the claimed stage has stood",
    "age": "how old the deal is",
    "amount": "how large the deal is",
    "outreach": "what the seller has done",
    "dates": "the expected close date and how often it moved",
    "agreed": "what the buyer has agreed to do next",
    "owner": "whose deal it is",
    "segment": "which segment it is in",
}
"""What the columns are about: key and words. Facts replace one group at a time by what is usual."""
POOLED = ("owner", "segment")
POOLED_DEALS = 10  # a column of one's own from so many deals on
POOLED_SCALE = 3.0  # an owner's column is this much smaller than others: pulled 9 times as hard
MOST_POOLED = 40  # columns of each kind, those with the most deals
YES = "if so"
DOUBLED = "twice as much"
WEEK = "a week more"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its group, its name and what one step of it is in words; `step`: that step in the column's scale."""

    group: str
    name: str
    unit: str
    step: float


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """Which codes have columns: those of the past. Levels and claims as (process, rank), numbered by `_pair`."""

    levels: IntArray
    claims: IntArray
    owners: IntArray
    segments: IntArray
    stages: tuple[tuple[str, ...], ...]
    owner_names: tuple[str, ...]
    segment_names: tuple[str, ...]
    kind_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """How snapshots become a matrix. `kept`: columns of the raw table that differ; `low`, `high`: their range in the
    past; `middle`, `scale`: to bring them to one scale."""

    codes: Codes
    columns: tuple[Column, ...]
    kept: IntArray
    low: FloatArray
    high: FloatArray
    middle: FloatArray
    scale: FloatArray

    def matrix(self, rows: Snapshots) -> FloatArray:
        """(n, p), finite, on one scale."""
        raw = _raw(rows, self.codes)[:, self.kept]
        found: FloatArray = (np.clip(raw, self.low, self.high) - self.middle) / self.scale
        return found


def design_of(
    rows: Snapshots,
    stages: tuple[tuple[str, ...], ...],
    names: tuple[tuple[str, ...], tuple[str, ...]],
    kinds: tuple[str, ...] = (),
) -> Design:
    """The columns in which `rows` (at least one) differ; `names`: of owners and of segments, by code."""
    codes = Codes(
        levels=np.unique(_pair(rows.process, rows.level)),
        claims=np.unique(_pair(rows.process, rows.claimed)),
        owners=_pooled(rows.owner, rows.deal),
        segments=_pooled(rows.segment, rows.deal),
        stages=stages,
        owner_names=names[0],
        segment_names=names[1],
        kind_names=kinds,
    )
    raw = _raw(rows, codes)
    columns = tuple(column for column, _ in _parts(rows.take(np.zeros(0, dtype=np.int64)), codes))
    low, high = raw.min(axis=0), raw.max(axis=0)
    kept = np.flatnonzero(high > low)
    middle = raw[:, kept].mean(axis=0)
    scale = raw[:, kept].std(axis=0)
    pooled = np.array([columns[place].group in POOLED for place in kept], dtype=np.bool_)
    scale = np.where(pooled, POOLED_SCALE, np.where(scale > 0, scale, 1.0))
    return Design(codes, tuple(columns[place] for place in kept), kept, low[kept], high[kept], middle, scale)


def _raw(rows: Snapshots, codes: Codes) -> FloatArray:
    found = [values for _, values in _parts(rows, codes)]
    return np.column_stack(found).astype(np.float64) if found else np.zeros((len(rows), 0))


def _pair(process: IntArray, rank: IntArray) -> IntArray:
    pair: IntArray = process * 10_000 + rank + 1
    return pair


def _pooled(code: IntArray, deal: IntArray) -> IntArray:
    """Codes with enough deals, at most MOST_POOLED of them, in order."""
    pairs = np.unique(np.stack([code, deal]), axis=1)[0]
    found, counts = np.unique(pairs[pairs != UNSEEN], return_counts=True)
    enough = np.flatnonzero(counts >= POOLED_DEALS)
    most = enough[np.argsort(-counts[enough], kind="stable")[:MOST_POOLED]]
    return np.sort(found[most])


def _parts(rows: Snapshots, codes: Codes) -> Iterator[tuple[Column, FloatArray]]:
    """Every column with its values (n,), in a fixed order."""
    yield from _evidence(rows, codes)
    yield from _clocks(rows)
    yield from _amount_and_outreach(rows)
    for place, name in enumerate(codes.kind_names):
        count = _days(rows.kinds[:, place]) if place < rows.kinds.shape[1] else np.zeros(len(rows))
        yield Column("outreach", f"done by the seller: {name}", DOUBLED, np.log(2.0)), np.log1p(count)
    yield from _dates(rows)
    for group, code, known, names in (
        ("owner", rows.owner, codes.owners, codes.owner_names),
        ("segment", rows.segment, codes.segments, codes.segment_names),
    ):
        for one in known.tolist():
            name = names[one] if one < len(names) else str(one)
            yield Column(group, f"{group} {name}", YES, 1.0), (code == one).astype(np.float64)


def _evidence(rows: Snapshots, codes: Codes) -> Iterator[tuple[Column, FloatArray]]:
    level, claim = _pair(rows.process, rows.level), _pair(rows.process, rows.claimed)
    silent = np.log1p(_days(rows.silence))
    for one in codes.levels.tolist():
        there = (level == one).astype(np.float64)
        name = _stage(one, codes, "no buyer act known", "shown by the buyer: ")
        yield Column("evidence", name, YES, 1.0), there
        yield Column("silence", f"silence of the buyer, {name}", DOUBLED, np.log(2.0)), there * silent
    for one in codes.claims.tolist():
        yield Column("claim", _stage(one, codes, "no claim", "claimed: "), YES, 1.0), (claim == one).astype(np.float64)
    ahead = np.where((rows.level == UNSEEN) | (rows.claimed == UNSEEN), 0, rows.claimed - rows.level)
    yield Column("claim", "stages claimed beyond those shown", "one stage more", 1.0), ahead.astype(np.float64)


def _stage(pair: int, codes: Codes, unseen: str, before: str) -> str:
    process, rank = divmod(pair, 10_000)
    return unseen if rank == 0 else before + stage_said(codes.stages, process, rank - 1)


def _clocks(rows: Snapshots) -> Iterator[tuple[Column, FloatArray]]:
    for group, name, days in (
        ("silence", "silence of the buyer", rows.silence),
        ("age", "age of the deal", rows.age),
        ("stage", "days in the claimed stage", rows.stage_days),
    ):
        found = _days(days)
        yield Column(group, name, DOUBLED, np.log(2.0)), np.log1p(found)
        yield Column(group, f"{name}, by weeks", WEEK, 1.0), np.minimum(found / 7.0, 26.0)
        yield Column(group, f"{name} not known", YES, 1.0), np.isnan(days).astype(np.float64)


def _amount_and_outreach(rows: Snapshots) -> Iterator[tuple[Column, FloatArray]]:
    amount = np.nan_to_num(rows.amount, nan=0.0, posinf=0.0, neginf=0.0)
    yield Column("amount", "amount", DOUBLED, np.log(2.0)), np.log1p(np.maximum(amount, 0.0))
    yield Column("amount", "amount not known, or not above nought", YES, 1.0), (amount <= 0).astype(np.float64)
    for name, count in (("activities of the seller", rows.activities), ("activities in the last 14 days", rows.recent)):
        yield Column("outreach", name, DOUBLED, np.log(2.0)), np.log1p(_days(count))
    yield Column("outreach", "silence of the seller", DOUBLED, np.log(2.0)), np.log1p(_days(rows.seller_silence))
    none = np.isnan(rows.seller_silence).astype(np.float64)
    yield Column("outreach", "no activity known", YES, 1.0), none


def _dates(rows: Snapshots) -> Iterator[tuple[Column, FloatArray]]:
    due, agreed = np.nan_to_num(rows.due_days), np.nan_to_num(rows.agreed_days)
    dated, promised = ~np.isnan(rows.due_days), ~np.isnan(rows.agreed_days)
    yield Column("dates", "no expected close date", YES, 1.0), (~dated).astype(np.float64)
    yield Column("dates", "days until the expected close date", DOUBLED, np.log(2.0)), np.log1p(np.maximum(due, 0.0))
    yield Column("dates", "expected close date passed", YES, 1.0), (due < 0).astype(np.float64)
    yield Column("dates", "times the close date was moved later", DOUBLED, np.log(2.0)), np.log1p(_days(rows.pushes))
    yield Column("agreed", "an agreed act is to come", YES, 1.0), (promised & (agreed >= 0)).astype(np.float64)
    yield Column("agreed", "an agreed act is overdue", YES, 1.0), (promised & (agreed < 0)).astype(np.float64)


def _days(values: FloatArray) -> FloatArray:
    """Unknown, negative and endless lengths as nought."""
    return np.maximum(np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0), 0.0)
