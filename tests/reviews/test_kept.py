"""Kept in time, of those whose day is over: with n and interval, unknown under five; and the weeks of a habit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from headway.reviews.kept import LEAST, Fate, kept_by_month, kept_rate, kept_shares
from headway.reviews.kinds import Promise
from headway.reviews.self_review import is_holiday_week, monday_of, streak

TODAY = date(2026, 3, 20)
MONDAY = date(2026, 3, 16)


def fate(state: Promise = Promise.KEPT, due: int = -3, ended: int | None = None, *, shown: bool = True) -> Fate:
    return Fate(TODAY + timedelta(due), state, None if ended is None else TODAY + timedelta(ended), shown)


def test_kept_late_and_broken_count_and_only_kept_is_kept() -> None:
    found = kept_rate([fate(), fate(), fate(Promise.LATE), fate(Promise.BROKEN), fate(Promise.BROKEN)], TODAY)
    assert (found.kept, found.late, found.n, found.value) == (2, 1, 5, 0.4)


def test_the_interval_is_wilsons() -> None:
    found = kept_rate([fate()] * 9 + [fate(Promise.BROKEN)] * 4, TODAY)
    assert (found.low, found.high) == pytest.approx(proportion_confint(9, 13, method="wilson"))


def test_under_five_it_is_unknown() -> None:
    found = kept_rate([fate()] * (LEAST - 1), TODAY)
    assert (found.value, found.n, found.lacking) == (None, 4, 1)
    assert kept_rate([fate()] * LEAST, TODAY).value == 1.0


def test_one_whose_day_is_not_over_waits_even_where_it_is_kept() -> None:
    assert kept_rate([fate(due=0), fate(due=4), fate(Promise.OPEN, due=2)], TODAY).n == 0


def test_let_go_before_its_day_counts_for_nothing_and_after_it_as_not_kept() -> None:
    assert kept_rate([fate(Promise.LET_GO, due=-3, ended=-5)], TODAY).n == 0
    assert kept_rate([fate(Promise.LET_GO, due=-3, ended=-3)], TODAY).n == 0
    broken = kept_rate([fate(Promise.LET_GO, due=-3, ended=-1)], TODAY)
    assert (broken.kept, broken.n) == (0, 1)


def test_by_a_buyers_act_and_by_word_stand_apart() -> None:
    found = kept_shares([fate(), fate(Promise.BROKEN), fate(shown=False)], TODAY)
    assert (found.whole.n, found.shown.kept, found.shown.n, found.by_word.kept, found.by_word.n) == (3, 1, 2, 1, 1)


def test_month_by_month_of_their_day() -> None:
    found = kept_by_month([fate(), fate(due=-40), fate(Promise.BROKEN, due=-41), fate(due=-600)], TODAY)
    assert [(month.month_on, month.rate.kept, month.rate.n) for month in found] == [
        (date(2026, 2, 1), 1, 2),
        (date(2026, 3, 1), 1, 1),
    ]


def test_a_window_pools_the_months_before() -> None:
    found = kept_by_month([fate(), fate(due=-40), fate(due=-100)], TODAY, window=3)
    assert [(month.month_on.month, month.rate.n) for month in found] == [(12, 1), (1, 1), (2, 2), (3, 2)]
    assert kept_by_month([], TODAY) == ()


FATES = st.lists(
    st.builds(
        fate, st.sampled_from(Promise), st.integers(-400, 30), st.none() | st.integers(-400, 0), shown=st.booleans()
    )
)


@given(FATES)
def test_parts_and_months_add_up_to_the_whole(fates: list[Fate]) -> None:
    shares = kept_shares(fates, TODAY)
    assert (shares.shown.n + shares.by_word.n, shares.shown.kept + shares.by_word.kept) == (
        shares.whole.n,
        shares.whole.kept,
    )
    months = kept_by_month(fates, TODAY, months=36)
    assert sum(month.rate.n for month in months) == shares.whole.n
    assert shares.whole.low <= shares.whole.kept / max(shares.whole.n, 1) <= shares.whole.high


def weeks_ago(*weeks: int) -> set[date]:
    return {MONDAY - timedelta(weeks=week) + timedelta(days=week % 5) for week in weeks}


def test_weeks_in_a_row() -> None:
    assert streak(weeks_ago(0, 1, 2, 4), (), TODAY).weeks == 3
    assert streak(weeks_ago(1, 2), (), TODAY) == streak(weeks_ago(1, 2), (), MONDAY)
    assert (streak(weeks_ago(1, 2), (), TODAY).weeks, streak(weeks_ago(1, 2), (), TODAY).this_week) == (2, False)
    assert streak(weeks_ago(2, 3), (), TODAY).weeks == 0
    assert streak((), (), TODAY).weeks == 0


def test_a_holiday_week_does_not_break_it_and_counts_for_nothing() -> None:
    off = {MONDAY - timedelta(weeks=1) + timedelta(days=index) for index in range(3)}
    assert is_holiday_week(MONDAY - timedelta(weeks=1), off)
    assert not is_holiday_week(MONDAY - timedelta(weeks=1), set(list(off)[:2]))
    assert streak(weeks_ago(0, 2, 3), off, TODAY).weeks == 3
    assert streak(weeks_ago(0, 2, 3), (), TODAY).weeks == 1


@given(st.sets(st.dates(date(2025, 1, 1), TODAY)), st.dates(date(2025, 1, 1), TODAY))
def test_a_day_more_never_shortens_it(days: set[date], more: date) -> None:
    assert streak(days | {more}, (), TODAY).weeks >= streak(days, (), TODAY).weeks
    assert monday_of(more).weekday() == 0
