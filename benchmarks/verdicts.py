"""100 verdicts on 100,000 deals, beside a plain regression of statsmodels in the same run.

`.venv/bin/python -m benchmarks.verdicts` prints the seconds that Headway takes for the verdicts (two priors, owners
pooled, posterior draws, the estimate without evidence and the one that confirms) and the seconds that one maximum
likelihood fit per step with owners as dummies and its standardised difference take there, and the ratio.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

import numpy as np
import statsmodels.api as sm
from scipy.special import expit

from headway.verdict.judge import judge_landmarks
from headway.verdict.landmark import Landmark

COVARIATES, OWNERS = 15, 60


def landmarks(deals: int, steps: int) -> list[Landmark]:
    """`steps` landmarks over the same `deals`, each reached by all of them: the most that can be asked for."""
    rng = np.random.default_rng(0)
    covariates = rng.normal(size=(deals, COVARIATES))
    owners = rng.integers(0, OWNERS, deals)
    level = -0.5 + covariates @ rng.normal(0, 0.2, COVARIATES) + rng.normal(0, 0.4, OWNERS)[owners]
    won = rng.random(deals) < expit(level)
    first = Landmark(
        left_out=won, won=won, covariates=covariates, names=tuple(f"c{i}" for i in range(COVARIATES)),
        evidence=(0, 1), owners=owners, inspected=rng.random(deals) < 0.5,
        known_on=np.arange(deals, dtype=np.float64), dated_evidence=True, reviews=True,
    )  # fmt: skip
    return [replace(first, left_out=rng.random(deals) < 0.3 + 0.2 * (covariates[:, 0] > 0)) for _ in range(steps)]


def peer(landmark: Landmark) -> float:
    """The difference by an unpooled logistic regression, owners as dummies."""
    dummies = (landmark.owners[:, None] == np.arange(1, OWNERS)).astype(float)
    design = np.column_stack([np.ones(landmark.won.size), landmark.left_out, landmark.covariates, dummies])
    fitted = sm.Logit(landmark.won.astype(float), design).fit(disp=0)
    shares = []
    for value in (1.0, 0.0):
        design[:, 1] = value
        shares.append(fitted.predict(design).mean())
    return float(shares[0] - shares[1])


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--peer-steps", type=int, default=5, help="how many the peer fits; its time is scaled up")
    asked = parser.parse_args()
    steps = landmarks(asked.deals, asked.steps)
    started = time.perf_counter()
    judged = judge_landmarks(steps)
    ours = time.perf_counter() - started
    started = time.perf_counter()
    differences = [peer(step) for step in steps[: asked.peer_steps]]
    theirs = (time.perf_counter() - started) * asked.steps / max(1, len(differences))
    apart = max(abs(d - j.effect.value) for d, j in zip(differences, judged, strict=False) if j.effect)
    print(f"{asked.steps} verdicts on {asked.deals:,} deals: {ours:.1f} s")
    print(f"statsmodels, one fit per step (from {len(differences)}): {theirs:.1f} s, {theirs / ours:.1f} times as long")
    print(f"largest distance between the two estimates: {100 * apart:.2f} points")


if __name__ == "__main__":
    main()
