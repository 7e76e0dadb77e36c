"""The flag: only where it was right before, from what was known then, and how early it came."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from headway.forecast.snapshots import LOST, NEVER, NO_DECISION, OPEN, WON
from headway.forecast.stalled import Foretold, flagged_of, flags_of, margin_of, sentence_of, stalled
from headway.forecast.value import Flagged
from headway.verdict.value import Interval

Row = tuple[int, int, float, float, int, int, int]


def foretold(*rows: Row) -> Foretold:
    """Rows of deal, day, won, no decision, exit, exit day, due day."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    kinds = (np.int64, np.int64, np.float64, np.float64, np.int64, np.int64, np.int64)
    return Foretold(*(np.array(one, dtype=kind) for one, kind in zip(columns, kinds, strict=True)))


def firm(seed: int = 0, deals: int = 300, origins: int = 20, *, telling: bool = True) -> Foretold:
    """Weekly origins; half of the deals die slowly. Where `telling`, the chances know which."""
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    for deal in range(deals):
        dies = random.random() < 0.5
        begins, lasts = int(random.integers(0, 7 * origins)), int(random.integers(15, 120))
        exit_day = begins + lasts
        for day in range(0, 7 * origins, 7):
            if begins <= day < exit_day:
                bad = random.beta(5, 3) if dies and telling and day - begins > 14 else random.beta(2, 5)
                rows.append((deal, day, 0.8 * (1 - bad), bad, NO_DECISION if dies else WON, exit_day, begins + 60))
    return foretold(*rows)


def test_a_deal_is_flagged_where_no_decision_is_likelier_by_the_margin() -> None:
    won, none = np.array([0.1, 0.3, 0.2, np.nan]), np.array([0.5, 0.39, 0.2, 0.9])
    assert stalled(won, none, 0.1).tolist() == [True, False, False, False]
    assert stalled(won, none, 0.0).tolist() == [True, True, False, False]
    assert not stalled(won, none, None).any()


def test_the_margin_is_the_smallest_that_was_right_often_enough() -> None:
    # 20 deals a little likelier to go quiet, 6 of them won; 20 much likelier, 1 of them won.
    mild = [(k, 0, 0.30, 0.42, WON if k < 6 else LOST, 50, NEVER) for k in range(20)]
    grave = [(k, 0, 0.10, 0.43, WON if k < 21 else NO_DECISION, 50, NEVER) for k in range(20, 40)]
    assert margin_of(foretold(*mild, *grave), by=50) == 0.15
    assert margin_of(foretold(*mild, *grave), by=49) is None  # nothing had ended by then
    assert margin_of(foretold(*mild, *grave), by=50, at_most=0.3) == 0.0
    assert margin_of(foretold(*mild), by=50) is None
    assert margin_of(foretold(*grave[:9]), by=50) is None
    assert margin_of(foretold(), by=50) is None


def test_in_turn_flags_are_right_as_often_as_promised_and_none_are_raised_without_reason() -> None:
    history = firm()
    found = flagged_of(history, flags_of(history), until=7 * 40)
    assert found.false is not None and found.days_before is not None
    assert found.flagged > 60
    assert found.false.value < 0.15
    assert 14 < found.days_before.low <= found.days_before.value <= found.days_before.high
    blind = firm(telling=False)
    assert flags_of(blind, at_most=0.15).mean() < 0.02


@given(st.integers(0, 30), st.integers(0, 19))
@settings(max_examples=20, deadline=None)
def test_flags_know_nothing_of_later_days(seed: int, origin: int) -> None:
    history = firm(seed, deals=60)
    day = 7 * origin
    later = history.exit_day > day
    other = replace(
        history,
        exit=np.where(later, OPEN, history.exit),
        exit_day=np.where(later, NEVER, history.exit_day),
        won=np.where(history.day > day, 0.0, history.won),
    )
    upto = history.day <= day
    assert (flags_of(history)[upto] == flags_of(other)[upto]).all()


def test_ends_flags_and_false_flags_are_counted() -> None:
    rows = [
        (1, 0, 0.2, 0.6, LOST, 40, NEVER),  # flagged on day 10, 30 days ahead
        (1, 10, 0.2, 0.6, LOST, 40, NEVER),
        (2, 0, 0.2, 0.6, WON, 30, NEVER),  # flagged, won after all
        (3, 0, 0.2, 0.6, OPEN, NEVER, 20),  # flagged, its close date passed: 20 days ahead
        (3, 7, 0.2, 0.6, OPEN, NEVER, 90),  # moving the date does not undo that
        (4, 0, 0.2, 0.6, OPEN, NEVER, 90),  # flagged; open, not due yet
        (5, 0, 0.2, 0.6, NO_DECISION, 15, NEVER),  # not flagged
        (6, 0, 0.2, 0.6, LOST, 12, NEVER),  # first life, not flagged
        (6, 21, 0.2, 0.6, WON, 60, NEVER),  # second life, flagged: won, though not known by day 50
    ]
    history = foretold(*rows)
    flags = np.array([False, True, True, True, False, True, False, False, True])
    found = flagged_of(history, flags, until=50)
    assert (found.deals, found.flagged, found.days_before) == (4, 2, None)
    assert found.false is not None
    assert (found.false.value, found.false.n) == (0.5, 2)
    later = flagged_of(history, flags, until=60).false
    assert later is not None and (later.value, later.n) == (pytest.approx(2 / 3), 3)
    assert flagged_of(foretold(), np.zeros(0, dtype=np.bool_), until=50) == Flagged(0, 0, None, None)


@pytest.mark.parametrize("n", [5, 6, 17, 40])
def test_the_interval_of_the_median_is_exact(n: int) -> None:
    rows: list[Row] = [(deal, 100 - deal, 0.1, 0.7, LOST, 100, NEVER) for deal in range(1, n + 1)]
    found = flagged_of(foretold(*rows), np.ones(n, dtype=np.bool_), until=100).days_before
    if n < 6:  # even the smallest and largest of five miss the median in 1 of 16 samples
        assert found is None
        return
    assert found is not None
    place = round(found.low)
    # scipy.stats.binom(n, 0.5): P(low <= median <= high) is 1 - 2 P(X < place), the closest to 95 % from above
    assert 1 - 2 * binom(n, 0.5).cdf(place - 1) >= 0.95 > 1 - 2 * binom(n, 0.5).cdf(place)
    assert (found.value, found.high, found.n) == ((n + 1) / 2, n + 1 - place, n)


def test_one_sentence_says_how_far_to_trust_it() -> None:
    said = Flagged(187, 122, Interval(31, 24, 39, 122), Interval(0.082, 0.047, 0.14, 133))
    assert sentence_of(said) == (
        "Of 187 past deals that were not won, 122 had been flagged before, half of them 31 days or more (24 to 39) "
        "ahead; 8 % of those flagged were won after all (5 to 14, 133 deals)."
    )
    assert "not known" in sentence_of(Flagged(0, 0, None, None))
