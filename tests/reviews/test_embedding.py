"""Before and after: what a reading keeps, what a change says, and its interval against statsmodels."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from headway.reviews.embedding import (
    BY_ID,
    MEASURES,
    Change,
    Figure,
    Outcome,
    Reading,
    Verdict,
    change_between,
    changes_of,
    figures_to_json,
    reading_from,
    verdict_of,
)

ON_TIME, GAP = BY_ID["on_time"], BY_ID["gap"]


def counted(done: int, n: int, measure: str = "on_time") -> Figure:
    low, high = proportion_confint(done, n, method="wilson")
    return Figure(measure, done / n, float(low), float(high), n)


def test_each_outcome_has_a_measure_and_each_measure_its_own_name() -> None:
    assert {measure.outcome for measure in MEASURES} == set(Outcome)
    assert len({measure.id for measure in MEASURES}) == len(MEASURES)


@pytest.mark.parametrize(
    ("first", "later"), [((12, 40), (30, 42)), ((0, 9), (5, 8)), ((6, 11), (7, 12)), ((9, 9), (4, 9))]
)
def test_the_interval_of_a_change_of_shares_is_newcombes(first: tuple[int, int], later: tuple[int, int]) -> None:
    # confint_proportions_2indep(count1, nobs1, count2, nobs2, method="newcomb", compare="diff")
    found = change_between(counted(*first), counted(*later), ON_TIME, 30)
    low, high = confint_proportions_2indep(*later, *first, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


def test_better_and_worse_follow_the_way_that_is_good() -> None:
    assert change_between(counted(5, 40), counted(36, 40), ON_TIME, 30).verdict is Verdict.BETTER
    assert change_between(counted(36, 40), counted(5, 40), ON_TIME, 30).verdict is Verdict.WORSE
    assert change_between(counted(36, 40, "gap"), counted(5, 40, "gap"), GAP, 30).verdict is Verdict.BETTER


def test_what_cannot_be_told_says_what_it_takes_or_that_it_is_small() -> None:
    unsure = change_between(counted(4, 8), counted(6, 8), ON_TIME, 30)
    assert unsure.verdict is Verdict.UNKNOWN
    assert unsure.needed is not None and unsure.needed > 8
    enough = unsure.needed + 8
    told = change_between(counted(enough // 2, enough), counted(enough * 3 // 4, enough), ON_TIME, 30)
    assert told.verdict is Verdict.BETTER
    same = change_between(counted(2_000, 4_000), counted(2_001, 4_000), ON_TIME, 30)
    assert (same.verdict, same.needed, same.is_small) == (Verdict.UNKNOWN, None, True)


def test_an_unknown_figure_makes_an_unknown_change_with_its_reason() -> None:
    nothing = Figure("on_time", None, reason="no review was due")
    found = change_between(nothing, counted(3, 4), ON_TIME, 60)
    assert (found.verdict, found.value, found.reason) == (Verdict.UNKNOWN, None, "on day 0: no review was due")
    assert change_between(counted(3, 4), nothing, ON_TIME, 60).reason == "on day 60: no review was due"
    assert change_between(Figure("on_time", 0.2), counted(3, 4), ON_TIME, 60).verdict is Verdict.UNKNOWN


def test_a_verdict_stays_only_when_the_next_reading_says_the_same() -> None:
    readings = [Reading(day, (figure,)) for day, figure in
                ((60, counted(38, 40)), (0, counted(8, 40)), (30, counted(30, 40)), (90, counted(2, 40)))]  # fmt: skip
    found = changes_of(readings, "on_time")
    assert [(one.day, one.verdict, one.stays) for one in found] == [
        (30, Verdict.BETTER, False), (60, Verdict.BETTER, True), (90, Verdict.WORSE, False)
    ]  # fmt: skip
    assert changes_of(readings[:1], "on_time") == ()
    assert all(one.value is None for one in changes_of(readings, "movement"))


def test_an_outcome_is_told_only_where_its_measures_do_not_contradict_each_other() -> None:
    better, worse, unknown = (Change("on_time", 30, one) for one in Verdict)
    assert verdict_of([better, unknown]) is Verdict.BETTER
    assert verdict_of([worse, unknown]) is Verdict.WORSE
    assert verdict_of([better, worse]) is Verdict.UNKNOWN
    assert verdict_of([]) is Verdict.UNKNOWN


figures = st.builds(
    Figure, st.sampled_from([measure.id for measure in MEASURES]), st.one_of(st.none(), st.floats(-1, 1)),
    st.one_of(st.none(), st.floats(-1, 1)), st.one_of(st.none(), st.floats(-1, 1)), st.integers(0, 10_000),
    st.text(max_size=20), st.text(max_size=20),
)  # fmt: skip


@given(st.lists(figures, unique_by=lambda one: one.id))
def test_a_reading_comes_back_as_it_was_stored(kept: list[Figure]) -> None:
    stored = json.loads(json.dumps(figures_to_json(kept)))
    assert reading_from(30, stored) == Reading(30, tuple(kept))
    assert reading_from(30, {**stored, "of_another_version": {"value": 1, "more": 2}}) == Reading(30, tuple(kept))


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50), st.integers(1, 50))
def test_both_ways_round_say_opposite_things(a: int, n: int, b: int, m: int) -> None:
    first, later = counted(min(a, n), n), counted(min(b, m), m)
    there, back = change_between(first, later, ON_TIME, 30), change_between(later, first, ON_TIME, 30)
    opposite = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER, Verdict.UNKNOWN: Verdict.UNKNOWN}
    assert opposite[there.verdict] is back.verdict
    assert (there.low, there.high) == pytest.approx((-(back.high or 0), -(back.low or 0)))
