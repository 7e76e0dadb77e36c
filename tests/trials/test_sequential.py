"""The interval may be looked at every week: its errors, its power, and how it stands to an outside implementation."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from headway.trials.sequential import deals_until, difference, half_width, precision, running
from tests.trials.simulated import Rates, World, rates

TRIALS = 400


@cache
def rated(world: World) -> Rates:
    """Each world once."""
    return rates(world, TRIALS, seed=5)


def upper(share: float) -> float:
    """Three standard errors of the simulation above a share."""
    return share + 3 * float(np.sqrt(share * (1 - share) / TRIALS))


@pytest.mark.parametrize(
    ("information", "miss", "tuned", "expected"),
    [
        (217.3913043478261, 0.05, 45.0, 0.2074977265337205),
        (109.81055410603605, 0.1, 60.0, 0.2819614988926709),
        (1003.118781596596, 0.1, 60.0, 0.08889619456679931),
    ],
)
def test_widths_are_those_of_an_outside_implementation(
    information: float, miss: float, tuned: float, expected: float
) -> None:
    """Expected: GrowthBook's statistics, `pip install gbstats==0.8.0`, 30 of 100 won against 50 of 100, and so on:

    import math; from gbstats.models.statistics import ProportionStatistic as P
    from gbstats.frequentist.tests import SequentialTwoSidedTTest as T, SequentialConfig as C
    def half(n, x, m, y, miss, tuned):
        v = x/n*(1-x/n)/n + y/m*(1-y/m)/m; c = -2*math.log(miss); c += math.log(c+1)
        told = C(difference_type="absolute", alpha=miss, sequential_tuning_parameter=(n+m)*c*tuned*v)
        low, high = T(P(n=n, sum=x), P(n=m, sum=y), told).confidence_interval; return 1/v, (high-low)/2
    print(half(100,30,100,50,.05,45.), half(40,8,44,15,.1,60.), half(400,100,410,130,.1,60.))
    """
    assert half_width(information, miss=miss, precision=tuned) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("world", [World(0.1), World(0.3), World(0.5), World(0.3, deals_a_week=15)])
def test_where_there_is_no_difference_it_rarely_finds_one_and_the_usual_test_often_does(world: World) -> None:
    found = rated(world)
    assert found.apart <= upper(0.05)
    assert found.covered >= 1 - upper(0.10)
    assert found.naive > 0.15  # looked at every week, the usual test at 5 % is wrong several times as often


@pytest.mark.parametrize("world", [World(0.1, 0.1), World(0.3, 0.1, deals_a_week=15), World(0.3, -0.1)])
def test_a_difference_as_large_as_the_margin_is_rarely_called_none(world: World) -> None:
    found = rated(world)
    assert found.alike <= upper(0.05)
    assert found.covered >= 1 - upper(0.10)


def test_it_finds_what_there_is_with_about_the_deals_that_were_announced() -> None:
    large = rated(World(0.3, 0.2))
    assert large.apart > 0.7
    none = rated(World(0.3, deals_a_week=15))
    assert none.alike > 0.8
    announced = deals_until(0.0, 0.3, margin=0.1)
    assert announced is not None
    assert 0.8 < none.median_deals / announced < 1.35


def test_losses_that_come_sooner_in_one_arm_deceive_only_who_counts_deals_as_they_are_decided() -> None:
    hurried = rated(World(0.3, 0.0, hurry=2.0, deals_a_week=40, weeks=30))
    assert hurried.apart <= upper(0.05)
    assert hurried.naive_decided > 0.4
    apart = rated(World(0.3, 0.1, hurry=2.0, deals_a_week=40, weeks=52))
    assert apart.alike < 0.12
    assert apart.alike_decided > 0.4  # "no difference" among quick losses, where there are ten points


def test_few_deals_or_few_outcomes_give_no_interval() -> None:
    few = difference([3, 0, 11, 12], [11, 40, 12, 12], [3, 0, 12, 6], [40, 40, 12, 12], miss=0.1, margin=0.1)
    assert np.isnan(few.value[:3]).all()
    assert np.isnan(running(few).low[:3]).all()
    assert few.low[3] < few.value[3] < few.high[3]
    swapped = difference([12], [40], [20], [44], miss=0.1, margin=0.1)
    back = difference([20], [44], [12], [40], miss=0.1, margin=0.1)
    assert (swapped.low, swapped.high) == (pytest.approx(-back.high), pytest.approx(-back.low))


def test_running_intervals_only_narrow_and_never_turn_over() -> None:
    rng = np.random.default_rng(3)
    centre, width = rng.normal(0, 0.3, (200, 50)), rng.uniform(0.1, 0.6, (200, 50))
    low, high = centre - width, centre + width
    low[:, :5] = high[:, :5] = np.nan
    found = running(type(difference([1], [1], [1], [1], miss=0.1, margin=0.1))(centre, low, high))
    assert (found.low[:, 5:] <= found.high[:, 5:]).all()
    assert (np.diff(found.low[:, 5:]) >= 0).all()
    assert (np.diff(found.high[:, 5:]) <= 0).all()


def test_deals_needed_fall_with_the_difference_and_have_no_end_at_the_margin() -> None:
    needed = [deals_until(effect, 0.3, margin=0.1) for effect in (0.1, 0.15, 0.2, 0.3)]
    assert None not in needed
    assert needed == sorted(needed, reverse=True)  # type: ignore[type-var]
    assert deals_until(0.03, 0.5, margin=0.06) is None  # neither apart nor alike while anybody would wait
    assert precision(0.1, 0.2) < precision(0.1, 0.1)
