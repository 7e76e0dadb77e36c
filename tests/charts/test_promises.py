"""The drawn line of a promise and the course of a kept-rate: whole pictures, whatever the days."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.charts.promises import Scale, Stretch, kept_over_time, promise_axis, promise_mark

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
ENDED = st.sampled_from(["", "kept", "late", "broken", "let_go"])


@given(DAYS, DAYS, DAYS, DAYS, st.none() | DAYS, ENDED)
def test_any_days_make_a_whole_mark_within_its_place(
    first: date, today: date, made: date, due: date, ended_on: date | None, ended: str
) -> None:
    scale = Scale(first, first + timedelta(days=30), today)
    drawn = promise_mark(scale, made_on=made, due_on=due, ended_on=ended_on, ended=ended)
    ElementTree.fromstring(drawn)
    ElementTree.fromstring(promise_axis(scale))
    assert "style=" not in drawn
    assert ("promise-kept" in drawn) == (ended in ("kept", "late") and ended_on is not None)
    assert ("broken" in drawn) == (ended == "broken")


def test_what_is_unknown_has_no_dot() -> None:
    known = Stretch(date(2026, 2, 1), 4, 5, 0.4, 0.9, known=True)
    few = Stretch(date(2026, 3, 1), 2, 2, 0.3, 1.0, known=False)
    drawn = kept_over_time([known, few], title="Kept & so on")
    assert drawn.count("<circle") == 1
    assert "2 of 2" in drawn
    with pytest.raises(ValueError, match="nothing to draw"):
        kept_over_time([], title="Kept")
