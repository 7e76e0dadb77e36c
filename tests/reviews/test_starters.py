"""The five starters are complete, begin on a day that lies ahead, and fit the roles that exist."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.reviews.kinds import ReviewKind
from headway.reviews.recurrence import Every, rule_from, rule_words
from headway.reviews.starters import STARTERS, first_day, get_starter, starter_of


def test_there_is_one_for_each_kind_of_review() -> None:
    assert [one.kind for one in STARTERS] == list(ReviewKind)
    assert [(one.every, one.minutes) for one in STARTERS[:1]] == [(Every.WEEK, 30)]
    for one in STARTERS:
        assert one.purpose.endswith(".")
        assert get_starter(one.id) is starter_of(one.kind) is one
    with pytest.raises(UserError, match="no such starter"):
        get_starter("standup")


@given(starter=st.sampled_from(STARTERS), today=st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_first_day_lies_ahead_on_the_starters_weekday(starter, today: date) -> None:  # type: ignore[no-untyped-def]
    first = first_day(starter, today)
    longest = {Every.WEEK: 7, Every.FORTNIGHT: 7, Every.MONTH: 37, Every.QUARTER: 99}[starter.every]
    assert timedelta(0) < first - today <= timedelta(days=longest)
    assert first.weekday() == starter.weekday
    if starter.every == Every.QUARTER:
        assert (first.month % 3, first.day <= 7) == (1, True)
        assert rule_words(rule_from(starter.every, first)) == "The first Monday of every third month"
