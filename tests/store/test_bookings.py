"""What periods brought: by whose deals, on which days, in which currency, and never another workspace's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.forecast.value import Period
from headway.store.actions.deals import add_deal
from headway.store.models import Deal
from headway.store.queries.bookings import booked_in
from headway.store.queries.calls import Scope
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
FIRST, SECOND = (
    Period("Q1 2026", date(2026, 1, 1), date(2026, 3, 31)),
    Period("Q2 2026", date(2026, 4, 1), date(2026, 6, 30)),
)
ALL, BOBS, NORTH = Scope("all"), Scope("owner", "Bob Adler"), Scope("team", "North")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def won(cast: Cast, amount: int, at: datetime, **about: str) -> Deal:
    deal = add_deal(workspace=cast.workspace, name="One", by=cast.alice, at=NOW, owner=about.pop("owner", "Bob Adler"))
    given = {"outcome": "won", "amount": Decimal(amount), "decided_at": at, **about}
    Deal.objects.filter(pk=deal.pk).update(**given)
    return deal


def test_each_amount_counts_for_all_for_its_team_and_for_its_owner_on_its_day(cast: Cast) -> None:
    won(cast, 100, datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC), team="North")
    won(cast, 20, datetime(2026, 4, 1, tzinfo=UTC))
    won(cast, 3, datetime(2026, 1, 1, tzinfo=UTC), owner="Sue Baker", team="North")
    bob = cast.access(cast.bob)
    with CaptureQueriesContext(connection) as queries:
        found = booked_in(bob, [FIRST, SECOND, FIRST], "EUR", date(2026, 12, 31))
    assert len(queries) == 2  # the rates in force, and the sums
    assert {key: found[key] for key in ((ALL, FIRST), (BOBS, FIRST), (NORTH, FIRST))} == {
        (ALL, FIRST): 103.0, (BOBS, FIRST): 100.0, (NORTH, FIRST): 103.0,
    }  # fmt: skip
    assert (found[ALL, SECOND], found[BOBS, SECOND], found[NORTH, SECOND]) == (20.0, 20.0, 0.0)


def test_what_is_not_won_or_of_another_currency_or_firm_is_not_counted(cast: Cast) -> None:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    won(cast, 1, at, currency="USD")
    won(cast, 2, at, outcome="lost")
    won(cast, 4, at, currency="EUR")
    Deal.objects.filter(pk=won(cast, 8, at).pk).update(is_live=False)
    won(cast, -16, at)
    assert booked_in(cast.access(cast.alice), [FIRST], "EUR", date(2026, 12, 31))[ALL, FIRST] == 4.0
    assert booked_in(cast.access(cast.carol), [FIRST], "EUR", date(2026, 12, 31)) == {(ALL, FIRST): 0.0}
    assert booked_in(cast.access(cast.alice), [], "EUR", date(2026, 12, 31)) == {}
