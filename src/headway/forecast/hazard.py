"""Counts, not a black box: daily chances by where the buyer is and how long he is silent, from days lived through.

A *state* is an evidenced level of a process; where no buyer act is known, a claimed stage. The *clock* of a state is
the buyer's silence; where no buyer act is known, days since the claimed stage changed. In each state and stretch of
the clock, past deals spent days; on some of them they were won, lost, ended in no decision, or *moved* (another level,
or a buyer act at the same one), which sets the clock back to nought. Multi-state (Aalen-Johansen) estimates on a grid
of stretches, each shrunk to itself and the two beside it, these to their state, that to its process, that to all
(Gamma-Poisson: the mean of the posterior). A state never seen takes its process's average and is told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.forecast.snapshots import NEVER, OPEN, UNSEEN, Snapshots, Spans
from headway.forecast.value import Cell

EDGES = np.array([0, 7, 14, 21, 30, 45, 60, 90, 120, 180], dtype=np.int64)
"""First days of the stretches of silence; the last has no end."""
CAP = int(EDGES[-1])
PULL_DAYS = 30.0  # deal-days' worth: of a cell towards it and the two beside it
BESIDE_PULL_DAYS = 6.0  # of those towards their state
STATE_PULL_DAYS = 30.0  # of a state towards its process, and of that towards all
ENDS = ("won", "lost", "no decision", "buyer acted")
MOVED = 3
"""Beside WON, LOST and NO_DECISION: the buyer acted, so that the clock starts again."""
DRAWS = 40
_CODES = 1 << 20  # more than there are stages: a state is one number
_FEWEST = 0.5  # deals that ended in each way, added over all days, so that nothing is impossible


@dataclass(frozen=True, slots=True, eq=False)
class Hazards:
    """What was counted, and the daily chances that follow.

    `keys` (s,): known states in order. Behind them stand one state per process of `processes` and one for all, which
    speak for states never seen. `days` (s', b): deal-days in each state and stretch; `events` (s', b, 4): how often
    they ended by WON, LOST, NO_DECISION, MOVED; `towards` (s', b, 4): what each is shrunk to; `daily`: the chances.
    `went` (s, s): moves from state to state; `share`: the same as shares of the moves from a state.
    """

    keys: IntArray
    processes: IntArray
    days: FloatArray
    events: FloatArray
    towards: FloatArray
    daily: FloatArray
    went: FloatArray
    share: FloatArray

    def state_of(self, process: IntArray, level: IntArray, claimed: IntArray) -> IntArray:
        """Place of each state in `keys`; of one never seen, the place that speaks for its process, or for all."""
        found = _place(self.keys, state_key(process, level, claimed))
        own = _place(self.processes, process)
        rest = np.where(own >= 0, self.keys.size + own, self.keys.size + self.processes.size)
        return np.where(found >= 0, found, rest)

    def seen(self, rows: Snapshots) -> BoolArray:
        """Whether a past deal ever left the state of each row: one that only stays there tells nothing."""
        state = self.state_of(rows.process, rows.level, rows.claimed)
        known: BoolArray = (state < self.keys.size) & (self.events.sum(axis=(1, 2))[state] > 0)
        return known


def state_key(process: IntArray, level: IntArray, claimed: IntArray) -> IntArray:
    """One number per state: process and level; where the level is UNSEEN, process and claimed stage."""
    told = np.where(level == UNSEEN, _CODES + claimed + 1, level)
    key: IntArray = process * (2 * _CODES) + told
    return key


def clock_of(rows: Snapshots) -> IntArray:
    """Days since the last buyer act; since the claim changed where none is known; 0 to CAP."""
    quiet = np.where((rows.level == UNSEEN) | np.isnan(rows.silence), rows.stage_days, rows.silence)
    quiet = np.where(np.isnan(quiet), rows.age, quiet)
    clock: IntArray = np.clip(np.nan_to_num(quiet, nan=0.0), 0, CAP).astype(np.int64)
    return clock


def bucket_of(clock: IntArray) -> IntArray:
    """The stretch of EDGES in which each day of the clock lies."""
    return np.searchsorted(EDGES, clock, side="right") - 1


def hazards_of(spans: Spans) -> Hazards:
    """Counts and daily chances from all that was lived through, in any order."""
    spans = spans.take(np.lexsort((spans.start, spans.spell, spans.deal)))
    key = state_key(spans.process, spans.level, spans.claimed)
    keys, state = np.unique(key, return_inverse=True)
    start, end = _clock_of_spans(spans, key)
    cause, target = _ends(spans, key, state)
    days = _days_in(state, start, end, keys.size)
    events = np.zeros((keys.size, EDGES.size, 4))
    told = cause != OPEN
    np.add.at(events, (state[told], bucket_of(np.clip(end[told] - 1, 0, CAP)), cause[told]), 1.0)
    went = np.zeros((keys.size, keys.size))
    np.add.at(went, (state[target >= 0], target[target >= 0]), 1.0)
    return _shrunk(keys, days, events, went)


def _clock_of_spans(spans: Spans, key: IntArray) -> tuple[IntArray, IntArray]:
    """The clock at the beginning and at the end of each span."""
    first = np.ones(len(spans), dtype=np.bool_)
    first[1:] = ~_goes_on(spans) | (key[1:] != key[:-1])
    began = spans.start[np.maximum.accumulate(np.where(first, np.arange(len(spans)), 0))] if len(spans) else spans.start
    since = np.where((spans.level == UNSEEN) | (spans.acted <= -NEVER), began, spans.acted)
    return np.maximum(spans.start - since, 0), np.maximum(spans.end - since, 0)


def _goes_on(spans: Spans) -> BoolArray:
    """Whether each row but the first continues the one before (n - 1,)."""
    same: BoolArray = (spans.deal[1:] == spans.deal[:-1]) & (spans.spell[1:] == spans.spell[:-1])
    return same


def _ends(spans: Spans, key: IntArray, state: IntArray) -> tuple[IntArray, IntArray]:
    """What ended each span: an exit, MOVED, or OPEN; and the state it moved to, else -1."""
    cause = spans.after.copy()
    target = np.full(len(spans), -1, dtype=np.int64)
    moved = np.zeros(len(spans), dtype=np.bool_)
    moved[:-1] = _goes_on(spans) & ((key[1:] != key[:-1]) | (spans.acted[1:] > spans.acted[:-1]))
    moved &= cause == OPEN
    target[:-1][moved[:-1]] = state[1:][moved[:-1]]
    cause[moved] = MOVED
    return cause, target


def _days_in(state: IntArray, start: IntArray, end: IntArray, states: int) -> FloatArray:
    """Deal-days (s, b): each span cut at the edges of the stretches."""
    days = np.zeros((states, EDGES.size))
    for place, edge in enumerate(EDGES):
        last = EDGES[place + 1] if place + 1 < EDGES.size else np.iinfo(np.int64).max
        spent = np.clip(end, edge, last) - np.clip(start, edge, last)
        days[:, place] = np.bincount(state, weights=spent.astype(np.float64), minlength=states)
    return days


def _shrunk(keys: IntArray, days: FloatArray, events: FloatArray, went: FloatArray) -> Hazards:
    """Cells towards those beside them, these towards their state, that towards its process, that towards all."""
    owner = keys // (2 * _CODES)
    processes, own = np.unique(owner, return_inverse=True)
    by_state, lived = events.sum(axis=1), days.sum(axis=1)
    everywhere = (by_state.sum(axis=0) + _FEWEST) / (lived.sum() + 2 * STATE_PULL_DAYS)
    in_process = np.zeros((processes.size, 4))
    np.add.at(in_process, own, by_state)
    there: FloatArray = np.bincount(own, weights=lived, minlength=processes.size).astype(np.float64)
    in_process = _towards(in_process, there[:, None], everywhere, STATE_PULL_DAYS)
    average = _towards(by_state, lived[:, None], in_process[own], STATE_PULL_DAYS)
    average[went.sum(axis=1) == 0, MOVED] = 0.0  # nowhere to go to
    rest = np.concatenate([in_process, everywhere[None, :]])
    rest[:, MOVED] = 0.0
    average = np.concatenate([average, rest])
    days = np.concatenate([days, np.zeros((len(rest), EDGES.size))])
    events = np.concatenate([events, np.zeros((len(rest), EDGES.size, 4))])
    towards = _towards(_with_beside(events), _with_beside(days)[:, :, None], average[:, None, :], BESIDE_PULL_DAYS)
    daily = _bounded(_towards(events, days[:, :, None], towards, PULL_DAYS))
    share = went / np.maximum(went.sum(axis=1, keepdims=True), 1.0)
    return Hazards(keys, processes, days, events, towards, daily, went, share)


def _with_beside(counts: FloatArray) -> FloatArray:
    """Counts of each stretch (axis 1) and of the two beside it."""
    found = counts.copy()
    found[:, 1:] += counts[:, :-1]
    found[:, :-1] += counts[:, 1:]
    return found


def _towards(events: FloatArray, days: FloatArray, average: FloatArray, pull: float) -> FloatArray:
    found: FloatArray = (events + pull * average) / (days + pull)
    return found


def _bounded(daily: FloatArray) -> FloatArray:
    """Chances of one day that never add up to more than 1."""
    bounded: FloatArray = daily / np.maximum(daily.sum(axis=-1, keepdims=True), 1.0)
    return bounded


def _place(known: IntArray, asked: IntArray) -> IntArray:
    """Where each of `asked` stands in `known` (in order), else -1."""
    if known.size == 0:
        return np.full(asked.shape, -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(known, asked), known.size - 1)
    return np.where(known[place] == asked, place, -1)


def ended_within(hazards: Hazards, state: IntArray, clock: IntArray, horizons: Sequence[int]) -> FloatArray:
    """Chances (n, h, 3) to be won, lost, ended in no decision within `horizons` days of each state and clock."""
    place, back = np.unique(state * (CAP + 1) + clock, return_inverse=True)
    found: FloatArray = _propagated(hazards, hazards.daily[None], place, horizons)[0][back.ravel()]
    return found


def spread(
    hazards: Hazards, state: IntArray, clock: IntArray, horizons: Sequence[int], draws: int = DRAWS
) -> FloatArray:
    """Standard deviation (n, h, 3) of the log-odds of `ended_within`, from the counts alone.

    Each cell's chance is drawn from its Gamma posterior (events + pull x average, over days + pull) and propagated.
    """
    random = np.random.default_rng(0)
    shape = np.maximum(hazards.events + PULL_DAYS * hazards.towards, 1e-9)
    drawn = random.gamma(np.broadcast_to(shape, (draws, *shape.shape))) / (hazards.days + PULL_DAYS)[None, :, :, None]
    drawn[..., MOVED] = np.where(hazards.daily[None, ..., MOVED] > 0, drawn[..., MOVED], 0.0)
    place, back = np.unique(state * (CAP + 1) + clock, return_inverse=True)
    chances = np.clip(_propagated(hazards, _bounded(drawn), place, horizons), 1e-6, 1 - 1e-6)
    found: FloatArray = np.log(chances / (1 - chances)).std(axis=0)[back.ravel()]
    return found


def _propagated(hazards: Hazards, daily: FloatArray, place: IntArray, horizons: Sequence[int]) -> FloatArray:
    """Chances (d, p, h, 3) at places state * (CAP + 1) + clock, under each of d sets of daily chances.

    One recursion backwards over days for all states and clocks at once: within n days a deal ends tomorrow, or moves
    or stays tomorrow and ends within n - 1 days from there.
    """
    where, at = place // (CAP + 1), place % (CAP + 1)
    by_day = daily[:, :, bucket_of(np.arange(CAP + 1)), :]  # (d, s', u, 4)
    stays = 1.0 - by_day.sum(axis=-1, keepdims=True)
    known = hazards.keys.size
    reached = np.zeros((*by_day.shape[:3], 3))
    found = np.zeros((daily.shape[0], place.size, len(horizons), 3))
    for day in range(1, max(horizons, default=0) + 1):
        later = np.concatenate([reached[:, :, 1:], reached[:, :, -1:]], axis=2)
        again = np.einsum("st,dtc->dsc", hazards.share, reached[:, :known, 0])
        reached = by_day[..., :3] + stays * later
        reached[:, :known] += by_day[:, :known, :, MOVED, None] * again[:, :, None, :]
        for column in np.flatnonzero(np.asarray(horizons) == day):
            found[:, :, column] = reached[:, where, at]
    return found


def cells(hazards: Hazards, stages: tuple[tuple[str, ...], ...]) -> tuple[Cell, ...]:
    """Every daily chance with its counts, in the order of states, stretches and ends; only where days were spent."""
    found = []
    for state, key in enumerate(hazards.keys.tolist()):
        name = _state_said(key, stages)
        for place in np.flatnonzero(hazards.days[state] > 0).tolist():
            for kind, ends in enumerate(ENDS):
                events, daily = int(hazards.events[state, place, kind]), float(hazards.daily[state, place, kind])
                found.append(Cell(name, _stretch_said(place), ends, daily, events, float(hazards.days[state, place])))
    return tuple(found)


def _state_said(key: int, stages: tuple[tuple[str, ...], ...]) -> str:
    process, told = divmod(key, 2 * _CODES)
    if told < _CODES:
        return stage_said(stages, process, told)
    return f"no buyer act known, claimed: {stage_said(stages, process, told - _CODES - 1)}"


def stage_said(stages: tuple[tuple[str, ...], ...], process: int, rank: int) -> str:
    """The name of a rank, which counts from 1; `no stage` for 0 and UNSEEN."""
    names = stages[process] if 0 <= process < len(stages) else ()
    if rank <= 0:
        return "no stage"
    return names[rank - 1] if rank <= len(names) else f"stage {rank}"


def _stretch_said(place: int) -> str:
    if place + 1 == EDGES.size:
        return f"{EDGES[place]} days or more"
    return f"{EDGES[place]} to {EDGES[place + 1] - 1} days"
