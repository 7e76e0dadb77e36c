"""Tables of events (XES, Parquet, CSV, XLSX) into the event log by the rules of a mapping, in one query."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from headway.basics.errors import UserError
from headway.connectors.mapping import ANY, EventRule, EventsMap
from headway.deals.event_log import sql_text
from headway.deals.events import EventKind
from headway.diagnosis.value import Repair

COLUMNS = ("deal", "what", "lifecycle", "when", "who", "contact", "recorded", "note", "place", "line")
_RULES = pa.schema(
    [
        ("what", pa.string()),
        ("lifecycle", pa.string()),
        ("automatic", pa.bool_()),
        ("nth", pa.int64()),
        ("kind", pa.string()),
        ("name", pa.string()),
        ("occurrence", pa.string()),
        ("of_buyer", pa.bool_()),
        ("reason", pa.string()),
        ("grade", pa.uint8()),
    ]
)
_OWN_NAME = (EventKind.STAGE_CLAIMED, EventKind.ACTIVITY_DONE, EventKind.BUYER_ACTED, EventKind.ACT_AGREED)
_OF_BUYER = (EventKind.BUYER_ACTED, EventKind.ACT_AGREED)
_SHOWN = 20
_PLACES = 1 << 40  # more rows than any file has


def fill_events(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Dictionary[str, str],
    events: EventsMap,
    *,
    file: int,
    name: str,
    how: str,
) -> tuple[int, list[Repair]]:
    """Insert the events of a relation; returns its number of rows and what was left out.

    Args:
        relation: SQL that can stand after FROM; columns: SQL per name in COLUMNS (`when` and `recorded` give
            TIMESTAMP in UTC), absent ones are NULL.
        file, name: number and name of the file.  how: a RecordedHow for rows without a recorded time.
    """
    select = ", ".join(f'{columns.get(column, "NULL")} AS "{column}"' for column in COLUMNS)
    automatic = ", ".join(_quoted(who) for who in events.automatic) or "NULL"
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW event_rows AS SELECT *, coalesce(who IN ({automatic}), false) AS automatic"
        f" FROM (SELECT {select} FROM {relation})"
    )
    found = connection.execute(
        'SELECT what, lifecycle, automatic, deal IS NULL OR what IS NULL OR "when" IS NULL AS unusable,'
        " count(*) AS rows, min(line) AS line FROM event_rows GROUP BY ALL ORDER BY ALL"
    ).to_arrow_table()
    rules, repairs = _matched(found.to_pylist(), events.rules, name)
    rows = sum(found.column("rows").to_pylist())
    connection.register("event_rule_rows", rules)
    try:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE event_rules AS"
            " SELECT * REPLACE (CAST(kind AS event_kind) AS kind) FROM event_rule_rows"
        )
    finally:
        connection.unregister("event_rule_rows")
    base = connection.execute("SELECT coalesce(max(ordinal) + 1, 0) FROM source_events").fetchone()
    step = 2 + max(rules.column("nth").to_pylist(), default=0)
    values = {"first": base[0] if base else 0, "step": step, "file": file, "how": how}
    connection.execute(sql_text(__package__, "mapped_events"), values)
    if any(occurrence != "every" for occurrence in rules.column("occurrence").to_pylist()):
        connection.execute(sql_text(__package__, "first_events"), values)
    if events.owner:
        _add_owners(connection, events.owner, values)
    connection.execute("DROP VIEW event_rows")
    connection.execute("DROP TABLE event_rules")
    return rows, repairs


def _matched(
    found: Sequence[Dictionary[str, object]], rules: Sequence[EventRule], name: str
) -> tuple[pa.Table, list[Repair]]:
    """What each distinct event means, and the events that mean nothing: left out on purpose, unknown or unusable."""
    rows: list[dict[str, object]] = []
    left_out: dict[tuple[str, str], tuple[int, int | None]] = {}
    for event in found:
        what, lifecycle = str(event["what"]), event["lifecycle"]
        called = f"`{what}`" + (f" {lifecycle}" if lifecycle else "")
        fitting = [rule for rule in rules if rule.fits(what, str(lifecycle or ""), bool(event["automatic"]))]
        if event["unusable"]:
            _count(left_out, ("dropped", "event without a deal, a name or a readable time"), event)
            continue
        if not fitting:
            _count(left_out, ("dropped", f"event {called}, which no rule of the mapping names"), event)
        elif all(rule.kind is None for rule in fitting):
            _count(left_out, ("dropped", "event that the mapping leaves out on purpose"), event)
        for nth, rule in enumerate(rule for rule in fitting if rule.kind is not None):
            rows.append(
                {
                    "what": what,
                    "lifecycle": lifecycle or "",
                    "automatic": event["automatic"],
                    "nth": nth,
                    "kind": rule.kind and rule.kind.value,
                    "name": rule.name or (what if rule.kind in _OWN_NAME else None),
                    "occurrence": rule.occurrence,
                    "of_buyer": rule.kind in _OF_BUYER,
                    "reason": rule.reason,
                    "grade": rule.grade,
                }
            )
    repairs = [
        Repair(kind, text, count, name, () if line is None else (line,))
        for (kind, text), (count, line) in left_out.items()
    ]
    if not rows:
        seen = ", ".join(f"`{event['what']}`" for event in found[:_SHOWN])
        raise UserError(f"{name}: no rule of the mapping names any of its events ({seen}); mend `rules`.")
    return pa.Table.from_pylist(rows, _RULES), repairs


def _count(
    left_out: dict[tuple[str, str], tuple[int, int | None]], key: tuple[str, str], event: Dictionary[str, object]
) -> None:
    count, line = left_out.get(key, (0, None))
    first = event["line"] if line is None else line
    left_out[key] = (count + int(str(event["rows"])), None if first is None else int(str(first)))


def _add_owners(
    connection: duckdb.DuckDBPyConnection, patterns: Sequence[str], values: Dictionary[str, object]
) -> None:
    """The person behind the first event of each deal that is called like each pattern."""
    wanted = ", ".join(
        f"min(moment_and_place) FILTER (WHERE {'true' if pattern == ANY else f'what GLOB {_quoted(pattern)}'})"
        for pattern in patterns
    )
    # One number orders by time and place at once, which is much cheaper to compare than a pair.
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE found_owners AS SELECT unnest([{wanted}]) AS moment_and_place FROM ("
        f' SELECT deal, what, CAST(epoch_us("when") AS HUGEINT) * {_PLACES} + place AS moment_and_place FROM event_rows'
        ' WHERE who IS NOT NULL AND NOT automatic AND deal IS NOT NULL AND what IS NOT NULL AND "when" IS NOT NULL'
        ") GROUP BY deal"
    )
    connection.execute(sql_text(__package__, "owners_to_log"), {**values, "places": _PLACES})
    connection.execute("DROP TABLE found_owners")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
