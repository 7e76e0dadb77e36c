"""Headway on the same questions, through the product's own doors. Runs in .venv.

The log comes in by `read_sources` and is put in order by `EventLog.build` and `place_stages`, once per log.
The questions are then plain queries on the tables that these leave (see `headway.deals.event_log`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from benchmarks.measured import MILESTONES, Record, arguments, conformance_answer, pairs_answer, variants_answer
from headway.basics.periods import AsOf
from headway.connectors.files.xes import read_xes
from headway.connectors.mapping_file import load_mapping
from headway.connectors.source import read_sources
from headway.deals.event_log import EventLog, Place

TASKS = ("xes", "load", "conformance", "follows", "variants", "dwell")
END = AsOf.moment(datetime(2100, 1, 1, tzinfo=UTC))

# A case conforms when each claim is of the milestone after the one before it, from the first one on, as far as it got.
CONFORMANCE = """
CREATE OR REPLACE TEMP TABLE conformance AS
SELECT
    deal,
    bool_and(rank = coalesce(previous_rank, 0) + 1) AS conforms,
    bit_count(bit_or(CAST(1 AS BIGINT) << rank)) < max(rank) AS skips,
    bool_or(rank < previous_rank) AS regresses,
    bool_or(rank > coalesce(previous_rank, 0) + 1) AS jumps
FROM moves GROUP BY deal
"""
FOLLOWS = """
SELECT previous, code, count(*) AS moves FROM events
WHERE kind = 'stage_claimed' AND previous IS NOT NULL GROUP BY previous, code
"""
# A path is the exclusive or of one hash per (code, place), so that no order has to be gathered. Code and place are one
# number before they are hashed: DuckDB joins the hashes of two arguments by exclusive or, and order would cancel out.
# Paths are spelled out for one case of each variant only, to compare them.
VARIANTS = """
CREATE OR REPLACE TEMP TABLE variants AS
SELECT path, length, count(*) AS cases, min(deal) AS example
FROM (
    SELECT e.deal, bit_xor(hash(e.code * 4294967296 + e.turn - r.first_turn)) AS path, count(*) AS length
    FROM events AS e
    JOIN (SELECT deal, first_turn FROM runs WHERE kind = 'stage_claimed') AS r ON r.deal = e.deal
    WHERE e.kind = 'stage_claimed' GROUP BY e.deal
)
GROUP BY path, length
"""
DWELL = """
SELECT previous, code, quantile_cont(gap_us, 0.5) / 1e6 AS median FROM events
WHERE kind = 'stage_claimed' AND previous IS NOT NULL GROUP BY previous, code
"""
QUESTIONS = {"conformance": CONFORMANCE, "follows": FOLLOWS, "dwell": DWELL, "variants": VARIANTS}
SPELLED = """
SELECT v.cases, list(c.name ORDER BY e.turn) AS names
FROM variants AS v
JOIN events AS e ON e.deal = v.example AND e.kind = 'stage_claimed'
JOIN codes AS c ON c.code = e.code
GROUP BY v.example, v.cases
"""


def read(log: EventLog, path: Path) -> None:
    """The file into the tables that every reader fills."""
    name = "parquet_mapping.yaml" if path.suffix == ".parquet" else "xes_mapping.yaml"
    read_sources([path], log, mapping=load_mapping(Path(__file__).with_name(name)))


def place(log: EventLog) -> None:
    """Give every claim its place among the milestones, and the claim before it."""
    deals = log.table("SELECT deal FROM deals ORDER BY deal")
    pinned = deals.append_column("process", pa.array([0] * len(deals), pa.int32()))
    log.place_stages(pinned, [Place(0, name, rank) for rank, name in enumerate(MILESTONES, 1)])


def ask(log: EventLog, record: Record, tasks: list[str], repeat: int) -> None:
    """The questions, timed, on a log that is in order."""
    for task, query in QUESTIONS.items():
        if task in tasks:
            record.timed(task, partial(log.table, query), repeat)


def answers(log: EventLog, record: Record, tasks: list[str]) -> None:
    """What was found, in the words in which it is compared; takes time and memory of its own, so it comes last."""
    names = {row["code"]: row["name"] for row in log.rows("SELECT code, name FROM codes")}
    if "conformance" in tasks:
        kept = log.table("SELECT d.id FROM conformance AS c JOIN deals AS d USING (deal) WHERE conforms")
        cases = log.value("SELECT count(*) FROM conformance")
        record.answers["conformance"] = conformance_answer(cases, kept.column("id").to_pylist())
        for word in ("skips", "regresses", "jumps"):
            record.answers[word] = log.value(f"SELECT count(*) FROM conformance WHERE {word}")
    for task, figure in (("follows", "moves"), ("dwell", "median")):
        if task in tasks:
            rows = log.rows(QUESTIONS[task])
            pairs = ((names[row["previous"]], names[row["code"]], row[figure]) for row in rows)
            record.answers[task] = pairs_answer(pairs)
    if "variants" in tasks:
        spelled = log.rows(SPELLED)
        record.answers["variants"] = variants_answer((tuple(row["names"]), row["cases"]) for row in spelled)


def main() -> None:
    """Answer what was asked, on one log."""
    asked = arguments(TASKS)
    record = Record(versions={name: version(name) for name in ("headway", "duckdb", "pyarrow", "numpy")})
    if "xes" in asked.tasks:
        table = record.timed("xes", lambda: read_xes(asked.log), asked.repeat)
        record.answers["xes"] = {"cases": len(table.traces), "events": len(table.events)}
    if set(asked.tasks) - {"xes"}:
        with EventLog(memory_mib=asked.memory_mib, folder=asked.out.parent) as log:
            record.timed("load", lambda: read(log, asked.log), 1)
            record.timed("build", lambda: log.build(END), 1)
            record.timed("place", lambda: place(log), 1)
            cases, events = log.value("SELECT count(*) FROM deals"), log.value("SELECT count(*) FROM events")
            record.answers["load"] = {"cases": cases, "events": events}
            ask(log, record, asked.tasks, asked.repeat)
            answers(log, record, asked.tasks)
    record.hand_over(asked.out)


if __name__ == "__main__":
    main()
