"""The store as an event log: by DuckDB's scanner, by cursor, and deal by deal, it says the same."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.store.actions.deals import add_deal, set_amount
from headway.store.actions.events import append_event, take_back
from headway.store.models import Event
from headway.store.queries import event_log
from headway.store.queries.event_log import fill_log
from headway.store.queries.histories import deal_history
from headway.store.scanning import extension_file
from tests.cast import NOW, Cast, make_cast
from tests.jobs.workshop import Workshop

EVENTS = """
    SELECT deal, kind, name, happened_at, recorded_at, actor, contact, grade, amount, due_on, ref, note, ordinal
    FROM source_events ORDER BY ordinal
"""


def told(cast: Cast, **more: Any) -> list[dict[str, Any]]:
    with EventLog(in_memory=True) as log:
        fill_log(cast.workspace.pk, log, **more)
        return log.rows(EVENTS)


def filled(cast: Cast) -> Event:
    """Two deals of one workspace and one elsewhere; the event returned can be taken back."""
    deal = add_deal(workspace=cast.workspace, name="Fleet", by=cast.bob, at=NOW, owner="Bob Adler", account="Örsted")
    add_deal(workspace=cast.workspace, name="Empty", by=cast.bob, at=NOW)
    add_deal(workspace=cast.elsewhere, name="Hidden", by=cast.carol, at=NOW)
    append_event(
        deal=deal, kind=EventKind.EVIDENCE_RECORDED, by=cast.bob, at=NOW + timedelta(seconds=1, microseconds=5),
        name="budget", contact="Jan", actor="Bob", grade=2, ref="e-1", note="Yes, “we” do; and 'so'.",
    )  # fmt: skip
    return set_amount(deal=deal, amount=Decimal("1234.50"), by=cast.bob, at=NOW + timedelta(hours=1))


@pytest.mark.django_db
def test_what_the_cursor_reads_is_what_each_deals_history_says() -> None:
    cast = make_cast()
    last = filled(cast)
    rows = told(cast)
    plain = {"deal", "recorded_at", "happened_at"}
    for deal in {event.deal for event in Event.objects.filter(workspace=cast.workspace)}:
        assert deal is not None
        said = [
            {name: getattr(event, name) for name in rows[0] if name not in plain and name != "amount"}
            for event in sorted(deal_history(deal).events, key=lambda event: event.ordinal)
        ]
        here = [row for row in rows if row["deal"] == deal.key]
        assert [{n: v for n, v in row.items() if n not in plain and n != "amount"} for row in here] == said
    assert [float(row["amount"]) for row in rows if row["amount"]] == [1234.5]
    assert not any(row["name"] == "Hidden" for row in rows)
    later = NOW + timedelta(hours=2)
    take_back(event=last, by=cast.bob, at=later)
    assert len(told(cast)) == len(rows) - 1
    assert told(cast, known_by=later - timedelta(minutes=1)) == rows
    assert len(told(cast, known_by=NOW)) == 3


@pytest.mark.django_db
def test_pages_of_the_cursor_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast()
    filled(cast)
    whole = told(cast)
    monkeypatch.setattr(event_log, "ROWS_AT_ONCE", 2)
    assert told(cast) == whole


BOTH = """
from datetime import datetime, UTC
from django.db import connection
from tests.cast import make_cast
from tests.store.test_event_log import filled, told
from headway.store.queries import event_log
cast = make_cast()
filled(cast)
used = []
scan = "_from_postgresql" if connection.vendor == "postgresql" else "_from_sqlite"
before = getattr(event_log, scan)
setattr(event_log, scan, lambda *given: used.append(1) or before(*given))
scanned = told(cast)
past = told(cast, known_by=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
assert used == [1, 1] and len(scanned) == 5 and len(past) == 4, (used, len(scanned), len(past))
def refuse(*given):
    raise OSError("no scanner today")
setattr(event_log, scan, refuse)
assert told(cast) == scanned and told(cast, known_by=datetime(2026, 3, 2, 9, 30, tzinfo=UTC)) == past
print("same")
"""


def test_the_scanner_reads_what_the_cursor_reads(own_database: dict[str, Any], tmp_path: Path) -> None:
    """On a database that other processes see, in a process of its own: this one's may be in memory."""
    shop = Workshop.on(own_database, tmp_path)
    assert shop.run(BOTH) == "same"


@pytest.mark.parametrize("name", ["sqlite_scanner", "postgres_scanner"])
def test_the_extensions_are_files_that_come_with_their_packages(name: str) -> None:
    file = extension_file(name)
    assert file is not None and file.is_file()
    assert extension_file("no_scanner") is None
