"""The primary constraint: Attention, Trust, Movement or Control, from where and how deals stop.

Method page: docs/methods/constraint.md. The four words are those of the framework of the same name (ATMC).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from headway.basics.periods import naive_utc
from headway.conformance.arrays import BoolArray, IntArray
from headway.conformance.shares import share_difference
from headway.deals.event_log import EventLog, sql_text
from headway.process.definition import Process
from headway.verdict.constraint_words import Facts, candidates_of, named_words, unnamed_words
from headway.verdict.value import Constraint, Interval, Theatre

ATTENTION, TRUST, MOVEMENT, CONTROL = NAMES = ("Attention", "Trust", "Movement", "Control")
MARGIN = 0.15  # of all deals started: by so much more must stop at the one that is named
SURE = 0.95  # share of draws in which it is the largest
SURE_Z = 1.645
LEVEL = 0.90
DRAWS = 4_000
LEAST_DEALS = 30  # started long enough ago, and ended or not
LEAST_WON = 5  # below, it is not known how often what buyers do goes unrecorded
MOST_UNRECORDED = 0.30  # of won deals without a buyer seen to go beyond interest
USUAL_SHARE = 0.9  # of ended deals; a deal younger than the time they took may still go anywhere
WINDOW = timedelta(days=730)  # deals started longer ago than this before that are another team's past
PILED = 0.20  # silent at one stage, of those who reach it, surely so much more often than at the others: it is piled
SPREAD = 0.35  # surely not so much more often at any: it is spread
LEAST_REACHED = 20  # deals that reach a stage, for its rate to count
DAY_US = 86_400_000_000

Shares: TypeAlias = npt.NDArray[np.float64]

# How a deal stood: the columns of `Stops.counts`.
WON_SEEN, WON_UNSEEN, NO_INTEREST, REFUSED, SILENT = range(5)


@dataclass(frozen=True, slots=True, eq=False)
class Stops:
    """Deals started long enough ago, by how they stood (five kinds) and whether more was claimed than shown (2).

    counts: (5, 2). silent_at, refused_at: (stages of all processes,) by the stage in which the buyer stopped.
    reached_at: how many deals with interest came to that stage.
    alone: of those refused, the deals in which one person at the buyer was heard at most.
    """

    counts: IntArray
    silent_at: IntArray
    refused_at: IntArray
    reached_at: IntArray
    alone: int
    per_year: float

    @property
    def n(self) -> int:
        """Deals."""
        return int(self.counts.sum())


def constraint_of(
    log: EventLog,
    processes: Sequence[Process],
    *,
    silence_limit_days: float | None = None,
    theatre: Theatre | None = None,
    seed: int = 0,
) -> Constraint:
    """The one to mend first; name None with the reason where it cannot be told, or none stands out.

    `log`: after `place_stages`, `record_proof`, `lay_out` and `check`. `silence_limit_days`: beyond it a buyer is
    silent (default: the process's). `theatre`: what was found of it, as evidence only. `score`: deals a year that stop
    there.
    """
    beginnings = [_interest_rank(process) for process in processes]
    if not any(beginnings):
        return _unknown("The process names no milestones of buyers, so it is not seen where they stop.")
    at = naive_utc(log.as_of.at)
    usual = log.value(sql_text(__package__, "own_way_follow"), {"share": USUAL_SHARE})
    if usual is None:
        return _unknown("No deal has been decided yet.")
    until = at - timedelta(days=usual)
    stops = _stops(log, processes, beginnings, until - WINDOW, until)
    if stops.n < LEAST_DEALS:
        return _unknown(
            f"It takes {LEAST_DEALS} deals started at least {usual:.0f} days ago (nine in ten end within that time); "
            f"here are {stops.n}.",
            LEAST_DEALS - stops.n,
        )
    won, unseen = int(stops.counts[:2].sum()), int(stops.counts[WON_UNSEEN].sum())
    if won < LEAST_WON:
        return _unknown(
            f"Only {won} of {stops.n} deals were won: too few to know how much of what buyers do is recorded."
        )
    if unseen > MOST_UNRECORDED * won:
        return _unknown(
            f"Of {won} won deals {unseen} have no record of the buyer going beyond interest: what buyers do is "
            "recorded too seldom to see where they stop."
        )
    facts = _facts(log, processes, beginnings, silence_limit_days, theatre)
    return _decided(stops, facts, seed)


def _interest_rank(process: Process) -> int:
    """The last stage of the beginning: a third of the stages, or the next with milestones; 0 where there is none."""
    stages = len(process.stages)
    for rank in range(max(1, round(stages / 3)), stages + 1):
        if process.stages[rank - 1].milestones:
            return rank
    return 0


def _stops(
    log: EventLog, processes: Sequence[Process], beginnings: Sequence[int], from_: datetime, until: datetime
) -> Stops:
    table = log.table(sql_text(__package__, "constraint_deals"), {"from": from_, "until": until})
    outcome = pc.fill_null(table["outcome"].cast("string"), "open").to_numpy(zero_copy_only=False)
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names if name != "outcome"}
    begins = np.array([*beginnings, 0], dtype=np.int64)[columns["process"]]
    last = np.array([*(len(process.stages) for process in processes), 0], dtype=np.int64)[columns["process"]]
    top, real, claimed = (columns[name].astype(np.int64) for name in ("top", "real", "claimed"))
    usable: BoolArray = begins > 0
    interest: BoolArray = (real >= begins) | (top > begins)
    won = outcome == "won"
    kind = np.select(
        [won & interest, won, ~interest, outcome == "lost"], [WON_SEEN, WON_UNSEEN, NO_INTEREST, REFUSED], SILENT
    )
    beyond = np.maximum(real, top + columns["whole"].astype(np.int64) - 1)  # the furthest stage shown in full
    ahead = columns["observed"].astype(bool) & (claimed > 1) & (claimed > beyond)
    stuck = np.minimum(beyond + 1, last)
    counts = np.zeros((5, 2), dtype=np.int64)
    np.add.at(counts, (kind[usable], ahead[usable].astype(np.int64)), 1)
    sizes = [len(process.stages) for process in processes]
    at = np.cumsum([0, *sizes])[columns["process"]] + np.clip(stuck, 1, np.maximum(last, 1)) - 1
    refused, silent = usable & (kind == REFUSED), usable & (kind == SILENT)
    return Stops(
        counts,
        np.bincount(at[silent], minlength=sum(sizes)),
        np.bincount(at[refused], minlength=sum(sizes)),
        _reached_at(
            np.bincount(at[silent | refused], minlength=sum(sizes)), columns["process"][kind == WON_SEEN], sizes
        ),
        int(np.count_nonzero(refused & (columns["contacts"] <= 1))),
        float(counts.sum()) / _years(table["created_at"], until),
    )


def _reached_at(stopped_at: IntArray, won_in: IntArray, sizes: Sequence[int]) -> IntArray:
    """Deals that stopped in each stage or beyond it, and those won, process by process."""
    won = np.bincount(won_in, minlength=len(sizes))
    parts = np.split(stopped_at, np.cumsum(sizes)[:-1])
    reached = [np.cumsum(part[::-1])[::-1] + gained for part, gained in zip(parts, won, strict=True)]
    return np.concatenate(reached).astype(np.int64)


def _years(created: pa.ChunkedArray, until: datetime) -> float:
    """From the first of these deals to the end of the window, at least a quarter."""
    first = pc.min(created).as_py()
    return max((until - first) / timedelta(days=365.25), 0.25) if first is not None else 0.25


def shares_of(counts: npt.NDArray[Any]) -> Shares:
    """(..., 5, 2) counts to (..., 4) shares of all deals that stop for want of each of `NAMES`.

    What goes unrecorded on won deals goes unrecorded on the others too: so many of those without a sign of interest
    had it, and so many claims that look unshown were shown.
    """
    total = counts.sum(axis=(-1, -2))
    by_kind = counts.sum(axis=-1)
    won = np.maximum(by_kind[..., WON_SEEN] + by_kind[..., WON_UNSEEN], 1)
    unrecorded = np.minimum(by_kind[..., WON_UNSEEN] / won, 0.9)
    after = by_kind[..., REFUSED] + by_kind[..., SILENT]
    stopped = after + by_kind[..., NO_INTEREST]
    raised = np.minimum(after / (1 - unrecorded), stopped)
    scale = np.divide(raised, after, out=np.ones_like(raised), where=after > 0)
    ahead_won = np.minimum(counts[..., :2, 1].sum(axis=-1) / won, 0.9)
    ahead = np.divide(counts[..., 2:, 1].sum(axis=-1), stopped, out=np.zeros_like(raised), where=stopped > 0)
    claimed = np.maximum(0.0, (ahead - ahead_won) / (1 - ahead_won)) * stopped
    parts = np.stack([stopped - raised, by_kind[..., REFUSED] * scale, by_kind[..., SILENT] * scale, claimed], axis=-1)
    return np.asarray(parts / np.maximum(total, 1)[..., None], dtype=np.float64)


def _decided(stops: Stops, facts: Facts, seed: int) -> Constraint:
    rng = np.random.default_rng([seed, 9])
    drawn = rng.multinomial(stops.n, stops.counts.ravel() / stops.n, size=DRAWS).reshape(DRAWS, 5, 2)
    shares, draws = shares_of(stops.counts), shares_of(drawn)
    if not facts.reasons_told:  # a no and silence look alike: one force of two names
        shares, draws = _merged(shares), _merged(draws)
    leader, second = (int(place) for place in np.argsort(-shares, kind="stable")[:2])
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    intervals = [Interval(float(v), float(a), float(b), stops.n) for v, a, b in zip(shares, low, high, strict=True)]
    name = NAMES[leader] if _is_largest(shares, draws, leader, second) else None
    if name in (TRUST, MOVEMENT) and not facts.reasons_told:
        name = None
    if name is None and _is_mostly_claimed(draws):
        name = CONTROL
    at, piled = _silent_place(stops)
    piled_at = at if name == MOVEMENT and piled else None
    if name == MOVEMENT and piled is not False:
        name = TRUST if piled else None
    candidates = candidates_of(NAMES, intervals, stops, facts, piled_at)
    if name is not None:
        return Constraint(name, *named_words(name, intervals, facts, piled_at), candidates)
    movement = NAMES.index(MOVEMENT)
    not_movement = facts.reasons_told and leader != movement and _is_more(shares, draws, leader, movement)
    more = _more(draws[:, leader] - draws[:, second], float(shares[leader] - shares[second]), stops.n)
    pair = [NAMES[leader], NAMES[second]]
    if _is_largest(shares, draws, leader, second) and NAMES[leader] == MOVEMENT:
        pair, more = [MOVEMENT, TRUST], 0
    words = unnamed_words(pair, intervals, facts, more, not_movement=not_movement)
    return Constraint(None, *words, candidates)


def _merged(shares: Shares) -> Shares:
    """Trust and Movement as one, in the place of Trust."""
    merged = shares.copy()
    merged[..., 1] += merged[..., 2]
    merged[..., 2] = 0.0
    return merged


def _is_largest(shares: Shares, draws: Shares, leader: int, second: int) -> bool:
    """Surely the largest of the four, and by the margin more than the second."""
    return bool(shares[leader] - shares[second] >= MARGIN and np.mean(draws.argmax(axis=1) == leader) >= SURE)


def _is_mostly_claimed(draws: Shares) -> bool:
    """Of the deals that stopped, surely more than half stopped while more was claimed than shown."""
    return bool(np.mean(draws[:, 3] > 0.5 * draws[:, :3].sum(axis=1)) >= SURE)


def _is_more(shares: Shares, draws: Shares, one: int, other: int) -> bool:
    return bool(shares[one] - shares[other] >= MARGIN and np.mean(draws[:, one] > draws[:, other]) >= SURE)


def _silent_place(stops: Stops) -> tuple[int, bool | None]:
    """The stage whose buyers go silent most often, and whether silence is piled there; None: that cannot be told."""
    enough = (stops.reached_at >= LEAST_REACHED) & (np.cumsum(stops.silent_at + stops.refused_at) > 0)
    if np.count_nonzero(enough) < 2:
        return 0, None
    silent, reached = np.where(enough, stops.silent_at, 0), np.where(enough, stops.reached_at, 0)
    at = int(np.argmax(silent / np.maximum(reached, 1)))
    more = share_difference(
        int(silent[at]), int(reached[at]), int(silent.sum() - silent[at]), int(reached.sum() - reached[at]), level=LEVEL
    )
    return at, True if more.low > PILED else False if more.high < SPREAD else None


def _more(gaps: npt.NDArray[np.float64], difference: float, n: int) -> int | None:
    """About how many more deals it takes to tell the two largest apart, or alike; None: they are surely alike."""
    spread = SURE_Z * float(gaps.std())
    if difference + spread < MARGIN:
        return None
    distance = max(difference if difference >= MARGIN else MARGIN - difference, 0.05)
    needed = n * (spread / distance) ** 2 - n
    return max(10, math.ceil(needed / 10) * 10)


def _facts(
    log: EventLog, processes: Sequence[Process], beginnings: Sequence[int], limit: float | None, theatre: Theatre | None
) -> Facts:
    days = limit if limit is not None else float(processes[0].limits.silence_days)
    parameters = {"silence": int(days * DAY_US), "at": naive_utc(log.as_of.at)}
    row = log.rows(sql_text(__package__, "constraint_facts"), parameters)[0]
    reasons = log.rows(sql_text(__package__, "constraint_reasons"))
    main = max(range(len(processes)), key=lambda number: (beginnings[number] > 0, -number))
    return Facts(
        stages=tuple(stage.name for process in processes for stage in process.stages),
        beginning=processes[main].stages[beginnings[main] - 1].name,
        silence_days=days,
        counts=row,
        reason=(reasons[0]["reason"], reasons[0]["deals"]) if reasons else None,
        reasons_told=row["undecided"] > 0 or row["lost"] == 0 or 2 * row["lost_with_reason"] >= row["lost"],
        theatre=theatre.found if theatre else None,
    )


def _unknown(reason: str, more: int | None = None) -> Constraint:
    ask = f" About {more} more such deals are needed." if more else ""
    return Constraint(
        None,
        f"What holds this team back most cannot be told yet. {reason}{ask}",
        "Record what buyers do, with its day, and how deals end. Until then, change nothing in the process for this.",
        (),
    )
