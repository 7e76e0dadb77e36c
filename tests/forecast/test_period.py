"""Periods: what they are called, how they are written, and how their weeks are counted."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.forecast.period import (
    following,
    horizon_days,
    key_of,
    kind_of,
    parsed,
    period_between,
    period_of,
    previous,
    week_of,
    weeks_of,
)
from headway.forecast.value import Period

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
kinds = st.sampled_from(["quarter", "month"])
spans = st.builds(
    lambda first, length: period_between(first, first + timedelta(days=length)), days, st.integers(0, 400)
)
periods = st.one_of(st.builds(period_of, days, kinds), spans)


def test_a_day_lies_in_its_quarter_and_month() -> None:
    day = date(2026, 11, 22)
    assert period_of(day) == Period("Q4 2026", date(2026, 10, 1), date(2026, 12, 31))
    assert period_of(day, "month") == Period("November 2026", date(2026, 11, 1), date(2026, 11, 30))
    assert period_of(date(2028, 2, 29), "month").ends_on == date(2028, 2, 29)


@given(periods)
def test_what_is_written_is_read_again(period: Period) -> None:
    assert parsed(key_of(period)) == period
    assert parsed(f"{period.starts_on}..{period.ends_on}") == period


@given(periods)
def test_periods_follow_each_other_without_a_gap(period: Period) -> None:
    before, after = previous(period), following(period)
    assert before.ends_on + timedelta(days=1) == period.starts_on
    assert period.ends_on + timedelta(days=1) == after.starts_on
    kind = kind_of(period)
    if kind:
        assert (kind_of(before), kind_of(after)) == (kind, kind)
        assert following(before) == period
    else:
        assert after.ends_on - after.starts_on == period.ends_on - period.starts_on


@given(periods)
def test_weeks_cover_the_period_and_none_is_a_stub(period: Period) -> None:
    ends = weeks_of(period)
    lengths = [
        (end - start).days for start, end in zip((period.starts_on - timedelta(days=1), *ends), ends, strict=False)
    ]
    assert ends[-1] == period.ends_on
    assert set(lengths[:-1]) <= {7}
    assert 4 <= lengths[-1] <= 10 or len(ends) == 1
    assert [week_of(period, end) for end in ends] == list(range(1, len(ends) + 1))


def test_a_quarter_has_thirteen_weeks_and_days_outside_are_told_apart() -> None:
    quarter = parsed("2026-Q4")
    assert {len(weeks_of(period_of(date(2026, month, 1)))) for month in range(1, 13)} == {13}
    assert week_of(quarter, date(2026, 9, 30)) == 0
    assert week_of(quarter, date(2027, 3, 1)) == 13
    assert [horizon_days(quarter, day) for day in (date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 5))] == [
        30,
        0,
        0,
    ]


def test_spans_say_their_days_and_whole_quarters_their_name() -> None:
    assert parsed("2026-10-01..2026-12-31").name == "Q4 2026"
    assert parsed(" 2026-q4 ").name == "Q4 2026"
    assert parsed("2026-10-01..2026-12-15").name == "1 Oct to 15 Dec 2026"
    assert parsed("2026-12-20..2027-01-10").name == "20 Dec 2026 to 10 Jan 2027"
    assert parsed("2026-10-01..2026-10-01").name == "1 Oct 2026"


WRONG = (
    *("", "2026", "2026-Q5", "2026-13", "2026-00", "Q4 2026", "2026-02-30..2026-03-01", "2026-10-01..", "0000-Q1"),
    *("2026-12-31..2026-10-01", "2020-01-01..2026-01-01", "2026-10-01...2026-12-31", "2026-Q4\n2026-Q3", "9999-Q4"),
    "२०२६-Q1",
)


@pytest.mark.parametrize("text", WRONG)
def test_anything_else_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parsed(text)
    assert str(caught.value).endswith(".")
    assert ". " not in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=60))
def test_no_text_is_a_fault_of_ours(text: str) -> None:
    with suppress(UserError):
        assert parsed(text).starts_on <= parsed(text).ends_on
