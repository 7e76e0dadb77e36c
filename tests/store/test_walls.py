"""The second wall on PostgreSQL: a query that forgets its filter still sees one workspace, or nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from headway.store.actions.deals import add_deal
from headway.store.actions.jobs import ask_for
from headway.store.guards import ALL, NONE, OPEN_TABLES, enter, entered, tenant_tables
from headway.store.models import Deal, Event, Job, Membership, Workspace
from headway.store.queries.access import get_access
from tests.cast import NOW, PASSWORD, Cast, make_cast
from tests.databases import is_postgres

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not is_postgres(), reason="SQLite has no row security; there the door alone guards"),
]


@pytest.fixture
def cast() -> Cast:
    """Everybody, and one deal in each workspace."""
    cast = make_cast()
    enter(ALL)
    add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=NOW, owner="Bob Adler")
    add_deal(workspace=cast.elsewhere, name="Secret merger", by=cast.carol, at=NOW, owner="Carol Adler")
    return cast


def names() -> set[str]:
    """What a query without any filter finds."""
    return set(Deal.objects.values_list("name", flat=True))


def test_tests_connect_as_somebody_whom_the_wall_holds() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


def test_every_table_of_a_workspace_stands_behind_the_wall() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id'"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        )
        assert {name for (name,) in cursor.fetchall()} == OPEN_TABLES
    assert len(tenant_tables()) > 15


def test_inside_a_workspace_a_query_without_a_filter_finds_its_rows_only(cast: Cast) -> None:
    enter(cast.workspace.pk)
    assert names() == {"Fleet renewal"}
    assert {event.workspace_id for event in Event.objects.all()} == {cast.workspace.pk}
    enter(cast.elsewhere.pk)
    assert names() == {"Secret merger"}


def test_with_nothing_entered_nothing_is_found(cast: Cast) -> None:
    enter(NONE)
    assert names() == set()
    with connection.cursor() as cursor:
        for table in tenant_tables():
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


def test_a_fresh_connection_finds_nothing(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET headway.workspace")
    assert names() == set()


def other_workspace_rows(cast: Cast) -> dict[str, Callable[[], object]]:
    """Writes that name another workspace than the one entered."""
    deal = Deal.objects.get(workspace=cast.elsewhere)
    return {
        "insert": lambda: Deal.objects.create(workspace=cast.elsewhere, name="Planted"),
        "move": lambda: Deal.objects.filter(name="Fleet renewal").update(workspace=cast.elsewhere),
        "bulk": lambda: Event.objects.bulk_create(
            [Event(workspace=cast.elsewhere, deal=deal, kind="deal_created", happened_at=NOW, recorded_at=NOW)]
        ),
    }


@pytest.mark.parametrize("write", ["insert", "move", "bulk"])
def test_a_row_of_another_workspace_cannot_be_written(cast: Cast, write: str) -> None:
    attempt = other_workspace_rows(cast)[write]
    enter(cast.workspace.pk)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        attempt()


def test_rows_of_another_workspace_can_be_neither_changed_nor_removed(cast: Cast) -> None:
    enter(cast.workspace.pk)
    assert Deal.objects.filter(name="Secret merger").update(name="Mine") == 0
    assert Deal.objects.filter(name="Secret merger").delete()[0] == 0
    enter(ALL)
    assert "Secret merger" in names()


def test_after_a_block_one_sees_what_one_saw_before(cast: Cast) -> None:
    enter(cast.workspace.pk)
    with entered(cast.elsewhere.pk):
        assert names() == {"Secret merger"}
    assert names() == {"Fleet renewal"}
    enter(NONE)
    with pytest.raises(ZeroDivisionError), entered(ALL):
        raise ZeroDivisionError
    assert names() == set()


def test_a_block_whose_transaction_broke_ends_where_it_began(cast: Cast) -> None:
    enter(cast.workspace.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), entered(cast.elsewhere.pk):
        connection.cursor().execute("SELECT 1 / 0")
    assert names() == {"Fleet renewal"}


def test_between_two_requests_on_one_connection_nothing_leaks(cast: Cast) -> None:
    alice, carol = Client(), Client()
    assert alice.login(email="alice@example.com", password=PASSWORD)
    assert carol.login(email="carol@example.com", password=PASSWORD)
    seen: list[set[str]] = []
    from headway.web.middleware import Moment

    def look(request: object) -> object:
        seen.append(names())
        return None

    enter(cast.elsewhere.pk)  # as a request before would leave it
    Moment(look)(type("Request", (), {})())  # type: ignore[arg-type]
    assert seen == [set()]
    assert carol.get(f"/w/{cast.workspace.key}/").status_code == 404
    assert alice.get(f"/w/{cast.workspace.key}/").status_code == 200


def test_the_door_enters_the_workspace(cast: Cast) -> None:
    enter(NONE)
    get_access(cast.carol, cast.elsewhere.key)
    assert names() == {"Secret merger"}


def test_open_tables_are_reached_before_any_workspace_is_entered(cast: Cast) -> None:
    ask_for(kind="analyse", workspace=cast.workspace, by=None, at=NOW)
    enter(NONE)
    assert Membership.objects.count() == 5
    assert Job.objects.count() == 1
    assert Workspace.objects.count() == 2
