"""How every deal stood, as it was known at the end of each of many past days, in one pass over the log.

Nothing is rebuilt per day. What is known of a deal changes on few days only, so claims, amounts, evidence and decisions
become spans of days (`rewind_*` tables, here: day numbers 1 to n, `until` is the first day no longer), an open deal
is cut where any of them changes, and each piece is judged once. `headway.evidence.standing` says the same of one deal
and one day; a property test holds both together. Method page: docs/methods/rewind.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date

import pyarrow as pa

from headway.basics.periods import AsOf, naive_utc
from headway.deals.event_log import EventLog, sql_text

STEPS = ("calendar", "known", "open", "said", "pieces", "acts", "observed", "spans", "needed", "ranks")
KEPT = ("rewind_days", "rewind_ranks")  # the rest is scaffolding and is taken down


@contextmanager
def rewound(log: EventLog, days: Sequence[date]) -> Iterator[None]:
    """Lay out `days` (ascending, at least one, none after the log's own last day), for as long as the block lasts.

    `log`: built, with deals pinned and `record_proof` done. On the day of the log's as_of, the moment is as_of. Leaves
    behind `rewind_days`, and `rewind_ranks`: one row per deal and span of days on which it was open and nothing known
    of it changed. ValueError for a day that the log does not hold.
    """
    last_at = min(log.as_of.at, log.as_of.known_by).astimezone(UTC)
    if days[-1] > last_at.date():
        raise ValueError(f"{days[-1]} is after {last_at.date()}, the last day this log holds")
    _lay_out_days(log, days, AsOf.moment(last_at))
    given = {"first": days[0], "last": days[-1], "beyond": len(days) + 1}
    for step in STEPS:
        query = sql_text(__package__, f"rewind_{step}")
        log.connection.execute(query, {name: value for name, value in given.items() if f"${name}" in query})
    yield
    for step in STEPS:
        if f"rewind_{step}" not in KEPT:
            log.connection.execute(f"DROP TABLE rewind_{step}")


def _lay_out_days(log: EventLog, days: Sequence[date], last: AsOf) -> None:
    moments = [min(naive_utc(AsOf.end_of(day).at), naive_utc(last.at)) for day in days]
    table = pa.table(
        {
            "day": pa.array(range(1, len(days) + 1), pa.int32()),
            "fell_on": pa.array(days, pa.date32()),
            "ends_at": pa.array(moments, pa.timestamp("us")),
        }
    )
    log.replace("rewind_days", table, "SELECT *, epoch_us(ends_at) AS ends_us FROM t")
