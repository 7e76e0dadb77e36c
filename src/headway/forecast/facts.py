"""The facts that move a deal's chance of being won most, in words, beside what became of past deals alike in them.

What a fact is worth is asked of the model: the chance as it is, less the chance with that group of columns as is usual
for deals of the same process and evidenced stage. What it is *said* with are plain counts of past deals, which anybody
can look up. Method page: docs/methods/forecast-facts.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from headway.basics.figures import count_text, counted
from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.deals.event_log import EventLog, sql_text
from headway.forecast.alike import Followed, Like, alike
from headway.forecast.asked import Asked, won_within
from headway.forecast.aspects import ASPECTS, Aspect, Kind, Told
from headway.forecast.event_words import Act, act_said, shown_said
from headway.forecast.snapshots import UNSEEN, KnownAt, Snapshots
from headway.forecast.usual import Usual, place_key, usual_of
from headway.forecast.value import Fact
from headway.process.definition import Process

MOST = 3
LEAST_POINTS = 0.005
FEWEST = 5
"""Past deals from which on their counts are told."""
CONTRARY = 0.02
"""A fact is left out where the share won is so far on the other side of what is usual; or none, or all, were won."""


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """One kind of fact over all asked deals: for which it holds (`there`), its worth and its past deals."""

    aspect: Aspect
    kind: Kind
    there: BoolArray
    points: FloatArray
    past: IntArray
    won: IntArray


def facts_of(
    known: KnownAt,
    model: Asked,
    horizon_days: int,
    rows: IntArray | None = None,
    *,
    acts: Mapping[int, Act] | None = None,
    currency: str | None = None,
) -> tuple[tuple[Fact, ...], ...]:
    """Up to three facts per deal of `known.now` (or of its `rows`), the one that moves its chance most first.

    `acts`: what each deal's buyer did last, in words (`last_acts`). Without a past, or with a horizon below one day,
    no deal has any. Facts whose past deals clearly point the other way than the model are left out.
    """
    now = known.now if rows is None else known.now.take(rows)
    usual = usual_of(known.weekly)
    if usual is None or horizon_days < 1 or not len(now):
        return ((),) * len(now)
    followed = Followed.of(known, horizon_days)
    ordinary = usual.at(now)
    exchanged = [_exchanged(aspect, now, ordinary, usual, known) for aspect in ASPECTS]
    base, *chances = (won[:, 0] for won in won_within(model, [now, *exchanged], (horizon_days,)))
    found = []
    for aspect, chance in zip(ASPECTS, chances, strict=True):
        points = base - chance
        found += [_found(aspect, kind, now, ordinary, points, followed) for kind in aspect.kinds]
    return _facts(
        found, _chosen(found, *_usually(followed, now)), now, _Telling(known, acts or {}, horizon_days, currency)
    )


def last_acts(log: EventLog, processes: Sequence[Process], deals: Iterable[int]) -> dict[int, Act]:
    """What the buyer of each deal was seen to do last."""
    found = {}
    for row in log.rows(sql_text(__package__, "why_last_acts"), {"deals": [int(deal) for deal in deals]}):
        milestones = [m for _, m in processes[row["process"]].milestones]
        if row["evidence"]:
            line = next((m.buyer for m in milestones if m.id == row["name"]), None)
            said = shown_said(row["contact"], line) if line else act_said(row["contact"], row["name"])
            found[row["deal"]] = Act(said, line is not None)
        else:
            proves = any(row["name"] in m.proof.acts for m in milestones)
            found[row["deal"]] = Act(act_said(row["contact"], row["name"]), proves)
    return found


def _exchanged(aspect: Aspect, now: Snapshots, ordinary: Snapshots, usual: Usual, known: KnownAt) -> Snapshots:
    """The deals with one group as is usual."""
    if aspect.about != "evidence":
        return replace(now, **{name: getattr(ordinary, name) for name in aspect.columns})
    level = usual.level(now)
    last = np.array([len(stages) for stages in known.stages], dtype=np.int64)[now.process]
    # The claim goes along, so that it is as far ahead of the evidence as before; a buyer first seen has a clock.
    claimed = np.where(
        (now.claimed == UNSEEN) | (now.level == UNSEEN), now.claimed, np.clip(now.claimed - now.level + level, 1, last)
    )
    shifted = replace(now, level=level, claimed=claimed)
    return replace(shifted, silence=np.where(np.isnan(now.silence), usual.at(shifted).silence, now.silence))


def _found(
    aspect: Aspect, kind: Kind, now: Snapshots, ordinary: Snapshots, points: FloatArray, followed: Followed
) -> _Found:
    there = np.asarray(kind.unlike(now, ordinary)) & (np.abs(points) >= LEAST_POINTS)
    asked = Like(now.deal[there], _place(now, aspect)[there], kind.value(now).astype(np.float64)[there])
    value = kind.value(followed.rows).astype(np.float64)
    past, won = np.zeros(len(now), dtype=np.int64), np.zeros(len(now), dtype=np.int64)
    past[there], won[there] = alike(followed, _place(followed.rows, aspect), value, asked)
    return _Found(aspect, kind, there, points, past, won)


def _place(rows: Snapshots, aspect: Aspect) -> IntArray:
    return place_key(rows.process, rows.claimed if aspect.by_claim else rows.level)


def _usually(followed: Followed, now: Snapshots) -> tuple[FloatArray, FloatArray]:
    """The share of past deals won, of those ever seen at the stage of each deal, and of those of its process."""
    shares = []
    for key, at in (
        (place_key(followed.rows.process, followed.rows.level), place_key(now.process, now.level)),
        (followed.rows.process, now.process),
    ):
        every = Like(now.deal, at, np.zeros(len(now)))
        past, won = alike(followed, key, np.zeros(len(followed.rows)), every)
        shares.append(won / np.maximum(past, 1))
    return shares[0], shares[1]


def _chosen(found: Sequence[_Found], at_stage: FloatArray, at_all: FloatArray) -> IntArray:
    """(n, up to MOST) places in `found`, what moves the chance most first; −1 where there are no more."""
    weight = np.zeros((len(found), at_all.size))
    for place, one in enumerate(found):
        more = one.won / np.maximum(one.past, 1) - (at_all if one.aspect.about == "evidence" else at_stage)
        contrary = (np.abs(more) > CONTRARY) & (np.sign(more) != np.sign(one.points))
        contrary |= np.where(one.points > 0, one.won == 0, one.won == one.past)
        contrary &= one.past >= FEWEST
        weight[place] = np.where(one.there & ~contrary, np.abs(one.points), 0.0)
    for about in {one.aspect.about for one in found}:
        alike_ones = [place for place, one in enumerate(found) if one.aspect.about == about]
        largest = weight[alike_ones].argmax(axis=0)
        for place, row in enumerate(alike_ones):
            weight[row, largest != place] = 0.0
    order = np.argsort(-weight, axis=0, kind="stable")[:MOST].T
    return np.where(np.take_along_axis(weight.T, order, axis=1) > 0, order, -1)


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is alike for all deals when they are told of."""

    known: KnownAt
    acts: Mapping[int, Act]
    horizon_days: int
    currency: str | None

    def fact(self, one: _Found, place: int, row: Mapping[str, Any]) -> Fact:
        stages = self.known.stages
        names = stages[row["process"]] if row["process"] < len(stages) else ()
        points, past, won = float(one.points[place]), int(one.past[place]), int(one.won[place])
        what, like = one.kind.said(Told(row, names, points > 0, self.acts.get(row["deal"]), self.currency))
        where = "" if one.aspect.placed else " without a buyer act" if row["level"] == UNSEEN else " at this stage"
        if past < FEWEST:
            few = f"only {counted(past, 'past deal')}" if past else "no past deal"
            return Fact(one.aspect.about, f"{what}: {few} {like}{where} to go by", points, past, won)
        counts = f"of {counted(past, 'past deal')} {like}{where}, {_won_said(past, won)}"
        counts = f"{counts} within {counted(self.horizon_days, 'day')}"
        return Fact(one.aspect.about, f"{what}: {counts}", points, past, won)


def _won_said(past: int, won: int) -> str:
    if not won:
        return "none was won"
    return "all were won" if won == past > 1 else f"{count_text(won)} {'was' if won == 1 else 'were'} won"


def _facts(
    found: Sequence[_Found], chosen: IntArray, now: Snapshots, telling: _Telling
) -> tuple[tuple[Fact, ...], ...]:
    columns = [(one.name, getattr(now, one.name).tolist()) for one in fields(now)]
    every = []
    for place, picked in enumerate(chosen.tolist()):
        row = {name: values[place] for name, values in columns}
        every.append(tuple(telling.fact(found[one], place, row) for one in picked if one >= 0))
    return tuple(every)
