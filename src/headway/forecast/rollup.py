"""What many deals bring together: the distribution of a sum of amounts won.

Method page: docs/methods/forecast-totals.md.

Given the common shock (`shock`), deals are independent. The shock moves the odds of every deal by the same factor,
rather than multiplying amounts won: no chance leaves 0 to 1, a deal that is nearly sure hardly moves, and the sum never
exceeds what is open. Its size is set so that the sum is pushed by the share that past errors showed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from headway.basics.figures import counted
from headway.conformance.arrays import BoolArray, FloatArray, IntArray, float_column
from headway.forecast.shock import STRATA, Shock
from headway.forecast.value import Total
from headway.verdict.value import Interval

DRAWS = 10_240
ONE_BY_ONE = 256
"""So many of the largest deals are drawn each by itself; all others together, as a normal sum given the shock."""
BINS = 400
MOST_PUSH = 1.0
QUANTILES = (0.1, 0.5, 0.9)
MANY_GROUPS = 60  # beyond, each is drawn less finely, so that hundreds of owners take seconds
FEW_DEALS = 10
MUCH = 0.5


@dataclass(frozen=True, slots=True)
class Distribution:
    """What comes in: one in ten lies below `low`, half below `middle`, one in ten above `high`; `mean` to the cent.

    `variance`: what it would be if deals were independent, as `shock_of` takes it of past origins. `deals` were
    summed; `without_amount` more have no amount above 0 and count as nothing.
    """

    low: float
    middle: float
    high: float
    mean: float
    variance: float
    deals: int
    without_amount: int


def total_of(
    chance: npt.ArrayLike,
    amount: npt.ArrayLike,
    *,
    booked: float = 0.0,
    shock: Shock,
    seed: int = 0,
    draws: int = DRAWS,
) -> Distribution:
    """The sum of `amount` (n,) over the deals won, each with its `chance` (n,), on top of what is `booked`.

    `draws` sums are drawn, seeded, equally many for each push of the shock; the order of the rows does not matter.
    Amounts that are NaN, infinite, zero or negative count as nothing. ValueError for a chance that is none.
    """
    chances, amounts, counts = _checked(chance, amount)
    p, a = chances[counts], amounts[counts]
    largest_first = np.lexsort((p, -a))
    p, a = p[largest_first], a[largest_first]
    mean, variance = _moments(p, a)
    won = _drawn(p, a, shock, np.random.default_rng(seed), max(draws // STRATA, 1))
    low, middle, high = (booked + float(one) for one in np.quantile(won, QUANTILES))
    return Distribution(low, middle, high, booked + mean, variance, int(a.size), int(amounts.size - a.size))


def moments_of(chance: npt.ArrayLike, amount: npt.ArrayLike) -> tuple[float, float]:
    """Mean and variance of the sum if deals were independent: all that the shock needs of a past origin."""
    chances, amounts, counts = _checked(chance, amount)
    return _moments(chances[counts], amounts[counts])


def _checked(chance: npt.ArrayLike, amount: npt.ArrayLike) -> tuple[FloatArray, FloatArray, BoolArray]:
    chances = float_column("chance", chance)
    if (chances > 1).any():
        raise ValueError("chance holds values above 1")
    amounts = np.asarray(amount, dtype=np.float64)
    if amounts.shape != chances.shape:
        raise ValueError(f"amount has the shape {amounts.shape} where {chances.shape} is needed")
    return chances, amounts, np.isfinite(amounts) & (amounts > 0)


def _moments(p: FloatArray, a: FloatArray) -> tuple[float, float]:
    return float(np.sum(p * a)), float(np.sum(np.square(a) * p * (1 - p)))


def _drawn(p: FloatArray, a: FloatArray, shock: Shock, random: np.random.Generator, each: int) -> FloatArray:
    """(64 * each,) sums won: `each` for every push. The largest deals come first."""
    one_p, one_a = p[:ONE_BY_ONE], a[:ONE_BY_ONE]
    rest = _Lumps.of(p[ONE_BY_ONE:], a[ONE_BY_ONE:])
    pushes = _pushes(np.concatenate([one_p, rest.p]), np.concatenate([one_a, rest.amount]), shock)
    chances = _pushed(one_p, pushes).astype(np.float32)
    won = rest.drawn(pushes, random, each)
    for place in range(STRATA):  # push by push, so that what is drawn at a time stays small
        won[place] += (random.random((each, one_p.size), dtype=np.float32) < chances[place]) @ one_a
    return won.ravel()


def _pushed(p: FloatArray, pushes: FloatArray) -> FloatArray:
    """(64, n) chances `p` (n,) whose odds are multiplied by exp of each push; none and sure stay so."""
    moved: FloatArray = expit(logit(p)[None, :] + pushes[:, None])
    return moved


def _pushes(p: FloatArray, a: FloatArray, shock: Shock) -> FloatArray:
    """(64,) what the shock adds to log odds: the sum is pushed by its share, and expected as without it.

    One more on the log odds of all moves the sum by Σ a p (1 - p), so a push of a share s takes s · Σ a p over that.
    Where nearly all is expected to be won there is no such room: odds are pushed by at most a factor of e per
    standard deviation (or by `sd` itself, if that is more).
    """
    expected, sway = float(np.sum(a * p)), float(np.sum(a * p * (1 - p)))
    if shock.sd == 0 or sway <= 0:
        return np.zeros(STRATA)
    factor = min(expected / sway, max(MOST_PUSH / shock.sd, 1.0))
    pushes = shock.draws() * factor
    # Odds pushed up and down alike do not leave the expected sum where it was; half a dozen Newton steps mend that.
    for _ in range(6):
        moved = _pushed(p, pushes)
        slope = float(np.mean((moved * (1 - moved)) @ a))
        off = float(np.mean(moved @ a)) - expected
        if slope <= 0 or abs(off) < 1e-6 * expected:
            break
        pushes = pushes - np.clip(off / slope, -1, 1)
    return pushes


@dataclass(frozen=True, slots=True, eq=False)
class _Lumps:
    """Many deals by bins of chance: `p` the chance of a bin, weighed by amount, `amount` and `squares` its sums."""

    p: FloatArray
    amount: FloatArray
    squares: FloatArray

    @classmethod
    def of(cls, p: FloatArray, a: FloatArray) -> _Lumps:
        if not p.size:
            none = np.zeros(0)
            return cls(none, none, none)
        place = np.minimum((p * BINS).astype(np.int64), BINS - 1)
        sums = np.vstack([np.bincount(place, weights=one, minlength=BINS) for one in (a * p, a, np.square(a))])
        won, amount, squares = np.asarray(sums[:, sums[1] > 0], dtype=np.float64)
        return cls(np.clip(won / amount, 0, 1), amount, squares)

    def drawn(self, pushes: FloatArray, random: np.random.Generator, each: int) -> FloatArray:
        """(64, each) sums won, normal with the mean and variance that they have given the push."""
        if not self.p.size:
            return np.zeros((STRATA, each))
        p = _pushed(self.p, pushes)
        sd = np.sqrt((p * (1 - p)) @ self.squares)
        sums = (p @ self.amount)[:, None] + sd[:, None] * random.standard_normal((STRATA, each))
        return np.clip(sums, 0.0, float(self.amount.sum()))


@dataclass(frozen=True, slots=True, eq=False)
class OpenDeals:
    """Open deals as columns (n,): chance to be won by the end of the period, amount (NaN where unknown).

    `stage_weighted`, `base_rate`: what others would give each deal as its chance; None where they say nothing.
    """

    chance: FloatArray
    amount: FloatArray
    stage_weighted: FloatArray | None = None
    base_rate: FloatArray | None = None

    def take(self, rows: IntArray | BoolArray) -> OpenDeals:
        """The same of these deals only."""
        others = (None if one is None else one[rows] for one in (self.stage_weighted, self.base_rate))
        return OpenDeals(self.chance[rows], self.amount[rows], *others)


@dataclass(frozen=True, slots=True)
class Booked:
    """What was won in the period so far."""

    amount: float = 0.0
    deals: int = 0


NONE_BOOKED = Booked()


def whole_of(
    open_deals: OpenDeals, *, shock: Shock, booked: Booked = NONE_BOOKED, covered: Interval | None = None, seed: int = 0
) -> Total:
    """All deals together; `kind` all. Every figure of money includes what is booked."""
    return _total("all", "All deals", open_deals, shock, booked, covered, seed)


def groups_of(
    open_deals: OpenDeals,
    names: Mapping[str, Sequence[str | None]],
    *,
    shock: Shock,
    booked: Mapping[tuple[str, str], Booked] | None = None,
    covered: Mapping[tuple[str, str], Interval] | None = None,
    seed: int = 0,
) -> tuple[Total, ...]:
    """The totals of teams, owners, segments: for each kind of `names`, by name; those with booked deals alone too.

    `names`: kind -> the name of each deal's group (n,); deals without one are in no group. `booked`, `covered`: by
    (kind, name). Every group takes the shock of all: its own cannot be told from so few deals, and may be larger.
    """
    found, known = booked or {}, covered or {}
    places: dict[tuple[str, str], list[int]] = {key: [] for key in found if key[0] in names}
    for kind, of_deals in names.items():
        if len(of_deals) != open_deals.chance.size:
            raise ValueError(f"{kind} names {len(of_deals)} deals where {open_deals.chance.size} are needed")
        for place, name in enumerate(of_deals):
            if name is not None:
                places.setdefault((kind, name), []).append(place)
    order = list(names)
    draws = DRAWS if len(places) <= MANY_GROUPS else DRAWS // 8
    made = []
    for key in sorted(places, key=lambda key: (order.index(key[0]), key[1])):
        mine = open_deals.take(np.asarray(places[key], dtype=np.int64))
        made.append(_total(*key, mine, shock, found.get(key, NONE_BOOKED), known.get(key), seed, draws))
    return tuple(made)


def _total(
    kind: str,
    name: str,
    open_deals: OpenDeals,
    shock: Shock,
    booked: Booked,
    covered: Interval | None,
    seed: int,
    draws: int = DRAWS,
) -> Total:
    said = total_of(open_deals.chance, open_deals.amount, booked=booked.amount, shock=shock, seed=seed, draws=draws)
    amounts = np.where(np.isfinite(open_deals.amount) & (open_deals.amount > 0), open_deals.amount, 0.0)
    expected = amounts * open_deals.chance
    return Total(
        kind=kind,
        name=name,
        booked=booked.amount,
        booked_deals=booked.deals,
        open_deals=said.deals + said.without_amount,
        open_amount=float(amounts.sum()),
        without_amount=said.without_amount,
        low=said.low,
        middle=said.middle,
        high=said.high,
        mean=said.mean,
        stage_weighted=_summed(amounts, open_deals.stage_weighted, booked),
        base_rate=_summed(amounts, open_deals.base_rate, booked),
        covered=covered,
        limits=_limits(said, expected),
    )


def _summed(amounts: FloatArray, chance: FloatArray | None, booked: Booked) -> float | None:
    if chance is None:
        return None
    return booked.amount + float(np.sum(amounts * np.nan_to_num(chance)))


def _limits(said: Distribution, expected: FloatArray) -> tuple[str, ...]:
    """What a reader must know before trusting the sum; one short sentence each."""
    deals = said.deals + said.without_amount
    limits = []
    if deals == 0:
        limits.append("no open deals: what is booked is all that is counted")
    elif said.deals == 0:
        limits.append("no open deal has an amount: nothing can be summed")
    elif deals < FEW_DEALS:
        limits.append(f"only {counted(deals, 'open deal')}: too few for the sum to mean much, look at the single deals")
    if said.without_amount and said.deals:
        limits.append(f"{counted(said.without_amount, 'deal')} without an amount to sum, counted as nothing")
    largest = float(expected.max(initial=0.0))
    if deals >= FEW_DEALS and largest > MUCH * float(expected.sum()):
        limits.append(
            f"one deal makes {100 * largest / float(expected.sum()):.0f} % of what is expected of the open ones"
        )
    return tuple(limits)
