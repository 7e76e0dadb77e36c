"""Proof and standing of many deals at once, in the event log: the same meaning as `proof` and `standing`.

`record_proof` leaves these tables behind: `milestones` (its numbers over all processes), `standing_evidence`,
`buyer_acts`, `milestone_states`, `stage_proofs` (when a stage became real) and `standings` (one row per deal).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from headway.basics.periods import naive_utc
from headway.deals.event_log import EventLog, sql_text
from headway.process.definition import Process

DAY_US = 86_400_000_000
STATE_NUMBERS = {1: "proven", 2: "disputed", 3: "lapsed", 4: "weak", 5: "open"}
STEPS = (
    "frozen",
    "evidence",
    "retracted",
    "standing_evidence",
    "buyer_acts",
    "required",
    "milestone_states",
    "stage_proofs",
    "standings",
)


def record_proof(log: EventLog, processes: Sequence[Process]) -> None:
    """Work out evidence, milestones and standing of every deal that `log.place_stages` gave a process."""
    _write_milestones(log, processes)
    at = naive_utc(log.as_of.at)
    for step in STEPS:
        query = sql_text(__package__, step)
        log.connection.execute(query, {"at": at} if "$at" in query else {})


def _write_milestones(log: EventLog, processes: Sequence[Process]) -> None:
    numbered = [
        (number, process, rank, milestone)
        for number, process in enumerate(processes)
        for rank, milestone in process.milestones
    ]
    milestones = [
        {
            "milestone": index,
            "process": number,
            "rank": rank,
            "id": m.id,
            "grade": m.proof.grade,
            "shelf_us": None if m.proof.shelf_life_days is None else m.proof.shelf_life_days * DAY_US,
            "amount_from": m.amount_from,
            "by_type": bool(m.record_types),
        }
        for index, (number, _, rank, m) in enumerate(numbered)
    ]
    types = [
        {"milestone": index, "record_type": name}
        for index, (_, _, _, m) in enumerate(numbered)
        for name in m.record_types
    ]
    marks = [
        {"milestone": index, "process": number, "kind": kind, "name": name}
        for index, (number, _, _, m) in enumerate(numbered)
        for kind, names in (
            ("buyer_acted", m.proof.acts),
            ("evidence_recorded", (m.id,)),
            ("evidence_retracted", (m.id,)),
            ("evidence_disputed", (m.id,)),
        )
        for name in names
    ]
    sizes = [{"process": number, "stages": len(process.stages)} for number, process in enumerate(processes)]
    log.replace("milestones", _table(milestones, MILESTONES))
    log.replace("milestone_types", _table(types, {"milestone": pa.int32(), "record_type": pa.string()}))
    log.replace("process_sizes", _table(sizes, {"process": pa.int32(), "stages": pa.int32()}))
    log.replace(
        "milestone_codes",
        _table(marks, {"milestone": pa.int32(), "process": pa.int32(), "kind": pa.string(), "name": pa.string()}),
        """SELECT t.process, t.milestone, c.code
           FROM t JOIN codes AS c ON CAST(c.kind AS VARCHAR) = t.kind AND c.name = t.name""",
    )


MILESTONES = {
    "milestone": pa.int32(),
    "process": pa.int32(),
    "rank": pa.int32(),
    "id": pa.string(),
    "grade": pa.int32(),
    "shelf_us": pa.int64(),
    "amount_from": pa.float64(),
    "by_type": pa.bool_(),
}


def _table(rows: Sequence[dict[str, Any]], types: dict[str, pa.DataType]) -> pa.Table:
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in types.items()})
