"""Many rows at once into one table: COPY on PostgreSQL, prepared batches on SQLite; memory stays bounded."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Model
from pyarrow import csv

ROWS_AT_ONCE = 20_000


def new_ids(table: str, count: int) -> Sequence[int]:
    """`count` ids that no row of the table has or will get. Inside the transaction that uses them."""
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        last = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = max(last, cursor.fetchone()[0])
        return range(last + 1, last + 1 + count)


def defaults_of(model: type[Model]) -> dict[str, Any]:
    """What each column that takes no NULL holds where nothing is said; the database has no defaults of its own."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if not field.null and not field.primary_key and field.remote_field is None and not field.unique:
            value = field.get_default()
            found[str(field.column)] = json.dumps(value) if isinstance(value, list | dict) else value
    return found


def insert_rows(
    table: str, batches: Iterable[pa.RecordBatch], *, told: Callable[[int], None] | None = None, skip: bool = False
) -> int:
    """Insert batches whose columns are called as the table's; how many rows they had. `told` hears after each batch.

    Instants are naive UTC timestamps. `skip`: rows that a unique constraint refuses are left out.
    """
    rows = 0
    for batch in batches:
        if batch.num_rows:
            if connection.vendor == "postgresql":
                _copy(table, batch, skip)
            else:
                _execute_many(table, batch, skip)
            rows += batch.num_rows
            if told:
                told(rows)
    return rows


def insert_plain(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows given as values by attribute, one prepared statement for all; what is not given has its default."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{one.column}"' for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [
        [
            one.get_db_prep_save(row[one.attname] if one.attname in row else one.get_default(), connection)
            for one in fields
        ]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({marks})", values)


def update_rows(table: str, batches: Iterable[pa.RecordBatch]) -> None:
    """Set the columns of the rows with these `id`s, the first column of every batch; columns as for `insert_rows`."""
    for batch in batches:
        if batch.num_rows:
            names = batch.schema.names[1:]
            if connection.vendor == "postgresql":
                told = ", ".join(f'"{name}" = b."{name}"' for name in names)
                _stage(table, batch)
                with connection.cursor() as cursor:
                    cursor.execute(f"UPDATE {table} AS t SET {told} FROM bulk_rows AS b WHERE t.id = b.id")
            else:
                told = ", ".join(f'"{name}" = %s' for name in names)
                values = [plain_values(column) for column in (*batch.columns[1:], batch.columns[0])]
                with connection.cursor() as cursor:
                    cursor.executemany(f"UPDATE {table} SET {told} WHERE id = %s", list(zip(*values, strict=True)))


def _copy(table: str, batch: pa.RecordBatch, skip: bool) -> None:
    columns = _stage(table, batch)
    refused = " ON CONFLICT DO NOTHING" if skip else ""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM bulk_rows{refused}")


def _stage(table: str, batch: pa.RecordBatch) -> str:
    """COPY into the temporary table `bulk_rows`: PostgreSQL refuses COPY where rows are behind a wall. Its columns."""
    text = io.BytesIO()
    options = csv.WriteOptions(include_header=False, quoting_style="all_valid")
    csv.write_csv(batch, text, options)
    columns = ", ".join(f'"{name}"' for name in batch.schema.names)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bulk_rows")
        cursor.execute(f"CREATE TEMPORARY TABLE bulk_rows ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")
        with cursor.copy(f"COPY bulk_rows ({columns}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(text.getbuffer())
    return columns


def _execute_many(table: str, batch: pa.RecordBatch, skip: bool) -> None:
    names = batch.schema.names
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join(["%s"] * len(names))
    refused = " ON CONFLICT DO NOTHING" if skip else ""
    values = [plain_values(column) for column in batch.columns]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks}){refused}", list(zip(*values, strict=True))
        )


def plain_values(column: pa.Array) -> list[Any]:
    """A column as values that either database takes: instants as the text that Django writes, amounts as numbers."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = moment_texts(column)
    elif pa.types.is_date(kind) or pa.types.is_decimal(kind):
        column = pc.cast(column, pa.string())
    values: list[Any] = column.to_pylist()
    return values


def moment_texts(column: pa.Array) -> pa.Array:
    """`2026-03-02 09:00:00`, with its fraction where it has one: as Django stores it in SQLite (naive UTC)."""
    texts = pc.cast(pc.cast(column, pa.timestamp("us")), pa.string())
    return pc.if_else(pc.ends_with(texts, ".000000"), pc.utf8_slice_codeunits(texts, 0, 19), texts)
