"""What an analysis has to write of findings: since when each is open, what ended the others, and how many wait.

Worked out in the event log's own engine, as `analysis_plan` does for the rows of deals; it calls this after it has
taken `found_rows` and `stored_rows`. A finding is known again by its `mark`. Method page: docs/methods/correction.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from headway.basics.periods import naive_utc
from headway.deals.event_log import EventLog, sql_text
from headway.diagnosis.departures import Departure
from headway.reviews.correction import AGE_EDGES
from headway.store.models import Analysis, DealFinding, Workspace
from headway.store.table_batches import MOMENT, ROWS_AT_ONCE, columns_of, plain, take

_SAID = (*((name, pa.string()) for name in ("rule", "stage")), ("happened_at", MOMENT))
_WORDS = (*((name, pa.string()) for name in ("what", "mend")), ("allowed", pa.bool_()), ("mark", pa.string()))
FOUND = pa.schema(
    [
        ("key", pa.string()), *_SAID, *_WORDS,
        ("stands", pa.bool_()), ("since", MOMENT), ("acted_at", MOMENT), ("amount", pa.float64()),
    ]
)  # fmt: skip
STORED = pa.schema(
    [
        ("id", pa.int64()), ("deal_id", pa.int64()), *_SAID, *_WORDS,
        ("first_seen_at", MOMENT), ("state", pa.string()), ("team", pa.string()), ("left_at", MOMENT),
        ("key", pa.string()),
    ]
)  # fmt: skip
CORRECTED = pa.schema([("key", pa.string()), ("mark", pa.string()), ("at", MOMENT)])


@dataclass(frozen=True, slots=True)
class FindingPlan:
    """`stale`: ids of rows to drop; `fresh`: rows to insert; `ended`: rows of `FindingEnd` but for when.

    `open`: what is open, as `Analysis.summary` keeps it: {"rule" or "age": [[team or None, name, findings, deals,
    amount]]}, an age being the number of its band.
    """

    stale: list[int]
    fresh: pa.Table
    ended: pa.Table
    open: dict[str, list[list[Any]]]


def work_out_findings(
    log: EventLog, workspace: Workspace, found: Iterable[Departure], *, as_of: datetime, started_at: datetime
) -> FindingPlan:
    """Compare. What people ended after `started_at` is left out here: `write_analysis` brings it up at the end."""
    take(log, "found_findings", FOUND, _found(found))
    take(log, "stored_findings", STORED, _stored(workspace))
    take(log, "stored_corrections", CORRECTED, _corrected(workspace, started_at))
    before = Analysis.objects.filter(workspace=workspace).order_by("-finished_at", "-id").values_list("last_event")[:1]
    seen = next((last for (last,) in before), None)
    moment = naive_utc(as_of)
    looked_before = seen is not None and _are_marked(workspace)
    log.connection.execute(
        sql_text("headway.store", "settled_findings"), {"as_of": moment, "looked_before": looked_before}
    )
    log.connection.execute(sql_text("headway.store", "kept_findings"))
    counted = log.rows(sql_text("headway.store", "findings_counted"), {"as_of": moment, "edges": list(AGE_EDGES)})
    waiting: dict[str, list[list[Any]]] = {"rule": [], "age": []}
    for row in counted:
        said = [row["team"], row["name"], int(row["findings"]), int(row["deals"]), round(float(row["amount"]), 2)]
        waiting[row["what"]].append(said)
    return FindingPlan(
        stale=log.table(sql_text("headway.store", "findings_stale"))["id"].to_pylist(),
        fresh=log.table(sql_text("headway.store", "findings_fresh")),
        ended=log.table(sql_text("headway.store", "findings_ended"), {"seen": seen or 0, "as_of": moment}),
        open=waiting,
    )


def _are_marked(workspace: Workspace) -> bool:
    """Whether the last analysis told findings apart; those of before it cannot be known again."""
    rows = DealFinding.objects.filter(workspace=workspace)
    return not rows.exists() or rows.filter(mark__isnull=False).exists()


def _found(found: Iterable[Departure]) -> Iterator[pa.RecordBatch]:
    part: list[tuple[Any, ...]] = []
    for one in found:
        said = one.finding
        part.append(
            (
                said.deal, said.rule, (said.stage or "")[:300], said.happened_at, said.what, said.mend, said.allowed,
                one.mark, one.stands, one.since, one.acted_at, said.amount,
            )
        )  # fmt: skip
        if len(part) == ROWS_AT_ONCE:
            yield _batch(part)
            part = []
    if part:
        yield _batch(part)


def _batch(rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.record_batch([pa.array(v, field.type) for v, field in zip(columns, FOUND, strict=True)], schema=FOUND)


def _stored(workspace: Workspace) -> Iterator[pa.RecordBatch]:
    told = ", ".join(plain(f"f.{field.name}", field.type) for field in STORED if field.name != "key")
    query = (
        f"SELECT {told}, d.key FROM store_dealfinding AS f JOIN store_deal AS d ON d.id = f.deal_id"
        " WHERE f.workspace_id = %s"
    )
    for columns in columns_of(query, [workspace.pk], STORED.names):
        columns["allowed"] = pa.array([bool(said) for said in columns["allowed"]], pa.bool_())
        yield pa.record_batch(columns)


def _corrected(workspace: Workspace, by: datetime) -> Iterator[pa.RecordBatch]:
    """The last correction of each finding that counts: not taken back, and of the life that the finding lives now."""
    query = (
        "SELECT d.key, c.mark, CAST(max(c.at) AS TEXT) FROM store_correction AS c"
        " JOIN store_deal AS d ON d.id = c.deal_id LEFT JOIN store_correctionvoiding AS v ON v.correction_id = c.id"
        " WHERE c.workspace_id = %s AND c.at <= %s AND v.id IS NULL AND NOT EXISTS (SELECT 1 FROM store_findingend AS e"
        " WHERE e.deal_id = c.deal_id AND e.mark = c.mark AND e.at > c.at) GROUP BY d.key, c.mark"
    )
    for columns in columns_of(query, [workspace.pk, by], CORRECTED.names):
        yield pa.record_batch(columns)
