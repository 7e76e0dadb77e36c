"""Claims in bursts: against brute force, planted and absent, and days that are busy without a burst."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.conformance.estimate import Unknown
from headway.conformance.meetings import DAY_US
from headway.conformance.theatre.bursts import BURST, WITHIN_US, bursts, in_bursts
from headway.conformance.theatre.measured import Measured

MINUTE = 60_000_000
OPENS = 8 * 60 * MINUTE


def measured(answer: Measured | Unknown) -> Measured:
    assert isinstance(answer, Measured), answer
    return answer


def claims(seed: int, n: int = 300, *, batched: float = 0.0, days: int = 200, office: int = 600) -> np.ndarray:
    """Instants of n claims in an office day of so many minutes; a share `batched` by sixes within four minutes."""
    rng = np.random.default_rng(seed)
    many = int(n * batched) // 6 * 6
    alone = rng.integers(0, days, n - many) * DAY_US + OPENS + rng.integers(0, office * MINUTE, n - many)
    starts = rng.integers(0, days, many // 6) * DAY_US + OPENS + rng.integers(0, office * MINUTE, many // 6)
    return np.concatenate([alone, np.repeat(starts, 6) + rng.integers(0, 4 * MINUTE, many)])


@given(st.lists(st.integers(0, 60), max_size=25))
def test_who_is_in_a_burst_is_who_has_two_others_near(minutes: list[int]) -> None:
    line = np.sort(np.array(minutes, np.int64)) * 60_000
    groups = [
        line[a : a + BURST] for a in range(len(line) - BURST + 1) if line[a + BURST - 1] - line[a] <= WITHIN_US // 1000
    ]
    near = {int(t) for group in groups for t in group}
    assert list(in_bursts(line)) == [int(t) in near for t in line]


def test_claims_at_one_sitting_are_found_with_their_share() -> None:
    at = claims(1, batched=0.4)
    one = measured(bursts(np.zeros(at.size, int), at, np.arange(at.size)))
    assert one.p_value < 0.01
    assert one.large
    assert one.low < 0.4 < one.high


def test_false_alarms_keep_their_level() -> None:
    sure = []
    for seed in range(60):
        at = claims(seed, 400, days=60)  # seven a day, so that some fall together
        sure.append(measured(bursts(np.arange(at.size) % 3, at, np.arange(at.size), seed=seed, replicates=99)))
    assert sum(one.p_value <= 0.05 for one in sure) <= 7
    assert not any(one.large for one in sure)


def test_a_busy_day_is_no_burst() -> None:
    # All claims on every twentieth day, thirty a day over ten hours: many fall together, as they must.
    at = claims(2, 300, days=10) // DAY_US * 19 * DAY_US + claims(2, 300, days=10)
    one = measured(bursts(np.zeros(at.size, int), at, np.arange(at.size)))
    assert one.expected > 0.1
    assert not one.large


def test_changing_one_deal_again_and_again_is_no_burst() -> None:
    at = np.repeat(claims(3, 100), 5) + np.tile(np.arange(5) * MINUTE, 100)
    assert measured(bursts(np.zeros(500, int), at, np.repeat(np.arange(100), 5))).value < 0.05


def test_the_order_of_the_rows_does_not_matter() -> None:
    at = claims(4, batched=0.2)
    mixed = np.random.default_rng(0).permutation(at.size)
    teams, deals = np.arange(at.size) % 2, np.arange(at.size)
    assert bursts(teams, at, deals) == bursts(teams[mixed], at[mixed], deals[mixed])


def test_too_few_claims_and_claims_without_a_clock_are_unknown() -> None:
    few = claims(1, 20)
    assert isinstance(bursts(np.zeros(20, int), few, np.arange(20)), Unknown)
    assert isinstance(bursts([], [], []), Unknown)
    days = claims(1, 200) // DAY_US * DAY_US
    answer = bursts(np.zeros(200, int), days, np.arange(200))
    assert isinstance(answer, Unknown)
    assert "minute" in answer.reason


@pytest.mark.parametrize("at", [np.full(100, -5 * DAY_US), np.full(100, 5 * DAY_US + 7)])
def test_one_and_the_same_instant_is_borne(at: np.ndarray) -> None:
    assert isinstance(bursts(np.zeros(100, int), at, np.arange(100)), Unknown)
