"""Since when a past period's number was as good as what came true."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.forecast.period import parsed, weeks_of
from headway.forecast.settling import sentence_of, settled_of
from headway.forecast.value import Settled

QUARTER = parsed("2026-Q3")
ENDS = weeks_of(QUARTER)


def weekly(*middles: float | None) -> list[tuple[date, float | None]]:
    return list(zip(ENDS, middles, strict=False))


def test_it_settles_after_the_week_from_which_it_never_left_the_tolerance() -> None:
    said = weekly(150, 108, 95, 125, 111, 110, 90, 104, 99, 101, 100, 100, 100)
    assert settled_of(QUARTER, said, 100) == Settled(QUARTER, 6, 13, 100)
    assert settled_of(QUARTER, said, 100, tolerance=0.25).week == 2
    assert settled_of(QUARTER, reversed(said), 100).week == 6


def test_the_last_day_proves_nothing_and_a_gap_is_not_settled() -> None:
    assert settled_of(QUARTER, weekly(*[50] * 12, 100), 100).week is None
    assert settled_of(QUARTER, weekly(100, 100, None, 100, math.nan, 100, 101), 100).week == 6
    assert settled_of(QUARTER, [], 100).week is None
    assert settled_of(QUARTER, [(QUARTER.starts_on - timedelta(days=1), 100)], 100).week == 0


def test_of_nothing_only_nothing_is_within() -> None:
    assert settled_of(QUARTER, weekly(5, 0.01, 0, 0), 0).week == 3
    assert settled_of(QUARTER, weekly(5, 0.01), 0).week is None


@given(st.lists(st.one_of(st.none(), st.floats(0, 200)), max_size=12), st.floats(0, 200))
def test_after_the_week_all_are_within_and_just_before_it_is_not(middles: list[float | None], actual: float) -> None:
    found = settled_of(QUARTER, weekly(*middles), actual)

    def within(middle: float | None) -> bool:
        return middle is not None and abs(middle - actual) <= 0.1 * actual

    begins = len(middles) if found.week is None else found.week - 1
    assert all(within(one) for one in middles[begins:])
    assert begins == 0 or not within(middles[begins - 1])


def test_periods_of_one_week_or_one_day() -> None:
    week = parsed("2026-07-01..2026-07-07")
    assert settled_of(week, [(date(2026, 7, 3), 98)], 100) == Settled(week, 1, 1, 100)
    assert settled_of(parsed("2026-07-01..2026-07-01"), [(date(2026, 7, 1), 100)], 100).week is None


@pytest.mark.parametrize("actual", [-1, math.nan, math.inf])
def test_what_cannot_come_true_is_refused(actual: float) -> None:
    with pytest.raises(ValueError, match="what came true"):
        settled_of(QUARTER, weekly(1), actual)


def test_one_sentence_says_it() -> None:
    q1, q2, q3 = (parsed(f"2026-Q{place}") for place in (1, 2, 3))
    all_of_them = (Settled(q1, 9, 13, 1e6), Settled(q2, None, 13, 1e6), Settled(q3, 7, 13, 1e6))
    assert sentence_of(all_of_them) == (
        "In 2 of 3 past periods the number stayed within 10 % of what came true after week 8 (7 to 9); "
        "in Q2 2026 never before the end."
    )
    assert (
        sentence_of(all_of_them[1:2])
        == "In Q2 2026 the number was within 10 % of what came true only when it was over."
    )
    assert sentence_of(all_of_them[:1]).endswith("from the end of week 9 of 13 on.")
    assert sentence_of(()) == ""
