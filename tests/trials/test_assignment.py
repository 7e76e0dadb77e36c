"""Deals are assigned at random, evenly within each owner, and the same whenever it is asked again."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.trials.assignment import arm_of, event_name, read_event_name

SEEDS = st.integers(0, 2**63 - 1)
FIRST_24 = "010110110000110111001001"


@given(SEEDS, st.text(max_size=20), st.integers(1, 60))
def test_an_owner_has_never_two_deals_more_in_one_arm(seed: int, owner: str, deals: int) -> None:
    arms = [arm_of(seed, owner, earlier) for earlier in range(deals)]
    for upto in range(1, deals + 1):
        assert abs(2 * sum(arms[:upto]) - upto) <= 2
    assert arms == [arm_of(seed, owner, earlier) for earlier in range(deals)]


def test_arms_are_settled_for_good() -> None:
    # Written down on 22 November 2026: should this fail, running trials would assign otherwise after an update.
    assert "".join(str(arm_of(7, "Bob Adler", n)) for n in range(24)) == FIRST_24


def test_little_tells_the_next_arm() -> None:
    sequences = [[arm_of(seed, "Bob Adler", n) for n in range(24)] for seed in range(2_000)]
    for place in range(24):
        assert abs(sum(arms[place] for arms in sequences) / 2_000 - 0.5) < 0.05
    # Who counts along and guesses the arm that is behind is right less often than with blocks of two (three in four).
    right = Counter[bool]()
    for arms in sequences:
        for place, arm in enumerate(arms):
            ahead = 2 * sum(arms[:place]) - place
            if ahead:
                right[arm == (ahead < 0)] += 1
            else:
                right[bool(arm)] += 1
    assert right[True] / right.total() < 0.73
    other = [arm_of(seed, "Olga Petrova", n) for seed in range(500) for n in range(4)]
    same = [arm_of(seed, "Bob Adler", n) for seed in range(500) for n in range(4)]
    assert 0.45 < sum(a == b for a, b in zip(other, same, strict=True)) / 2_000 < 0.55


def test_a_name_of_an_event_is_read_back() -> None:
    assert read_event_name(event_name("press_for_date", "left out")) == ("press_for_date", "left out")
    assert read_event_name(event_name("a: b", "asked")) == ("a: b", "asked")
    assert [read_event_name(name) for name in ("", "press_for_date", "x:", ": asked", "x: ")] == [None] * 5


def test_fewer_than_no_deals_are_refused() -> None:
    with pytest.raises(ValueError, match="0 deals"):
        arm_of(1, "Bob", -1)
