"""Health of a rhythm: what is counted, when it is unknown, and the estimators against outside implementations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from headway.reviews.health import (
    Deviation,
    Health,
    Occurrence,
    PipelineDeal,
    correction_of,
    health_of,
    rate,
)
from headway.reviews.health_words import advice_of
from headway.reviews.kept import Fate
from headway.reviews.kinds import Held, Promise

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TODAY = NOW.date()


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def review(days: float, state: Held = Held.HELD, talked: int = 4, decided: int = 3) -> Occurrence:
    held = state is not Held.SKIPPED
    return Occurrence(f"r{days}", "weekly", "Pipeline review", ago(days), state, talked * held, decided * held)


def deal(name: str, amount: float | None, looked: float | None = None, **rest: int) -> PipelineDeal:
    return PipelineDeal(name, name, amount, "Bob", None if looked is None else ago(looked), **rest)


def health(
    occurrences: tuple[Occurrence, ...] = (), deals: tuple[PipelineDeal, ...] = (),
    deviations: tuple[Deviation, ...] = (), promises: tuple[Fate, ...] = (), days: int = 90,
) -> Health:  # fmt: skip
    return health_of(occurrences, deals, deviations, promises, as_of=NOW, today=TODAY, days=days)


def test_shares_of_what_came_add_up_to_one() -> None:
    states = (Held.HELD, Held.HELD, Held.LATE, Held.EMPTY, Held.SKIPPED, Held.DUE, Held.RUNNING)
    found = health(tuple(review(7 * n + 1, state) for n, state in enumerate(states)))
    parts = (found.on_time, found.late, found.empty, found.skipped)
    assert [part.done for part in parts] == [2, 1, 1, 1]
    assert {part.n for part in parts} == {5}
    low, high = proportion_confint(2, 5, method="wilson")
    assert (found.on_time.low, found.on_time.high) == pytest.approx((low, high))


def test_what_is_older_than_the_window_or_still_to_come_does_not_count() -> None:
    past = (review(5), review(40), review(89.9), review(90.1), review(-3))
    assert health(past).on_time.n == 3
    assert health(past, days=30).on_time.n == 1
    assert health(past, days=365).on_time.n == 4


def test_nothing_is_unknown_and_not_zero() -> None:
    found = health()
    assert found.on_time.value is found.looked.value is found.looked_money.value is found.decisions.value is None
    assert found.named.value is found.kept.value is found.correction.half is None
    assert (found.months, found.streak, advice_of(found, "EUR")) == ((), 0, ())


def test_coverage_is_of_the_last_thirty_days_and_names_what_was_overlooked() -> None:
    deals = (deal("a", 100, 3), deal("b", 300), deal("c", 600, 31), deal("d", None, 29), deal("e", None))
    found = health((review(3),), deals)
    assert (found.looked.done, found.looked.n) == (2, 5)
    assert (found.looked_money.done_amount, found.looked_money.amount) == (100, 1000)
    assert [one.key for one in found.overlooked] == ["c", "b", "e"]


def test_streak_counts_back_to_the_first_that_was_not_held_on_time() -> None:
    assert health((review(1), review(8), review(15, Held.LATE), review(22))).streak == 2
    assert health((review(1, Held.EMPTY), review(8))).streak == 0
    assert health((review(1), review(8))).streak == 2


def test_decisions_per_deal_in_all_and_every_four_weeks() -> None:
    found = health((review(2, talked=4, decided=4), review(9, talked=6, decided=2), review(40, talked=2, decided=1)))
    assert (found.decisions.count, found.decisions.of) == (7, 12)
    assert [(one.rate.count, one.rate.of) for one in found.months] == [(1, 2), (6, 10)]


@pytest.mark.parametrize(("count", "of"), [(0, 5), (1, 3), (7, 12), (98, 161)])
def test_rate_has_the_exact_poisson_interval(count: int, of: int) -> None:
    # statsmodels.stats.rates.confint_poisson(count, of, method="exact-c")
    low, high = confint_poisson(count, of, method="exact-c")
    found = rate(count, of)
    assert (found.low, found.high) == pytest.approx((float(np.nan_to_num(low)), float(high)))


def test_deviations_named_are_those_whose_deal_was_talked_about_since() -> None:
    deals = (deal("a", 5, 2, deviations=3, unnamed=1), deal("b", 9, None, deviations=2, unnamed=2), deal("c", 1, 2))
    found = health((review(2),), deals)
    assert (found.named.done, found.named.n) == (2, 5)
    assert [one.key for one in found.unnamed] == ["b", "a"]


def deviation(named: float, corrected: float | None = None, seen: float = 0) -> Deviation:
    return Deviation("d", "w", ago(named), None if corrected is None else ago(corrected), ago(seen))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 80), st.integers(0, 80), st.booleans()), min_size=2, max_size=40))
def test_time_to_correction_is_that_of_lifelines(rows: list[tuple[int, int, bool]]) -> None:
    # KaplanMeierFitter().fit(days, corrected); median_survival_time_; tests/conformance hold the band
    deviations = []
    for named, rest, mended in rows:
        end = max(named - rest, 0)
        deviations.append(deviation(named, end) if mended else deviation(named, None, end))
    found = correction_of(deviations, NOW)
    days = [min(rest, named) for named, rest, _ in rows]
    outside = KaplanMeierFitter().fit(days, [mended for *_, mended in rows])
    assert found.curve is not None
    for day in (0, 5, 20, 50):
        assert found.curve.at(day).value == pytest.approx(float(outside.predict(day)))
    assert found.half is not None
    median = float(outside.median_survival_time_)
    if np.abs(outside.survival_function_.to_numpy() - 0.5).min() < 1e-9:
        return  # a curve that is at one half to the last bit or just above it
    assert found.half.days == (None if np.isinf(median) else pytest.approx(median))


def test_what_ended_or_still_stands_is_censored_and_the_future_is_not_known() -> None:
    found = correction_of((deviation(20, 10), deviation(20), deviation(20, -5), deviation(30, None, 12)), NOW)
    assert (found.corrected, found.n) == (1, 4)
    assert found.half is not None and found.half.days is None


def test_kept_is_of_the_leaders_promises_due_in_the_window() -> None:
    due = [Fate((NOW - timedelta(days=days)).date(), Promise.KEPT) for days in (2, 9, 16, 23, 120)]
    found = health(promises=(*due, Fate((NOW - timedelta(days=5)).date(), Promise.BROKEN)))
    assert (found.kept.kept, found.kept.n, found.kept.value) == (4, 5, 0.8)


def test_advice_says_what_to_do_next_three_things_at_most() -> None:
    skipped = (review(2), review(9, Held.SKIPPED), review(16, Held.EMPTY))
    found = health(skipped, (deal("a", 1_200_000), deal("b", 800, 2, deviations=1, unnamed=1)))
    said = advice_of(found, "EUR", "Wednesday’s")
    assert [one.behind for one in said] == ["skipped", "deals", "unnamed"]
    assert said[1].sentence == "1 deal worth €1.2 M was in no review for 30 days."
    assert said[1].so.startswith("Put it on Wednesday’s agenda")


@given(
    st.lists(st.tuples(st.floats(-20, 400), st.sampled_from(list(Held)), st.integers(0, 9), st.integers(0, 9))),
    st.lists(st.tuples(st.one_of(st.none(), st.floats(0, 1e9)), st.one_of(st.none(), st.floats(0, 90)))),
)
def test_figures_stay_within_their_bounds(
    rows: list[tuple[float, Held, int, int]], deals: list[tuple[float | None, float | None]]
) -> None:
    pipeline = tuple(deal(str(n), amount, looked) for n, (amount, looked) in enumerate(deals))
    found = health(tuple(review(*row) for row in rows), pipeline)
    for share in (found.on_time, found.late, found.empty, found.skipped, found.looked):
        assert 0 <= share.low <= (share.value or share.low) <= share.high <= 1
    assert found.looked.done + len(found.overlooked) == len(deals)
    assert found.decisions.value is None or found.decisions.low <= found.decisions.value <= found.decisions.high
