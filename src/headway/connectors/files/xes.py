"""Reads IEEE XES event logs (IEEE 1849), plain or gzipped, into columns: streamed, checked, nothing dropped silently.

Decided in docs/decisions/0002-xes-reader.md. The steps, each in a module of its own: `xes_guard` (bytes to safe
markup), `xes_blocks` (whole traces), `xes_tags` (tags as columns), `xes_rows` (traces and events of a block),
`xes_times` (instants), and here what makes one table of many blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from headway.basics.errors import UserError
from headway.connectors.files.limits import COMMAND_LINE, Limits, free_memory_bytes, readable_bytes
from headway.connectors.files.repairs import LINES_KEPT, Action, Repair, RepairLog
from headway.connectors.files.xes_blocks import trace_blocks
from headway.connectors.files.xes_guard import markup
from headway.connectors.files.xes_rows import Rows, rows_of
from headway.connectors.files.xes_text import Flaw, as_utf8, unpacked
from headway.connectors.files.xes_times import instants

Progress = Callable[[int, int, int], None]
"""Called now and then with: bytes of the file read, bytes of the file in all, events read so far."""

EVENT_COLUMNS = ("case", "name", "lifecycle", "resource", "at", "source_order", "line")
TRACE_COLUMNS = ("case", "events", "line")
LOSSES = {
    "nested": "Attributes inside other attributes (and inside lists) were left out; the outer value was kept.",
    "keyless": "Attributes without a key were left out.",
    "doubled": "Attributes that a trace or event has twice: the first value was kept.",
    "loose event": "Events that stand in no trace belong to no case and were left out.",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """Which attribute holds what. The defaults are those of the XES standard extensions."""

    case: str = "concept:name"
    name: str = "concept:name"
    lifecycle: str = "lifecycle:transition"
    resource: str = "org:resource"
    at: str = "time:timestamp"


@dataclass(frozen=True, slots=True)
class XesTable:
    """An event log as it stands in a file.

    events: one row per event in file order. `case`, `name` (never null, never blank); `lifecycle`, `resource` (null
    where absent); `at` (timestamp[us], UTC without zone, never null); `source_order` (int64: place of the event among
    all events of the file, from 0); `line` (int32, 1-based); then one column per further attribute asked for.
    Texts are dictionary-encoded, which DuckDB takes as they are.
    traces: one row per trace in file order, with and without events. `case` (as in events; distinct), `events`
    (int64: how many of its events are in `events`), `line`, then one string column per attribute of any trace.
    An attribute whose key is one of the names above has `attribute:` in front.
    repairs: what was missing, repaired or dropped, by count.  event_keys: each key that events carry, and on how many.
    """

    events: pa.Table
    traces: pa.Table
    repairs: tuple[Repair, ...]
    event_keys: tuple[tuple[str, int], ...]


def read_xes(
    path: Path,
    *,
    limits: Limits = COMMAND_LINE,
    keys: Keys = Keys(),
    attributes: Sequence[str] = (),
    zone: tzinfo = UTC,
    progress: Progress | None = None,
) -> XesTable:
    """The event log in an XES file, plain or gzipped, in any encoding its first line or byte order mark names.

    attributes: keys of further event attributes wanted as columns.  zone: where times without a zone are taken to be.
    limits: `bytes` after unpacking, `rows` counts events; without them the log may take half of the free memory.
    Raises UserError (one sentence: what, where, what to do) for what cannot be read, before anything is returned.
    """
    log = RepairLog()
    try:
        total = path.stat().st_size if path.is_file() else 0
        read = [0]
        chunks = unpacked(path, limits, lambda position: read.__setitem__(0, position))
        longest = 2 * limits.cell_bytes + 4096  # a tag with a key and a value
        blocks = trace_blocks(markup(as_utf8(chunks, log), longest))
        gathering = _Gathering(keys, tuple(dict.fromkeys(attributes)), zone, limits, log)
        line = 1
        for block in blocks:
            rows = rows_of(block, line, gathering.wanted, LINES_KEPT)
            line += rows.line_ends
            gathering.add(rows)
            if progress:
                progress(read[0], total, gathering.event_count)
        return gathering.table()
    except Flaw as flaw:
        where = f" (line {flaw.line})" if flaw.line else ""
        raise UserError(f"{path.name}{where} {flaw.what}.") from None


class _Gathering:
    """The blocks read so far, on their way to one table."""

    def __init__(self, keys: Keys, attributes: tuple[str, ...], zone: tzinfo, limits: Limits, log: RepairLog) -> None:
        self.keys, self.attributes, self.zone, self.limits, self.log = keys, attributes, zone, limits, log
        self.wanted = tuple(dict.fromkeys((keys.name, keys.lifecycle, keys.resource, keys.at, *attributes)))
        self.event_count = self.trace_count = self.memory = 0
        self.allowed_memory = free_memory_bytes() // 2
        self.event_keys: Counter[str] = Counter()
        self.trace_keys: set[str] = set()
        self.events: list[pa.Table] = []
        self.traces: list[pa.Table] = []

    def add(self, rows: Rows) -> None:
        """Take in one block; Flaw beyond the limits."""
        events = self._events_of(rows)
        traces = pa.table({**rows.traces, "": pa.array(rows.trace_lines)})
        self.events.append(events)
        self.traces.append(traces)
        self.event_count += len(rows.trace_of)
        self.trace_count += len(rows.trace_lines)
        self.event_keys.update(rows.event_keys)
        self.trace_keys.update(rows.traces)
        self.memory += events.nbytes + traces.nbytes
        for loss in rows.losses:
            self.log.add("dropped", loss.what, LOSSES[loss.what], loss.lines, count=loss.count)
        self._require_room()

    def _require_room(self) -> None:
        advice = "split it by date, or give it as Parquet on the command line"
        if max(self.event_count, self.trace_count) > self.limits.row_count():
            raise Flaw(f"holds more than the {self.limits.row_count():,} events that can be read here: {advice}")
        # Every trace gets a cell for every attribute that any trace has, and a name that may have to be made up.
        wide = self.trace_count * (100 + 5 * len(self.trace_keys))
        if self.memory + wide > self.allowed_memory:
            raise Flaw(f"holds more than fits into {readable_bytes(self.allowed_memory)} of memory: {advice}")
        for what, keys in (("traces", self.trace_keys), ("events", self.event_keys)):
            if len(keys) > self.limits.columns:
                number = f"{self.limits.columns:,} different attributes"
                raise Flaw(f"has {what} with more than {number}: check how it was exported")

    def _events_of(self, rows: Rows) -> pa.Table:
        """The events of a block that have a name and a time; the others are counted."""
        texts, times = rows.events, rows.events[self.keys.at]
        at, assumed = instants(times, self.zone)
        named = _is_text(texts[self.keys.name])
        timed, dated = np.asarray(pc.is_valid(at)), np.asarray(pc.is_valid(times))
        count = len(rows.trace_of)
        table = pa.table(
            {
                "case": pa.array(rows.trace_of + self.trace_count, pa.int32()),
                **{
                    name: texts[key].dictionary_encode()
                    for name, key in (
                        ("name", self.keys.name),
                        ("lifecycle", self.keys.lifecycle),
                        ("resource", self.keys.resource),
                    )
                },
                "at": at,
                "source_order": pa.array(np.arange(self.event_count, self.event_count + count)),
                "line": rows.event_lines,
                **{_column(key, EVENT_COLUMNS): texts[key].dictionary_encode() for key in self.attributes},
            }
        )
        name, time = self.keys.name, self.keys.at
        self._note("dropped", "event without a name", f"Events without {name} were left out.", rows, ~named)
        self._note("dropped", "event without a time", f"Events without {time} were left out.", rows, named & ~dated)
        why = f"Events whose {time} is no ISO 8601 time were left out."
        self._note("dropped", "unreadable time", why, rows, named & dated & ~timed)
        why = f"Times without a zone were taken to be in {self.zone}."
        self._note("assumed", "time without a zone", why, rows, named & assumed)
        keep = named & timed
        return table if keep.all() else table.filter(pa.array(keep))

    def _note(self, action: Action, what: str, why: str, rows: Rows, where: npt.NDArray[np.bool_]) -> None:
        if where.any():
            self.log.add(action, what, why, rows.event_lines[where][:LINES_KEPT].tolist(), count=int(where.sum()))

    def table(self) -> XesTable:
        """Everything as one table; Flaw where nothing can be used."""
        events = pa.concat_tables(self.events).unify_dictionaries().combine_chunks()
        traces = pa.concat_tables(self.traces, promote_options="default").combine_chunks()
        self._require_events(len(events))
        self._require_case_key(traces.column_names)
        lines = traces[""].to_numpy()
        names = traces[self.keys.case].to_pylist() if self.keys.case in traces.column_names else [None] * len(lines)
        cases = pa.array(self._distinct(names, lines.tolist()), pa.string())
        trace_of = events["case"].combine_chunks()
        kept = np.bincount(trace_of.to_numpy(), minlength=len(cases))
        if empty := int((kept == 0).sum()):
            why = "Traces without any event that could be kept are listed among the traces only."
            self.log.add("noted", "trace without events", why, lines[kept == 0][:LINES_KEPT].tolist(), count=empty)
        columns = {"case": cases, "events": pa.array(kept), "line": pa.array(lines)}
        for key in traces.column_names:
            if key:
                columns[_column(key, TRACE_COLUMNS)] = traces[key]
        return XesTable(
            events=events.set_column(0, "case", pa.DictionaryArray.from_arrays(trace_of, cases)),
            traces=pa.table(columns),
            repairs=self.log.repairs(),
            event_keys=tuple(sorted(self.event_keys.items(), key=lambda item: (-item[1], item[0]))),
        )

    def _require_events(self, kept: int) -> None:
        if not self.trace_count:
            raise Flaw("holds no traces, so there are no cases to look at: export it again")
        if not self.event_count:
            raise Flaw(f"holds {self.trace_count:,} traces and not one event in them: export it again with its events")
        if not kept:
            carried = ", ".join(sorted(self.event_keys)[:8]) or "nothing"
            raise Flaw(
                f"holds {self.event_count:,} events, none with both a name ({self.keys.name}) and a time "
                f"({self.keys.at}): say which attributes hold them (events carry {carried})"
            )

    def _require_case_key(self, found: Sequence[str]) -> None:
        """A key that was named and that no trace has is a slip; without names at all, traces are numbered."""
        if self.keys.case not in found and self.keys.case != Keys().case:
            carried = ", ".join(sorted(key for key in found if key)[:8]) or "nothing"
            raise Flaw(f"has no trace with {self.keys.case}: name the attribute that tells cases apart ({carried})")

    def _distinct(self, names: list[str | None], lines: list[int]) -> list[str]:
        """A name of its own for each trace: two traces are two cases, even where they share a name or have none."""
        given = {name for name in names if name and name.strip()}
        if len(given) == len(names):
            return [name or "" for name in names]
        taken, used, copies = set(given), set[str](), Counter[str]()
        result: list[str] = []
        unnamed: list[int] = []
        repeated: list[int] = []
        for place, name in enumerate(names):
            if name in given and name not in used:
                used.add(name)
                result.append(name)
                continue
            base = name if name in given else f"trace {place + 1}"
            (repeated if name in given else unnamed).append(lines[place])
            candidate = base
            while candidate in taken:
                copies[base] += 1
                candidate = f"{base} ({copies[base] + 1})"
            taken.add(candidate)
            result.append(candidate)
        if unnamed:
            why = f"Traces without {self.keys.case} were named after their place in the file."
            self.log.add("repaired", "trace without a name", why, unnamed[:LINES_KEPT], count=len(unnamed))
        if repeated:
            why = "Traces that share a name are kept apart: all but the first got a number in brackets."
            self.log.add("repaired", "repeated trace name", why, repeated[:LINES_KEPT], count=len(repeated))
        return result


def _is_text(column: pa.StringArray) -> npt.NDArray[np.bool_]:
    """Where a column holds something other than white space."""
    encoded = column.dictionary_encode()
    blank = [index for index, text in enumerate(encoded.dictionary.to_pylist()) if not text.strip()]
    valid = np.asarray(pc.is_valid(column))
    return valid if not blank else valid & ~np.isin(encoded.indices.fill_null(-1).to_numpy(), blank)


def _column(key: str, taken: Sequence[str]) -> str:
    """The name of the column for an attribute."""
    return f"attribute:{key}" if key in taken else key
