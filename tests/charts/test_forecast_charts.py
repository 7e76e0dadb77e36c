"""The pictures of a forecast: whole whatever the numbers are, labels that do not touch, sums that add up."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.charts import fan
from headway.charts.calibration import said_and_won
from headway.charts.fan import Call, period_fan, total_mark
from headway.charts.waterfall import Change, changes
from headway.charts.weeks_ahead import settling_mark, weeks_ahead
from headway.forecast.value import CalibrationBin, Chance, FanDay, Week
from headway.verdict.value import Interval
from tests.forecast.sample import AS_OF, QUARTER, full_fan, huge_forecast, sample_forecast

AMOUNTS = st.floats(0, 1e13)
SHARES = st.floats(0, 1)


def parsed(drawn: str) -> ElementTree.Element:
    assert "style=" not in drawn and "nan" not in drawn and "inf" not in drawn
    return ElementTree.fromstring(drawn)


def classes(drawn: str) -> list[str]:
    return [element.get("class") or "" for element in parsed(drawn).iter()]


@st.composite
def fan_days(draw: st.DrawFn) -> list[FanDay]:
    made = []
    for week in range(draw(st.integers(0, 13))):
        low, middle, high = sorted(draw(AMOUNTS) for _ in range(3))
        known = draw(st.booleans())
        on, booked, weighted = QUARTER.starts_on + timedelta(weeks=week), draw(AMOUNTS), draw(st.none() | AMOUNTS)
        day = FanDay(on, booked, low, middle, high, weighted)
        made.append(day if known else replace(day, low=None, middle=None, high=None))
    return made


@given(fan_days(), st.lists(AMOUNTS, max_size=4))
def test_any_fan_is_a_whole_picture_whose_labels_do_not_touch(days: list[FanDay], called: list[float]) -> None:
    calls = [Call(date(2026, 5, 1), amount, "A & B, commit") for amount in called]
    drawn = period_fan(days, QUARTER, calls=calls, title="A & B", desc="Go on.")
    parsed(drawn)
    places = sorted(float(y) for y in re.findall(r'<text x="100%" y="([\d.]+)" dx="8"', drawn))
    assert all(after - before >= fan.LEAST - 0.02 for before, after in itertools.pairwise(places))
    assert drawn.count('class="call"') == (len(called) if days else 0)


def test_the_newest_range_goes_on_to_the_end_of_the_period_and_says_its_ends() -> None:
    forecast = sample_forecast()
    drawn = period_fan(forecast.fan, forecast.period, amount_text=lambda amount: f"{amount:.0f}", title="T")
    total = forecast.total
    for amount in (total.low, total.middle, total.high, total.booked):
        assert f">{amount:.0f}</text>" in drawn
    assert "band ahead" in drawn and drawn.count('class="day"') == len(forecast.fan)
    over = period_fan(full_fan(), QUARTER, title="T")
    assert 'width="2.22%"' in over  # two days of ninety are left


def test_without_a_range_only_what_was_booked_is_drawn() -> None:
    days = [FanDay(QUARTER.starts_on + timedelta(weeks=week), 10.0 * week, None, None, None, None) for week in range(4)]
    found = classes(period_fan(days, QUARTER, title="T"))
    assert "booked-area" in found and "band" not in found and "weighted-line" not in found


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_total_is_drawn_on_any_scale(low: float, middle: float, high: float, top: float, booked: float) -> None:
    low, middle, high = sorted((low, middle, high))
    parsed(total_mark(low, middle, high, top, booked=booked, others=((middle, "weighted", "stage-weighted"),)))


@given(st.lists(st.tuples(SHARES, SHARES, SHARES, SHARES), max_size=12))
def test_every_bin_stands_where_it_was_said_and_won(drawn_bins: list[tuple[float, ...]]) -> None:
    bins = []
    for said, *shares in drawn_bins:
        low, value, high = sorted(shares)
        bins.append(CalibrationBin(said, Interval(value, low, high, 40)))
    drawn = said_and_won(bins, title="Said and won")
    dots = [element for element in parsed(drawn).iter() if element.get("class") == "said-won"]
    assert len(dots) == len(bins)
    for one, mark in zip(bins, dots, strict=True):
        assert float(mark.get("cx") or 0) == pytest.approx(40 + 264 * one.said, abs=0.01)
        assert float(mark.get("cy") or 0) == pytest.approx(12 + 264 * (1 - one.won.value), abs=0.01)


@given(st.lists(st.floats(-1e9, 1e9), max_size=12), st.floats(-1e9, 1e9))
def test_each_change_starts_where_the_one_above_ended(amounts: list[float], before: float) -> None:
    steps = [Change(f"cause {place}", amount) for place, amount in enumerate(amounts)]
    drawn = changes(("before", before), steps, ("after", math.fsum([before, *amounts])), title="Why")
    bars = [element for element in parsed(drawn).iter() if (element.get("class") or "").startswith("change ")]
    assert len(bars) == len(amounts)
    ends = []
    for bar, amount in zip(bars, amounts, strict=True):
        left, width = (float((bar.get(key) or "").rstrip("%")) for key in ("x", "width"))
        ends.append((left, left + width) if amount > 0 else (left + width, left))
    for (_, end), (start, _) in itertools.pairwise(ends):
        assert start == pytest.approx(end, abs=0.5)  # a bar too small to see is drawn as a sliver


def test_changes_say_their_sign_and_take_hostile_names() -> None:
    steps = [Change("<b>&", 2.0, 'said "so"'), Change("n" * 300, -3.0)]
    drawn = changes(("24 May", 10.0), steps, ("31 May", 9.0), title="Why")
    assert ">+2<" in drawn and ">-3<" in drawn and "n" * 100 not in drawn.replace("\n", "").split("text-anchor")[0]
    assert {"change more", "change less"} <= set(classes(drawn))


@st.composite
def chances(draw: st.DrawFn) -> list[Week]:
    made = []
    for week in range(draw(st.integers(0, 13))):
        low, value, high = sorted(draw(SHARES) for _ in range(3))
        lost = draw(SHARES) * (1 - value)
        rest = (1 - value - lost) * draw(SHARES)
        made.append(Week(AS_OF.date() + timedelta(weeks=week + 1), Chance(value, low, high), lost, max(rest, 0.0)))
    return made


@given(chances())
def test_the_weeks_ahead_are_a_whole_picture_with_every_week_said(weeks: list[Week]) -> None:
    drawn = weeks_ahead(weeks, AS_OF.date(), ends_on=date(2026, 6, 30), title="D")
    assert classes(drawn).count("day") == len(weeks)
    places = sorted(float(y) for y in re.findall(r'<text x="100%" y="([\d.]+)" dx="8"', drawn))
    assert len(places) == (3 if weeks else 0)
    assert all(after - before >= 13.9 for before, after in itertools.pairwise(places))


def test_the_end_of_the_period_is_drawn_only_where_it_lies_ahead() -> None:
    weeks = sample_forecast().deals[0].weeks
    assert "period-end" in weeks_ahead(weeks, AS_OF.date(), ends_on=date(2026, 6, 30), title="D")
    for day in (AS_OF.date(), date(2027, 1, 1)):
        assert "period-end" not in weeks_ahead(weeks, AS_OF.date(), ends_on=day, title="D")


@pytest.mark.parametrize(("week", "settled"), [(None, 0), (1, 13), (9, 5), (13, 1)])
def test_a_period_is_settled_from_its_week_on(week: int | None, settled: int) -> None:
    found = classes(settling_mark(week, 13))
    assert (found.count("settled"), found.count("unsettled")) == (settled, 13 - settled)


def test_the_huge_is_drawn_as_well() -> None:
    forecast = huge_forecast()
    parsed(period_fan(forecast.fan, forecast.period, title="T"))
    moved = forecast.moved
    assert moved is not None
    steps = [Change(cause, amount) for cause, amount, _ in moved.causes]
    drawn = changes(("a", moved.before), steps, ("b", moved.after), title="Why")
    last = [element for element in parsed(drawn).iter() if element.get("class") == "level-point"][-1]
    bar = [element for element in parsed(drawn).iter() if (element.get("class") or "").startswith("change ")][-1]
    assert float((last.get("cx") or "").rstrip("%")) == pytest.approx(float((bar.get("x") or "").rstrip("%")), abs=0.1)
