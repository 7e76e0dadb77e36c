"""The four ways a finding ends, and the look again: counted alike before and after, and never surer than its deals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from headway.reviews.correction import (
    LEAST_FOLLOW,
    MARGIN,
    MOST_FOLLOW,
    WAYS,
    Changed,
    How,
    Look,
    Reaching,
    facts_of,
    field_faults,
    follow_days,
    look_again,
    look_from,
    look_words,
    way_of,
)

COACHED = datetime(2026, 6, 1, tzinfo=UTC)
LOOKED = COACHED + timedelta(days=56)
TODAY = date(2026, 6, 1)


def reached(n: int, found: int, *, after: bool) -> list[Reaching]:
    """`n` deals that came to the point a good while before or after the coaching, `found` of which had the finding."""
    at = COACHED + timedelta(days=1) if after else COACHED - timedelta(days=100)
    return [Reaching(at, at + timedelta(days=1) if number < found else None) for number in range(n)]


def looked(before: int, before_n: int, after: int, after_n: int) -> Look:
    deals = [*reached(before_n, before, after=False), *reached(after_n, after, after=True)]
    return look_again(deals, coached_at=COACHED, at=LOOKED)


@pytest.mark.parametrize(("before", "before_n", "after", "after_n"), [(20, 40, 3, 30), (9, 10, 1, 12), (5, 60, 6, 55)])
def test_the_interval_is_newcombes(before: int, before_n: int, after: int, after_n: int) -> None:
    """As `confint_proportions_2indep(after, after_n, before, before_n, method="newcomb", compare="diff")` has it."""
    found = looked(before, before_n, after, after_n)
    low, high = confint_proportions_2indep(after, after_n, before, before_n, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


def test_surely_fewer_is_changed_surely_not_fewer_is_not_and_the_rest_is_unknown() -> None:
    assert looked(20, 40, 3, 30).changed is Changed.YES
    assert looked(100, 200, 120, 200).changed is Changed.NO
    few = looked(3, 5, 1, 4)  # with five deals before, no number of them after tells
    assert few.changed is Changed.UNKNOWN and few.more is None
    assert looked(0, 0, 2, 9).changed is Changed.UNKNOWN


def test_so_many_more_would_tell_and_one_fewer_would_not() -> None:
    few = looked(12, 20, 2, 8)
    assert few.changed is Changed.UNKNOWN and few.more is not None
    n = few.after_n + few.more
    assert looked(12, 20, round(n * 2 / 8), n).changed is not Changed.UNKNOWN


def test_a_deal_is_watched_as_long_before_as_after() -> None:
    """What arose later than anybody was watched counts on neither side, and who came too late does not count."""
    days = follow_days(COACHED, LOOKED)
    late = timedelta(days=days + 1)
    before, after = COACHED - timedelta(days=90), COACHED + timedelta(days=2)
    slow = [Reaching(before, before + late), Reaching(after, after + late)]
    found = look_again(slow, coached_at=COACHED, at=LOOKED)
    assert (found.before, found.before_n, found.after, found.after_n) == (0, 1, 0, 1)
    hasty = [Reaching(LOOKED - timedelta(days=days - 1), LOOKED), Reaching(COACHED - timedelta(days=days - 1), None)]
    found = look_again(hasty, coached_at=COACHED, at=LOOKED)
    assert (found.before_n, found.after_n) == (0, 0)


moments = st.integers(0, 365 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


@given(st.lists(st.tuples(moments, st.none() | st.integers(0, 60)), max_size=40), st.integers(1, 200))
def test_counts_fit_and_nothing_known_later_changes_them(deals: list[tuple[datetime, int | None]], since: int) -> None:
    at = COACHED + timedelta(days=since)
    all_of = [Reaching(moment, None if days is None else moment + timedelta(days=days)) for moment, days in deals]
    found = look_again(all_of, coached_at=COACHED, at=at)
    assert 0 <= found.before <= found.before_n and 0 <= found.after <= found.after_n
    assert found.before_n + found.after_n <= len(all_of)
    assert LEAST_FOLLOW <= found.follow_days <= MOST_FOLLOW
    known = [
        Reaching(one.reached_at, one.found_at if one.found_at is not None and one.found_at <= at else None)
        for one in all_of
        if one.reached_at <= at
    ]
    assert look_again(known, coached_at=COACHED, at=at) == found
    assert look_from(facts_of(found)) == found
    assert look_words(found)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_what_is_said_follows_from_the_interval(before: int, more: int, after: int, rest: int) -> None:
    found = looked(before, before + more, after, after + rest)
    if found.changed is Changed.YES:
        assert found.high < 0
    elif found.changed is Changed.NO:
        assert found.low > -MARGIN
    assert (found.more is None) or found.changed is Changed.UNKNOWN


def test_each_way_says_what_it_lacks_beside_its_field() -> None:
    for way in WAYS:
        assert way_of(way.how) is way
        assert "note" in field_faults(way.how, "  ", TODAY + timedelta(days=28), TODAY)
        assert field_faults(way.how, "Because", TODAY + timedelta(days=28), TODAY) == {}
    assert way_of("praised") is None
    assert field_faults(How.DATA, "", None, TODAY, has_event=True) == {}
    for day in (None, TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=367)):
        assert set(field_faults(How.COACHED, "Ask who signs", day, TODAY)) == {"look_again_on"}
