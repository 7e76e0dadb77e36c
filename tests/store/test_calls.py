"""Calls: said before the number is shown, kept for good; everybody sees their own first, and an outsider nothing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from headway.basics.errors import UserError
from headway.store.actions.calls import record_call, take_back_call
from headway.store.actions.deals import add_deal
from headway.store.actions.members import change_role
from headway.store.actions.workspaces import add_member, show_day
from headway.store.guards import HISTORY, enter
from headway.store.models import Call, CallVoiding, Deal, Entry, Membership, Person, Workspace
from headway.store.queries.access import NotAllowedError, NotFoundError
from headway.store.queries.calls import (
    ALL_DEALS,
    Scope,
    get_own_call,
    list_calls,
    list_own_calls,
    scopes_of,
)
from tests.cast import NOW, Cast, make_cast
from tests.databases import is_postgres

pytestmark = pytest.mark.django_db
PERIOD = "2026-Q1"
BOBS, NORTH, SOUTH = Scope("owner", "Bob Adler"), Scope("team", "North"), Scope("team", "South")


@pytest.fixture
def cast() -> Cast:
    """Everybody; Bob's deal is North's, somebody else's is South's."""
    cast = make_cast()
    for owner, team in (("Bob Adler", "North"), ("Sue Baker", "South")):
        deal = add_deal(workspace=cast.workspace, name=f"Deal of {owner}", by=cast.alice, at=NOW, owner=owner)
        Deal.objects.filter(pk=deal.pk).update(team=team)
    return cast


def call(
    cast: Cast, by: Person, scope: Scope = BOBS, commit: str = "100", best_case: str | None = None, *,
    minutes: int = 0, period: str = PERIOD, workspace: Workspace | None = None,
) -> Call:  # fmt: skip
    return record_call(
        workspace=workspace or cast.workspace, period=period, scope=scope, commit=Decimal(commit),
        best_case=None if best_case is None else Decimal(best_case), by=by, at=NOW + timedelta(minutes=minutes),
    )  # fmt: skip


def seen(cast: Cast, person: Person, period: str = "") -> list[int]:
    return [row.pk for row in list_calls(cast.access(person), period=period)]


def test_a_newer_call_stands_beside_the_old_one_and_is_the_one_found(cast: Cast) -> None:
    first, second = call(cast, cast.bob), call(cast, cast.bob, commit="120.50", best_case="200", minutes=5)
    assert seen(cast, cast.bob) == [second.pk, first.pk]
    newest = list_own_calls(cast.access(cast.bob), period=PERIOD)[0]
    assert (newest.commit, newest.best_case, newest.name) == (Decimal("120.50"), Decimal(200), "Bob Adler")
    assert (newest.happened_at, newest.recorded_at) == (NOW + timedelta(minutes=5),) * 2
    assert list_own_calls(cast.access(cast.bob), period="2026-Q2") == []


def test_one_taken_back_counts_no_more_and_stays_in_the_history(cast: Cast) -> None:
    first, second = call(cast, cast.bob), call(cast, cast.bob, minutes=5)
    for _ in range(2):
        take_back_call(call=second, by=cast.bob, at=NOW + timedelta(minutes=6))
    assert seen(cast, cast.bob) == [first.pk]
    assert (Call.objects.count(), CallVoiding.objects.count()) == (2, 1)
    assert get_own_call(cast.access(cast.bob), second.key) == second
    with pytest.raises(UserError, match="Somebody else"):
        take_back_call(call=first, by=cast.alice, at=NOW)


@pytest.mark.parametrize("model", [Call, CallVoiding])
def test_the_database_refuses_to_rewrite_what_was_called(cast: Cast, model: type[Model]) -> None:
    take_back_call(call=call(cast, cast.bob), by=cast.bob, at=NOW)
    table = model._meta.db_table
    assert table in HISTORY
    for verb in (f"UPDATE {table} SET by_id = {cast.alice.pk}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)


def test_who_may_call_for_which_deals(cast: Cast) -> None:
    assert scopes_of(cast.access(cast.bob)) == (BOBS,)
    assert scopes_of(cast.access(cast.alice)) == (ALL_DEALS, NORTH, SOUTH)
    assert scopes_of(cast.access(cast.olga)) == (ALL_DEALS, NORTH, SOUTH)
    assert scopes_of(cast.access(cast.vera)) == ()
    for person, scope in ((cast.bob, BOBS), (cast.alice, ALL_DEALS), (cast.alice, NORTH), (cast.olga, SOUTH)):
        assert call(cast, person, scope).kind == scope.kind


@pytest.mark.parametrize(
    ("who", "scope", "why"),
    [
        ("bob", ALL_DEALS, "your own deals only"),
        ("bob", NORTH, "your own deals only"),
        ("bob", Scope("owner", "Sue Baker"), "your own deals only"),
        ("alice", Scope("team", "Nowhere"), "no such team"),
        ("alice", BOBS, "no such team"),
        ("vera", ALL_DEALS, "As viewer you make no calls"),
        ("vera", BOBS, "As viewer you make no calls"),
    ],
)
def test_any_other_call_is_refused_and_nothing_is_written(cast: Cast, who: str, scope: Scope, why: str) -> None:
    with pytest.raises(NotAllowedError, match=why):
        call(cast, getattr(cast, who), scope)
    assert not Call.objects.exists()


def test_a_seller_whom_nobody_linked_is_told_so(cast: Cast) -> None:
    add_member(workspace=cast.workspace, person=cast.carol, role="seller", by=cast.alice, at=NOW)
    with pytest.raises(NotAllowedError, match="link you to an owner"):
        call(cast, cast.carol)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"commit": "-1"}, "Commit is an amount"),
        ({"commit": "NaN"}, "Commit is an amount"),
        ({"commit": "1e13"}, "Commit is an amount"),
        ({"best_case": "Infinity"}, "Best case is an amount"),
        ({"commit": "100", "best_case": "99.99"}, "at least what you commit"),
        ({"period": "2025-Q4"}, "is over"),
        ({"period": "Q1 2026"}, "is no period"),
        ({"period": "0000-Q1"}, "is no period"),
        ({"period": "2026-Q5"}, "is no period"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(cast: Cast, told: dict[str, str], why: str) -> None:
    with pytest.raises(UserError, match=why):
        call(cast, cast.bob, **told)  # type: ignore[arg-type]
    assert not Call.objects.exists()


def test_amounts_are_kept_to_the_cent(cast: Cast) -> None:
    made = call(cast, cast.bob, commit="9999999999999.99", best_case="9999999999999.994")
    made.refresh_from_db()
    assert (made.commit, made.best_case) == (Decimal("9999999999999.99"),) * 2
    assert str(call(cast, cast.bob, commit="-0").commit) == "0.00"


def test_where_pages_show_a_past_day_a_call_is_of_that_day(cast: Cast) -> None:
    past = NOW - timedelta(days=100)
    show_day(workspace=cast.workspace, shows_at=past, by=cast.alice, at=NOW)
    made = call(cast, cast.bob, period="2025-Q4", workspace=Workspace.objects.get(pk=cast.workspace.pk))
    assert (made.happened_at, made.recorded_at) == (past, NOW)


def test_a_leader_sees_what_sellers_called_only_after_calling_themselves(cast: Cast) -> None:
    bobs, bobs_next = call(cast, cast.bob), call(cast, cast.bob, period="2026-Q2", minutes=1)
    assert seen(cast, cast.alice) == []
    own = call(cast, cast.alice, ALL_DEALS, minutes=2)
    assert seen(cast, cast.alice) == [own.pk, bobs.pk]  # of the other period they still see nothing
    assert seen(cast, cast.alice, "2026-Q2") == []
    assert seen(cast, cast.olga) == []
    take_back_call(call=own, by=cast.alice, at=NOW + timedelta(minutes=3))
    assert seen(cast, cast.alice) == []
    assert seen(cast, cast.bob) == [bobs_next.pk, bobs.pk]


def test_who_called_for_a_team_sees_that_teams_calls_alone(cast: Cast) -> None:
    add_member(workspace=cast.workspace, person=cast.carol, role="seller", by=cast.alice, at=NOW, owner="Sue Baker")
    sues = record_call(workspace=cast.workspace, period=PERIOD, scope=Scope("owner", "Sue Baker"), commit=Decimal(1),
                       best_case=None, by=cast.carol, at=NOW)  # fmt: skip
    bobs = call(cast, cast.bob, minutes=1)
    whole, north = call(cast, cast.olga, ALL_DEALS, minutes=2), call(cast, cast.olga, NORTH, minutes=3)
    assert seen(cast, cast.alice) == []
    own = call(cast, cast.alice, NORTH, minutes=4)
    assert seen(cast, cast.alice) == [own.pk, north.pk, bobs.pk]
    south = call(cast, cast.alice, SOUTH, minutes=5)
    assert seen(cast, cast.alice) == [south.pk, own.pk, north.pk, bobs.pk, sues.pk]
    everything = call(cast, cast.alice, ALL_DEALS, minutes=6)
    assert seen(cast, cast.alice) == [everything.pk, south.pk, own.pk, north.pk, whole.pk, bobs.pk, sues.pk]
    assert [row.pk for row in list_calls(cast.access(cast.alice), scope=NORTH)] == [own.pk, north.pk]
    assert [row.pk for row in list_own_calls(cast.access(cast.alice))] == [everything.pk, south.pk, own.pk]


def test_a_seller_never_sees_anothers_call_and_a_viewer_none(cast: Cast) -> None:
    own = call(cast, cast.bob)
    call(cast, cast.alice, ALL_DEALS)
    call(cast, cast.alice, NORTH)
    assert seen(cast, cast.bob) == [own.pk]
    assert seen(cast, cast.vera) == []


def test_who_is_no_leader_any_more_sees_no_more_than_their_own(cast: Cast) -> None:
    call(cast, cast.bob)
    own = call(cast, cast.olga, ALL_DEALS)
    assert len(seen(cast, cast.olga)) == 2
    membership = Membership.objects.get(person=cast.olga)
    change_role(membership=membership, role="viewer", by=cast.alice, at=NOW)
    assert seen(cast, cast.olga) == [own.pk]


def test_an_outsider_sees_and_calls_nothing(cast: Cast) -> None:
    made = call(cast, cast.bob)
    call(cast, cast.alice, ALL_DEALS)
    theirs = call(cast, cast.carol, ALL_DEALS, workspace=cast.elsewhere)
    carol = cast.access(cast.carol)
    assert [row.pk for row in list_calls(carol)] == [theirs.pk]
    assert scopes_of(carol) == (ALL_DEALS,)
    with pytest.raises(NotFoundError):
        get_own_call(carol, made.key)
    with pytest.raises(NotFoundError):
        call(cast, cast.carol)
    with pytest.raises(NotFoundError):
        get_own_call(cast.access(cast.alice), made.key)


@pytest.mark.skipif(not is_postgres(), reason="SQLite has no row security")
def test_the_second_wall_stands_before_calls_too(cast: Cast) -> None:
    take_back_call(call=call(cast, cast.bob), by=cast.bob, at=NOW)
    enter(cast.elsewhere.pk)
    assert (Call.objects.count(), CallVoiding.objects.count()) == (0, 0)
    enter(cast.workspace.pk)
    assert (Call.objects.count(), CallVoiding.objects.count()) == (1, 1)


def test_the_audit_knows_that_a_call_was_made_and_not_what_it_said(cast: Cast) -> None:
    made = call(cast, cast.bob, commit="123456", best_case="234567")
    take_back_call(call=made, by=cast.bob, at=NOW)
    entries = Entry.objects.filter(target=f"call {made.key}").order_by("number")
    detail = {"period": PERIOD, "scope": "owner", "owner": made.owner_id}
    assert [(entry.verb, entry.detail) for entry in entries] == [("make call", detail), ("take back call", detail)]


def test_a_list_of_calls_asks_as_often_for_many_as_for_one(cast: Cast) -> None:
    from django.test.utils import CaptureQueriesContext

    call(cast, cast.alice, ALL_DEALS)
    access, counts = cast.access(cast.alice), []
    for minutes in (0, 1, 2):
        with CaptureQueriesContext(connection) as asked:
            assert len([(row.name, row.by.name) for row in list_calls(access)]) == 1 + minutes
        counts.append(len(asked))
        call(cast, cast.bob, minutes=minutes)
    assert len(set(counts)) == 1
