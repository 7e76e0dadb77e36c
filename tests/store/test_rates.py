"""Rates as they are stated: the newest of a currency counts from its day on, and sums of the store go by it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from headway.basics.errors import UserError
from headway.forecast.value import Period
from headway.store.actions.deals import add_deal, set_amount
from headway.store.actions.rates import state_rate, withdraw_rate
from headway.store.models import CurrencyRate, Deal, Entry
from headway.store.queries.analyses import scale_from
from headway.store.queries.bookings import booked_in
from headway.store.queries.calls import Scope
from headway.store.queries.rates import rates_in_force
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
PERIOD = Period("Q1 2026", date(2026, 1, 1), date(2026, 3, 31))


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def state(cast: Cast, rate: str, valid_on: date = TODAY, currency: str = "usd") -> CurrencyRate | None:
    return state_rate(
        workspace=cast.workspace, currency=currency, rate=Decimal(rate), valid_on=valid_on, by=cast.alice, at=NOW,
        source="Central bank",
    )  # fmt: skip


def in_force(cast: Cast, on: date) -> dict[str, Decimal]:
    return {one.currency: one.rate for one in rates_in_force(cast.workspace, on)}


def test_the_newest_statement_counts_from_its_day_on(cast: Cast) -> None:
    assert state(cast, "0.92", date(2026, 1, 1)) is None
    before = state(cast, "0.9", date(2026, 2, 1))
    assert before is not None
    assert before.rate == Decimal("0.92")
    state(cast, "0.95", date(2026, 1, 1))  # another word on the same day: the later one holds
    assert in_force(cast, date(2025, 12, 31)) == {}
    assert in_force(cast, date(2026, 1, 31)) == {"USD": Decimal("0.95")}
    assert in_force(cast, date(2026, 2, 1)) == {"USD": Decimal("0.9")}
    withdraw_rate(workspace=cast.workspace, currency="USD", valid_on=date(2026, 3, 1), by=cast.alice, at=NOW)
    assert in_force(cast, date(2026, 3, 1)) == {}
    assert in_force(cast, date(2026, 2, 28)) == {"USD": Decimal("0.9")}
    assert rates_in_force(cast.elsewhere, date(2026, 2, 1)) == ()
    said = Entry.objects.filter(workspace=cast.workspace, verb="state rate").first()
    assert said is not None
    assert said.detail == {"currency": "USD", "rate": "0.92", "valid_on": "2026-01-01"}


@pytest.mark.parametrize(
    ("currency", "rate"), [("EUR", "1"), ("USD", "0"), ("USD", "-1"), ("DOLLAR", "1"), ("USD", "NaN")]
)
def test_what_is_no_rate_is_refused_and_nothing_is_written(cast: Cast, currency: str, rate: str) -> None:
    with pytest.raises(UserError):
        state(cast, rate, currency=currency)
    assert not CurrencyRate.objects.exists()


def test_a_statement_is_history(cast: Cast) -> None:
    state(cast, "0.92")
    for change in ("UPDATE store_currencyrate SET rate = 2", "DELETE FROM store_currencyrate"):
        with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_what_was_won_is_summed_at_the_rate_of_the_day_asked(cast: Cast) -> None:
    won = {"outcome": "won", "decided_at": datetime(2026, 2, 1, tzinfo=UTC)}
    for currency in ("EUR", "USD", "GBP"):
        deal = add_deal(workspace=cast.workspace, name=currency, by=cast.alice, at=NOW, owner="Bob Adler")
        Deal.objects.filter(pk=deal.pk).update(amount=Decimal(100), currency=currency, **won)
    access, everything = cast.access(cast.alice), (Scope("all"), PERIOD)
    assert booked_in(access, [PERIOD], "EUR", TODAY)[everything] == 100.0
    state(cast, "0.5", TODAY)
    assert booked_in(access, [PERIOD], "EUR", TODAY)[everything] == 150.0
    assert booked_in(access, [PERIOD], "EUR", TODAY - timedelta(days=1))[everything] == 100.0


def test_attention_weighs_a_deal_by_its_worth(cast: Cast) -> None:
    """A million yen is not a million euros: the row's order goes by the rate of the newest analysis."""
    summary = {"typical_amount": 10_000.0, "currency": "EUR", "currencies": [["JPY", 1, 0.006], ["SEK", 1, None]]}
    scale = scale_from(summary)
    assert (scale.rate(""), scale.rate("EUR"), scale.rate("JPY"), scale.rate("SEK")) == (1.0, 1.0, 0.006, None)
    from headway.store.actions.standing import refresh

    weights = {}
    for currency, amount in (("EUR", 6_000), ("JPY", 1_000_000), ("SEK", 5)):
        deal = add_deal(workspace=cast.workspace, name=currency, by=cast.alice, at=NOW, owner="Bob Adler")
        Deal.objects.filter(pk=deal.pk).update(currency=currency)
        deal.refresh_from_db()
        set_amount(deal=deal, amount=Decimal(amount), by=cast.alice, at=NOW)
        weights[currency] = refresh(deal=deal, at=NOW, scale=scale).attention
    assert weights["JPY"] == pytest.approx(weights["EUR"])
    assert weights["SEK"] > weights["EUR"]  # no rate: as a typical one, which is larger
