"""A workspace's history as an event log: one pass over the tables into `source_deals` and `source_events`.

Three ways, the fastest that can be had:
- SQLite: DuckDB's scanner in a process of its own (`headway.store.scanning` says why).
- PostgreSQL: DuckDB's scanner, on a connection that has entered the workspace as ours has.
- Cursor batches through Django's connection: inside a transaction, whose writes nobody else sees; for a database in
  memory; and where an extension is missing.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection
from django.db.models import Max

from headway.basics.periods import naive_utc
from headway.deals.event_log import EventLog, sql_text
from headway.store.models import Event
from headway.store.scanning import extension_file

ROWS_AT_ONCE = 50_000
MEMORY_MIB = 1024
MOMENT = pa.timestamp("us")
COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "deals": dict.fromkeys(
        ("deal", "name", "account", "pipeline", "record_type", "segment", "team", "currency"), pa.string()
    ),
    "events": {
        "deal": pa.string(), "kind": pa.string(), "name": pa.string(), "happened_at": MOMENT, "recorded_at": MOMENT,
        "recorded_how": pa.string(), "actor": pa.string(), "contact": pa.string(), "grade": pa.uint8(),
        "amount": pa.decimal128(18, 2), "due_on": pa.date32(), "ref": pa.string(), "note": pa.string(),
        "ordinal": pa.int64(),
    },
}  # fmt: skip

log_of_this = logging.getLogger(__name__)


def fill_log(workspace_id: int, log: EventLog, *, known_by: datetime | None = None) -> int:
    """Add the workspace's deals and events to the source tables of `log`; returns the newest event's id, 0 for none.

    A deal is called by its key (not its id in the source), an event's ordinal is its id. Left out: events taken back,
    and those of undone imports but for the deals they left as they were; as of `known_by` where given, else now.
    `build` the log afterwards. Safe while others write: what is read is the state at one event's id.
    """
    newest = Event.objects.filter(workspace_id=workspace_id).aggregate(newest=Max("id"))["newest"] or 0
    for way in (_by_scanner, _by_cursor):
        if way(workspace_id, log, newest, known_by):
            return int(newest)
    raise RuntimeError("no way to read the store")


def _queries(
    workspace_id: int, newest: int, known_by: datetime | None, src: str, zone: str, page: str = ""
) -> dict[str, str]:
    until = f" <= '{naive_utc(known_by):%Y-%m-%d %H:%M:%S.%f}{zone}'" if known_by else ""
    given = {
        "src": src,
        "workspace": str(int(workspace_id)),
        "newest": str(int(newest)),
        "voided": f' AND "at"{until}' if until else "",  # quoted: a word of DuckDB's own
        "recorded": f" AND e.recorded_at{until}" if until else "",
        "live": "" if until else " AND CAST(d.is_live AS INTEGER) = 1",
        "page": page,
    }
    return {name: sql_text("headway.store", f"log_{name}").format(**given) for name in COLUMNS}


def _by_scanner(workspace_id: int, log: EventLog, newest: int, known_by: datetime | None) -> bool:
    """Whether DuckDB could read the tables itself; nothing is in the log where it could not."""
    if connection.in_atomic_block:
        return False
    try:
        if connection.vendor == "postgresql":
            return _from_postgresql(workspace_id, log, _queries(workspace_id, newest, known_by, "src.", "+00:00"))
        return _from_sqlite(log, _queries(workspace_id, newest, known_by, "src.", ""))
    except (duckdb.Error, OSError, subprocess.SubprocessError) as error:
        log_of_this.warning("read the store by cursor, the scanner could not: %s", error)
        return False


def _from_sqlite(log: EventLog, queries: dict[str, str]) -> bool:
    database = str(connection.settings_dict["NAME"])
    if not Path(database).is_file() or extension_file("sqlite_scanner") is None:
        return False
    with tempfile.TemporaryDirectory(prefix="headway-scan-") as folder:
        asked = {"database": database, "folder": folder, "queries": queries, "threads": 2, "memory_mib": MEMORY_MIB}
        done = subprocess.run(
            [sys.executable, "-m", "headway.store.scanning"], input=json.dumps(asked), text=True, capture_output=True
        )
        if done.returncode:
            raise OSError(done.stderr.strip().rpartition("\n")[2] or f"status {done.returncode}")
        for name, columns in COLUMNS.items():
            file = (Path(folder) / f"{name}.parquet").as_posix().replace("'", "''")
            _insert(log, name, columns, f"read_parquet('{file}')")
    return True


def _from_postgresql(workspace_id: int, log: EventLog, queries: dict[str, str]) -> bool:
    extension = extension_file("postgres_scanner")
    if extension is None:
        return False
    log.connection.execute(f"LOAD '{extension}'")
    told = _conninfo(workspace_id).replace("'", "''")
    log.connection.execute(f"ATTACH '{told}' AS src (TYPE postgres, READ_ONLY)")
    try:
        log.connection.execute("BEGIN")  # one snapshot for both
        for name, columns in COLUMNS.items():
            _insert(log, name, columns, f"({queries[name]})")
        log.connection.execute("COMMIT")
    except duckdb.Error:
        log.connection.execute("ROLLBACK")
        raise
    finally:
        log.connection.execute("DETACH src")
    return True


def _conninfo(workspace_id: int) -> str:
    """How to reach the database, already inside the workspace: row-level security holds there as it does here."""
    from psycopg.conninfo import make_conninfo

    told: dict[str, Any] = dict(connection.get_connection_params())
    known = {name: told[name] for name in ("dbname", "user", "password", "host", "port", "sslmode") if told.get(name)}
    return make_conninfo(**known, options=f"-c headway.workspace={int(workspace_id)} -c timezone=UTC")


def _insert(log: EventLog, name: str, columns: dict[str, pa.DataType], source: str) -> None:
    casts = ", ".join(f"CAST({column} AS {_sql_type(column, kind)}) AS {column}" for column, kind in columns.items())
    log.connection.execute(f"INSERT INTO source_{name} BY NAME SELECT {casts} FROM {source}")


def _sql_type(column: str, kind: pa.DataType) -> str:
    if column in ("kind", "recorded_how"):
        return "event_kind" if column == "kind" else "recorded_how"
    by_kind = {
        pa.string(): "VARCHAR", MOMENT: "TIMESTAMP", pa.uint8(): "UTINYINT", pa.int64(): "BIGINT",
        pa.date32(): "DATE", pa.decimal128(18, 2): "DECIMAL(18, 2)",
    }  # fmt: skip
    return by_kind[kind]


def _by_cursor(workspace_id: int, log: EventLog, newest: int, known_by: datetime | None) -> bool:
    """Through Django's connection, a bounded number of rows at a time."""
    zone = "+00:00" if connection.vendor == "postgresql" else ""
    page = f" AND e.id > %s ORDER BY e.id LIMIT {ROWS_AT_ONCE}"
    queries = _queries(workspace_id, newest, known_by, "", zone, page)
    deals = _fetched(queries["deals"], ())
    _insert_rows(log, "deals", deals)
    after = 0
    while rows := _fetched(queries["events"], (after,)):
        _insert_rows(log, "events", rows)
        after = rows[-1][-1]
    return True


def _fetched(query: str, values: tuple[int, ...]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _insert_rows(log: EventLog, name: str, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    columns = COLUMNS[name]
    read = zip(columns.items(), zip(*rows, strict=True), strict=True)
    log.connection.register("rows_of_store", pa.table({name: _array(values, kind) for (name, kind), values in read}))
    try:
        _insert(log, name, columns, "rows_of_store")
    finally:
        log.connection.unregister("rows_of_store")


def _array(values: tuple[Any, ...], kind: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(kind):  # SQLite hands amounts over as numbers
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    if kind == MOMENT:
        return pa.array([None if v is None else naive_utc(v) if v.tzinfo else v for v in values], kind)
    return pa.array(values, kind)
