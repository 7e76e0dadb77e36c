"""Text with separators (CSV, TSV and their kin) to a table."""

from __future__ import annotations

import functools
import gc
import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from headway.basics.errors import UserError
from headway.connectors.files import footers
from headway.connectors.files.dialect import Dialect, dialect_of, excerpt, sniffed
from headway.connectors.files.header import SAMPLE_ROWS, column_names, header_index
from headway.connectors.files.limits import Limits, readable_bytes
from headway.connectors.files.records import records
from headway.connectors.files.regular import as_record, parsed, scanned, to_look_at
from headway.connectors.files.repairs import LINES_KEPT, RepairLog
from headway.connectors.files.table import Kind, Table
from headway.connectors.files.text import decoded

_ROWS_PER_CHUNK = 20_000
BLANK_ROW = "Rows without a value in any cell are no records."


def read_delimited(raw: bytes, name: str, limits: Limits, log: RepairLog) -> Table:
    """The table in the bytes of a text file. Raises UserError as `read_table` does."""
    text = decoded(raw, name, log)
    dialect, data = sniffed(text.data, log)
    read = _quickly(data, dialect, name, limits, log)
    if read is None and len(excerpt(data)) < len(data) and not dialect.lines_before:
        # Samples chose the dialect and it does not hold throughout: choose again, by every line.
        sampled, dialect = dialect, dialect_of(data)
        read = _quickly(data, dialect, name, limits, log) if dialect != sampled else None
    if read is None:
        with _without_garbage_collection():
            read = _carefully(data.decode(), dialect, name, limits, log)
    columns, arrays, lines = read
    separator = {"\t": "TAB"}.get(dialect.separator, f"{dialect.separator!r}")
    source = f"CSV, separator {separator}, {text.encoding.upper().replace('WITH', 'with')}"
    return finished(name, columns, arrays, lines, source, limits, log)


def finished(
    name: str,
    columns: tuple[str, ...],
    arrays: list[pa.ChunkedArray],
    lines: pa.Array,
    source: str,
    limits: Limits,
    log: RepairLog,
    kinds: tuple[Kind, ...] | None = None,
) -> Table:
    """The table from columns of text: cells measured and trimmed, blank ones null, empty unnamed columns left out."""
    kept_names: list[str] = []
    kept_kinds: list[Kind] = []
    kept: list[pa.ChunkedArray] = []
    text: Kind = "text"
    known_kinds = kinds or (text,) * len(columns)
    for place, (column, array, kind) in enumerate(zip(columns, arrays, known_kinds, strict=True), start=1):
        _refuse_long_cells(array, column, lines, name, limits)
        clean = blank_as_null(array)
        if column == f"column {place}" and clean.null_count == len(clean):
            log.add("dropped", "empty column", "Columns with neither a name nor a value were left out.")
            continue
        kept_names.append(column)
        kept_kinds.append(kind)
        kept.append(clean)
    data, lines = _without_blank_rows(pa.table(kept, names=kept_names), lines, log)
    _refuse_mostly_long(log.count("long row"), data.num_rows, len(columns), name)
    return Table(name, tuple(kept_names), tuple(kept_kinds), data, lines, log.repairs(), source)


def _without_blank_rows(data: pa.Table, lines: pa.Array, log: RepairLog) -> tuple[pa.Table, pa.Array]:
    if not data.num_columns or not any(column.null_count for column in data.columns):
        return data, lines
    blank = functools.reduce(pc.and_, (pc.is_null(column) for column in data.columns))
    count = pc.sum(blank).as_py() or 0
    if not count:
        return data, lines
    log.add("dropped", "blank row", BLANK_ROW, lines.filter(blank)[:LINES_KEPT].to_pylist(), count=count)
    return data.filter(pc.invert(blank)), lines.filter(pc.invert(blank))


def blank_as_null(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text without outer blanks, and null where nothing is left."""
    trimmed = pc.utf8_trim_whitespace(array)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _refuse_long_cells(array: pa.ChunkedArray, column: str, lines: pa.Array, name: str, limits: Limits) -> None:
    lengths = pc.binary_length(array)
    longest = pc.max(lengths).as_py() or 0
    if longest > limits.cell_bytes:
        line = lines[pc.index(lengths, longest).as_py()].as_py()
        raise UserError(
            f"{name}: the cell in line {line}, column {column[:60]!r}, holds {readable_bytes(longest)}, more than the"
            f" {readable_bytes(limits.cell_bytes)} that a cell may have: shorten it, or leave the column out."
        )


_Read = tuple[tuple[str, ...], list[pa.ChunkedArray], pa.Array]


def _quickly(data: bytes, dialect: Dialect, name: str, limits: Limits, log: RepairLog) -> _Read | None:
    """The columns of a regular text, or None where it takes the careful way (nothing has been logged then)."""
    separator, quote = dialect.separator, dialect.quote
    scan = None if dialect.careful else scanned(data, separator, quote, dialect.lines_before)
    if scan is None or not len(scan):
        return None
    head = data[: int(scan.ends[min(len(scan), SAMPLE_ROWS) - 1])]
    sample = list(records(head.decode(), dialect, name, log))
    index = header_index([row for _, row in sample])
    if index is None:
        return None
    width, first = len(sample[index][1]), index + 1
    odd = to_look_at(data, scan, first, width)
    if odd is None:
        return None
    if len(scan) - first - int(scan.blank[first:].sum()) > limits.row_count():
        raise too_many_rows(name, limits.row_count())
    columns = _header(sample, index, name, limits, log)
    pieces: list[bytes | memoryview] = []
    kept = np.ones(len(scan), bool)
    kept[:first] = False
    at, whole = int(scan.starts[first]) if first < len(scan) else len(data), memoryview(data)
    for place in odd:
        start, end, line = int(scan.starts[place]), int(scan.ends[place]), int(scan.lines[place])
        row = next((found for _, found in records(data[start:end].decode(), dialect, name, log)), [])
        fitted = fit(row, width, line, log)
        pieces += [whole[at:start], as_record(fitted, separator, quote) if fitted is not None else b""]
        at = end
        kept[place] = fitted is not None
    pieces.append(whole[at:])
    rows = int(kept.sum())
    body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    arrays = parsed(body, rows, width, scan, separator, quote)
    if arrays is None:
        raise UserError(f"{name} cannot be split into rows reliably: export it again, or save it as XLSX.")
    return columns, arrays, pa.array(scan.lines[kept].astype(np.int32), pa.int32())


def _header(
    sample: list[tuple[int, list[str]]], index: int, name: str, limits: Limits, log: RepairLog
) -> tuple[str, ...]:
    for line, row in sample[:index]:
        if any(cell.strip() for cell in row):
            why = "Lines above the header (a title, filters) are no records."
            log.add("dropped", "line above the header", why, [line])
    line, cells = sample[index]
    return column_names(cells, name, line, limits, log)


def _carefully(text: str, dialect: Dialect, name: str, limits: Limits, log: RepairLog) -> _Read:
    found = records(text, dialect, name, log)
    sample = list(itertools.islice(found, SAMPLE_ROWS))
    index = header_index([row for _, row in sample])
    if index is None:
        raise UserError(f"{name} holds nothing but blanks: export it again.")
    columns = _header(sample, index, name, limits, log)
    return columns, *_shaped(itertools.chain(sample[index + 1 :], found), columns, name, limits, log)


def _shaped(
    found: Iterable[tuple[int, list[str]]], columns: tuple[str, ...], name: str, limits: Limits, log: RepairLog
) -> tuple[list[pa.ChunkedArray], pa.Array]:
    width = len(columns)
    chunks: list[list[pa.Array]] = [[] for _ in columns]
    rows: list[list[str]] = []
    lines: list[int] = []
    allowed = limits.row_count()
    for line, row in found:
        if len(row) != width or not row[0] or row[0][0] in footers.STARTS:
            fitted = fit(row, width, line, log)
            if fitted is None:
                continue
            row = fitted
        rows.append(row)
        lines.append(line)
        if len(rows) == _ROWS_PER_CHUNK:
            _flush(rows, chunks)
            if len(lines) > allowed:
                raise too_many_rows(name, allowed)
    _flush(rows, chunks)
    if len(lines) > allowed:
        raise too_many_rows(name, allowed)
    arrays = [pa.chunked_array(parts, pa.string()) for parts in chunks]
    return arrays, pa.array(lines, pa.int32())


def _flush(rows: list[list[str]], chunks: list[list[pa.Array]]) -> None:
    for part, cells in zip(chunks, zip(*rows, strict=True), strict=False):
        part.append(pa.array(cells, pa.string()))
    rows.clear()


def fit(row: list[str], width: int, line: int, log: RepairLog) -> list[str] | None:
    """A record with as many cells as there are columns, or None where it is left out; either way the log says so."""
    if not any(cell.strip() for cell in row):
        log.add("dropped", "blank row", BLANK_ROW, [line])
        return None
    if footers.is_footer(row):
        log.add("dropped", "footer", footers.WHY, [line])
        return None
    if len(row) == width:
        return row
    if len(row) < width:
        why = "Rows with fewer cells than there are columns; the missing cells at the end are blank."
        log.add("repaired", "short row", why, [line])
        return row + [""] * (width - len(row))
    if not any(cell.strip() for cell in row[width:]):
        why = "Rows with more separators than there are columns; nothing stood behind them."
        log.add("repaired", "trailing separators", why, [line])
        return row[:width]
    why = "Rows with more values than there are columns: which value belongs where cannot be known."
    log.add("dropped", "long row", why, [line])
    return None


def _refuse_mostly_long(long_rows: int, kept_rows: int, width: int, name: str) -> None:
    """Raise UserError where most rows did not fit: then it is the header or the separator that is wrong."""
    if long_rows > kept_rows:
        raise UserError(
            f"{name}: the header names {width} column{'' if width == 1 else 's'}, but most rows have more values"
            f" ({long_rows:,} of {long_rows + kept_rows:,}): give each column a name, or export the file again."
        )


def too_many_rows(name: str, allowed: int) -> UserError:
    """The sentence for a file with more rows than the limit."""
    return UserError(f"{name} has more than the {allowed:,} rows that are read here: split it by date.")


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    # Millions of short-lived lists make the collector take most of the time, and none of them is a cycle.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
