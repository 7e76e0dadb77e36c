# ruff: noqa: DTZ001 - what is written in a cell has no zone
"""Dates: the exact one, or a question; never a wrong one."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.connectors.files.dates import DateColumn, DayOrder, parse_dates
from headway.connectors.files.months import MONTHS
from tests.connectors.files.corpus.cell_cases import DATES, Column

_WITHIN = settings(deadline=None, max_examples=400)


def _moments(column: DateColumn) -> list[dt.datetime | None]:
    return column.at.to_pylist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("case", DATES, ids=lambda case: case.name)
def test_a_column_gives_what_it_must(case: Column) -> None:
    found = parse_dates(case.values)
    expected = [dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC) if text else None for text in case.gives]
    assert _moments(found) == expected
    assert found.at.type == pa.timestamp("us", "UTC")
    assert found.example == case.asks
    assert found.ambiguous == (case.asks is not None)
    assert (found.contradiction is not None) == case.contradicts
    assert {value.value for value in found.unreadable} == set(case.unreadable)


def test_an_answer_settles_the_question() -> None:
    values = ["03/04/2024", "05/06/2024"]
    assert _moments(parse_dates(values, order=DayOrder.DAY_FIRST))[0] == dt.datetime(2024, 4, 3, tzinfo=dt.UTC)
    assert _moments(parse_dates(values, order=DayOrder.MONTH_FIRST))[0] == dt.datetime(2024, 3, 4, tzinfo=dt.UTC)
    told = parse_dates(["24-04-03"], order=DayOrder.YEAR_FIRST)
    assert (_moments(told), told.order_known) == ([dt.datetime(2024, 4, 3, tzinfo=dt.UTC)], "told")


def test_a_value_that_does_not_fit_the_answer_is_unreadable_and_not_turned_round() -> None:
    found = parse_dates(["03/04/2024", "04/25/2024"], order=DayOrder.DAY_FIRST, lines=[7, 9])
    assert [(value.value, value.lines) for value in found.unreadable] == [("04/25/2024", (9,))]
    assert _moments(found)[1] is None


def test_a_contradiction_names_both_values_and_their_lines() -> None:
    found = parse_dates(
        ["01/02/2024", "25/04/2024", "04/25/2024", "04/25/2024"], lines=pa.array([2, 4, 6, 8], pa.int32())
    )
    assert found.contradiction is not None
    assert (found.contradiction.first, found.contradiction.first_lines) == ("25/04/2024", (4,))
    assert found.contradiction.first_order is DayOrder.DAY_FIRST
    assert (found.contradiction.second, found.contradiction.second_lines) == ("04/25/2024", (6, 8))
    assert not found.ambiguous
    assert _moments(found)[0] is None


def test_unreadable_values_are_counted_with_their_lines() -> None:
    found = parse_dates(pa.chunked_array([["soon", "2024-04-03", None], ["soon", "later"]]))
    assert [(v.value, v.count, v.lines) for v in found.unreadable] == [("soon", 2, (1, 4)), ("later", 1, (5,))]
    assert (found.unreadable_count, found.missing) == (3, 1)


def test_times_are_told_where_they_were_written() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for values in (["2024-01-03 14:15", "2024-07-03 14:15"], ["13.01.2024 14:15", "13.07.2024 14:15"]):
        found = parse_dates(values, zone=berlin)
        assert [moment.hour for moment in _moments(found) if moment] == [13, 12]
        assert (found.zone_known, found.has_time) == ("told", True)
        assert parse_dates(values).zone_known == "assumed"
    assert parse_dates(["2024-01-03T14:15:00Z"], zone=berlin).zone_known == "stated"


def test_days_are_days_in_every_zone() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    for values in (["2024-04-03"], ["2024-04-03 00:00:00"], ["03.04.2024"], ["2024-04-03T00:00:00Z"]):
        found = parse_dates(values, zone=tokyo)
        assert _moments(found) == [dt.datetime(2024, 4, 3, tzinfo=dt.UTC)]
        assert (found.has_time, found.zone_known) == (False, "no time")


def test_day_numbers_of_spreadsheets_are_read_only_when_told() -> None:
    found = parse_dates(["45385.59375", "1", "59", "60", "61"], excel_serials=True)
    days = [
        dt.datetime(2024, 4, 3, 14, 15),
        dt.datetime(1900, 1, 1),
        dt.datetime(1900, 2, 28),
        None,
        dt.datetime(1900, 3, 1),
    ]
    assert _moments(found) == [day.replace(tzinfo=dt.UTC) if day else None for day in days]
    assert "spreadsheet" in parse_dates(["45385"]).unreadable[0].why


_MOMENT = st.datetimes(dt.datetime(2001, 9, 10), dt.datetime(2068, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
# A column with two-digit years is taken to span less than 20 years (docs/methods/reading-files.md).
_NEAR = st.datetimes(dt.datetime(2015, 1, 1), dt.datetime(2029, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
_SHORT = ["%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d", "%d-%b-%y", "%d %B %y"]
_LONG = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y%m%d",
         "%d %b %Y", "%B %d, %Y", "%d-%b-%Y", "%a, %d %b %Y"]  # fmt: skip
_TIMES = ["", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M:%S", " %H:%M:%S UTC", " %H:%M:%S+0000"]


def _never_wrong(moments: list[dt.datetime], form: str) -> None:
    written = [moment.strftime(form) for moment in moments]
    truth = [dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC) for text in written]
    found = parse_dates(written)
    assert found.unreadable == ()
    assert found.contradiction is None
    for read, true in zip(_moments(found), truth, strict=True):
        assert read == true or (read is None and found.ambiguous)
    if found.ambiguous:
        order = (
            DayOrder.YEAR_FIRST if form[1] == "y" else DayOrder.DAY_FIRST if form[1] == "d" else DayOrder.MONTH_FIRST
        )
        assert _moments(parse_dates(written, order=order)) == truth


@given(st.lists(_MOMENT, min_size=1, max_size=30), st.sampled_from(_LONG), st.sampled_from(_TIMES))
@_WITHIN
def test_a_written_date_is_read_exactly_or_asked_about(moments: list[dt.datetime], day: str, time: str) -> None:
    _never_wrong(moments, day + time)


@given(st.lists(_NEAR, min_size=1, max_size=30), st.sampled_from(_SHORT), st.sampled_from(_TIMES))
@_WITHIN
def test_a_two_digit_year_is_read_exactly_or_asked_about(moments: list[dt.datetime], day: str, time: str) -> None:
    _never_wrong(moments, day + time)


@given(st.lists(_MOMENT, min_size=1, max_size=10), st.sampled_from([1, 1_000]))
@_WITHIN
def test_unix_times_are_exact(moments: list[dt.datetime], unit: int) -> None:
    truth = [moment.replace(tzinfo=dt.UTC) for moment in moments]
    assert _moments(parse_dates([str(int(moment.timestamp()) * unit) for moment in truth])) == truth


@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(sorted(MONTHS)))
@_WITHIN
def test_every_name_of_a_month_is_read(day: dt.date, name: str) -> None:
    true = day.replace(month=MONTHS[name], day=min(day.day, 28))
    for written in (f"{true.day}. {name.title()} {true.year}", f"{name.upper()} {true.day}, {true.year}"):
        assert _moments(parse_dates([written])) == [dt.datetime(true.year, true.month, true.day, tzinfo=dt.UTC)]


@given(st.lists(st.text(alphabet="0123456789/-.: TZapmAPM+JuneMai,", max_size=22), max_size=20))
@_WITHIN
def test_any_text_gives_a_column_of_the_same_length(values: list[str]) -> None:
    found = parse_dates(values)
    assert len(found.at) == len(values)
    read = len(values) - found.at.null_count
    undecided = found.at.null_count - found.missing - found.unreadable_count
    assert read + found.missing + found.unreadable_count + undecided == len(values)
    assert undecided >= 0
    assert undecided == 0 or found.ambiguous or found.contradiction is not None


def test_a_million_rows_cost_as_many_looks_as_there_are_values() -> None:
    column = pa.array(["03.04.2024", "25.12.2023"]).take(pa.array([0, 1] * 500_000))
    found = parse_dates(column)
    assert pc.count_distinct(found.at).as_py() == 2
    assert len(found.at) == 1_000_000
