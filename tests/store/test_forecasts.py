"""Stored forecasts: the newest of each open deal, what was said of the total on past days, and for whom it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from headway.deals.events import Outcome
from headway.forecast.forecast_json import deal_from_json, from_json
from headway.forecast.value import Forecast
from headway.jobs.forecast import texts_of
from headway.store.actions.calls import record_call
from headway.store.actions.deals import add_deal, decide_deal
from headway.store.actions.forecasts import ForecastTexts, replace_forecast
from headway.store.guards import enter
from headway.store.models import Analysis, AnalysisText, Call, Deal, DealForecast, ForecastTotal
from headway.store.queries.calls import ALL_DEALS, Scope
from headway.store.queries.deal_chances import DealChance, chance_of, find_said_of, with_chances
from headway.store.queries.forecasts import (
    find_forecast,
    list_deal_forecasts,
    list_totals,
)
from tests.cast import NOW, Cast, make_cast
from tests.databases import is_postgres
from tests.forecast.sample import AS_OF, QUARTER, empty_forecast, sample_forecast

pytestmark = pytest.mark.django_db
PERIOD = "2026-Q2"
LATER = AS_OF + timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def made(cast: Cast, forecast: Forecast) -> tuple[Forecast, list[Deal]]:
    """The forecast, of deals that are there: each with its owner, team and segment."""
    deals: list[Deal] = []
    for told in forecast.deals:
        at = NOW + timedelta(minutes=len(deals))
        deal = add_deal(workspace=cast.workspace, name=told.name, by=cast.alice, at=at, owner=told.owner)
        Deal.objects.filter(pk=deal.pk).update(team=told.team, segment=told.segment, amount=told.amount)
        deals.append(deal)
    told_of = tuple(replace(told, id=deal.key) for told, deal in zip(forecast.deals, deals, strict=True))
    return replace(forecast, deals=told_of), deals


def store(cast: Cast, forecast: Forecast | None, at: datetime = LATER) -> ForecastTexts | None:
    """As the analysis writes it."""
    texts = texts_of(forecast) if forecast else None
    with transaction.atomic():
        row = Analysis.objects.create(workspace=cast.workspace, as_of=AS_OF, started_at=at, finished_at=at)
        text = texts.text if texts else ""
        AnalysisText.objects.create(workspace=cast.workspace, analysis=row, diagnosis="{}", forecast=text)
        replace_forecast(workspace=cast.workspace, forecast=texts, at=at)
    return texts


def chances(cast: Cast, *deals: Deal) -> dict[int, DealChance]:
    """What lists show of these."""
    rows = with_chances(Deal.objects.filter(pk__in=[deal.pk for deal in deals]), cast.workspace)
    return {row.pk: found for row in rows if (found := chance_of(row))}


def test_what_was_stored_is_what_was_forecast(cast: Cast) -> None:
    forecast, deals = made(cast, sample_forecast())
    store(cast, forecast)
    assert from_json(find_forecast(cast.workspace)) == replace(forecast, deals=())
    for deal, told in zip(deals, forecast.deals, strict=True):
        said = find_said_of(deal)
        assert said and deal_from_json(said.text) == told
        assert (said.as_of, said.ends_on) == (AS_OF, QUARTER.ends_on)
    shown = chances(cast, *deals)
    assert [(shown[deal.pk].by_end, shown[deal.pk].stalled) for deal in deals] == [
        (told.by_end.value if told.by_end else None, told.stalled) for told in forecast.deals
    ]


def test_the_next_forecast_takes_the_place_of_the_one_before(cast: Cast) -> None:
    forecast, deals = made(cast, sample_forecast())
    store(cast, forecast)
    store(cast, replace(forecast, deals=forecast.deals[:5]))
    assert set(chances(cast, *deals)) == {deal.pk for deal in deals[:5]}
    store(cast, None)
    assert (DealForecast.objects.count(), find_forecast(cast.workspace)) == (0, "")
    assert find_said_of(deals[0]) is None


def test_a_deal_of_which_nothing_is_known_has_no_chance_and_a_row(cast: Cast) -> None:
    forecast, deals = made(cast, empty_forecast())
    store(cast, forecast)
    assert [(one.by_end, one.stalled) for one in chances(cast, *deals).values()] == [(None, False)] * 3
    rows, more = list_deal_forecasts(cast.access(cast.alice))
    assert (len(rows), more, {row.expected for row in rows}) == (3, False, {0.0})


def test_deals_gone_or_decided_meanwhile_are_left_out(cast: Cast) -> None:
    forecast, deals = made(cast, sample_forecast())
    gone = replace(forecast.deals[0], id="gone")
    Deal.objects.filter(pk=deals[1].pk).update(is_live=False)
    store(cast, replace(forecast, deals=(gone, *forecast.deals[1:])))
    decide_deal(deal=deals[2], outcome=Outcome.WON, by=cast.bob, at=LATER)
    alice = cast.access(cast.alice)
    rows, _ = list_deal_forecasts(alice)
    assert {row.deal_id for row in rows} == {deal.pk for deal in deals[3:]}
    decided = Deal.objects.get(pk=deals[2].pk)
    assert find_said_of(decided) is None


def test_deals_are_listed_by_page_the_largest_expected_amount_first(cast: Cast) -> None:
    forecast, deals = made(cast, sample_forecast(61))
    store(cast, forecast)
    alice = cast.access(cast.alice)
    first, more = list_deal_forecasts(alice)
    second, none = list_deal_forecasts(alice, page=2)
    assert (len(first), more, len(second), none) == (50, True, 11, False)
    expected = [row.expected for row in (*first, *second)]
    assert expected == sorted((told.expected for told in forecast.deals), reverse=True)
    assert len({row.deal_id for row in (*first, *second)}) == 61
    stalled, _ = list_deal_forecasts(alice, stalled=True, whole=True)
    told_stalled = {deal.pk for deal, told in zip(deals, forecast.deals, strict=True) if told.stalled}
    assert {row.deal_id for row in stalled} == told_stalled
    assert all(deal_from_json(row.text).stalled for row in stalled)


@pytest.mark.parametrize(("field", "name"), [("owner", "A. Novak"), ("team", "South"), ("segment", "Public")])
def test_deals_are_narrowed_to_a_group(cast: Cast, field: str, name: str) -> None:
    forecast, deals = made(cast, sample_forecast())
    store(cast, forecast)
    narrowed: dict[str, Any] = {field: name}
    rows, _ = list_deal_forecasts(cast.access(cast.alice), **narrowed)
    expected = {d.pk for d, told in zip(deals, forecast.deals, strict=True) if getattr(told, field) == name}
    assert {row.deal_id for row in rows} == expected
    assert expected
    narrowed[field] = "Nobody"
    assert list_deal_forecasts(cast.access(cast.alice), **narrowed) == ([], False)


def test_the_list_asks_once_however_many_deals_it_shows(cast: Cast) -> None:
    from django.test.utils import CaptureQueriesContext

    forecast, _ = made(cast, sample_forecast(30))
    store(cast, forecast)
    alice = cast.access(cast.alice)
    with CaptureQueriesContext(connection) as asked:
        rows, _ = list_deal_forecasts(alice)
        assert len([(row.deal.name, row.deal.owner.name, row.stalled) for row in rows if row.deal.owner]) == 30
    assert len(asked) == 1


def test_what_was_said_on_a_day_stays_and_the_last_of_a_day_counts(cast: Cast) -> None:
    forecast, _ = made(cast, sample_forecast())
    alice = cast.access(cast.alice)

    def said(days: int, middle: float) -> None:
        total = replace(forecast.total, middle=middle)
        at = AS_OF + timedelta(days=days)
        store(cast, replace(forecast, as_of=at, total=total), at=at)

    for days, middle in ((0, 1.0), (0, 2.0), (0, 2.0), (1, 3.0), (2, 3.0), (1, 4.0)):
        said(days, middle)
    assert [(row.on, row.middle) for row in list_totals(alice, PERIOD)] == [
        (AS_OF.date() + timedelta(days=days), middle) for days, middle in ((0, 2.0), (1, 4.0), (2, 3.0))
    ]
    assert ForecastTotal.objects.filter(kind="all").count() == 5  # what was said already is not said again
    north = next(total for total in forecast.groups if total.name == "North")
    assert [row.high for row in list_totals(alice, PERIOD, kind="team", name="North")] == [north.high] * 3
    assert list_totals(alice, PERIOD, kind="owner", name="A. Novak") == []
    assert list_totals(alice, "2026-Q1") == []


def test_the_database_refuses_to_rewrite_what_was_said(cast: Cast) -> None:
    store(cast, sample_forecast(3))
    for verb in ("UPDATE store_forecasttotal SET middle = 0", "DELETE FROM store_forecasttotal"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)


def called(cast: Cast, scope: Scope, period: str = PERIOD) -> Call:
    return record_call(workspace=cast.workspace, period=period, scope=scope, commit=Decimal(5), best_case=None,
                       by=cast.alice, at=LATER)  # fmt: skip


def test_a_call_keeps_what_the_forecast_said_then(cast: Cast) -> None:
    before = called(cast, ALL_DEALS)
    forecast, _ = made(cast, sample_forecast())
    store(cast, forecast)
    calls = {"all": called(cast, ALL_DEALS), "North": called(cast, Scope("team", "North"))}
    totals = {"all": forecast.total, **{total.name: total for total in forecast.groups}}
    for name, call in calls.items():
        call.refresh_from_db()
        total = totals[name]
        assert (call.low, call.middle, call.high, call.forecast_at) == (total.low, total.middle, total.high, AS_OF)
    next_period = called(cast, ALL_DEALS, "2026-Q3")
    store(cast, empty_forecast())
    nothing = called(cast, ALL_DEALS)
    for call in (before, next_period, nothing):
        assert (call.low, call.middle, call.high, call.forecast_at) == (None, None, None, None)


def test_an_outsider_sees_no_forecast(cast: Cast) -> None:
    forecast, _ = made(cast, sample_forecast())
    store(cast, forecast)
    carol = cast.access(cast.carol)
    assert list_deal_forecasts(carol) == ([], False)
    assert list_totals(carol, PERIOD) == []
    assert find_forecast(cast.elsewhere) == ""


@pytest.mark.skipif(not is_postgres(), reason="SQLite has no row security")
def test_the_second_wall_stands_before_forecasts_too(cast: Cast) -> None:
    forecast, deals = made(cast, sample_forecast())
    store(cast, forecast)
    enter(cast.elsewhere.pk)
    assert (DealForecast.objects.count(), ForecastTotal.objects.count(), find_said_of(deals[0])) == (0, 0, None)
    enter(cast.workspace.pk)
    assert DealForecast.objects.count() == 12
