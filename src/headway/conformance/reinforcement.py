"""Reinforcement: is the process kept better after a review that was held than after one that was missed?

Method page: docs/methods/reinforcement.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.basics.periods import naive_utc
from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.conformance.decay import half_life
from headway.conformance.estimate import Estimate, Unknown
from headway.conformance.meetings import DAY_US, Meetings
from headway.conformance.shares import Share, share
from headway.deals.event_log import EventLog, sql_text

LEVEL = 0.90  # of intervals of effects
REPLICATES = 999
LATE = 1.5  # times the usual length between reviews; from then on a review is missing, recorded or not
LEAST_REVIEWS = 3  # held, and missed
LEAST_DUE = 20  # expectations that fell due, on each side
LEAST_CLUSTERS = 4  # weeks of a team, on each side
ABSENCE_DAYS = 14
AROUND_DAYS = 42  # before and after an absence
CURVE_WEEKS = 13
LEAST_IN_WEEK = 10


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """What fell due, (n,) arrays by team, item and day: `kept` of `due`. Days are whole, since 1970.

    `after_held`: the last review due was held, and not long ago; `after_missed`: it was missed, or none was held for
    longer than usual. Neither: nothing is known. `since_held`: days since the last review held, −1 before the first.
    """

    team: IntArray
    item: IntArray
    day: IntArray
    after_held: BoolArray
    after_missed: BoolArray
    since_held: IntArray
    due: IntArray
    kept: IntArray


@dataclass(frozen=True, slots=True)
class WeekSince:
    """Shares kept in one week since the last review held: with no review missed since, and with one missed."""

    weeks: int
    held: Share | None
    missed: Share | None


@dataclass(frozen=True, slots=True)
class Reinforced:
    """What reviews do to adherence. Estimates count expectations that fell due (`n`), intervals are 90 %.

    difference: share kept after held reviews minus after missed ones, item by item. half_life: in days. absence:
    share kept while no team's review was held for two weeks or more, minus the weeks around; `stretches` of them.
    """

    reviews_held: int
    reviews_missed: int
    difference: Estimate | Unknown
    half_life: Estimate | Unknown
    absence: Estimate | Unknown
    stretches: int
    curve: tuple[WeekSince, ...]


def reinforced(log: EventLog, meetings: Meetings, *, seed: int = 0) -> Reinforced | Unknown:
    """The reviews' effect in a log whose `checks` and meetings are laid out. Unknown without any review."""
    if not meetings.at_us.size:
        return Unknown("no review was recorded, held or missed", 0, LEAST_REVIEWS)
    interval = usual_interval_days(meetings)
    table = log.table(sql_text(__package__, "after_reviews"), {"at": naive_utc(log.as_of.at)})
    rows = due_rows({name: table[name].to_numpy() for name in table.column_names}, meetings, interval)
    held, missed = meetings.reviews_held, meetings.reviews_missed
    difference = held_minus_missed(rows, held=held, missed=missed, seed=seed)
    life: Estimate | Unknown
    if isinstance(difference, Unknown):
        life = difference
    elif difference.low <= 0:
        life = Unknown(
            "adherence is not surely higher after held reviews, so there is nothing to fade", rows.due.size, 0
        )
    else:
        life = half_life(rows.since_held, rows.due, rows.kept, rows.item, clusters_of(rows), seed=seed)
    stretches = absences(meetings, interval, last_day=int(naive_day(log)))
    return Reinforced(
        reviews_held=held,
        reviews_missed=missed,
        difference=difference,
        half_life=life,
        absence=absence(rows, stretches, seed=seed),
        stretches=len(stretches),
        curve=curve(rows),
    )


def naive_day(log: EventLog) -> int:
    """The day, since 1970, on which the log ends."""
    return int(np.datetime64(naive_utc(log.as_of.at), "D").astype(np.int64))


def usual_interval_days(meetings: Meetings) -> float:
    """Median days from one review of a team that was due to the next; a week where there is no next."""
    same = meetings.team[1:] == meetings.team[:-1]
    gaps = np.diff(meetings.at_us)[same] / DAY_US
    gaps = gaps[gaps >= 0.5]
    return float(np.median(gaps)) if gaps.size else 7.0


def due_rows(columns: dict[str, npt.NDArray[np.generic]], meetings: Meetings, interval: float) -> Due:
    """The rows of `after_reviews.sql`, with what each comes after settled."""
    whole = {name: np.asarray(values).astype(np.int64) for name, values in columns.items()}
    near, late = whole["since_due"] <= LATE * interval, whole["since_held"] > LATE * interval
    after_held = (whole["held"] == 1) & near
    after_missed = (whole["held"] == 0) & near
    if meetings.held.all():  # nobody writes down what is missed: a gap says it
        after_missed = late
    return Due(
        whole["team"], whole["item"], whole["day"], after_held, after_missed, whole["since_held"], whole["due"],
        whole["kept"],
    )  # fmt: skip


def clusters_of(rows: Due) -> IntArray:
    """(n,) codes of team-weeks: what falls due in one goes together."""
    weeks = (rows.day + 3) // 7
    if not weeks.size:
        return weeks
    codes: IntArray = (weeks - weeks.min()) * (int(rows.team.max()) + 1) + rows.team
    return codes


def held_minus_missed(rows: Due, *, held: int, missed: int, seed: int = 0) -> Estimate | Unknown:
    """Share kept after held minus after missed reviews; interval by a bootstrap of team-weeks."""
    if held < LEAST_REVIEWS:
        return Unknown(f"needs {LEAST_REVIEWS} reviews that were held, here are {held}", held, LEAST_REVIEWS)
    if not rows.after_missed.any():
        return Unknown("no review was missed, so there is nothing to compare with", 0, LEAST_REVIEWS)
    if 0 < missed < LEAST_REVIEWS:
        return Unknown(f"needs {LEAST_REVIEWS} reviews that were missed, here are {missed}", missed, LEAST_REVIEWS)
    return adjusted_difference(rows.after_held, rows.after_missed, rows, clusters_of(rows), seed=seed)


def adjusted_difference(
    first: BoolArray, second: BoolArray, rows: Due, clusters: IntArray, *, seed: int = 0
) -> Estimate | Unknown:
    """Share kept in the first rows minus that in the second, item by item, weighted as Mantel and Haenszel do.

    Greenland and Robins (1985), Biometrics 41:55-68, for the difference; percentiles of a bootstrap of clusters.
    """
    on = first | second
    sides = [rows.due[side].sum() for side in (first, second)]
    spread = [np.unique(clusters[side]).size for side in (first, second)]
    if min(sides) < LEAST_DUE or min(spread) < LEAST_CLUSTERS:
        return Unknown(
            f"needs {LEAST_DUE} expectations that fell due in {LEAST_CLUSTERS} weeks on either side, here are "
            f"{sides[0]} in {spread[0]} and {sides[1]} in {spread[1]}",
            int(min(sides)),
            LEAST_DUE,
        )
    _, item = np.unique(rows.item[on], return_inverse=True)
    _, unit = np.unique(clusters[on], return_inverse=True)
    cell = item.ravel() + (item.max() + 1) * first[on]
    width = 2 * (int(item.max()) + 1)
    tables = []
    for counts in (rows.due[on], rows.kept[on]):
        table = np.zeros((int(unit.max()) + 1, width))
        np.add.at(table, (unit.ravel(), cell), counts)
        tables.append(table)
    value = _mantel_haenszel(tables[0].sum(axis=0)[None], tables[1].sum(axis=0)[None])
    if value is None:
        return Unknown("nothing of the same kind fell due on both sides", int(min(sides)), LEAST_DUE)
    size = tables[0].shape[0]
    drawn = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=REPLICATES).astype(np.float64)
    values = _mantel_haenszel(drawn @ tables[0], drawn @ tables[1])
    assert values is not None
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    seen = float(value[0])
    return Estimate(seen, min(float(low), seen), max(float(high), seen), int(sum(sides)))


def _mantel_haenszel(due: FloatArray, kept: FloatArray) -> FloatArray | None:
    """(replicates,) differences from (replicates, 2 * items) counts, the second side's items first."""
    half = due.shape[1] // 2
    n0, n1, y0, y1 = due[:, :half], due[:, half:], kept[:, :half], kept[:, half:]
    both = np.maximum(n0 + n1, 1e-12)
    weight = (n0 * n1 / both).sum(axis=1)
    usable = weight > 0
    if not usable.any():
        return None
    found: FloatArray = ((y1 * n0 - y0 * n1) / both).sum(axis=1)[usable] / weight[usable]
    return found


def absences(meetings: Meetings, interval: float, *, last_day: int) -> list[tuple[int, int]]:
    """(first day, day after the last) of every stretch of two weeks or more in which no team's review was held.

    A stretch begins when the next review would have been, and ends with the next one held, or with the last that
    was due.
    """
    held = np.unique(meetings.at_us[meetings.held] // DAY_US)
    if not held.size:
        return []
    last_due = int(meetings.at_us.max() // DAY_US) if not meetings.held.all() else int(held[-1])
    ends = np.append(held[1:], max(int(held[-1]), min(last_due, last_day)))
    starts = held + round(interval)
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if b - a >= ABSENCE_DAYS]


def absence(rows: Due, stretches: list[tuple[int, int]], *, seed: int = 0) -> Estimate | Unknown:
    """Share kept in the stretches minus that in the six weeks before and after each; weeks drawn anew."""
    if not stretches:
        return Unknown("there were no two weeks without a review of any team", 0, 1)
    inside, around = np.zeros(rows.day.size, np.bool_), np.zeros(rows.day.size, np.bool_)
    for start, end in stretches:
        inside |= (rows.day >= start) & (rows.day < end)
        around |= (rows.day >= start - AROUND_DAYS) & (rows.day < end + AROUND_DAYS)
    return adjusted_difference(inside, around & ~inside, rows, (rows.day + 3) // 7, seed=seed)


def curve(rows: Due) -> tuple[WeekSince, ...]:
    """Shares kept by whole weeks since the last review held; weeks in which hardly anything fell due are left out."""
    weeks = rows.since_held // 7
    found = []
    for week in range(CURVE_WEEKS):
        sides = [
            _kept(rows, side & (weeks == week) & (rows.since_held >= 0))
            for side in (rows.after_held, rows.after_missed)
        ]
        if any(sides):
            found.append(WeekSince(week, *sides))
    return tuple(found)


def _kept(rows: Due, which: BoolArray) -> Share | None:
    due, kept = int(rows.due[which].sum()), int(rows.kept[which].sum())
    return share(kept, due, level=LEVEL) if due >= LEAST_IN_WEEK else None
