"""Holidays as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.reviews.holidays import AT_MOST, FreeDay, read_holidays


def test_days_are_read_in_three_spellings_in_order_each_once() -> None:
    text = "25.12.2026 Christmas\n\n2026-12-24\n 1 Jan 2027, New Year \n2026-12-25; Christmas Day\n"
    assert read_holidays(text) == (
        FreeDay(date(2026, 12, 24)),
        FreeDay(date(2026, 12, 25), "Christmas Day"),
        FreeDay(date(2027, 1, 1), "New Year"),
    )


@pytest.mark.parametrize("line", ["Christmas", "2026-02-30 no such day", "12/25/2026", "2026-12-255", "25 Foo 2026"])
def test_a_line_that_begins_with_no_day_is_named(line: str) -> None:
    with pytest.raises(UserError, match="Line 2 begins with no day"):
        read_holidays(f"2026-12-24\n{line}")


def test_there_are_not_endlessly_many() -> None:
    many = "\n".join((date(2026, 1, 1) + timedelta(days=n)).isoformat() for n in range(AT_MOST + 1))
    with pytest.raises(UserError, match="at most 400"):
        read_holidays(many)


@given(text=st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_holidays(text)
    except UserError:
        return
    again = "\n".join(f"{day.on.isoformat()} {day.name}" for day in found)
    assert [day.on for day in read_holidays(again)] == [day.on for day in found]
