"""The event log: many deals as columns, with all order settled once, as of one moment.

Tables, in a DuckDB database of the log's own (filled by `build`, read by everyone above):

- `source_deals`, `source_events`: what the readers filled, untouched (`headway.deals.events`).
- `events`: every event known as of the log, sorted by deal, kind, time and place in the source, with
  `turn` (its place in the log) and `previous`, `gap_us` (of the event of the same kind before it).
- `runs`: per deal and kind, where its events begin and end. `codes`: what an event's code means.
- `deals`: one row per deal (owner, amount, outcome ... as of the log).
- after `place_stages`: `deal_processes` (which process a deal is pinned to), `places` (rank of a stage's
  code in a process), `moves`: one row per claim of a known stage with `rank` and `previous_rank`, and `visits`:
  one row per stay in a stage with `from_rank`, `next_rank`, `left_at`.

Later questions are joins, group-bys, counts and exact percentiles on these: no window, no ordered aggregate.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from headway.basics.periods import AsOf, naive_utc
from headway.deals.events import SOURCE_DDL

BUILD = ("deal_ids", "codes", "sorted_events", "events", "positions", "deals")


@dataclass(frozen=True, slots=True)
class Place:
    """The rank (1 = first) of the stage with this name in the process with this number."""

    process: int
    stage: str
    rank: int


def sql_text(package: str, name: str) -> str:
    """The query in `sql/NAME.sql` beside the package that names it."""
    return resources.files(package).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


class EventLog:
    """A log of deals as of one moment. Use as a context manager: its scratch database is removed on exit.

    `memory_mib` caps the engine; beyond it the engine spills to `folder` (a new temporary folder by default).
    `in_memory` keeps the tables there uncompressed, which is faster for a small log and larger for a big one.
    """

    def __init__(
        self,
        *,
        memory_mib: int = 1536,
        threads: int | None = None,
        folder: Path | None = None,
        in_memory: bool = False,
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="headway-", dir=folder))
        self.connection = duckdb.connect(":memory:" if in_memory else str(self._folder / "log.duckdb"))
        settings = {
            "memory_limit": f"'{memory_mib}MiB'",
            "temp_directory": f"'{self._folder / 'spill'}'",
            "TimeZone": "'UTC'",
            "preserve_insertion_order": "true",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "enable_progress_bar": "false",  # it would stand amid JSON on standard output
        }
        if threads:
            settings["threads"] = str(threads)
        for name, value in settings.items():
            self.connection.execute(f"SET {name} = {value}")
        for statement in SOURCE_DDL:
            self.connection.execute(statement)
        self._as_of: AsOf | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the engine and remove its files."""
        self.connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def as_of(self) -> AsOf:
        """The moment the log was built for; ValueError before `build`."""
        if self._as_of is None:
            raise ValueError("build the event log before asking it")
        return self._as_of

    def build(self, as_of: AsOf) -> None:
        """Settle the order of everything known as of `as_of`. May be called again for another moment."""
        self._as_of = as_of
        for table in ("deal_ids", "codes", "sorted_events", "events", "runs", "deals"):
            self.connection.execute(f"DROP TABLE IF EXISTS {table}")
        moment = {"at": naive_utc(as_of.at), "known_by": naive_utc(as_of.known_by)}
        for step in BUILD:
            query = sql_text(__package__, step)
            self.connection.execute(query, {k: v for k, v in moment.items() if f"${k}" in query})
        self.connection.execute("DROP TABLE sorted_events")

    def place_stages(self, pinned: pa.Table, places: Sequence[Place]) -> None:
        """Give every claim its rank. `pinned`: columns `deal`, `process` (int32), one row per deal with a process.

        Stage names are matched by `folded` text, so that `closed won ` and `Closed Won` are one stage.
        """
        codes = self.table("SELECT code, name FROM codes WHERE kind = 'stage_claimed' AND name IS NOT NULL").to_pylist()
        by_name = {(place.process, folded(place.stage)): place.rank for place in places}
        processes = sorted({place.process for place in places})
        rows = [
            (process, code["code"], by_name[process, folded(code["name"])])
            for process in processes
            for code in codes
            if (process, folded(code["name"])) in by_name
        ]
        columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
        table = pa.table(
            {
                name: pa.array(values, pa.int32())
                for name, values in zip(("process", "code", "rank"), columns, strict=True)
            }
        )
        self.replace("places", table)
        self.replace("deal_processes", pinned, "SELECT t.*, d.decided_at FROM t JOIN deals AS d USING (deal)")
        for name in ("ranked_claims", "moves", "visits"):
            self.connection.execute(f"DROP TABLE IF EXISTS {name}")
            self.connection.execute(sql_text(__package__, name))
        self.connection.execute("DROP TABLE ranked_claims")

    def replace(self, name: str, table: pa.Table, query: str = "SELECT * FROM t") -> None:
        """Make the table `name` from an Arrow table, called `t` in `query`."""
        self.connection.register("t", table)
        try:
            self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")
        finally:
            self.connection.unregister("t")

    def table(self, query: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The result of a query as an Arrow table."""
        return self.connection.execute(query, dict(parameters or {})).to_arrow_table()

    def rows(self, query: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The result of a query that is small by its nature, as dictionaries."""
        rows: list[dict[str, Any]] = self.table(query, parameters).to_pylist()
        return rows

    def value(self, query: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The single value of a query; None where it has no row."""
        row = self.connection.execute(query, dict(parameters or {})).fetchone()
        return row[0] if row else None


def last_event_at(log: EventLog) -> datetime | None:
    """The latest instant (UTC, naive) that a source's own history holds; None for an empty source.

    Expected close dates lie in the future and do not count. It is the default `as_of` of a file.
    """
    found: datetime | None = log.value(
        "SELECT max(greatest(happened_at, coalesce(recorded_at, happened_at))) FROM source_events"
    )
    return found


def folded(name: str) -> str:
    """A stage's name without case and outer or doubled white space."""
    return " ".join(name.split()).casefold()
