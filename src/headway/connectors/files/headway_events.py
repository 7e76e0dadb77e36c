"""Headway's own event file: what buyers and sellers did, beside the CRM's export.

One row per event with the columns of `source_events`: deal, kind, name, happened_at, recorded_at, actor, contact,
grade, amount, due_on, ref, note. `kind` is of the closed list; instants are ISO 8601; see docs/how-to/events.md.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from headway.basics.errors import UserError
from headway.connectors.files.cells import Cells
from headway.connectors.files.parquet import parquet_columns
from headway.connectors.files.salesforce_ids import short_ids
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.diagnosis.value import Repair

NAME = "headway_events"
HEADER_BYTES = 10_000
PARQUET = b"PAR1"
NEEDED = ("deal", "kind", "happened_at")
TEXTS = ("name", "actor", "contact", "ref", "note")
REVIEWS = (EventKind.REVIEW_HELD.value, EventKind.REVIEW_MISSED.value)


def holds_headway_events(path: Path) -> bool:
    """Whether the file's header has the columns of Headway's own event file, by their exact names.

    Looks at the first line of a text, the footer of a Parquet file; False for whatever cannot be read, which the
    readers of exports then explain.
    """
    try:
        with path.open("rb") as file:
            first = file.readline(HEADER_BYTES)
        if first.startswith(PARQUET):
            return set(NEEDED) <= set(parquet_columns(path).columns)
    except (OSError, UserError):
        return False
    line = first.decode("utf-8-sig", "replace").strip()
    return any(set(NEEDED) <= {cell.strip(' "') for cell in line.split(separator)} for separator in ",;\t|")


def read_headway_events(cells: Cells, log: EventLog, file: int) -> None:
    """Add the rows to the log's source events, after what other files say; rows that cannot be used are counted.

    A deal is matched with the CRM's by its id; of Salesforce's ids the first 15 characters count.
    """
    kinds = pa.array([kind.value for kind in EventKind])
    cells = cells.without(
        pc.invert(pc.is_in(_column(cells, "kind"), kinds)), "event of a kind that Headway does not know"
    )
    reviews = pc.is_in(_column(cells, "kind"), pa.array(REVIEWS))
    cells = cells.without(pc.and_(pc.is_null(_column(cells, "deal")), pc.invert(reviews)), "event without a deal")
    dated = [name for name in ("happened_at", "recorded_at", "due_on") if name in cells.table.columns]
    cells.read_dates(dated)
    happened = cells.instants("happened_at")
    undated = pc.is_null(happened)
    kept = cells.without(undated, "event without a readable happened_at")
    keep = pc.invert(undated)
    rows = kept.rows
    recorded = (
        cells.instants("recorded_at").filter(keep) if "recorded_at" in dated else pa.nulls(rows, pa.timestamp("us"))
    )
    columns = {
        "deal": _column(kept, "deal"),
        "kind": _column(kept, "kind"),
        "happened_at": happened.filter(keep),
        "recorded_at": recorded,
        "due_on": cells.days("due_on").filter(keep) if "due_on" in dated else pa.nulls(rows, pa.date32()),
        "grade": _grades(kept),
        "amount": kept.amounts("amount") if "amount" in cells.table.columns else pa.nulls(rows, pa.decimal128(18, 2)),
        "line": kept.table.lines,
        **{name: _column(kept, name) for name in TEXTS},
    }
    columns["short"] = short_ids(columns["deal"])
    before = _deals(log)
    _insert(log, pa.table(columns), file)
    if before and (added := _deals(log) - before):
        what = "deals that only the event file knows; check their ids against the export"
        cells.repairs.append(Repair("noted", what, added, cells.table.name))


def _deals(log: EventLog) -> int:
    found: int = log.value("SELECT count(DISTINCT deal) FROM source_events")
    return found


def _column(cells: Cells, name: str) -> pa.Array:
    return cells.text((name,)) if name in cells.table.columns else pa.nulls(cells.rows, pa.string())


def _grades(cells: Cells) -> pa.Array:
    """0 to 4; anything else counts as no grade, which is the seller's word."""
    texts = _column(cells, "grade")
    known = pc.is_in(texts, pa.array([str(grade) for grade in range(5)]))
    return pc.if_else(known, texts, pa.scalar(None, pa.string())).cast(pa.uint8())


def _insert(log: EventLog, table: pa.Table, file: int) -> None:
    connection = log.connection
    connection.register("event_file", table)
    try:
        connection.execute(
            """
            INSERT INTO source_events BY NAME
            WITH known AS (SELECT DISTINCT deal FROM source_events WHERE deal IS NOT NULL)
            SELECT
                CASE WHEN long.deal IS NULL AND short.deal IS NOT NULL THEN short.deal ELSE e.deal END AS deal,
                e.kind, e.name, e.happened_at, e.recorded_at,
                CASE WHEN e.recorded_at IS NULL THEN 'assumed' ELSE 'history' END AS recorded_how,
                e.actor, e.contact, e.grade, e.amount, e.due_on, e.ref, e.note, CAST($file AS UTINYINT) AS file, e.line,
                (SELECT coalesce(max(ordinal) + 1, 0) FROM source_events) + row_number() OVER () - 1 AS ordinal
            FROM event_file AS e
            LEFT JOIN known AS long ON long.deal = e.deal
            LEFT JOIN known AS short ON short.deal = e.short
            """,
            {"file": file},
        )
    finally:
        connection.unregister("event_file")
