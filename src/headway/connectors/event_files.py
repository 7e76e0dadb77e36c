"""Files of events: XES logs, Parquet files scanned in place, and any other table with one row per event."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC
from pathlib import Path

import pyarrow as pa

from headway.basics.errors import InvalidFileError, Problem, UserError
from headway.connectors.files.cells import Cells
from headway.connectors.files.event_source import fill_events
from headway.connectors.files.lookups import listed
from headway.connectors.files.parquet import ParquetFile, parquet_columns
from headway.connectors.files.table import Kind, Table
from headway.connectors.mapping import EVENT_ROLES, EventsMap, Mapping
from headway.connectors.reading import Reading
from headway.deals.events import RecordedHow
from headway.diagnosis.value import Repair, SourceFile

_TEXT: Kind = "text"
_XES = {"deal": "concept:name", "what": "concept:name", "lifecycle": "lifecycle:transition", "who": "org:resource",
        "when": "time:timestamp"}  # fmt: skip


def is_xes(path: Path) -> bool:
    """Whether a file is an XES event log (plain or gzipped), by its first bytes; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path, "rb") as archive:
                head = archive.read(4096)
    except (OSError, EOFError, zlib.error):
        return path.name.lower().endswith((".xes", ".xes.gz"))
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").lstrip().lower()
    return text.startswith((b"<?xml", b"<log", b"<!--")) and b"<html" not in text


def read_xes_log(path: Path, mapping: Mapping, reading: Reading, number: int) -> Table:
    """Fill the log with the events of an XES file; returns its traces as a table, for `deals` of the mapping."""
    from headway.connectors.files.xes import Keys, read_xes

    events = mapping.events
    if events is None:
        raise UserError(f"{path.name} is an XES event log: the mapping needs `events` to say what its events mean.")
    key = {role: events.roles[role].columns[0] if role in events.roles else _XES.get(role) for role in EVENT_ROLES}
    others = {role: key[role] for role in ("contact", "recorded", "note") if key[role]}
    tick = reading.progress
    log = read_xes(
        path,
        limits=reading.limits,
        keys=Keys(str(key["deal"]), str(key["what"]), str(key["lifecycle"]), str(key["who"]), str(key["when"])),
        attributes=[str(name) for name in others.values()],
        zone=reading.settings.zone or UTC,
        progress=(lambda read, total, count: tick(path.name, read, total, count)) if tick else None,
    )
    reading.note(log.repairs, path.name)
    columns = {"deal": '"case"', "what": "name", "lifecycle": "lifecycle", "when": '"at"', "who": "resource",
               "place": "source_order", "line": "line"}  # fmt: skip
    for role, name in others.items():
        quoted = _identifier(str(name))
        columns[role] = f"try_cast({quoted} AS TIMESTAMP)" if role == "recorded" else quoted
    reading.log.connection.register("xes_events", log.events)
    try:
        rows, repairs = fill_events(
            reading.log.connection, "xes_events", columns, events, file=number, name=path.name, how="history"
        )
    finally:
        reading.log.connection.unregister("xes_events")
    reading.repairs += repairs
    reading.files.append(SourceFile(path.name, "xes", 1.0, rows))
    traces = log.traces
    texts = traces.select([name for name in traces.column_names if name not in ("events", "line")]).cast(
        pa.schema([(name, pa.string()) for name in traces.column_names if name not in ("events", "line")])
    )
    lines = traces.column("line").combine_chunks().cast(pa.int32())
    names = tuple(texts.column_names)
    return Table(path.name, names, tuple(_TEXT for _ in names), texts, lines, (), "XES traces")


def read_event_table(path: Path, mapping: Mapping, events: EventsMap, reading: Reading, number: int) -> None:
    """Fill the log with the rows of a table of events: Parquet with typed times in place, all else as text."""
    about = _scannable(path, events, reading)
    if about is not None:
        _require(about.columns, ", ".join(f"`{name}`" for name in about.columns), path.name, mapping, events)
        rows, repairs = _scan(about, events, reading, number)
        reading.repairs += repairs
        reading.files.append(SourceFile(path.name, "mapping (events, scanned in place)", 1.0, rows))
        return
    table = reading.table(path)
    _require(table.columns, listed(table), path.name, mapping, events)
    cells = Cells(table, reading.settings)
    roles = {role: source.columns[0] for role, source in events.roles.items()}
    cells.read_dates([roles[role] for role in ("when", "recorded") if role in roles])
    columns: dict[str, pa.Array] = {
        role: cells.instants(column) if role in ("when", "recorded") else cells.text((column,))
        for role, column in roles.items()
    }
    columns["line"] = table.lines
    columns["place"] = pa.array(range(cells.rows), pa.int64())
    reading.log.connection.register("table_events", pa.table(columns))
    try:
        names = {role: _identifier(role) for role in columns}
        rows, repairs = fill_events(
            reading.log.connection, "table_events", names, events, file=number, name=path.name, how=_how(events)
        )
    finally:
        reading.log.connection.unregister("table_events")
    reading.repairs += [*cells.repairs, *repairs]
    reading.files.append(SourceFile(path.name, "mapping (events)", 1.0, rows))


def _scannable(path: Path, events: EventsMap, reading: Reading) -> ParquetFile | None:
    """A Parquet file whose times are typed, so that no text has to be read."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"PAR1":
                return None
    except OSError:
        return None
    about = parquet_columns(path, limits=reading.limits)
    for role in ("when", "recorded"):
        column = events.roles[role].columns[0] if role in events.roles else None
        if column in about.columns and not pa.types.is_timestamp(about.schema.field(column).type):
            return None
    return about


def _scan(about: ParquetFile, events: EventsMap, reading: Reading, number: int) -> tuple[int, list[Repair]]:
    columns = {"place": "file_row_number", "line": "CAST(file_row_number + 1 AS INTEGER)"}
    for role, source in events.roles.items():
        quoted = _identifier(source.columns[0])
        if role not in ("when", "recorded"):
            texts = pa.types.is_string(about.schema.field(source.columns[0]).type)
            columns[role] = quoted if texts else f"CAST({quoted} AS VARCHAR)"
        elif about.schema.field(source.columns[0]).type.tz is not None:
            columns[role] = f"make_timestamp(epoch_us({quoted}))"  # far cheaper than AT TIME ZONE
        elif reading.settings.zone is not None:
            columns[role] = f"({quoted} AT TIME ZONE '{reading.settings.zone}') AT TIME ZONE 'UTC'"
        else:
            columns[role] = f"CAST({quoted} AS TIMESTAMP)"
    path = str(about.path).replace("'", "''")
    relation = f"read_parquet('{path}', file_row_number = true)"
    return fill_events(
        reading.log.connection, relation, columns, events, file=number, name=about.path.name, how=_how(events)
    )


def _how(events: EventsMap) -> str:
    return (RecordedHow.HISTORY if events.stamped else RecordedHow.ASSUMED).value


def _require(columns: tuple[str, ...], shown: str, name: str, mapping: Mapping, events: EventsMap) -> None:
    problems = [
        Problem(source.line, f"{name} has no column `{source.columns[0]}` (for `{role}`); it has {shown}.")
        for role, source in events.roles.items()
        if source.columns[0] not in columns
    ]
    problems += [
        Problem(1, f"`events` lacks `{role}`; name the column of {name}.")
        for role in ("deal", "what", "when")
        if role not in events.roles
    ]
    if problems:
        raise InvalidFileError(mapping.path, tuple(sorted(problems, key=lambda problem: problem.line)))


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
