"""What an analysis has to write, worked out in the event log's own engine before the store is locked.

Left behind in the log: `found_rows` and `found_findings` (what the analysis says), `stored_rows` and `stored_findings`
(what the store says). Only what differs is ever handed back; a deal that was decided long ago differs in nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.db import connection

from headway.deals.event_log import EventLog, sql_text
from headway.diagnosis.value import Finding
from headway.store.deal_row import COLUMNS
from headway.store.models import Workspace

MOMENT = pa.timestamp("us")  # naive, UTC
AMOUNT = pa.decimal128(18, 2)
ROWS_AT_ONCE = 20_000
_KINDS: dict[str, pa.DataType] = {
    "amount": AMOUNT, "close_on": pa.date32(), "agreed_on": pa.date32(), "attention": pa.float64(),
    **dict.fromkeys(("opened_at", "decided_at", "last_buyer_act_at", "last_activity_at", "turns_at"), MOMENT),
    **dict.fromkeys(("claimed_rank", "evidenced_rank", "gap"), pa.int32()),
}  # fmt: skip
JSON = ("proofs", "reasons")
ROW_SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        *((name, _KINDS.get(name, pa.string())) for name in COLUMNS),
        ("owner", pa.string()),
        ("last_event", pa.int64()),
    ]
)
"""A deal's row as an analysis says it: its key, `deal_row.COLUMNS` (JSON as text), its owner's name ('': nobody), its
newest event."""
FINDING_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("key", "rule", "stage")),
        ("happened_at", MOMENT),
        *((name, pa.string()) for name in ("what", "mend")),
        ("allowed", pa.bool_()),
    ]
)


@dataclass(frozen=True, slots=True)
class Plan:
    """`rows`: as ROW_SCHEMA, with `id` for `key`, of those that differ; `seen`: keys of all deals of the analysis.

    `stale`: ids of findings that are found no more; `fresh`: as FINDING_SCHEMA, with `deal_id` for `key`.
    """

    rows: pa.Table
    seen: frozenset[str]
    stale: list[int]
    fresh: pa.Table


def work_out(log: EventLog, workspace: Workspace, rows: Iterable[pa.RecordBatch], findings: Iterable[Finding]) -> Plan:
    """Compare what was found with what is stored. `rows`: batches of ROW_SCHEMA, of every deal the analysis saw."""
    _take(log, "found_rows", ROW_SCHEMA, rows)
    _take(log, "found_findings", FINDING_SCHEMA, _batches(findings))
    _take(log, "stored_rows", ROW_SCHEMA.insert(0, pa.field("id", pa.int64())), _stored_rows(workspace))
    stored = FINDING_SCHEMA.insert(0, pa.field("id", pa.int64()))
    _take(log, "stored_findings", stored, _stored_findings(workspace))
    fields = ", ".join(f"f.{name}" for name in (*COLUMNS, "owner"))
    differs = " OR ".join(f"f.{name} IS DISTINCT FROM s.{name}" for name in (*COLUMNS, "owner"))
    return Plan(
        rows=log.table(
            f"SELECT s.id, {fields}, greatest(f.last_event, s.last_event) AS last_event"
            " FROM found_rows AS f JOIN stored_rows AS s ON s.key = f.key"
            f" WHERE {differs} OR f.last_event > s.last_event ORDER BY s.id"
        ),
        seen=frozenset(log.table("SELECT key FROM found_rows")["key"].to_pylist()),
        stale=log.table(sql_text("headway.store", "findings_stale"))["id"].to_pylist(),
        fresh=log.table(sql_text("headway.store", "findings_fresh")),
    )


def json_column(value: Any) -> str:
    """A JSON column as text that is the same for the same value."""
    return json.dumps(value, sort_keys=True) if value else "[]"


def _take(log: EventLog, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    log.replace(name, schema.empty_table())
    for batch in batches:
        log.connection.register("batch_of_rows", batch)
        try:
            log.connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM batch_of_rows")
        finally:
            log.connection.unregister("batch_of_rows")


def _batches(findings: Iterable[Finding]) -> Iterable[pa.RecordBatch]:
    part: list[tuple[Any, ...]] = []
    for one in findings:
        said = (one.deal, one.rule, (one.stage or "")[:300], one.happened_at, one.what, one.mend, one.allowed)
        part.append(said)
        if len(part) == ROWS_AT_ONCE:
            yield _batch(part, FINDING_SCHEMA)
            part = []
    if part:
        yield _batch(part, FINDING_SCHEMA)


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.record_batch([pa.array(v, field.type) for v, field in zip(columns, schema, strict=True)], schema=schema)


def _stored_rows(workspace: Workspace) -> Iterable[pa.RecordBatch]:
    told = ", ".join(_plain(f"d.{field.name}", field.type) for field in ROW_SCHEMA if field.name != "owner")
    query = (
        f"SELECT d.id, {told}, coalesce(o.name, '') FROM store_deal AS d LEFT JOIN store_owner AS o"
        " ON o.id = d.owner_id WHERE d.workspace_id = %s AND d.is_live"
    )
    names = ["id", *(name for name in ROW_SCHEMA.names if name != "owner"), "owner"]
    for columns in _columns(query, workspace, names):
        for name in JSON:
            columns[name] = [t if t == "[]" else json_column(json.loads(t)) for t in columns[name]]
        yield pa.record_batch(columns)


def _stored_findings(workspace: Workspace) -> Iterable[pa.RecordBatch]:
    told = ", ".join(_plain(f"f.{field.name}", field.type) for field in FINDING_SCHEMA if field.name != "key")
    query = (
        f"SELECT f.id, d.key, {told} FROM store_dealfinding AS f JOIN store_deal AS d ON d.id = f.deal_id"
        " WHERE f.workspace_id = %s"
    )
    for columns in _columns(query, workspace, ["id", *FINDING_SCHEMA.names]):
        columns["allowed"] = pa.array([bool(said) for said in columns["allowed"]], pa.bool_())
        yield pa.record_batch(columns)


def _columns(query: str, workspace: Workspace, names: list[str]) -> Iterable[dict[str, Any]]:
    """Straight from the driver: the values of an ORM cost more than the comparison."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, [workspace.pk])
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def _plain(column: str, kind: pa.DataType) -> str:
    """A column as text or number, which both databases give alike; DuckDB reads instants and dates itself."""
    if kind == AMOUNT:
        return f"CAST({column} AS DOUBLE PRECISION)"
    if column.removeprefix("d.") in JSON or pa.types.is_temporal(kind):
        return f"CAST({column} AS TEXT)"
    return column
