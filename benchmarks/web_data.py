"""Workspaces of any size for the web benchmark: the simulated firm, repeated, as the readers of files fill a log."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from headway.connectors.source import read_sources
from headway.deals.event_log import EventLog
from headway.demo.company import simulate

SEED = 7
EVENTS_PER_DEAL = 50


def fill(log: EventLog, deals: int, ends_on: date, *, rows: Path | None = None) -> int:
    """Put `deals` deals of fifty events each into the source tables; returns the number of events.

    The firm's deals are repeated under ids and names of their own; seller activities are repeated an hour later until
    there are fifty events a deal. `rows`: where the same events are written as one of Headway's own event files.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = simulate(SEED, ends_on).write(Path(folder))
        read_sources([path for path in files if path.suffix == ".csv"], log)
    run = log.connection.execute
    firm = log.value("SELECT count(*) FROM source_deals")
    times = -(-deals // firm)
    run("ALTER TABLE source_deals RENAME TO firm_deals")
    run("ALTER TABLE source_events RENAME TO firm_events")
    run(
        "CREATE TABLE source_deals AS SELECT * EXCLUDE (copy) REPLACE (printf('%05d-%s', copy, deal) AS deal, "
        "printf('%s (%d)', name, copy) AS name, printf('%s %d', account, copy) AS account) "
        f"FROM (SELECT copy, d.* FROM firm_deals AS d, range({times}) AS t(copy) ORDER BY copy LIMIT {deals})"
    )
    own = log.value("SELECT count(*) FROM firm_events") / firm
    activities = log.value("SELECT count(*) FROM firm_events WHERE kind = 'activity_done'") / firm
    more = max(0, round((EVENTS_PER_DEAL - own) / activities)) if activities else 0
    run(
        "CREATE TABLE source_events AS SELECT * EXCLUDE (copy, again) REPLACE (printf('%05d-%s', copy, deal) AS deal, "
        "happened_at + to_hours(CAST(again AS INTEGER)) AS happened_at, "
        "recorded_at + to_hours(CAST(again AS INTEGER)) AS recorded_at, "
        "CASE WHEN ref IS NOT NULL THEN printf('%05d-%s', copy, ref) END AS ref, "
        "row_number() OVER () AS ordinal) FROM (SELECT copy, again, e.* FROM firm_events AS e, "
        f"range({times}) AS t(copy), range({more + 1}) AS a(again) "
        "WHERE e.deal IS NOT NULL AND (again = 0 OR kind = 'activity_done')) "
        "WHERE printf('%05d-%s', copy, deal) IN (SELECT deal FROM source_deals)"
    )
    if rows is not None:
        run(f"COPY source_events TO '{rows.as_posix()}' (FORMAT parquet)")
    return int(log.value("SELECT count(*) FROM source_events"))


def yesterday() -> date:
    """The last day of the firm's history."""
    return date.fromordinal(datetime.now(UTC).date().toordinal() - 1)
