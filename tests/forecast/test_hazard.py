"""The counted part against counting day by day, against powers of a matrix, and against Aalen and Johansen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter

from headway.conformance.arrays import FloatArray
from headway.forecast import hazard
from headway.forecast.hazard import CAP, MOVED, Hazards, bucket_of, cells, ended_within, hazards_of, spread, state_key
from headway.forecast.snapshots import LOST, NEVER, NO_DECISION, OPEN, UNSEEN, WON, Spans

STAGES = (("Need", "Budget", "Agreement"),)
COLUMNS = ("deal", "spell", "start", "end", "process", "level", "claimed", "acted", "after", "next_level")


def spans(*rows: tuple[int, int, int, int, int, int, int]) -> Spans:
    """Rows of (deal, start, end, level, claimed, acted, after); what each went on at follows from the next row."""
    found = []
    for place, (deal, start, end, level, claimed, acted, after) in enumerate(rows):
        on = rows[place + 1][3] if place + 1 < len(rows) and rows[place + 1][0] == deal else UNSEEN - 1
        found.append((deal, 0, start, end, 0, level, claimed, acted, after, on))
    table = np.array(found, dtype=np.int64).reshape(-1, len(COLUMNS))
    return Spans(**{name: table[:, place] for place, name in enumerate(COLUMNS)})


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[int, int, int, int, int, int, int]]:
    """Some deals: each a few stretches one after the other; some with a buyer act, some by another claim only."""
    rows = []
    for deal in range(draw(st.integers(0, 6))):
        day, level, acted = draw(st.integers(0, 9)), draw(st.sampled_from([UNSEEN, 0, 1, 2])), -NEVER
        acted = acted if level == UNSEEN else day - draw(st.integers(0, 40))
        claimed = draw(st.integers(1, 3))
        for left in reversed(range(draw(st.integers(1, 4)))):
            end = day + draw(st.integers(1, 70))
            after = OPEN if left else draw(st.sampled_from([OPEN, WON, LOST, NO_DECISION]))
            rows.append((deal, day, end, level, claimed, acted, after))
            day = end
            if draw(st.booleans()):
                level, acted = draw(st.sampled_from([0, 1, 2])), day
            else:
                claimed = draw(st.integers(1, 3))
    return rows


def by_hand(rows: list[tuple[int, int, int, int, int, int, int]]) -> dict[tuple[int, int, int], float]:
    """Days (cause -1) and events per (state, stretch), counted one day at a time."""
    found: dict[tuple[int, int, int], float] = {}
    claimed_since = 0
    for place, (deal, start, end, level, claimed, acted, after) in enumerate(rows):
        before = rows[place - 1] if place and rows[place - 1][0] == deal else None
        later = rows[place + 1] if place + 1 < len(rows) and rows[place + 1][0] == deal else None
        if before is None or (before[3], before[4]) != (level, claimed):
            claimed_since = start
        key = int(state_key(*(np.array(one) for one in (0, level, claimed))))
        since = claimed_since if level == UNSEEN else acted
        for day in range(start, end):
            cell = key, int(bucket_of(np.array(day - since)))
            found[(*cell, -1)] = found.get((*cell, -1), 0.0) + 1
        cause = after
        if after == OPEN and later is not None:
            other = int(state_key(*(np.array(one) for one in (0, later[3], later[4]))))
            cause = MOVED if other != key or later[5] > acted else OPEN
        if cause != OPEN:
            found[(*cell, cause)] = found.get((*cell, cause), 0.0) + 1
    return found


@given(lives(), st.randoms())
@settings(max_examples=80, deadline=None)
def test_days_and_ends_are_those_counted_one_day_at_a_time(rows: list[tuple[int, ...]], random: object) -> None:
    given = spans(*rows)  # type: ignore[arg-type]
    shuffled = given.take(np.random.default_rng(hash(str(random)) % 2**32).permutation(len(given)))
    for found in (hazards_of(given), hazards_of(shuffled)):
        told = {
            (int(key), place, kind): value
            for state, key in enumerate(found.keys.tolist())
            for place in range(hazard.EDGES.size)
            for kind, value in enumerate([*found.events[state, place].tolist(), found.days[state, place]])
            if value
        }
        assert {(a, b, -1 if c == 4 else c): v for (a, b, c), v in told.items()} == by_hand(rows)  # type: ignore[arg-type]


@given(lives())
@settings(max_examples=30, deadline=None)
def test_chances_are_chances_whatever_was_lived_through(rows: list[tuple[int, ...]]) -> None:
    found = hazards_of(spans(*rows))  # type: ignore[arg-type]
    state = found.state_of(*(np.array(one) for one in ([0, 0, 0, 7], [UNSEEN, 1, 2, 1], [1, 2, 99, 1])))
    chances = ended_within(found, state, np.array([0, 5, CAP, 33]), (1, 7, 30, 90))
    wide = spread(found, state, np.array([0, 5, CAP, 33]), (30,), draws=5)
    assert np.isfinite(chances).all() and np.isfinite(wide).all()
    assert (chances >= 0).all() and (chances.sum(axis=2) <= 1 + 1e-12).all()
    assert (np.diff(chances, axis=1) >= -1e-12).all()


def powers(found: Hazards, horizon: int) -> FloatArray:
    """(s', CAP + 1, 3) by the matrix of all (state, day of silence) with three ends, raised to a power."""
    states, days = len(found.daily), CAP + 1
    matrix = np.zeros((states * days + 3, states * days + 3))
    matrix[-3:, -3:] = np.eye(3)
    for state in range(states):
        for day in range(days):
            row = state * days + day
            chance = found.daily[state, bucket_of(np.array(day))]
            matrix[row, -3:] = chance[:3]
            matrix[row, state * days + min(day + 1, CAP)] = 1 - chance.sum()
            if state < found.keys.size:
                np.add.at(matrix[row], np.arange(found.keys.size) * days, chance[MOVED] * found.share[state])
    return np.linalg.matrix_power(matrix, horizon)[:-3, -3:].reshape(states, days, 3)


def test_the_recursion_is_a_power_of_the_matrix_of_all_states() -> None:
    found = hazards_of(
        spans(
            (0, 0, 20, 1, 1, 0, OPEN), (0, 20, 35, 2, 2, 20, WON), (1, 3, 50, 1, 1, 0, NO_DECISION),
            (2, 0, 9, 1, 1, 0, OPEN), (2, 9, 60, 1, 1, 9, LOST), (3, 5, 30, 2, 2, 5, OPEN), (3, 30, 31, 1, 2, 5, OPEN),
        )
    )  # fmt: skip
    state, day = (one.ravel() for one in np.indices((len(found.daily), CAP + 1)))
    for horizon in (1, 30):
        told = ended_within(found, state, day, (horizon,))[:, 0].reshape(len(found.daily), CAP + 1, 3)
        assert np.allclose(told, powers(found, horizon), atol=1e-12)


def test_where_nothing_is_pulled_it_is_aalen_and_johansens_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PULL_DAYS", "BESIDE_PULL_DAYS", "STATE_PULL_DAYS"):
        monkeypatch.setattr(hazard, name, 1e-9)
    monkeypatch.setattr(hazard, "EDGES", np.arange(181))
    random = np.random.default_rng(4)
    end = 1 + np.minimum(random.geometric(0.04, 3_000), 120)
    kind = np.where(end > 90, OPEN, random.choice([WON, LOST, NO_DECISION, OPEN], 3_000, p=[0.3, 0.2, 0.3, 0.2]))
    rows = [(deal, 0, int(last), 1, 1, 0, int(after)) for deal, (last, after) in enumerate(zip(end, kind, strict=True))]
    found = hazards_of(spans(*rows))
    told = ended_within(found, np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), (10, 30, 60))[0]
    for cause in (WON, LOST, NO_DECISION):
        fitter = AalenJohansenFitter(calculate_variance=False, seed=0)
        with pytest.warns(Warning, match="Tied event times"):
            fitter.fit(end, np.where(kind == OPEN, 0, kind + 1), event_of_interest=cause + 1)
        column = fitter.cumulative_density_
        for place, day in enumerate((10, 30, 60)):
            assert told[place, cause] == pytest.approx(float(column[column.index <= day + 0.5].iloc[-1, 0]), abs=2e-3)


def test_a_state_never_seen_takes_the_average_of_its_process_and_is_told_apart() -> None:
    rows = [(deal, 0, 20, 1, 1, 0, WON if deal % 2 else LOST) for deal in range(400)]
    found = hazards_of(spans(*rows))
    process, level, claimed = np.array([0, 0, 5]), np.array([1, 3, 1]), np.array([1, 3, 1])
    state = found.state_of(process, level, claimed)
    chances = ended_within(found, state, np.zeros(3, dtype=np.int64), (30,))[:, 0]
    assert (state < found.keys.size).tolist() == [True, False, False]
    assert found.daily[state[1], 0, WON] == pytest.approx(200 / (400 * 20), rel=0.02)
    assert (chances[:, [WON, LOST]] > 0.05).all()


def test_more_days_pull_the_chance_from_the_average_to_what_was_counted() -> None:
    few, many = (hazards_of(spans(*[(one, 0, 10, 1, 1, 0, WON) for one in range(n)])) for n in (2, 2_000))
    later = bucket_of(np.array(9))
    assert abs(many.daily[0, later, WON] - 1 / 3) < abs(few.daily[0, later, WON] - 1 / 3)
    assert many.daily[0, later, WON] == pytest.approx(2_000 / 6_000, rel=0.02)  # days 7, 8, 9 of each


def test_few_counts_are_less_sure() -> None:
    few, many = (hazards_of(spans(*[(one, 0, 20, 1, 1, 0, one % 3) for one in range(n)])) for n in (9, 900))
    at = np.zeros(1, dtype=np.int64)
    assert (spread(few, at, at, (30,)) > 2 * spread(many, at, at, (30,))).all()


def test_cells_tell_every_day_and_end_in_words() -> None:
    found = hazards_of(
        spans((0, 0, 20, 1, 1, 0, OPEN), (0, 20, 35, 2, 2, 20, WON), (1, 3, 250, UNSEEN, 2, -NEVER, LOST))
    )
    told = cells(found, STAGES)
    assert {one.state for one in told} == {"Need", "Budget", "no buyer act known, claimed: Budget"}
    assert {one.to for one in told} == {"won", "lost", "no decision", "buyer acted"}
    assert sum(one.days for one in told if one.to == "won") == 20 + 15 + 247
    assert sum(one.events for one in told) == 3
    assert all(0 <= one.daily <= 1 for one in told)
    assert "180 days or more" in {one.silence for one in told}
