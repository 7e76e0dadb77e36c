"""From the tags of one block to its traces and events as columns, and counts of what could not be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from headway.connectors.files.xes_tags import ATTRIBUTE, EVENT, KEYLESS, TRACE, Tags, tags_of
from headway.connectors.files.xes_text import Flaw

# Columns for the attributes of traces; without a bound a small file could ask for a table of any width.
MOST_KEYS = 1_000

Ints = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Loss:
    """Something in a block that is not in its rows: a key of `xes.LOSSES`, how often, and the first lines."""

    what: str
    count: int
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The traces and events of one block, in file order.

    trace_of: for each event the index of its trace in this block.  event_lines, trace_lines: 1-based, in the file.
    line_ends: how many the block holds.
    events, traces: one string column per key asked for (events) or found (traces), null where absent.
    event_keys: how many events of the block carry each key.
    """

    trace_of: Ints
    event_lines: Ints
    trace_lines: Ints
    line_ends: int
    events: dict[str, pa.StringArray]
    traces: dict[str, pa.StringArray]
    event_keys: Counter[str]
    losses: tuple[Loss, ...]


def rows_of(block: bytes, line: int, keys: Sequence[str], lines_kept: int) -> Rows:
    """Read one block that begins on this line of the file. `keys`: the event attributes wanted. May raise Flaw."""
    try:
        return _Reading(tags_of(block), line).rows(keys, lines_kept)
    except Flaw as flaw:
        raise Flaw(flaw.what, line + flaw.line - 1) from None


class _Reading:
    """Which tag of a block is what. All arrays have one entry per tag."""

    def __init__(self, tags: Tags, line: int) -> None:
        self.tags, self.first_line = tags, line
        kind, delta, level = tags.kind[tags.distinct], tags.delta[tags.distinct], tags.level
        self.kind, self.level = kind, level
        self.begins = delta >= 0
        self.trace = (kind == TRACE) & (level == 2)
        self.inside_trace = _inside(self.trace, delta)
        self.event = (kind == EVENT) & (level == 3) & self.inside_trace
        self.inside_event = _inside(self.event, delta)
        self.key = tags.key[tags.distinct]
        self._require_log(delta)

    def _require_log(self, delta: Ints) -> None:
        roots = np.flatnonzero((self.level == 1) & (delta > 0))
        if len(roots) > 1:
            raise Flaw("holds more than one log: split it into one file per log", int(self.tags.line[roots[1]]))
        misplaced = np.flatnonzero((self.kind == TRACE) & self.begins & ~self.trace)
        if len(misplaced):
            raise Flaw(
                "has a <trace> that does not stand directly in <log>: export it again",
                int(self.tags.line[misplaced[0]]),
            )

    def rows(self, keys: Sequence[str], lines_kept: int) -> Rows:
        trace_places = np.flatnonzero(self.trace & self.begins)
        event_places = np.flatnonzero(self.event & self.begins)
        trace_number = np.cumsum(self.trace & self.begins) - 1
        event_number = np.cumsum(self.event & self.begins) - 1
        attribute = (self.kind == ATTRIBUTE) & self.begins
        own = attribute & (self.level == 4) & self.inside_event
        of_trace = attribute & (self.level == 3) & self.inside_trace & ~self.inside_event
        losses = [
            self._loss("nested", attribute & self.inside_trace & ~own & ~of_trace, lines_kept),
            self._loss("keyless", (self.kind == KEYLESS) & self.begins & self.inside_trace, lines_kept),
            self._loss("loose event", (self.kind == EVENT) & self.begins & ~self.event, lines_kept),
        ]
        wanted = {key: number for number, key in enumerate(self.tags.keys)}
        found = np.bincount(self.key[own], minlength=len(wanted))
        events, doubled = self._columns({k: wanted.get(k, -2) for k in keys}, own, event_number, len(event_places))
        present = {self.tags.keys[number]: int(number) for number in np.unique(self.key[of_trace])}
        if len(present) > MOST_KEYS:
            raise Flaw(f"has traces with more than {MOST_KEYS:,} different attributes: check how it was exported")
        traces, doubled_too = self._columns(present, of_trace, trace_number, len(trace_places))
        losses += [self._loss("doubled", doubled | doubled_too, lines_kept)]
        return Rows(
            trace_of=trace_number[event_places],
            event_lines=self._lines(event_places),
            trace_lines=self._lines(trace_places),
            line_ends=self.tags.line_ends,
            events=events,
            traces=traces,
            event_keys=Counter({k: int(found[n]) for k, n in wanted.items() if found[n]}),
            losses=tuple(loss for loss in losses if loss.count),
        )

    def _columns(
        self, keys: dict[str, int], where: Bools, owner: Ints, count: int
    ) -> tuple[dict[str, pa.StringArray], Bools]:
        """A column of `count` values per key, the first value of each owner; and which attributes were doubled."""
        doubled = np.zeros(len(where), bool)
        columns = {}
        places_of = self._places_by_key(where)
        for key, number in keys.items():
            places = places_of(number)
            value_of = np.full(count, -1, np.int64)
            value_of[owner[places][::-1]] = places[::-1]
            doubled[places[value_of[owner[places]] != places]] = True
            absent = value_of < 0
            distinct = np.where(absent, 0, self.tags.distinct[value_of])
            columns[key] = self.tags.values.take(pa.array(distinct, mask=absent))
        return columns, doubled

    def _places_by_key(self, where: Bools) -> Callable[[int], Ints]:
        """Where the attributes of one key stand, in order; one sort for all keys, however many a file has."""
        places = np.flatnonzero(where)
        order = np.argsort(self.key[places], kind="stable")
        places, key_at = places[order], self.key[places][order]
        return lambda number: places[slice(*np.searchsorted(key_at, (number, number + 1)))]

    def _loss(self, what: str, where: Bools, lines_kept: int) -> Loss:
        places = np.flatnonzero(where)
        return Loss(what, len(places), tuple(self._lines(places[:lines_kept]).tolist()))

    def _lines(self, places: Ints) -> Ints:
        return self.tags.line[places] + np.int32(self.first_line - 1)


def _inside(which: Bools, delta: Ints) -> Bools:
    """Per tag: does it stand between the opening and the closing of one of `which`? (These do not nest.)"""
    return np.cumsum(np.where(which, delta, 0)) - (which & (delta > 0)) > 0
