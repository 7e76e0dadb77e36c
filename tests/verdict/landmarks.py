"""Landmarks with a known cost, for the tests of estimators: another generator than the simulated firm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from headway.verdict.landmark import Landmark


@dataclass(frozen=True)
class Made:
    """A landmark and what leaving the step out truly does to the share won."""

    landmark: Landmark
    truth: float


def made(n: int, *, log_odds: float, seed: int, owners: int = 6, habit: float = -0.4) -> Made:
    """`n` deals: readiness, size and the owner's skill drive both outcomes and leaving out; readiness is recorded."""
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, owners, n)
    skill, own_habit = rng.normal(0, 0.4, owners), rng.normal(0, 0.6, owners)
    size, ready = rng.normal(size=(2, n))
    left_out = rng.random(n) < expit(habit + own_habit[owner] - 0.4 * size + 0.6 * ready)
    level = -0.4 + skill[owner] - 0.4 * size + 0.9 * ready
    won = rng.random(n) < expit(level + log_odds * left_out)
    truth = float((expit(level + log_odds) - expit(level)).mean())
    landmark = Landmark(
        left_out=left_out,
        won=won,
        covariates=np.column_stack([size, ready + rng.normal(0, 0.3, n)]),
        names=("size", "evidence"),
        evidence=(1,),
        owners=owner,
        inspected=rng.random(n) < 0.6,
        known_on=np.arange(n, dtype=np.float64),
        dated_evidence=True,
        reviews=True,
    )
    return Made(landmark, truth)
