"""Rewind: claimed and evidenced pipeline as it was known on each of many past days, in one pass over the log.

How each deal stood is told by `headway.evidence.rewound`; here it is summed up. Method page: docs/methods/rewind.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from typing import Any

from headway.deals.event_log import EventLog, sql_text
from headway.diagnosis.rewind_value import NOBODY, NOTHING, STANDS, Level, Part, ProcessDay, Rewind, RewindDay
from headway.diagnosis.rewind_value import RewoundProcess as Told
from headway.evidence.rewound import rewound
from headway.process.definition import Process

MOST_DAYS = 120
WEEK = timedelta(weeks=1)


def rewind(log: EventLog, processes: Sequence[Process], days: Sequence[date]) -> Rewind:
    """The pipeline as known at the end (UTC) of each of `days`; repeated days count once, their order does not matter.

    `log`: built, with deals pinned to `processes` and `record_proof` done, as `begin_study` and `diagnose` leave it.
    On the day of the log's as_of, the moment is as_of. Leaves `rewind_days` and `rewind_ranks` behind: one row per
    deal and span of days on which it was open and nothing known of it changed.
    ValueError for other processes, and for a day that the log does not hold: one after its own as_of.
    """
    asked = sorted(set(days))
    sizes = [row["stages"] for row in log.rows("SELECT stages FROM process_sizes ORDER BY process")]
    if sizes != [len(process.stages) for process in processes]:
        raise ValueError("the deals of this log are pinned to other processes; pass those it was studied with")
    days_found: list[RewindDay] = []
    if asked:
        with rewound(log, asked):
            log.connection.execute(sql_text(__package__, "rewind_cells"))
            days_found = _days(log, processes, asked)
            log.connection.execute("DROP TABLE rewind_cells")
    return Rewind(
        as_of=log.as_of.at,
        currency=log.value("SELECT any_value(main_currency) FROM money"),
        processes=tuple(Told(p.name, p.version, tuple(stage.name for stage in p.stages)) for p in processes),
        days=tuple(days_found),
        quarter_ends=quarter_ends(asked[0], asked[-1]) if asked else (),
    )


def rewind_days(first_at: date, last_at: date, most: int = MOST_DAYS) -> tuple[date, ...]:
    """Days a whole number of weeks apart, at most `most` of them, from `first_at` on, ending on `last_at`.

    The weeks between them are as few as `most` allows. ValueError where `last_at` is before `first_at` or `most` < 1.
    """
    if last_at < first_at or most < 1:
        raise ValueError(f"no days from {first_at} to {last_at}, at most {most} of them")
    weeks = (last_at - first_at) // WEEK
    apart = WEEK * (weeks // most + 1)
    return tuple(last_at - apart * back for back in reversed(range((last_at - first_at) // apart + 1)))


def usual_days(log: EventLog, most: int = MOST_DAYS) -> tuple[date, ...]:
    """The weeks up to the last day of a built log, `most` of them or as many as its deals go back; none without deals.

    A longer past is not thinned out: weeks are what shows the end of a quarter.
    """
    first = log.value("SELECT min(greatest(happened_at, recorded_at)) FROM events")
    if first is None:
        return ()
    last_on = min(log.as_of.at, log.as_of.known_by).astimezone(UTC).date()
    return rewind_days(max(first.date(), last_on - WEEK * (most - 1)), last_on, most)


def quarter_ends(first_on: date, last_on: date) -> tuple[date, ...]:
    """The last days of calendar quarters within the span, both ends included."""
    starts = (date(year, month, 1) for year in range(first_on.year, last_on.year + 2) for month in (1, 4, 7, 10))
    ends = (start - timedelta(days=1) for start in starts if start > date.min)
    return tuple(end for end in ends if first_on <= end <= last_on)


def _days(log: EventLog, processes: Sequence[Process], asked: Sequence[date]) -> list[RewindDay]:
    most = max((len(process.stages) for process in processes), default=0)
    totals = {(row["day"], row["process"]): row for row in log.rows(sql_text(__package__, "rewind_totals"))}
    parts: dict[tuple[int, int, int], dict[str, list[dict[str, Any]]]] = {}
    for row in log.rows(sql_text(__package__, "rewind_levels"), {"most": most}):
        level = parts.setdefault((row["day"], row["process"], row["rank"]), {})
        level.setdefault(row["part"], []).append(row)
    found = []
    for day, on in enumerate(asked, 1):
        each = tuple(
            ProcessDay(
                *_total(totals, day, number),
                tuple(
                    Level(**{name: _part(rows) for name, rows in parts.get((day, number, rank), {}).items()})
                    for rank, _ in enumerate(process.stages, 1)
                ),
            )
            for number, process in enumerate(processes)
        )
        unplaced = _total(totals, day, None)
        sums = (
            sum(values) for values in zip(unplaced, *((p.deals, p.amount, p.without_amount) for p in each), strict=True)
        )
        deals, amount, without_amount = sums
        found.append(RewindDay(on, int(deals), float(amount), int(without_amount), unplaced[0], each))
    return found


def _total(
    totals: dict[tuple[int, int | None], dict[str, Any]], day: int, process: int | None
) -> tuple[int, float, int]:
    """Open deals, their money, and those without a known amount."""
    row = totals.get((day, process))
    return (row["deals"], row["amount"], row["deals"] - row["with_amount"]) if row else (0, 0.0, 0)


def _part(rows: Sequence[dict[str, Any]]) -> Part:
    counts, amounts = list(NOBODY), list(NOTHING)
    for row in rows:
        place = STANDS.index(row["stands"])
        counts[place], amounts[place] = row["deals"], row["amount"]
    unknown = sum(row["deals"] - row["with_amount"] for row in rows)
    return Part(tuple(counts), tuple(amounts), unknown)  # type: ignore[arg-type]
