"""What a step must pull for leaving it out to cost so many points: solved over a population of buyers and sellers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from headway.demo.truth import Phase, Truth

BUYERS = 4_000
FARTHEST = 30.0  # logits; no firm needs more
ROUNDS = 6
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Buyers whose steps fall due. `steady` (n,): logit of passing any phase, but for what the phase itself says.

    `done` (steps, n): 1 where a step was done; `pulls`: what each adds to passing the phase `decisive`; `begins`: the
    phase in which each falls due. `phases` in order.
    """

    steady: FloatArray
    done: FloatArray
    pulls: tuple[float, ...]
    begins: tuple[int, ...]
    phases: tuple[Phase, ...]
    decisive: int

    def won(self, done: FloatArray, begins: int) -> float:
        """Share won of those who are in the phase `begins`, were the steps done so."""
        pulled = (np.array(self.pulls)[:, None] * (done - 0.7)).sum(axis=0)
        chance = np.ones(self.steady.size)
        for place, phase in enumerate(self.phases[begins - 1 :], begins):
            chance = chance * expit(phase.passes + self.steady + (pulled if place == self.decisive else 0.0))
        return float(chance.mean())

    def cost(self, step: int) -> float:
        """Share won if all did the step minus if all left it out, the others being what they are."""
        shares = []
        for level in (1.0, 0.0):
            done = self.done.copy()
            done[step] = level
            shares.append(self.won(done, self.begins[step]))
        return shares[0] - shares[1]

    def pulled(self, step: int, pull: float) -> Population:
        """The same with another pull of a step."""
        return replace(self, pulls=(*self.pulls[:step], pull, *self.pulls[step + 1 :]))

    def costing(self, step: int, cost: float) -> Population:
        """The same with the pull at which a step costs so much."""
        return self.pulled(step, _solved(lambda pull: self.pulled(step, pull).cost(step) - cost))

    def passing(self, passes: float) -> Population:
        """The same with another chance (a logit) of passing the decisive phase."""
        phases = [replace(p, passes=passes) if n == self.decisive else p for n, p in enumerate(self.phases, 1)]
        return replace(self, phases=tuple(phases))

    def winning(self, share: float) -> Population:
        """The same with so many won of those who began."""
        return self.passing(_solved(lambda passes: self.passing(passes).won(self.done, 1) - share))


def with_costs(truth: Truth, costs: Sequence[float], left_out: Sequence[float], *, won: float, skill: float) -> Truth:
    """The truth whose steps cost what they are meant to among deals open when they fall due, and of which `won` is won.

    costs: by step, in shares of those deals (0.2: twenty points); left_out: by step, the share of deals. skill: spread
    of sellers' skill. All steps must act on one phase. Solved in turns until they fit together.
    """
    rng = np.random.default_rng(20)
    readiness, size, skills = rng.standard_normal((3, BUYERS))
    size *= truth.amount_spread
    seen = truth.left_out_when_small * size - truth.left_out_when_ready * readiness
    at = Population(
        steady=truth.readiness_pull * readiness - 0.5 * truth.size_pull * size + 0.5 * skill * skills,
        done=np.array([_done(1 - share, seen, rng) for share in left_out]),
        pulls=(0.0,) * len(costs),
        begins=tuple(step.phase for step in truth.steps),
        phases=truth.phases,
        decisive=truth.steps[0].pulls_at,
    )
    for _ in range(ROUNDS):
        at = at.winning(won)
        for step, cost in enumerate(costs):
            if cost:
                at = at.costing(step, cost)
    steps = [replace(step, pull=pull) for step, pull in zip(truth.steps, at.pulls, strict=True)]
    return replace(truth, phases=at.phases, steps=tuple(steps))


def _done(share: float, seen: FloatArray, rng: np.random.Generator) -> FloatArray:
    habit = _solved(lambda x: float(expit(x + seen).mean()) - share)
    return (rng.random(len(seen)) < expit(habit + seen)).astype(np.float64)


def _solved(difference: Callable[[float], float]) -> float:
    return float(brentq(difference, -FARTHEST, FARTHEST, xtol=1e-4))
