"""Edits before reviews: planted and absent, the weekend, the level, and the permutation against its own moments."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from headway.conformance.estimate import Unknown
from headway.conformance.theatre.edits import DAY_SLOTS, WEEK_SLOTS, crowding, slots_of
from headway.conformance.theatre.measured import Measured

WEEKS = 40
MONDAY = 2_900 * WEEK_SLOTS  # some Monday, far from the origin
REVIEWS = MONDAY + np.arange(WEEKS) * WEEK_SLOTS + 2 * DAY_SLOTS + 19  # Wednesdays, 09:30


def edits(seed: int, n: int = 600, *, staged: float = 0.0, sittings: int = 1) -> np.ndarray:
    """Slots of n edits in office hours, `sittings` at a time; a share `staged` waits for the eve of the next review."""
    rng = np.random.default_rng(seed)
    count = n // sittings
    slots = MONDAY + rng.integers(0, WEEKS - 1, count) * WEEK_SLOTS + rng.integers(0, 5, count) * DAY_SLOTS
    slots = slots + rng.integers(16, 36, count)
    late = rng.random(count) < staged
    eve = REVIEWS[np.minimum(np.searchsorted(REVIEWS, slots, side="right"), WEEKS - 1)] - rng.integers(1, 6, count)
    return np.repeat(np.where(late, eve, slots), sittings)


def found(slots: np.ndarray, reviews: np.ndarray = REVIEWS, **more) -> Measured:
    ones = np.ones(slots.size, int)
    answer = crowding(np.zeros(slots.size, int), slots, ones, np.zeros(reviews.size, int), reviews, **more)
    assert isinstance(answer, Measured)
    return answer


def test_edits_that_wait_for_the_review_are_found_with_their_share() -> None:
    one = found(edits(1, staged=0.5))
    assert one.p_value < 0.001
    assert one.large
    assert one.low < 0.6 < one.high  # half of them staged, and a fifth of the rest
    assert one.expected == pytest.approx(0.2)


def test_false_alarms_keep_their_level_even_where_people_write_many_deals_at_a_sitting() -> None:
    sure = [found(edits(seed, sittings=6), seed=seed, replicates=199) for seed in range(60)]
    assert sum(one.p_value <= 0.05 for one in sure) <= 7  # 3 expected; more than 7 once in 50 times
    assert not any(one.large for one in sure)


def test_the_permutation_agrees_with_the_moments_of_what_it_draws_from() -> None:
    slots = edits(3, staged=0.03)
    counts = np.bincount(slots - MONDAY + WEEK_SLOTS, minlength=(WEEKS + 2) * WEEK_SLOTS)
    window = np.convolve(counts, np.ones(DAY_SLOTS))[: counts.size]  # edits in the 48 slots up to and with each
    places = REVIEWS - MONDAY + WEEK_SLOTS
    around = np.stack([window[p - 1 - WEEK_SLOTS // 2 : p - 1 + WEEK_SLOTS // 2] for p in places])
    seen, mean, spread = window[places - 1].sum(), around.mean(axis=1).sum(), np.sqrt(around.var(axis=1).sum())
    one = found(slots)
    assert one.value == pytest.approx(seen / mean * 0.2)
    assert one.p_value == pytest.approx(norm.sf((seen - 0.5 - mean) / spread), abs=0.03)


def test_edits_of_another_team_do_not_count() -> None:
    slots = edits(1, staged=0.5)
    nobody = crowding(np.ones(slots.size, int), slots, np.ones(slots.size, int), np.zeros(WEEKS, int), REVIEWS)
    assert isinstance(nobody, Unknown)


def test_a_weekend_is_no_time_so_sunday_evening_is_before_mondays_review() -> None:
    at = np.array(["2026-03-06T17:30", "2026-03-08T21:00", "2026-03-09T09:30"], "datetime64[us]")  # Fri, Sun, Mon
    friday, sunday, monday = slots_of(at.astype(np.int64))
    assert monday - friday == 32  # half hours: 6.5 of Friday, none of the weekend, 9.5 of Monday
    assert friday < sunday < monday


@pytest.mark.parametrize(("reviews", "n"), [(7, 600), (40, 40)])
def test_too_little_is_unknown(reviews: int, n: int) -> None:
    slots = edits(1, n)
    answer = crowding(
        np.zeros(slots.size, int), slots, np.ones(slots.size, int), np.zeros(reviews, int), REVIEWS[:reviews]
    )
    assert isinstance(answer, Unknown)
    assert "needs" in answer.reason


def test_a_review_every_day_leaves_no_other_time_to_compare_with() -> None:
    daily = (REVIEWS[:, None] + np.arange(-2, 3) * DAY_SLOTS).ravel()
    slots = edits(1)
    answer = crowding(np.zeros(slots.size, int), slots, np.ones(slots.size, int), np.zeros(daily.size, int), daily)
    assert isinstance(answer, Unknown)
    assert "every day" in answer.reason


def test_no_edits_and_all_on_one_instant_are_borne() -> None:
    none = np.zeros(0, int)
    assert isinstance(crowding(none, none, none, np.zeros(WEEKS, int), REVIEWS), Unknown)
    once = crowding([0], [int(REVIEWS[5]) - 1], [5_000], np.zeros(WEEKS, int), REVIEWS)
    assert isinstance(once, Measured)
    assert 0 <= once.low <= once.value <= once.high <= 1
