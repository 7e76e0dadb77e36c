"""The only door through which models are told of deals: what had been recorded by the end of a day, and nothing else.

`past_of` reads a log once into `Past`: what was known of every deal, from which day on. `Past.at` cuts it off at a day:
whatever became known later, a decision, a date, evidence or its retraction, cannot reach what it returns. Features and
outcomes are both by the day on which they were *known* (happened and recorded, whichever is later).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from headway.basics.periods import naive_utc
from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.deals.amounts import lay_out_money
from headway.deals.event_log import EventLog
from headway.forecast.reading import EPOCH, Read, read_log
from headway.forecast.snapshots import NEVER, OPEN, UNSEEN, KnownAt, Snapshots, Spans
from headway.forecast.timelines import days_until, keys_of
from headway.process.definition import Process

MOST_WEEKLY = 400_000
"""Weekly snapshots beyond this many are those of a sample of spells: a fit needs no more, and memory has an end."""
RECENT_DAYS = 14


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """What was known of every deal, from which day on. `last_day`: of the log."""

    read: Read
    stages: tuple[tuple[str, ...], ...]
    first_day: int
    last_day: int

    def at(self, day: int, *, most_weekly: int = MOST_WEEKLY) -> KnownAt:
        """All that had been recorded by the end of `day` (days since 1970-01-01)."""
        begun = self.read.spells.start <= day
        gone = self.read.spells.end <= day
        now = np.flatnonzero(begun & ~gone)
        spells, days = self._weekly(day, most_weekly)
        return KnownAt(
            day=day,
            now=self.snapshots(now, np.full(now.size, day), day),
            weekly=self.snapshots(spells, days, day),
            spans=self._spans(day),
            stages=self.stages,
            owners=self.read.owners,
            segments=self.read.segments,
            first_day=self.first_day,
            decided=int((begun & gone).sum()),
            kinds=self.read.kinds,
        )

    def snapshots(self, rows: IntArray, days: IntArray, known_on: int) -> Snapshots:
        """The spells `rows` at the ends of `days`, when they were open, with the exits known on `known_on`."""
        read, spells, pieces = self.read, self.read.spells, self.read.pieces
        deals = spells.deal[rows]
        piece = np.searchsorted(pieces.key, keys_of(deals, days), side="right") - 1
        activities = read.activities.counted(deals, days)
        ended = spells.end[rows] <= known_on
        return Snapshots(
            deal=deals,
            spell=rows,
            day=days,
            process=read.process[deals],
            level=pieces.level[piece],
            claimed=pieces.claimed[piece],
            silence=_since(days, read.acts.at(deals, days, -NEVER)),
            seller_silence=_since(days, read.activities.at(deals, days, -NEVER)),
            age=(days - spells.start[rows]).astype(np.float64),
            stage_days=(days - pieces.claimed_since[piece]).astype(np.float64),
            amount=pieces.amount[piece],
            due_days=days_until(read.close_dates.at(deals, days, NEVER), days),
            agreed_days=days_until(read.agreed.at(deals, days, NEVER), days),
            pushes=read.pushes.counted(deals, days).astype(np.float64),
            activities=activities.astype(np.float64),
            recent=(activities - read.activities.counted(deals, days - RECENT_DAYS)).astype(np.float64),
            owner=read.held.at(deals, days, UNSEEN),
            segment=read.segment[deals],
            exit=np.where(ended, spells.exit[rows], OPEN),
            exit_day=np.where(ended, spells.end[rows], NEVER),
            kinds=np.column_stack([np.zeros((deals.size, 0)), *(one.counted(deals, days) for one in read.by_kind)]),
        )

    def _weekly(self, day: int, most: int) -> tuple[IntArray, IntArray]:
        """Spells and days 7, 14, 21 ... before `day` on which they were open."""
        spells = self.read.spells
        last = np.minimum(spells.end - 1, day - 7)
        newest = -(-(day - last) // 7)
        oldest = (day - spells.start) // 7
        many = np.where(spells.start <= day, np.maximum(oldest - newest + 1, 0), 0)
        if int(many.sum()) > most:  # every deal's own draw, so that a later one does not change who is drawn
            many = np.where(_draws(spells.deal) < most / int(many.sum()), many, 0)
        rows = np.repeat(np.arange(many.size), many)
        place = np.arange(rows.size) - np.repeat(np.cumsum(many) - many, many)
        return rows, day - 7 * (newest[rows] + place)

    def _spans(self, day: int) -> Spans:
        spells, pieces = self.read.spells, self.read.pieces
        kept = pieces.start < day
        follows = np.flatnonzero((pieces.spell[1:] == pieces.spell[:-1]) & (pieces.end[:-1] <= day))
        next_level = np.full(kept.size, UNSEEN - 1)
        next_level[follows] = pieces.level[follows + 1]
        over = (pieces.end == spells.end[pieces.spell]) & (pieces.end <= day)
        deal = spells.deal[pieces.spell]
        return Spans(
            deal=deal[kept],
            spell=pieces.spell[kept],
            start=pieces.start[kept],
            end=np.minimum(pieces.end, day)[kept],
            process=self.read.process[deal][kept],
            level=pieces.level[kept],
            claimed=pieces.claimed[kept],
            acted=self.read.acts.at(deal, pieces.start, -NEVER)[kept],
            after=np.where(over, spells.exit[pieces.spell], OPEN)[kept],
            next_level=next_level[kept],
        )


def past_of(log: EventLog, processes: Sequence[Process]) -> Past:
    """Read the log, which must be built, with deals pinned to `processes` and `record_proof` done.

    Deals without a process are left out. Leaves `money`, `rewind_days` and `rewind_ranks` behind.
    """
    lay_out_money(log)
    first_on = log.value("SELECT min(CAST(greatest(happened_at, recorded_at) AS DATE)) FROM events")
    last_on = naive_utc(min(log.as_of.at, log.as_of.known_by)).date()
    days = [] if first_on is None else _every_day(first_on, last_on)
    stages = tuple(tuple(stage.name for stage in process.stages) for process in processes)
    first = day_number(days[0]) if days else day_number(last_on)
    return Past(read_log(log, days), stages, first, day_number(last_on))


def day_number(on: date) -> int:
    """Days since 1970-01-01."""
    return (on - EPOCH).days


def day_of(number: int) -> date:
    """The other way."""
    return EPOCH + timedelta(days=number)


def _every_day(first_on: date, last_on: date) -> list[date]:
    return [first_on + timedelta(days=ahead) for ahead in range((last_on - first_on).days + 1)]


def _since(days: IntArray, then: IntArray) -> FloatArray:
    """Days from `then` to each day; NaN where there was none. Never below 0."""
    known: BoolArray = then > -NEVER
    return np.where(known, np.maximum(days - then, 0).astype(np.float64), np.nan)


def _draws(deals: IntArray) -> npt.NDArray[np.float64]:
    """A number from 0 to 1 for each deal that depends on nothing but its number."""
    mixed = (deals.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) / float(1 << 53)
