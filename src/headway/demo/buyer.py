"""The buyer's way through one deal: what drives everything else, whatever the CRM says."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headway.demo.truth import OwnWay, StepTruth, Truth

# Milestones by phase: id, the act that proves it, and whose act it is.
MILESTONES: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (("talk_agreed", "agreed to a conversation", "champion"),),
    (
        ("problem_stated", "described the problem", "user"),
        ("problem_confirmed", "confirmed the problem", "champion"),
    ),
    (
        ("budget_owner_named", "introduced the budget holder", "champion"),
        ("budget_confirmed", "confirmed the budget", "economic buyer"),
    ),
    (
        ("group_met", "took part in the joint session", "champion"),
        ("criteria_written", "sent the criteria", "champion"),
    ),
    (
        ("risk_review_done", "sent the result of the risk assessment", "security"),
        ("reference_heard", "spoke with a reference", "economic buyer"),
    ),
    (
        ("path_agreed", "agreed to the decision path", "champion"),
        ("paper_returned", "returned the contract", "legal"),
    ),
)
AHEAD = 0.10  # chance that a milestone is reached a phase early
OWN_WAY_PHASE = 4  # the phase that a seller's own way helps to pass, or not
REFERENCE_FROM = 75_000.0


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone that the buyer did reach."""

    milestone: str
    act: str
    contact: str
    phase: int
    moment: float


@dataclass(frozen=True, slots=True)
class BuyerWay:
    """One buyer's way. `ends` are the moments at which phases were passed; `fate` is why it stopped.

    `fate`: won | refused | silent | left. `last_sign`: after it the buyer no longer acts, except to decide.
    `done`: steps the seller did in time; `fell_due`: all that were asked for. `chances`: of passing each phase entered,
    given those steps; `draws`: the luck they were set against, so that other worlds can be worked out.
    """

    reached: tuple[Reached, ...]
    ends: tuple[float, ...]
    fate: str
    last_sign: float
    decided: float
    done: frozenset[str]
    fell_due: frozenset[str]
    chances: tuple[float, ...]
    draws: tuple[float, ...]


def logistic(x: float) -> float:
    """Chance of a logit."""
    return 1 / (1 + math.exp(-x))


def pass_logit(truth: Truth, phase: int, readiness: float, skill: float, amount: float, done: frozenset[str]) -> float:
    """Logit of passing a phase (1-based). Each step that serves it enters around its usual practice, at zero mean."""
    pull = sum(s.pull * ((s.id in done) - 0.7) for s in truth.steps if s.pulls_at == phase)
    size = -truth.size_pull * math.log(amount / truth.median_amount)
    return truth.phases[phase - 1].passes + truth.readiness_pull * readiness + 0.5 * skill + 0.5 * size + pull


def buyer_way(
    truth: Truth,
    rng: np.random.Generator,
    *,
    created: float,
    readiness: float,
    skill: float,
    amount: float,
    pace: float,
    does: Callable[[StepTruth, float], bool],
    own_way: OwnWay | None = None,
) -> BuyerWay:
    """Let one buyer walk. `pace` multiplies every length of time; `does(step, moment)`: is it done in time?"""
    draws = rng.random(len(truth.phases))
    reached: list[Reached] = []
    ends: list[float] = []
    chances: list[float] = []
    now, fate = created, "won"
    ahead: set[str] = set()
    done: frozenset[str] = frozenset()
    fell_due: frozenset[str] = frozenset()
    for phase, law in enumerate(truth.phases, 1):
        asked = [step for step in truth.steps if step.phase == phase]
        fell_due |= {step.id for step in asked}
        done |= {step.id for step in asked if does(step, now)}
        logit = pass_logit(truth, phase, readiness, skill, amount, done)
        chance = logistic(logit + own_way.pull if own_way and phase == OWN_WAY_PHASE else logit)
        chances.append(chance)
        length = 0.4 + law.days * pace * float(rng.gamma(2.2, 1 / 2.2))
        passed = bool(draws[phase - 1] < chance)
        reached += _reached(rng, phase, now, length, amount, passed, ahead)
        if not passed:
            share = (draws[phase - 1] - chance) / (1 - chance)
            fate = "refused" if share < law.refuses else "left" if share < law.refuses + law.leaves else "silent"
            now += length * float(rng.uniform(0.3, 1.0))
            break
        now += length
        ends.append(now)
    reached.sort(key=lambda r: r.moment)
    moved = max([created, *(r.moment for r in reached)])
    last = now if fate in ("won", "refused") else moved + float(rng.random()) * max(0.0, now - moved)
    return BuyerWay(
        reached=tuple(reached),
        ends=tuple(ends),
        fate=fate,
        last_sign=max(moved, last),
        decided=max(moved, last) + _until_decided(truth, rng, fate, pace, len(ends)),
        done=done,
        fell_due=fell_due,
        chances=tuple(chances),
        draws=tuple(float(d) for d in draws),
    )


def _reached(
    rng: np.random.Generator,
    phase: int,
    starts: float,
    length: float,
    amount: float,
    passed: bool,
    ahead: set[str],
) -> list[Reached]:
    """Milestones of a phase that was passed (all), or stopped in (at most its first), and some of the next one."""
    found = []
    due = [
        m
        for m in MILESTONES[phase - 1]
        if m[0] not in ahead and (m[0] != "reference_heard" or amount >= REFERENCE_FROM)
    ]
    if passed:
        places = np.sort(rng.uniform(0.25, 1.0, len(due)))
        if len(due):
            places[-1] = 1.0
        if len(due) == 2 and rng.random() < 0.25:
            due.reverse()
        found = [Reached(*m, phase, starts + length * float(p)) for m, p in zip(due, places, strict=True)]
    elif len(due) == 2 and rng.random() < 0.35:
        found = [Reached(*due[0], phase, starts + length * 0.3)]
    if passed and phase < len(MILESTONES) and rng.random() < AHEAD * 2:
        early = MILESTONES[phase][0] if rng.random() < 0.7 else MILESTONES[phase][-1]
        if early[0] != "reference_heard":
            ahead.add(early[0])
            found.append(Reached(*early, phase + 1, starts + length * float(rng.uniform(0.4, 0.95))))
    return found


def _until_decided(truth: Truth, rng: np.random.Generator, fate: str, pace: float, passed: int) -> float:
    """Working days from the buyer's last move to the day on which somebody closes the deal."""
    if fate == "won":
        return 0.5 + float(rng.gamma(2.0, truth.paper_days)) * pace
    if fate == "refused":
        return 0.5 + float(rng.exponential(2.0))
    if fate == "left":
        return 3 + float(rng.exponential(10.0))
    # The further it once was, the longer nobody wants to write it off.
    return truth.lingers * (6 + 5 * passed + float(rng.gamma(2.0, 5.0 + 4 * passed)))
