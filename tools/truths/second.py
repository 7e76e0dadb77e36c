"""The second generator: `simulate` of the shared prototypes, written by others than those who made the judge.

Loaded from its file where it lies beside the repository; it makes arrays, so the log and its landmarks are passed over.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from headway.verdict.judge import judge_landmarks
from headway.verdict.landmark import Landmark
from tools.truths.cells import SecondCell
from tools.truths.firms_judged import Record, fisher, said_of

FILE = Path(__file__).resolve().parents[3] / "shared/prototypes/verdict.py"
STEPS, HARMLESS = 8, 4
MANY, SOLVED_WITH = 20_000, 3  # deals and seeds with which the effect in log-odds is solved for a cost in points


def is_there() -> bool:
    """Whether the prototypes lie beside the repository."""
    return FILE.is_file()


@cache
def _simulate() -> Callable[..., Any]:
    spec = importlib.util.spec_from_file_location("second_generator", FILE)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{FILE} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[..., Any] = module.simulate
    return found


@cache
def effect_for(points: int) -> float:
    """The effect in log-odds at which leaving out a costly step costs so many points on average; by halving."""
    low, high = -4.0, 0.0
    for _ in range(14):
        middle = (low + high) / 2
        found = [_simulate()(MANY, STEPS, HARMLESS, middle, seed)[4][HARMLESS:] for seed in range(SOLVED_WITH)]
        low, high = (middle, high) if -np.mean(found) > points / 100 else (low, middle)
    return (low + high) / 2


def judged_team(cell: SecondCell, seed: int) -> Record:
    """What was true and what was said of every step of one team; no reviews were recorded in it."""
    began = time.process_time()
    left_out, won, covariates, owners, truth = _simulate()(
        cell.n, STEPS, HARMLESS, effect_for(cell.cost), seed, float(cell.hidden)
    )
    flags = np.column_stack(left_out)
    landmarks = [
        Landmark(
            left_out=flags[:, place] == 1,
            won=won == 1,
            covariates=np.column_stack([covariates, np.delete(flags, place, axis=1)]),
            names=("size", "segment 1", "segment 2", "readiness", *(f"other {n}" for n in range(STEPS - 1))),
            evidence=(3,),
            owners=owners.astype(np.int64),
            inspected=np.zeros(cell.n, dtype=np.bool_),
            known_on=np.arange(cell.n, dtype=np.float64),
            dated_evidence=cell.dated,
            reviews=False,
        )
        for place in range(STEPS)
    ]
    steps = []
    for place, judgement in enumerate(judge_landmarks(landmarks)):
        harmless = place < HARMLESS
        told: Record = {"id": str(place), "meant": "process" if harmless else "costly"}
        told |= {"points": 0 if harmless else cell.cost, "cost": round(-float(truth[place]), 4)}
        cells = [[int(((flags[:, place] == 1 - done) & (won == was)).sum()) for was in (0, 1)] for done in (0, 1)]
        p_value, naive = fisher(cells)
        steps.append(told | said_of(judgement) | {"naive": naive, "naive_p": p_value})
    return {"cell": cell.name, "seed": seed, "steps": steps, "seconds": round(time.process_time() - began, 2)}
