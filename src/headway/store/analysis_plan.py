"""What an analysis has to write, worked out in the event log's own engine before the store is locked.

Left behind in the log: `found_rows` (what the analysis says), `stored_rows` (what the store says), and what
`finding_plan` leaves. Only what differs is ever handed back; a deal that was decided long ago differs in nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from headway.deals.event_log import EventLog
from headway.diagnosis.departures import Departure
from headway.store.deal_row import COLUMNS
from headway.store.finding_plan import FindingPlan, work_out_findings
from headway.store.models import Workspace
from headway.store.table_batches import AMOUNT, JSON, MOMENT, columns_of, plain, take

__all__ = ["JSON", "ROW_SCHEMA", "Plan", "json_column", "work_out"]

_KINDS: dict[str, pa.DataType] = {
    "amount": AMOUNT, "close_on": pa.date32(), "agreed_on": pa.date32(), "attention": pa.float64(),
    **dict.fromkeys(("opened_at", "decided_at", "last_buyer_act_at", "last_activity_at", "turns_at"), MOMENT),
    **dict.fromkeys(("claimed_rank", "evidenced_rank", "gap"), pa.int32()),
}  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Plan:
    """`rows`: as ROW_SCHEMA, with `id` for `key`, of those that differ; `seen`: keys of all deals of the analysis.

    `findings`: what to write of those.
    """

    rows: pa.Table
    seen: frozenset[str]
    findings: FindingPlan


def work_out(
    log: EventLog, workspace: Workspace, rows: Iterable[pa.RecordBatch], findings: Iterable[Departure], *,
    as_of: datetime, started_at: datetime,
) -> Plan:  # fmt: skip
    """Compare what was found with what is stored. `rows`: batches of ROW_SCHEMA, of every deal the analysis saw."""
    take(log, "found_rows", ROW_SCHEMA, rows)
    stored = ROW_SCHEMA.insert(0, pa.field("id", pa.int64())).append(pa.field("team", pa.string()))
    take(log, "stored_rows", stored, _stored_rows(workspace))
    fields = ", ".join(f"f.{name}" for name in (*COLUMNS, "owner"))
    differs = " OR ".join(f"f.{name} IS DISTINCT FROM s.{name}" for name in (*COLUMNS, "owner"))
    return Plan(
        rows=log.table(
            f"SELECT s.id, {fields}, greatest(f.last_event, s.last_event) AS last_event"
            " FROM found_rows AS f JOIN stored_rows AS s ON s.key = f.key"
            f" WHERE {differs} OR f.last_event > s.last_event ORDER BY s.id"
        ),
        seen=frozenset(log.table("SELECT key FROM found_rows")["key"].to_pylist()),
        findings=work_out_findings(log, workspace, findings, as_of=as_of, started_at=started_at),
    )


def json_column(value: Any) -> str:
    """A JSON column as text that is the same for the same value."""
    return json.dumps(value, sort_keys=True) if value else "[]"


def _stored_rows(workspace: Workspace) -> Iterable[pa.RecordBatch]:
    told = ", ".join(plain(f"d.{field.name}", field.type) for field in ROW_SCHEMA if field.name != "owner")
    query = (
        f"SELECT d.id, {told}, coalesce(o.name, ''), d.team FROM store_deal AS d LEFT JOIN store_owner AS o"
        " ON o.id = d.owner_id WHERE d.workspace_id = %s AND d.is_live"
    )
    names = ["id", *(name for name in ROW_SCHEMA.names if name != "owner"), "owner", "team"]
    for columns in columns_of(query, [workspace.pk], names):
        for name in JSON:
            columns[name] = [t if t == "[]" else json_column(json.loads(t)) for t in columns[name]]
        yield pa.record_batch(columns)
