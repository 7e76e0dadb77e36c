"""Every figure widens with the level asked for, and only what is drawn at random depends on the seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from headway.conformance.change_point import ChangePoint, NoChangePoint
from headway.conformance.consistency import Consistency, consistency
from headway.conformance.fade import fade
from headway.conformance.movement import OutcomeCode, movement, usual_time
from headway.conformance.order import stage_order
from headway.conformance.pressure import Pressure, pressure
from headway.conformance.shares import money_share, share, share_difference
from headway.conformance.survival import CurveResult, cumulative_incidence, kaplan_meier, time_to_share
from headway.conformance.win_rates import gap_rates, silence_curve, win_rate

RNG = np.random.default_rng(11)
N = 240
DAYS = np.round(RNG.exponential(30, N), 2)
CODES = RNG.integers(0, 5, N)
OWNERS = RNG.integers(0, 6, N)
STEPS = RNG.random((N, 2)) < np.array([[0.9, 0.5]]) - 0.1 * OWNERS[:, None]
DATES = np.datetime64("2026-01-01") + RNG.integers(0, 365, N)
ODD = RNG.random(N) < 0.3
POSSIBLE = np.full(40, 12)
DONE = RNG.binomial(POSSIBLE, np.where(np.arange(40) < 20, 0.9, 0.5))
COUNTS = [[0, 30, 22], [10, 0, 18], [7, 9, 0]]
RARE = np.where(np.arange(N) % 80 == 0, True, False)

FIGURES: dict[str, Callable[[float], Any]] = {
    "share": lambda level: share(7, 20, level=level),
    "share_difference": lambda level: share_difference(7, 20, 3, 30, level=level),
    "money_share": lambda level: money_share(DAYS, ODD, level=level),
    "win_rate": lambda level: win_rate(CODES, level=level),
    "silence_curve": lambda level: silence_curve(np.arange(N), CODES, DAYS, ODD, (0, 10), level=level),
    "gap_rates": lambda level: gap_rates(ODD, CODES, DAYS, np.full(N, 400), 60, level=level),
    "kaplan_meier": lambda level: kaplan_meier(DAYS, CODES, level=level).at(20),
    "cumulative_incidence": lambda level: cumulative_incidence(DAYS, CODES, (1, 2), level=level).at(20),
    "all open": lambda level: kaplan_meier([9.0] * 20, [0] * 20, level=level).at(5),
    "usual_time": lambda level: usual_time(DAYS, CODES, level=level),
    "movement": lambda level: movement(DAYS, CODES, 20, level=level),
    "movement in practice": lambda level: movement(DAYS, CODES, level=level),
    "stage_order": lambda level: stage_order(["a", "b", "c"], COUNTS, level=level),
    "pressure": lambda level: pressure(DATES, ODD, np.arange(N), level=level),
    "pressure on few": lambda level: pressure(DATES, RARE, np.arange(N), level=level),
    "consistency": lambda level: consistency(OWNERS, ["one", "two"], STEPS, level=level),
    "fade": lambda level: fade(DONE, POSSIBLE, level=level),
}


def bounds(found: Any) -> Iterator[tuple[float, float]]:
    """Every interval within a result; a bound beyond what was seen is endless."""
    if isinstance(found, tuple):
        for part in found:
            yield from bounds(part)
    elif is_dataclass(found) and not isinstance(found, CurveResult):
        names = {field.name for field in fields(found)}
        for low, high in (("low", "high"), ("low_days", "high_days")):
            if low in names and getattr(found, low) is not None:
                upper = getattr(found, high)
                yield getattr(found, low), math.inf if upper is None else upper
        for name in sorted(names):
            yield from bounds(getattr(found, name))


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_every_interval_widens_with_its_level(figure: Callable[[float], Any]) -> None:
    narrow, wide = list(bounds(figure(0.5))), list(bounds(figure(0.99)))
    assert len(narrow) == len(wide) > 0
    for (low, high), (lower, higher) in zip(narrow, wide, strict=True):
        assert lower <= low <= high <= higher
        assert (lower, higher) != (low, high)


def test_the_level_without_any_given_is_that_of_all_of_headway() -> None:
    assert list(bounds(movement(DAYS, CODES, 20))) == list(bounds(FIGURES["movement"](0.95)))
    assert list(bounds(stage_order(["a", "b", "c"], COUNTS))) == list(bounds(FIGURES["stage_order"](0.95)))
    assert usual_time(DAYS, CODES) == FIGURES["usual_time"](0.95)
    assert money_share(DAYS, ODD) == FIGURES["money_share"](0.95)


def test_seeds_move_what_is_drawn_and_nothing_else() -> None:
    first, again, other = (pressure(DATES, ODD, np.arange(N), seed=seed) for seed in (3, 3, 4))
    assert isinstance(first, Pressure)
    assert isinstance(other, Pressure)
    assert first == again
    assert (first.low, first.high) != (other.low, other.high)
    assert first.difference == other.difference
    few, few_again = (pressure(DATES, RARE, np.arange(N), seed=seed) for seed in (3, 4))
    assert few == few_again

    alike = np.arange(N * 2).reshape(N, 2) % 7 < 4
    p_values = [
        [step.p_value for step in found.steps]
        for seed in (3, 3, 4)
        if isinstance(found := consistency(OWNERS, ["one", "two"], alike, seed=seed), Consistency)
    ]
    assert p_values[0] == p_values[1] != p_values[2]


def test_the_seed_and_the_bar_of_a_change_are_passed_on() -> None:
    steady = np.random.default_rng(5).binomial(12, 0.7, 40)
    found = [fade(steady, POSSIBLE, seed=seed).change for seed in (3, 3, 4)]
    assert all(isinstance(one, NoChangePoint) for one in found)
    assert found[0] == found[1] != found[2]
    clear = fade(DONE, POSSIBLE).change
    assert isinstance(clear, ChangePoint)
    assert isinstance(fade(DONE, POSSIBLE, alpha=clear.p_value).change, ChangePoint)
    assert isinstance(fade(DONE, POSSIBLE, alpha=clear.p_value / 2).change, NoChangePoint)


def test_counts_are_whole_numbers_and_all_columns_of_a_curve_are_read_only() -> None:
    for curve in (kaplan_meier(DAYS, CODES), cumulative_incidence(DAYS, CODES, (1,))):
        assert (curve.at_risk.dtype.kind, curve.events.dtype.kind) == ("i", "i")
        for column in (curve.times_days, curve.value, curve.low, curve.high, curve.at_risk, curve.events):
            assert not column.flags.writeable
        assert curve.at_risk[0] == curve.n == N
        assert curve.followed_days == DAYS.max()


def test_all_ended_at_once_on_the_first_day() -> None:
    curve = kaplan_meier([0.0] * 3, [OutcomeCode.WON] * 3)
    assert (curve.value[0], curve.low[0]) == (0.0, 0.0)
    assert curve.high[0] == pytest.approx(1 - 0.025 ** (1 / 3))


def test_a_falling_curve_reaches_a_share_from_above() -> None:
    curve = kaplan_meier([1.0, 2, 3, 4], [1] * 4)
    found = time_to_share(curve, 0.5, falling=True)
    assert (found.days, found.n) == (2, 4)
    assert time_to_share(curve, 0.25, falling=True).days == 3
    assert time_to_share(cumulative_incidence([1.0, 2, 3, 4], [1] * 4, (1,)), 0.25).days == 1
