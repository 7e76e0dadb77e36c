"""Sums of deals as distributions: exact where that is known, and as sure as they say where a shock is at work."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import norm, poisson_binom

from headway.conformance.arrays import FloatArray
from headway.forecast.rollup import Booked, Distribution, OpenDeals, groups_of, moments_of, total_of, whole_of
from headway.forecast.shock import Shock, shock_of

chances = st.floats(0, 1)
amounts = st.one_of(st.floats(0, 1e9), st.floats(-10, 0), st.just(math.nan), st.just(math.inf))
deals = st.lists(st.tuples(chances, amounts), max_size=30)


@pytest.mark.parametrize("n", [3, 12, 60])
def test_independent_deals_of_one_amount_are_poisson_binomial(n: int) -> None:
    p = np.random.default_rng(n).beta(2, 3, n)
    found = total_of(p, np.full(n, 1000.0), shock=Shock.none(), draws=64 * 800)
    exact = poisson_binom(p)  # scipy.stats.poisson_binom(p).cdf(...), .mean(), .var()
    for said, share in ((found.low, 0.1), (found.middle, 0.5), (found.high, 0.9)):
        assert exact.cdf(said / 1000 - 1) <= share + 0.005
        assert exact.cdf(said / 1000) >= share - 0.005
    assert found.mean == pytest.approx(1000 * exact.mean())
    assert found.variance == pytest.approx(1e6 * exact.var())


def test_many_independent_deals_are_nearly_normal() -> None:
    random = np.random.default_rng(0)
    p, amount = random.beta(2, 5, 100_000), random.lognormal(10, 0.8, 100_000)
    found = total_of(p, amount, shock=Shock.none())
    sd = math.sqrt(found.variance)
    assert (found.low - found.mean) / sd == pytest.approx(norm.ppf(0.1), abs=0.06)
    assert (found.middle - found.mean) / sd == pytest.approx(0, abs=0.06)
    assert (found.high - found.mean) / sd == pytest.approx(norm.ppf(0.9), abs=0.06)


def test_one_giant_among_many_is_won_or_not_rather_than_averaged() -> None:
    p, amount = np.full(3_000, 0.3), np.full(3_000, 1.0)
    amount[-1], p[-1] = 1e6, 0.2
    found = total_of(p, amount, shock=Shock.none())
    assert found.middle < 1_100
    assert found.high > 1e6


def test_a_shock_pushes_the_sum_by_its_share_and_leaves_its_mean() -> None:
    # So many small deals that chance is nothing: what remains is the shock, Student's with 8 + 97 degrees of freedom.
    for p in (0.05, 0.35, 0.6):
        found = total_of(np.full(200_000, p), np.ones(200_000), shock=Shock(0.1, 97))
        assert found.mean == pytest.approx(200_000 * p)
        assert found.low / found.mean == pytest.approx(1 - 0.129, abs=0.012)
        assert found.high / found.mean == pytest.approx(1 + 0.129, abs=0.012)


@given(deals, st.floats(0, 1e6), st.floats(0, 3), st.integers(0, 50))
@settings(max_examples=60)
def test_a_sum_lies_between_what_is_booked_and_all_that_is_open(
    rows: list[tuple[float, float]], booked: float, sd: float, origins: int
) -> None:
    p, amount = np.array(rows, dtype=np.float64).reshape(-1, 2).T
    found = total_of(p, amount, booked=booked, shock=Shock(sd, origins), draws=640)
    open_amount = float(amount[np.isfinite(amount) & (amount > 0)].sum())
    bounds = [booked, found.low, found.middle, found.high, booked + open_amount]
    assert all(one <= other * (1 + 1e-12) for one, other in pairwise(bounds))
    assert booked <= found.mean <= bounds[-1] * (1 + 1e-12)
    assert found.deals + found.without_amount == len(rows)
    assert found == total_of(p[::-1], amount[::-1], booked=booked, shock=Shock(sd, origins), draws=640)


def test_nothing_and_what_is_sure_are_told_without_a_range() -> None:
    nothing = total_of([], [], booked=7.0, shock=Shock.prior())
    assert nothing == Distribution(7.0, 7.0, 7.0, 7.0, 0.0, 0, 0)
    sure = total_of([1.0, 0.0, 0.5, 0.5], [10.0, 5.0, math.nan, -3.0], shock=Shock.prior())
    assert (sure.low, sure.high, sure.mean, sure.deals, sure.without_amount) == (10.0, 10.0, 10.0, 2, 2)


@pytest.mark.parametrize("chance", [[1.2], [-0.1], [math.nan], [0.5, 0.5]])
def test_what_is_no_chance_is_refused(chance: list[float]) -> None:
    with pytest.raises(ValueError, match=r"chance|shape"):
        total_of(chance, [1.0], shock=Shock.prior())


# --- as sure as it says ---

Week = tuple[FloatArray, FloatArray, float]


def weeks_of_a_team(random: np.random.Generator, n: int, weeks: int, shock_on_odds: float) -> list[Week]:
    """Weeks of `n` open deals whose odds all rise and fall together: chances, amounts, and what was won."""
    made = []
    for _ in range(weeks):
        p, amount = random.beta(2, 4, n), random.lognormal(10, 0.8, n)
        pushed = expit(logit(p) + shock_on_odds * random.standard_normal())
        made.append((p, amount, float(amount[random.random(n) < pushed].sum())))
    return made


def held(n: int, shock_on_odds: float, teams: int, *, learned: bool) -> float:
    """How often a stated 80 % held what was won, over teams with 6 to 12 past weeks."""
    random = np.random.default_rng([5, n])
    hits = 0
    for _ in range(teams):
        *past, (p, amount, won) = weeks_of_a_team(random, n, int(random.integers(7, 14)), shock_on_odds)
        mean, variance = np.array([moments_of(p, amount) for p, amount, _ in past]).T
        shock = shock_of([won for *_, won in past], mean, variance) if learned else Shock.none()
        said = total_of(p, amount, shock=shock, draws=640)
        hits += said.low <= won <= said.high
    return hits / teams


@pytest.mark.parametrize("n", [20, 50, 100])
def test_a_stated_80_percent_holds_80_percent(n: int) -> None:
    assert 0.75 <= held(n, 0.3, 300, learned=True) <= 0.85


def test_without_the_shock_it_holds_far_less() -> None:
    assert held(100, 0.3, 300, learned=False) < 0.67
    assert held(500, 0.5, 100, learned=False) < 0.45


# --- groups ---


def a_pipeline() -> OpenDeals:
    random = np.random.default_rng(3)
    amount = random.lognormal(10, 0.5, 40)
    amount[3] = math.nan
    return OpenDeals(random.beta(2, 4, 40), amount, np.full(40, 0.5), np.full(40, 0.25))


def test_groups_add_up_and_stand_beside_what_others_would_say() -> None:
    pipeline = a_pipeline()
    team = [("North", "South", None)[place % 3] for place in range(40)]
    booked = {("team", "North"): Booked(500.0, 1), ("team", "West"): Booked(900.0, 2)}
    north, south, west = groups_of(pipeline, {"team": team}, shock=Shock.prior(), booked=booked)
    assert [(one.kind, one.name, one.open_deals) for one in (north, south, west)] == [
        ("team", "North", 14), ("team", "South", 13), ("team", "West", 0),
    ]  # fmt: skip
    rows = np.array([name == "North" for name in team])
    mine = np.nan_to_num(pipeline.amount[rows])
    assert north.mean == pytest.approx(500 + float(mine @ pipeline.chance[rows]))
    assert (north.stage_weighted, north.base_rate) == (
        pytest.approx(500 + 0.5 * mine.sum()),
        pytest.approx(500 + 0.25 * mine.sum()),
    )
    assert (north.booked, north.booked_deals, north.without_amount) == (500.0, 1, 1)
    assert west.low == west.high == 900.0
    rest = groups_of(
        pipeline.take(np.array([name is None for name in team])), {"team": ["none"] * 13}, shock=Shock.prior()
    )
    whole = whole_of(pipeline, shock=Shock.prior(), booked=Booked(1400.0, 3))
    assert whole.mean == pytest.approx(north.mean + south.mean + west.mean + rest[0].mean)


def test_a_total_says_what_it_cannot_tell() -> None:
    pipeline = a_pipeline()

    def limits(rows: list[int], amount: FloatArray | None = None) -> str:
        taken = pipeline.take(np.array(rows, dtype=np.int64))
        own = taken.amount if amount is None else amount
        return "; ".join(whole_of(OpenDeals(taken.chance, own), shock=Shock.prior()).limits)

    assert limits(list(range(4, 30))) == ""
    assert limits([0, 1, 2]) == "only 3 open deals: too few for the sum to mean much, look at the single deals"
    assert limits(list(range(12))) == "1 deal without an amount to sum, counted as nothing"
    assert limits([]) == "no open deals: what is booked is all that is counted"
    assert limits([0, 1], np.array([0.0, math.nan])) == "no open deal has an amount: nothing can be summed"
    assert "one deal makes 9" in limits(list(range(4, 16)), np.array([1e6, *[1000.0] * 11]))
    assert whole_of(OpenDeals(pipeline.chance, pipeline.amount), shock=Shock.prior()).stage_weighted is None


def test_names_must_fit_the_deals() -> None:
    with pytest.raises(ValueError, match="team names 2 deals where 40 are needed"):
        groups_of(a_pipeline(), {"team": ["North", "South"]}, shock=Shock.prior())
