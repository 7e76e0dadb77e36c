"""The database refuses to rewrite history, and the store's actions keep it whole."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from headway.store.actions.deals import add_deal
from headway.store.actions.events import take_back
from headway.store.actions.evidence import record_evidence
from headway.store.guards import HISTORY
from headway.store.models import Event
from headway.store.queries.histories import deal_history
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", HISTORY)
def test_history_has_its_guards_after_migration(table: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        else:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        assert cursor.fetchone() == (2,)


def test_an_event_can_neither_be_changed_nor_removed() -> None:
    cast = make_cast()
    deal = add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=NOW, owner="Bob Adler")
    for verb in ("UPDATE store_event SET name = 'x'", "DELETE FROM store_event"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)
    assert Event.objects.filter(deal=deal).count() == 2


def test_an_event_taken_back_is_known_only_for_the_time_between() -> None:
    cast = make_cast()
    deal = add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=NOW)
    evidence = record_evidence(
        deal=deal,
        milestone="problem_stated",
        source="quote",
        grade=1,
        by=cast.bob,
        at=NOW,
        happened_at=NOW,
        quote="Yes",
    )
    deal.refresh_from_db()
    assert deal.proofs[0]["state"] == "proven"
    later = NOW.replace(hour=10)
    take_back(event=evidence, by=cast.bob, at=later)
    deal.refresh_from_db()
    assert deal.proofs[0]["state"] == "open"
    assert len(deal_history(deal).events) == 1
    assert len(deal_history(deal, NOW.replace(minute=30)).events) == 2
