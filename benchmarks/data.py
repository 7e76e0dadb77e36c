"""The logs that are measured: the real one, and the same repeated, each copy with case ids of its own."""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.measured import AT, CASE, NAME
from headway.basics.errors import UserError
from headway.connectors.files.xes import read_xes

ROOT = Path(__file__).resolve().parents[1]
REAL = (ROOT / "../shared/data/loan_applications/BPI_Challenge_2012.xes.gz").resolve()
FOLDER = ROOT / "bench-data"


def real_log() -> Path:
    """BPI Challenge 2012; UserError where it is absent."""
    if not REAL.exists():
        raise UserError(
            f"{REAL.name} is not in ../shared/data/loan_applications: put it there, it is the log measured."
        )
    return REAL


def repeated(times: int) -> Path:
    """The real log this many times over as Parquet, in the order of cases; written once, then kept."""
    path = FOLDER / f"loans_x{times}.parquet"
    if path.exists():
        return path
    FOLDER.mkdir(exist_ok=True)
    events = read_xes(real_log()).events
    unfinished = path.with_suffix(".part")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("events", events)
        connection.execute(
            f"""
            COPY (
                SELECT "case" || '-' || copy AS "{CASE}", name AS "{NAME}", CAST("at" AS TIMESTAMPTZ) AS "{AT}",
                    lifecycle AS "lifecycle:transition", resource AS "org:resource"
                FROM range({times}) AS copies (copy) CROSS JOIN events
                ORDER BY copy, source_order
            ) TO '{unfinished}' (FORMAT parquet, COMPRESSION zstd)
            """
        )
    unfinished.rename(path)
    return path
