"""Every method fitted on sub-teams of the loan log, at every origin: chances of all open deals, kept in `bench-data/`.

A sub-team of n is a random share of the deals, so large that n of them are decided by the origin. What was made is kept
under a hash of the code that made it, so that a run that was cut goes on, and figures of different code never mix.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.forecast_loans import HORIZON, ROOT, TUNED, Loans, Monday, read_loans
from headway.conformance.arrays import BoolArray, FloatArray
from headway.forecast import baselines
from headway.forecast.method import Method
from headway.forecast.model import by_model
from headway.forecast.replay import TIMED_DAYS, days_to_decision
from headway.forecast.snapshots import KnownAt

SIZES = (50, 100, 200, 500)
SEEDS = 24
OWN_SIZES, OWN_SEEDS = (100, 200, 500), 24
ALL = 0
MODEL = "model"
METHODS: dict[str, tuple[Method, bool]] = {
    MODEL: (by_model, False),
    "base rate": (baselines.base_rate, False),
    "stage-weighted, status": (baselines.stage_weighted, False),
    "stage-weighted": (baselines.stage_weighted, True),
    "stage snapshot rate": (baselines.stage_snapshot_rate, True),
    "naive Bayes": (baselines.naive_bayes, True),
    "gradient boosting": (baselines.boosting, False),
}
"""The method, and whether its stage is the work queue."""
KEPT = ROOT / "bench-data" / "forecast"
FORECAST = ROOT / "src" / "headway" / "forecast"
DOOR = ("known_at", "reading", "timelines", "snapshots")
OF_BASELINES, OF_MODEL = ("baselines",), ("model", "hazard", "regression", "design")


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """One fit: which method, how many decided deals (0: all), which draw, at which origin."""

    method: str
    size: int
    seed: int
    monday: int


def tasks() -> list[Task]:
    """Sub-teams at the judging origins; all deals, and the teams whose own pipeline is summed up, at all of them."""
    found = [Task(method, ALL, 0, monday) for method in METHODS for monday in range(11)]
    for method in METHODS:
        for size in SIZES:
            for seed in range(SEEDS):
                own = size in OWN_SIZES and seed < OWN_SEEDS and method == MODEL
                found += [Task(method, size, seed, monday) for monday in range(0 if own else TUNED, 11)]
    return found


def team(loans: Loans, monday: Monday, size: int, seed: int) -> BoolArray:
    """Whose deals they are: a flag per deal of the log."""
    if size == ALL:
        return np.ones(loans.deals, dtype=np.bool_)
    found: BoolArray = np.random.default_rng([seed, 7]).random(loans.deals) < size / monday.known.decided
    return found


def run(loans: Loans, asked: Sequence[Task], processes: int) -> dict[Task, FloatArray]:
    """(open deals, 3) chances for each task; the model on all deals also says (open deals, 3) days to a decision."""
    KEPT.mkdir(parents=True, exist_ok=True)
    paths = {method: _kept(loans.digest(), method) for method in METHODS}  # of the code as it is now
    found: dict[Task, FloatArray] = {}
    for path in paths.values():
        found |= pickle.loads(path.read_bytes()) if path.exists() else {}
    missing = [task for task in asked if task not in found]
    touched = {task.method for task in missing}
    for done, (task, chances) in enumerate(_made(loans, missing, processes), 1):
        found[task] = chances
        if done % 50 == 0 or done == len(missing):
            print(f"{done} of {len(missing)} fits", flush=True)
            for method in touched:
                _keep(paths[method], {task: chances for task, chances in found.items() if task.method == method})
    return found


def _keep(path: Path, found: dict[Task, FloatArray]) -> None:
    path.with_suffix(".new").write_bytes(pickle.dumps(found))
    path.with_suffix(".new").replace(path)


def _kept(log: bytes, method: str) -> Path:
    code = _code(OF_MODEL if method == MODEL else OF_BASELINES) + log
    return KEPT / f"{method.replace(' ', '-')}-{hashlib.sha256(code).hexdigest()[:12]}.pickle"


def _code(names: Sequence[str]) -> bytes:
    return b"".join((FORECAST / f"{name}.py").read_bytes() for name in names)


_loans: Loans | None = None


def _made(loans: Loans, missing: Sequence[Task], processes: int) -> Iterator[tuple[Task, FloatArray]]:
    global _loans
    _loans = loans
    if processes == 1:
        yield from map(_fit, missing)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=os.nice, initargs=(5,)) as pool:
        yield from pool.map(_fit, missing, chunksize=8)


def _fit(task: Task) -> tuple[Task, FloatArray]:
    assert _loans is not None
    monday = _loans.mondays[task.monday]
    method, by_queue = METHODS[task.method]
    known = (monday.by_queue if by_queue else monday.known).of(
        team(_loans, monday, task.size, task.seed), forecast=np.ones(_loans.deals, dtype=np.bool_)
    )
    if task.method == MODEL and task.size == ALL:
        return task, _timed(method, known)
    return task, method(known, (HORIZON,)).value[:, 0]


def _timed(method: Method, known: KnownAt) -> FloatArray:
    """(open deals, 6): the three chances, then the 10, 50 and 90 % point of the days to a decision."""
    asked = tuple(sorted({*TIMED_DAYS, HORIZON}))
    said = method(known, asked)
    return np.column_stack([said.value[:, asked.index(HORIZON)], days_to_decision(said)])


def loans_kept() -> Loans:
    """The log as read by this code; kept too, since reading it twice takes a minute."""
    KEPT.mkdir(parents=True, exist_ok=True)
    code = _code(DOOR) + (ROOT / "benchmarks" / "forecast_loans.py").read_bytes()
    path = KEPT / f"loans-{hashlib.sha256(code).hexdigest()[:12]}.pickle"
    if path.exists():
        kept: Loans = pickle.loads(path.read_bytes())
        return kept
    loans = read_loans()
    path.write_bytes(pickle.dumps(loans))
    return loans
