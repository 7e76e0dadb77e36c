"""Every analysis stores a forecast of the open deals; where none can be made, the rest of it is stored all the same."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from headway.deals.events import Outcome
from headway.forecast.forecast_json import deal_from_json, from_json
from headway.forecast.value import NOTHING, Forecast
from headway.jobs import analysis
from headway.jobs.analysis import analyse
from headway.store.actions.deals import add_deal, claim_stage, decide_deal, set_amount
from headway.store.models import Deal, DealForecast, ForecastTotal
from headway.store.queries.analyses import find_newest
from headway.store.queries.forecasts import find_forecast, list_deal_forecasts, list_totals
from tests.cast import NOW, Cast, make_cast
from tests.forecast.sample import sample_forecast

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=20)


@pytest.fixture
def cast() -> Cast:
    """Three open deals of Bob's."""
    cast = make_cast()
    for n in range(3):
        deal = add_deal(workspace=cast.workspace, name=f"Deal {n}", by=cast.bob, at=NOW, owner="Bob Adler")
        claim_stage(deal=deal, stage="Problem", by=cast.bob, at=NOW)
        set_amount(deal=deal, amount=Decimal(1000 * (n + 1)), by=cast.bob, at=NOW)
    return cast


def test_an_analysis_stores_what_it_forecasts_of_each_open_deal(cast: Cast) -> None:
    ended = Deal.objects.get(name="Deal 0")
    decide_deal(deal=ended, outcome=Outcome.WON, by=cast.bob, at=NOW + timedelta(days=5))
    assert analyse(cast.workspace, at=LATER)
    forecast = from_json(find_forecast(cast.workspace))
    assert (forecast.as_of, forecast.total.open_deals, forecast.total.booked) == (LATER, 2, 1000.0)
    rows, more = list_deal_forecasts(cast.access(cast.alice))
    assert {row.deal.name for row in rows} == {"Deal 1", "Deal 2"}
    assert not more
    for row in DealForecast.objects.select_related("deal"):
        told = deal_from_json(row.text)
        assert (told.id, told.name, told.expected) == (row.deal.key, row.deal.name, row.expected)
        assert row.by_end == (told.by_end.value if told.by_end else None)
    assert [(row.on, row.middle) for row in list_totals(cast.access(cast.alice), "2026-Q1")] == [
        (LATER.date(), forecast.total.middle)
    ]


def test_where_no_deal_was_ever_decided_nothing_is_said_and_the_deals_are_listed(cast: Cast) -> None:
    assert analyse(cast.workspace, at=LATER)
    assert from_json(find_forecast(cast.workspace)).basis == NOTHING
    assert set(DealForecast.objects.values_list("basis", "by_end")) == {(NOTHING, None)}
    assert DealForecast.objects.count() == 3


def broken(*_: Any, **__: Any) -> Forecast:
    raise ZeroDivisionError("a fit went wrong")


def not_finite(*_: Any, **__: Any) -> Forecast:
    found = sample_forecast(3)
    return replace(found, total=replace(found.total, mean=float("nan")))


@pytest.mark.parametrize("forecast_log", [broken, not_finite])
def test_an_analysis_goes_on_without_a_forecast_that_cannot_be_made(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, forecast_log: Any
) -> None:
    assert analyse(cast.workspace, at=LATER)
    before = find_newest(cast.workspace)
    totals = ForecastTotal.objects.count()
    monkeypatch.setattr(analysis, "forecast_log", forecast_log)
    with caplog.at_level(logging.ERROR):
        assert analyse(cast.workspace, at=LATER + timedelta(days=1))
    after = find_newest(cast.workspace)
    assert before and after and after.as_of == before.as_of + timedelta(days=1)
    assert (find_forecast(cast.workspace), DealForecast.objects.count()) == ("", 0)
    assert ForecastTotal.objects.count() == totals  # what was said on past days stays
    assert "no forecast could be made" in caplog.text
