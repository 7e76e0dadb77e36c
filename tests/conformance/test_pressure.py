"""Pressure: the calendar day by day, and the interval by simulation."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.conformance.estimate import Unknown
from headway.conformance.pressure import Pressure, in_last_days, pressure
from headway.conformance.shares import share

dates = st.dates(date(1965, 1, 1), date(2060, 12, 31))


def last_day(day: date, period: str, year_starts_in: int) -> date:
    month = day.month
    while period == "quarter" and (month - year_starts_in) % 3 != 2:
        month += 1
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


@given(dates, st.sampled_from(["month", "quarter"]), st.integers(1, 12), st.integers(1, 31))
def test_last_days_are_those_of_the_calendar(day: date, period, year_starts_in: int, last_days: int) -> None:
    found = in_last_days([day], period=period, last_days=last_days, year_starts_in=year_starts_in)
    left = last_day(day, period, year_starts_in) - day
    assert bool(found[0]) == (left < timedelta(days=last_days))


@pytest.mark.parametrize(
    ("day", "period", "expected"),
    [
        ("2024-02-20", "month", True),  # 20 to 29 February: ten days of a leap year
        ("2024-02-19", "month", False),
        ("2023-02-19", "month", True),  # 19 to 28 February
        ("2023-02-18", "month", False),
        ("2024-03-22", "quarter", True),
        ("2024-03-21", "quarter", False),
        ("2024-02-29", "quarter", False),
        ("2024-12-31", "quarter", True),
        ("2025-01-01", "quarter", False),
        ("1969-12-31", "quarter", True),
        ("1900-02-19", "month", True),  # 1900 was no leap year
    ],
)
def test_last_ten_days_include_the_last(day: str, period, expected: bool) -> None:
    assert bool(in_last_days([day], period=period)[0]) is expected


def test_a_financial_year_from_february_moves_the_quarters() -> None:
    found = in_last_days(["2024-04-25", "2024-03-25", "2025-01-31"], period="quarter", year_starts_in=2)
    assert list(found) == [True, False, True]


def moves(in_late: int, odd_late: int, in_rest: int, odd_rest: int) -> tuple[list[str], list[bool], list[int]]:
    days = ["2024-03-25"] * in_late + ["2024-02-10"] * in_rest
    flags = [place < odd_late for place in range(in_late)] + [place < odd_rest for place in range(in_rest)]
    return days, flags, list(range(in_late + in_rest))


def test_one_move_a_deal_gives_the_difference_and_about_the_usual_interval() -> None:
    found = pressure(*moves(200, 80, 400, 80))
    assert isinstance(found, Pressure)
    assert (found.in_last_days, found.in_rest) == (share(80, 200), share(80, 400))
    assert found.difference == pytest.approx(0.2)
    # Wald: 0.2 -+ 1.96 sqrt(0.4 x 0.6 / 200 + 0.2 x 0.8 / 400); deals fall on either side at random
    assert (found.low, found.high) == pytest.approx((0.1216, 0.2784), abs=0.01)
    assert (found.raised, found.method) == (True, "bootstrap")
    assert (found.deals_in_last_days, found.deals_in_rest) == (200, 400)


def test_moves_of_one_deal_count_together() -> None:
    days, flags, deals = moves(200, 80, 400, 80)
    spread = pressure(days, flags, deals)
    lumped = pressure(days, flags, [deal // 10 for deal in deals])  # ten moves a deal, alike in deviating
    assert isinstance(spread, Pressure)
    assert isinstance(lumped, Pressure)
    assert lumped.difference == spread.difference
    assert lumped.high - lumped.low > 2.5 * (spread.high - spread.low)  # about sqrt(10)
    assert lumped.deals_in_last_days == 20


def test_too_few_deviations_take_the_score_interval() -> None:
    found = pressure(*moves(20, 0, 100, 30))
    assert isinstance(found, Pressure)
    assert found.method == "score"
    # Newcombe (method 10) on 0 of 20 and 30 of 100, all deals with one move
    assert (found.low, found.high) == pytest.approx((-0.3958, -0.1196), abs=5e-4)
    assert not found.raised
    none = pressure(*moves(20, 0, 100, 0))
    assert isinstance(none, Pressure)
    assert none.difference == 0.0
    assert none.low < 0 < none.high


def test_interval_holds_its_level_where_deals_differ() -> None:
    rng, held = np.random.default_rng(12), 0
    deal = np.repeat(np.arange(60), 4)
    for seed in range(150):
        habit = rng.beta(1, 4, 60)[deal]
        late = rng.random(deal.size) < 0.3
        day = np.where(late, np.datetime64("2024-03-25"), np.datetime64("2024-02-10"))
        found = pressure(day, rng.random(deal.size) < np.clip(habit + 0.1 * late, 0, 1), deal, seed=seed)
        assert isinstance(found, Pressure)
        true = np.clip(rng.beta(1, 4, 100_000) + 0.1, 0, 1).mean() - 0.2
        held += found.low <= true <= found.high
    assert held / 150 > 0.9


@pytest.mark.parametrize(("late", "rest"), [(0, 0), (9, 100), (100, 9), (0, 100)])
def test_few_moves_give_no_figure(late: int, rest: int) -> None:
    found = pressure(*moves(late, 0, rest, 0))
    assert isinstance(found, Unknown)
    assert (found.n, found.needed) == (min(late, rest), 10)


def test_many_moves_of_few_deals_give_no_figure() -> None:
    days, flags, _ = moves(100, 20, 100, 20)
    assert isinstance(pressure(days, flags, [0] * 100 + list(range(100))), Unknown)


@pytest.mark.parametrize(
    "wrong", [{"period": "week"}, {"period": "month", "last_days": 0}, {"period": "quarter", "year_starts_in": 13}]
)
def test_wrong_calendar_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="must be"):
        in_last_days(["2024-01-01"], **wrong)


def test_missing_dates_are_refused() -> None:
    with pytest.raises(ValueError, match="missing dates"):
        pressure(["2024-01-01", "NaT"], [True, False], [1, 2])


rows = st.lists(st.tuples(st.integers(0, 364), st.booleans(), st.integers(0, 40)), min_size=60, max_size=120)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(some, random) -> None:
    def measured(entries):
        days, flags, deals = zip(*entries, strict=True)
        return pressure(np.datetime64("2023-01-01") + np.array(days), flags, deals, period="month")

    found = measured(some)
    assert measured(random.sample(some, len(some))) == found
    if isinstance(found, Pressure):
        assert -1 <= found.low <= found.difference <= found.high <= 1
