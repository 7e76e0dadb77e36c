"""Parquet files: recognised from their footer, read as a table where small, scanned in place where large."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from headway.basics.errors import UserError
from headway.connectors.files.delimited import blank_as_null, finished, too_many_rows
from headway.connectors.files.header import column_names
from headway.connectors.files.limits import COMMAND_LINE, Limits, readable_bytes
from headway.connectors.files.repairs import RepairLog
from headway.connectors.files.table import Kind, Table

_TEXT_FACTOR = 4  # a number that takes 1-8 bytes packed takes 10-30 as text, with its offset
_CAST_ERRORS = (pa.ArrowException, OSError, ValueError, NotImplementedError, OverflowError, MemoryError, TypeError)


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """What the footer of a Parquet file says, nothing of its rows having been read.

    A large file (an event log of 50 million rows) is not for `read_table`: let DuckDB scan it, as
    ``connection.read_parquet(str(parquet.path))`` or ``FROM read_parquet(?)`` with `path`.
    """

    path: Path
    columns: tuple[str, ...]
    kinds: tuple[Kind, ...]
    schema: pa.Schema
    rows: int
    unpacked_bytes: int


def parquet_columns(path: Path, *, limits: Limits = COMMAND_LINE) -> ParquetFile:
    """The columns, size and schema of a Parquet file. Raises UserError for a damaged one or one over the limits."""
    name = path.name
    try:
        with pq.ParquetFile(path) as file:
            about, schema = file.metadata, file.schema_arrow
            groups = [about.row_group(index) for index in range(about.num_row_groups)]
            # Not summed over columns: asking a damaged file about one column aborts the process.
            unpacked = sum(group.total_byte_size for group in groups)
            rows = sum(group.num_rows for group in groups)
            columns = tuple(schema.names)
    except FileNotFoundError:
        raise UserError(f"{path} does not exist: check the name.") from None
    except _CAST_ERRORS as error:
        raise UserError(f"{name} is a damaged or cut-off Parquet file: copy or write it again.") from error
    if rows < 0 or unpacked < 0 or rows != about.num_rows:
        raise UserError(f"{name} is a damaged Parquet file (its footer contradicts itself): write it again.")
    if limits.rows is not None and rows > limits.rows:
        raise too_many_rows(name, limits.rows)
    if limits.bytes is not None and unpacked > limits.bytes:
        raise UserError(
            f"{name} unpacks to {readable_bytes(unpacked)}, more than the {readable_bytes(limits.bytes)} read here:"
            " split it by date."
        )
    kinds = tuple(_kind(field.type) for field in schema)
    return ParquetFile(path, columns, kinds, schema, rows, unpacked)


def read_parquet(path: Path, limits: Limits, log: RepairLog) -> Table:
    """The whole file as a table of strings. Raises UserError as `read_table` does."""
    about = parquet_columns(path, limits=limits)
    name = path.name
    allowed = limits.unpacked_bytes()
    if about.unpacked_bytes * _TEXT_FACTOR > allowed:
        raise UserError(
            f"{name} unpacks to {readable_bytes(about.unpacked_bytes)}, too much to be read as text here:"
            " give a mapping file, so that it is scanned in place as an event log."
        )
    try:
        with pq.ParquetFile(path) as file:
            content = file.read()
        content.validate(full=True)  # a string column may hold bytes that are no UTF-8
    except _CAST_ERRORS as error:
        raise UserError(f"{name} is a damaged or cut-off Parquet file: copy or write it again.") from error
    columns: list[str] = []
    kinds: list[Kind] = []
    arrays: list[pa.ChunkedArray] = []
    for column, array in zip(about.columns, content.columns, strict=True):
        try:
            text, kind = _as_text(array)
        except _CAST_ERRORS:
            why = f"Column {column!r} is of type {array.type}, which is no cell of a table."
            log.add("dropped", "nested column", why)
            continue
        columns.append(column)
        kinds.append(kind)
        arrays.append(text)
    if not columns:
        raise UserError(f"{name} has no column that can be read: write it with plain columns.")
    names = column_names(columns, name, 1, limits, log)
    lines = pa.array(range(1, content.num_rows + 1), pa.int32())
    return finished(name, names, arrays, lines, "Parquet", limits, log, tuple(kinds))


def _kind(of: pa.DataType) -> Kind:
    if pa.types.is_dictionary(of):
        return _kind(of.value_type)
    if pa.types.is_date(of):
        return "date"
    if pa.types.is_timestamp(of):
        return "timestamp"
    if pa.types.is_boolean(of):
        return "boolean"
    if pa.types.is_integer(of) or pa.types.is_floating(of) or pa.types.is_decimal(of):
        return "number"
    return "text"


def _as_text(array: pa.ChunkedArray) -> tuple[pa.ChunkedArray, Kind]:
    """A column as strings. Raises an Arrow error where its type has no text form."""
    of = array.type
    kind = _kind(of)
    if pa.types.is_dictionary(of):
        array, of = array.cast(of.value_type), of.value_type
    if pa.types.is_nested(of):
        raise pa.ArrowNotImplementedError(str(of))
    if pa.types.is_timestamp(of):
        zoned = of.tz is not None
        instants = array.cast(pa.timestamp("us", "UTC" if zoned else None), safe=False)
        return pc.strftime(instants, "%Y-%m-%dT%H:%M:%S+00:00" if zoned else "%Y-%m-%dT%H:%M:%S"), kind
    if pa.types.is_floating(of):
        return _floats_as_text(array), kind
    return array.cast(pa.string()), kind


def _floats_as_text(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """Shortest decimal form that gives the same float, never with an exponent; NaN and infinity are null."""
    from headway.connectors.files.typed import number_text

    encoded = array.combine_chunks().dictionary_encode()
    texts = [number_text(number, exponent=False) for number in encoded.dictionary.to_pylist()]
    return blank_as_null(pa.chunked_array([pa.array(texts, pa.string()).take(encoded.indices)]))
