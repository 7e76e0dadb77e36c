"""The database is told how its tables are filled, and keeps counts of them, no values."""

from __future__ import annotations

import pytest
from django.db import connection

from headway.store.models import Deal, DealFinding
from headway.store.statistics import refresh_statistics
from tests.cast import NOW, make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def plan_of(query: str) -> str:
    """How SQLite means to read it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        return " ".join(str(row[3]) for row in cursor.fetchall())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself")
def test_findings_of_few_deals_are_looked_up_by_deal_among_many() -> None:
    cast = make_cast()
    deals = Deal.objects.bulk_create(
        Deal(workspace=cast.workspace, source_id=str(n), name="Deal", touched_at=NOW) for n in range(3_000)
    )
    made = {"workspace": cast.workspace, "rule": "skip", "what": "Ann Quoted", "mend": "", "state": "open"}
    DealFinding.objects.bulk_create(DealFinding(deal=deal, stage="Problem", **made) for deal in deals)
    keys = ", ".join(f"'{n}'" for n in range(50))
    asked = (
        "SELECT f.what FROM store_dealfinding AS f JOIN store_deal AS d ON d.id = f.deal_id "
        f"WHERE f.workspace_id = {cast.workspace.pk} AND d.key IN ({keys})"
    )
    refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'")
        assert [name for (name,) in cursor.fetchall()] == ["sqlite_stat1"]  # sqlite_stat4 would hold values
    assert "deal_id=?" in plan_of(asked)
