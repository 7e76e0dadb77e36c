"""The whole forecast, on a small firm and on what real files hold: a result with its limits, never a crash."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.forecast.forecast_json import from_json, to_json
from headway.forecast.forecasting import Asking, backtest_log, forecast_log
from headway.forecast.period import parsed
from headway.forecast.value import BASE_RATE, MODEL, NOTHING, Forecast
from tests.forecast.firms import PROCESS, firm, studied
from tests.logs import START, as_of_day, claims, decided, event

DAY = 270.0  # 28 September 2026


def made(histories: list[DealHistory], at: float = DAY, asking: Asking | None = None, **about: object) -> Forecast:
    with studied(histories, as_of_day(at), **about) as log:
        return forecast_log(log, [PROCESS], asking or Asking())


@pytest.fixture(scope="module")
def usual() -> Forecast:
    return made(firm(160), segment="Mid", team="North")


def test_a_firm_with_a_past_gets_chances_and_says_how_good_they_have_been(usual: Forecast) -> None:
    assert usual.basis == MODEL and usual.backtest is not None and usual.backtest.shown
    assert usual.period.name == "Q3 2026" and usual.sentence.startswith("Q3 2026 brings €")
    scores = {score.method: score.brier for score in usual.backtest.scores}
    assert scores["model"] < min(brier for name, brier in scores.items() if name != "model")
    for deal in usual.deals:
        assert deal.won and deal.lost and deal.no_decision
        assert deal.won.value + deal.lost.value + deal.no_decision.value <= 1.0002
        assert deal.won.low <= deal.won.value <= deal.won.high
        chances = [week.won.value for week in deal.weeks]
        assert len(chances) == 13 and chances == sorted(chances)
    told = [fact for deal in usual.deals for fact in deal.facts]
    assert told and all(0 <= fact.past_won <= fact.past for fact in told)
    asked = [one for deal in usual.deals for one in deal.to_come]
    assert {one.milestone for one in asked} <= {"need", "budget", "signed"} and all(one.who for one in asked)


def test_totals_fan_and_causes_add_up(usual: Forecast) -> None:
    total = usual.total
    assert total.low <= total.middle <= total.high and total.booked <= total.low
    expected = sum(deal.expected for deal in usual.deals)
    assert total.mean == pytest.approx(total.booked + expected, rel=1e-3)
    for kind in ("team", "owner", "segment"):
        groups = [one for one in usual.groups if one.kind == kind]
        assert sum(one.booked for one in groups) == pytest.approx(total.booked)
        assert sum(one.open_deals for one in groups) == total.open_deals
    moved = usual.moved
    assert moved is not None and moved.after == pytest.approx(total.mean, abs=0.5)  # each deal to the cent
    assert round(100 * sum(amount for _, amount, _ in moved.causes)) == round(100 * (moved.after - moved.before))
    assert round(100 * sum(piece.amount for piece in moved.pieces)) == round(100 * (moved.after - moved.before))
    assert usual.fan[-1].middle == pytest.approx(total.middle) and usual.fan[-1].booked == total.booked
    assert from_json(to_json(usual)) == usual


def test_what_is_told_later_changes_nothing_about_an_earlier_day() -> None:
    histories = firm(60)
    later = [replace(one, events=(*one.events, event(EventKind.AMOUNT_SET, DAY + 5, amount=1e6))) for one in histories]
    (one, other) = made(histories), made(later)  # but for the places of events in the file
    assert replace(one, moved=None, moved_longer=()) == replace(other, moved=None, moved_longer=())
    assert one.moved and other.moved and one.moved.causes == other.moved.causes


def test_too_little_is_said_and_the_base_rate_shown() -> None:
    few = made(firm(18), at=200.0)
    assert few.basis == BASE_RATE and few.reason and few.backtest is None
    chances = {(deal.won.value, deal.won.low, deal.won.high) for deal in few.deals if deal.won}
    assert len(chances) == 1 and all(low < value < high for value, low, high in chances)
    assert all("the chance is that of all deals" in deal.limits and not deal.weeks for deal in few.deals)


def test_nothing_decided_yet() -> None:
    begun = [replace(one, events=one.events[:-1]) for one in firm(10)]
    none = made(begun)
    assert none.basis == NOTHING and none.sentence == "No deal has been decided yet, so nothing can be forecast."
    assert all(deal.won is None and deal.by_end is None and deal.expected == 0 for deal in none.deals)
    assert none.total.mean == 0 and none.moved is None and none.fan == ()
    assert from_json(to_json(none)) == none


def test_one_outcome_only() -> None:
    won = [
        replace(one, events=(*one.events[:-1], decided(200 if n % 3 else 290, "won"))) for n, one in enumerate(firm(60))
    ]
    only = made(won)
    assert only.basis == BASE_RATE and "a model needs 3" in only.reason


def test_amounts_that_are_none() -> None:
    none = (None, 0.0, -5000.0)
    odd = [_with_amount(one, none[number % 3]) if number % 2 else one for number, one in enumerate(firm(160))]
    found = made(odd)
    assert found.total.without_amount > 0
    lacking = [deal for deal in found.deals if not deal.amount or deal.amount <= 0]
    assert lacking and all(any("amount" in limit for limit in deal.limits) and deal.won for deal in lacking)
    nothing = made([_with_amount(one, None) for one in firm(60)])
    assert nothing.total.mean == 0 and "no open deal has an amount" in nothing.sentence


def test_currencies_are_not_mixed() -> None:
    histories = firm(160)
    dollars = {one.id: {"currency": "USD"} for one in histories[::4]}
    found = made(histories, **dollars)
    assert found.currency == "EUR" and found.other_currency_deals > 0
    abroad = [deal for deal in found.deals if any("USD" in limit for limit in deal.limits)]
    assert len(abroad) == found.other_currency_deals and all(deal.expected == 0 for deal in abroad)
    assert any("without a stated rate" in limit for limit in found.limits)


def test_a_stage_never_seen_and_a_close_date_that_has_passed() -> None:
    new = DealHistory("new", (*claims((DAY - 9, "Close")), event(EventKind.CLOSE_DATE_SET, DAY - 8, due=DAY - 3)))
    found = made([*firm(160), new])
    (deal,) = [one for one in found.deals if one.id == "new"]
    assert deal.won is not None and "no past deal was ever where it is" in deal.limits
    assert "its close date has passed by 3 days" in deal.limits and "no amount" in deal.limits


def test_periods_before_and_after() -> None:
    histories = firm(160)
    over = made(histories, asking=Asking(period=parsed("2026-Q2")))
    assert over.total.low == over.total.high == over.total.booked > 0
    ahead = made(histories, asking=Asking(period=parsed("2026-Q4")))
    assert ahead.total.booked == 0 and ahead.total.mean > 0 and ahead.fan == ()
    assert all(deal.by_end and 0 <= deal.by_end.value <= 1 for deal in ahead.deals)


def test_since_a_day_that_is_not_held() -> None:
    assert made(firm(60), asking=Asking(since=date(1999, 1, 1))).moved is None
    assert made(firm(60), asking=Asking(since=START.date() + timedelta(days=300))).moved is None


def test_the_back_test_alone_scores_boosting_too() -> None:
    with studied(firm(160), as_of_day(DAY)) as log:
        found = backtest_log(log, [PROCESS])
    assert {"model", "base rate", "stage-weighted", "gradient boosting"} <= {score.method for score in found.scores}


def _with_amount(history: DealHistory, amount: float | None) -> DealHistory:
    events = [replace(one, amount=amount) if one.kind is EventKind.AMOUNT_SET else one for one in history.events]
    return replace(history, events=tuple(events))
