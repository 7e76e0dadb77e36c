"""Rows of the store as batches for the event log's engine, straight from the driver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
from django.db import connection

from headway.deals.event_log import EventLog

MOMENT = pa.timestamp("us")  # naive, UTC
AMOUNT = pa.decimal128(18, 2)
ROWS_AT_ONCE = 20_000
JSON = ("proofs", "reasons")  # columns that hold JSON, handed over as text


def take(log: EventLog, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Fill the table `name` of `log` with the batches; empty where there are none."""
    log.replace(name, schema.empty_table())
    for batch in batches:
        log.connection.register("batch_of_rows", batch)
        try:
            log.connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM batch_of_rows")
        finally:
            log.connection.unregister("batch_of_rows")


def columns_of(query: str, parameters: list[Any], names: list[str]) -> Iterator[dict[str, Any]]:
    """What a query gives, in batches of columns. The values of an ORM cost more than the comparison."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def plain(column: str, kind: pa.DataType) -> str:
    """A column as text or number, which both databases give alike; DuckDB reads instants and dates itself."""
    if kind == AMOUNT:
        return f"CAST({column} AS DOUBLE PRECISION)"
    if column.split(".")[-1] in JSON or pa.types.is_temporal(kind):
        return f"CAST({column} AS TEXT)"
    return column
