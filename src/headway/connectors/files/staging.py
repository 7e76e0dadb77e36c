"""Between layouts and the event log: two tables that every layout fills, settled into events in one way.

A layout says what a file's columns mean and stages its rows; what history and snapshot together say about a deal is
decided here once, in SQL, for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from headway.deals.event_log import sql_text
from headway.diagnosis.value import Repair

TIMES = pa.timestamp("us")
MONEY = pa.decimal128(18, 2)

# One row per row of a deals table. `outcome`: as the file says (an Outcome, `open`, or null where only the stage
# can tell); is_closed, is_won: flags of the CRM about the stage the deal stands in.
DEALS = pa.schema(
    [
        *((name, pa.int32()) for name in ("file", "line")),
        *(
            (name, pa.string())
            for name in (
                "deal", "name", "account", "pipeline", "record_type", "segment", "team", "currency", "owner", "stage",
                "outcome", "reason",
            )
        ),
        ("amount", MONEY),
        *((name, TIMES) for name in ("created_at", "closed_at", "stage_since", "modified_at")),
        ("expected_on", pa.date32()),
        ("is_closed", pa.bool_()),
        ("is_won", pa.bool_()),
    ]
)  # fmt: skip

# One row per change (or state) of a deal at a moment, of whatever it says something about. `tie` orders rows of one
# moment. `edit`: the row says itself that the stage did not change. `creation`: the deal was created here.
STATES = pa.schema(
    [
        *((name, pa.int32()) for name in ("file", "line")),
        *((name, pa.string()) for name in ("deal", "deal_name", "stage", "owner", "actor")),
        ("moment", TIMES),
        ("created_at", TIMES),
        ("amount", MONEY),
        ("expected_on", pa.date32()),
        ("tie", pa.float64()),
        ("edit", pa.bool_()),
        ("creation", pa.bool_()),
        ("is_closed", pa.bool_()),
        ("is_won", pa.bool_()),
        ("how", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How the times in a deals table came to be known (texts of RecordedHow).

    `created`, `closed`, `stage_since`: of these columns. `values`: `creation` where amount and owner were known since
    the deal was created, else `export`.
    """

    created: str = "history"
    closed: str = "snapshot"
    stage_since: str = "history"
    amount_known: str = "export"
    owner_known: str = "export"


@dataclass(slots=True)
class Staging:
    """The staged rows of all files of one reading."""

    connection: duckdb.DuckDBPyConnection
    knowledge: Knowledge = field(default_factory=Knowledge)
    repairs: list[Repair] = field(default_factory=list)
    forgotten: list[pa.Array] = field(default_factory=list)
    has_deals: bool = False
    has_history: bool = False

    def __post_init__(self) -> None:
        for name, schema in (("staged_deals", DEALS), ("staged_states", STATES)):
            self._as_table(name, schema.empty_table())

    def add_deals(self, columns: Mapping[str, pa.Array], rows: int) -> None:
        """Stage rows of a deals table: arrays by the names in DEALS, each of length `rows`; absent ones are null."""
        self._append("staged_deals", DEALS, columns, rows)
        self.has_deals = True

    def add_states(self, columns: Mapping[str, pa.Array], rows: int, *, history: bool = True) -> None:
        """Stage rows of a history: arrays by the names in STATES. `history` False: dates that a deals table holds."""
        self._append("staged_states", STATES, columns, rows)
        self.has_history = self.has_history or history

    def forget(self, deals: pa.Array) -> None:
        """Deals that were left out on purpose: their history is left out with them, and counted."""
        self.forgotten.append(deals)

    def note(self, kind: str, what: str, count: int, file: str = "", lines: Sequence[int] = ()) -> None:
        """Say what was missing, repaired or dropped; nothing where `count` is 0."""
        if count:
            self.repairs.append(Repair(kind, what, count, file, tuple(lines)))

    def run(self, name: str, parameters: Mapping[str, object] | None = None) -> None:
        """Run the query in `sql/NAME.sql` beside this module, statement by statement."""
        for statement in sql_text(__package__, name).split(";\n"):
            if statement.strip():
                used = {key: value for key, value in (parameters or {}).items() if f"${key}" in statement}
                self.connection.execute(statement, used)

    def table(self, query: str) -> pa.Table:
        """The result of a query."""
        return self.connection.execute(query).to_arrow_table()

    def value(self, query: str) -> object:
        """The single value of a query."""
        row = self.connection.execute(query).fetchone()
        return row[0] if row else None

    def count_note(self, kind: str, what: str, query: str) -> None:
        """Note the rows of a query with columns `file`, `line`, by file; `file` is a number."""
        found = self.table(
            f"SELECT file, count(*) AS rows, list(line ORDER BY line)[:20] AS lines FROM ({query}) GROUP BY file"
        )
        for row in found.to_pylist():
            self.note(kind, what, row["rows"], str(row["file"]), row["lines"])

    def close(self) -> None:
        """Remove what was staged."""
        for name in (
            "staged_deals",
            "staged_states",
            "kept_deals",
            "state_changes",
            "stage_meanings",
            "forgotten_deals",
        ):
            self.connection.execute(f"DROP TABLE IF EXISTS {name}")

    def put(self, name: str, table: pa.Table) -> None:
        """Make or replace a temporary table from Arrow."""
        self._as_table(name, table)

    def _append(self, name: str, schema: pa.Schema, columns: Mapping[str, pa.Array], rows: int) -> None:
        unknown = set(columns) - set(schema.names)
        if unknown:
            raise ValueError(f"{name} has no column {sorted(unknown)}")
        table = pa.table(
            [columns[column.name] if column.name in columns else pa.nulls(rows, column.type) for column in schema],
            names=schema.names,
        ).cast(schema)
        self.connection.register("staged_rows", table)
        try:
            self.connection.execute(f"INSERT INTO {name} SELECT * FROM staged_rows")
        finally:
            self.connection.unregister("staged_rows")

    def _as_table(self, name: str, table: pa.Table) -> None:
        self.connection.register("staged_rows", table)
        try:
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM staged_rows")
        finally:
            self.connection.unregister("staged_rows")
