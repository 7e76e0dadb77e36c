"""Event logs from a few rows, for tests: `filled(log, rows)`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from headway.basics.periods import AsOf
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind, RecordedHow
from headway.deals.history import DealHistory, Event

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def day(number: float) -> datetime:
    """The instant `number` days after 1 January 2026, noon UTC."""
    return START + timedelta(days=number)


def as_of_day(number: float) -> AsOf:
    return AsOf.moment(day(number))


def event(kind: EventKind, at: float, name: str | None = None, **more: Any) -> Event:
    """An event `at` days after the start; its ordinal is given when the log is filled."""
    recorded = more.pop("recorded", None)
    due = more.pop("due", None)
    return Event(
        kind,
        day(at),
        more.pop("ordinal", 0),
        name,
        recorded_at=None if recorded is None else day(recorded),
        due_on=None if due is None else day(due).date(),
        **more,
    )


def claims(*stages: tuple[float, str]) -> list[Event]:
    return [event(EventKind.STAGE_CLAIMED, at, name) for at, name in stages]


def decided(at: float, outcome: str, note: str | None = None) -> Event:
    return event(EventKind.DEAL_DECIDED, at, outcome, note=note)


def numbered(histories: Sequence[DealHistory]) -> list[DealHistory]:
    """The same histories with ordinals as the source would have them: deal by deal, as listed."""
    found, ordinal = [], 0
    for history in histories:
        events = []
        for one in history.events:
            events.append(replace(one, ordinal=ordinal))
            ordinal += 1
        found.append(DealHistory(history.id, tuple(events), history.record_type))
    return found


def fill(log: EventLog, histories: Iterable[DealHistory], **about: dict[str, Any]) -> None:
    """Write histories into the source tables; `about` may hold columns of source_deals by deal id."""
    histories = list(histories)
    rows = [(history.id, one) for history in histories for one in history.events]
    naive = lambda at: None if at is None else at.replace(tzinfo=None)  # noqa: E731
    table = pa.table(
        {
            "deal": pa.array([deal for deal, _ in rows], pa.string()),
            "kind": pa.array([one.kind.value for _, one in rows], pa.string()),
            "name": pa.array([one.name for _, one in rows], pa.string()),
            "happened_at": pa.array([naive(one.happened_at) for _, one in rows], pa.timestamp("us")),
            "recorded_at": pa.array([naive(one.recorded_at) for _, one in rows], pa.timestamp("us")),
            "recorded_how": pa.array([RecordedHow(one.recorded_how).value for _, one in rows], pa.string()),
            "actor": pa.array([one.actor for _, one in rows], pa.string()),
            "contact": pa.array([one.contact for _, one in rows], pa.string()),
            "grade": pa.array([one.grade for _, one in rows], pa.uint8()),
            "amount": pa.array([one.amount for _, one in rows], pa.float64()),
            "due_on": pa.array([one.due_on for _, one in rows], pa.date32()),
            "ref": pa.array([one.ref for _, one in rows], pa.string()),
            "note": pa.array([one.note for _, one in rows], pa.string()),
            "ordinal": pa.array([one.ordinal for _, one in rows], pa.int64()),
        }
    )
    log.connection.register("rows", table)
    log.connection.execute("INSERT INTO source_events BY NAME SELECT * FROM rows")
    log.connection.unregister("rows")
    for history in histories:
        columns = {"deal": history.id, "record_type": history.record_type} | about.get(history.id, {})
        names = ", ".join(columns)
        marks = ", ".join("?" for _ in columns)
        log.connection.execute(f"INSERT INTO source_deals ({names}) VALUES ({marks})", list(columns.values()))


def first_day() -> date:
    return START.date()
