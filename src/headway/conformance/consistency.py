"""Consistency: how much the path of a deal depends on who owns it. Never a ranking: no owner is named.

Method page: docs/methods/consistency.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import BoolArray, FloatArray, IntArray, code_column, float_column
from headway.conformance.between_owners import (
    MIN_DEALS_PER_OWNER,
    MIN_OWNERS,
    chance_of_difference,
    holm,
    variance_between_owners,
)
from headway.conformance.estimate import LEVEL, Estimate, Unknown
from headway.conformance.shares import Share, share

ALPHA = 0.05
"""Chance, over all steps together, of calling any step different between owners who are alike."""


@dataclass(frozen=True, slots=True)
class StepConsistency:
    """One step (or milestone, or stage passed): is it done alike by all owners?

    done: share of deals in which it was done; between: share of its variance that lies between owners;
    typical_difference: standard deviation between owners of the share done, chance taken out (0 to 0.5; 0.1 = ten
    points); p_value: of no difference, by permutation; p_corrected: for all steps asked (Holm); differs:
    p_corrected under 0.05.
    """

    step: str
    done: Share
    between: Estimate | Unknown
    typical_difference: float
    owners: int
    p_value: float
    p_corrected: float
    differs: bool


@dataclass(frozen=True, slots=True)
class Consistency:
    """path: share of the variance of deals' adherence that lies between owners (0 = all alike, 1 = owner decides).

    owners and deals are those counted; the left out had owners with too few deals. steps_not_asked: steps that
    too few owners were asked for.
    """

    path: Estimate | Unknown
    steps: tuple[StepConsistency, ...]
    steps_not_asked: tuple[str, ...]
    owners: int
    deals: int
    owners_left_out: int
    deals_left_out: int

    @property
    def steps_that_differ(self) -> tuple[StepConsistency, ...]:
        """Steps that owners do differently beyond chance, the largest difference first."""
        found = [step for step in self.steps if step.differs]
        return tuple(sorted(found, key=lambda step: (-step.typical_difference, step.step)))


def consistency(
    owners: npt.ArrayLike,
    steps: Sequence[str],
    done: npt.ArrayLike,
    *,
    asked: npt.ArrayLike | None = None,
    adherence: npt.ArrayLike | None = None,
    level: float = LEVEL,
    seed: int = 0,
) -> Consistency | Unknown:
    """How much what is done on deals depends on their owner.

    owners: (n,) codes; steps: k different names; done: (n, k) bool; asked: (n, k) bool, where a step was due at
    all (default everywhere); adherence: (n,) 0 to 1, default the share of asked steps done (deals asked nothing are
    left out). Owners count from five deals on; Unknown under three such owners.
    """
    owner = code_column("owners", owners)
    marks, due = _step_columns(done, asked, (owner.size, len(steps)))
    if len(set(steps)) != len(steps):
        raise ValueError("steps must have different names")
    share_done, usable = _adherence(marks, due, adherence)
    kept = usable & _owners_with_enough(owner, usable)
    counted = np.unique(owner[kept])
    if counted.size < MIN_OWNERS:
        return Unknown(
            f"consistency needs {MIN_OWNERS} owners with {MIN_DEALS_PER_OWNER} deals each, here are {counted.size}",
            int(counted.size),
            MIN_OWNERS,
        )
    tested, not_asked = [], []
    for column, step in enumerate(steps):
        chosen = kept & due[:, column]
        chosen &= _owners_with_enough(owner, chosen)
        if np.unique(owner[chosen]).size < MIN_OWNERS:
            not_asked.append(step)
        else:
            tested.append(_Tested(step, marks[chosen, column], owner[chosen]))
    return Consistency(
        path=variance_between_owners(share_done[kept], owner[kept], level=level),
        steps=_step_results(tested, level, seed),
        steps_not_asked=tuple(not_asked),
        owners=int(counted.size),
        deals=int(np.count_nonzero(kept)),
        owners_left_out=int(np.unique(owner).size - counted.size),
        deals_left_out=int(np.count_nonzero(~kept)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Tested:
    step: str
    done: BoolArray
    owner: IntArray


def _step_results(tested: Sequence[_Tested], level: float, seed: int) -> tuple[StepConsistency, ...]:
    tables = [_counts_by_owner(item) for item in tested]
    p_values = [chance_of_difference(done, sizes, seed=seed) for done, sizes in tables]
    results = []
    for item, (done, sizes), p, corrected in zip(tested, tables, p_values, holm(p_values), strict=True):
        between = variance_between_owners(item.done.astype(np.float64), item.owner, level=level)
        overall = share(int(done.sum()), int(sizes.sum()), level=level)
        results.append(
            StepConsistency(
                step=item.step,
                done=overall,
                between=between,
                typical_difference=_typical_difference(done, sizes),
                owners=int(sizes.size),
                p_value=p,
                p_corrected=corrected,
                differs=corrected < ALPHA,
            )
        )
    return tuple(results)


def _counts_by_owner(item: _Tested) -> tuple[IntArray, IntArray]:
    _, place = np.unique(item.owner, return_inverse=True)
    return np.bincount(place[item.done], minlength=int(place.max()) + 1), np.bincount(place)


def _typical_difference(done: IntArray, sizes: IntArray) -> float:
    """Square root of the variance between owners of the share done, by the method of moments."""
    n, groups = int(sizes.sum()), int(sizes.size)
    shares = done / sizes
    between = float((sizes * np.square(shares - done.sum() / n)).sum()) / (groups - 1)
    within = float((sizes * shares * (1 - shares)).sum()) / (n - groups)
    typical = (n - float(np.square(sizes).sum()) / n) / (groups - 1)
    return math.sqrt(max(0.0, (between - within) / typical))


def _step_columns(
    done: npt.ArrayLike, asked: npt.ArrayLike | None, shape: tuple[int, int]
) -> tuple[BoolArray, BoolArray]:
    marks = _bool_matrix("done", done, shape)
    due = np.ones(shape, dtype=np.bool_) if asked is None else _bool_matrix("asked", asked, shape)
    return marks, due


def _bool_matrix(name: str, values: npt.ArrayLike, shape: tuple[int, int]) -> BoolArray:
    matrix = np.asarray(values)
    if matrix.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, not {matrix.shape}")
    if matrix.dtype != np.bool_ and not np.isin(matrix, (0, 1)).all():
        raise ValueError(f"{name} must hold only true and false")
    return matrix.astype(np.bool_)


def _adherence(marks: BoolArray, due: BoolArray, given: npt.ArrayLike | None) -> tuple[FloatArray, BoolArray]:
    if given is not None:
        values = float_column("adherence", given, length=marks.shape[0])
        if (values > 1).any():
            raise ValueError("adherence must lie between 0 and 1")
        return values, np.ones(values.size, dtype=np.bool_)
    steps_due = due.sum(axis=1)
    return (marks & due).sum(axis=1) / np.maximum(steps_due, 1), steps_due > 0


def _owners_with_enough(owner: IntArray, rows: BoolArray) -> BoolArray:
    """(n,) bool: does the owner of this deal have at least five deals among `rows`?"""
    if owner.size == 0:
        return np.zeros(0, dtype=np.bool_)
    _, place = np.unique(owner, return_inverse=True)
    counts = np.bincount(place[rows], minlength=int(place.max()) + 1)
    enough: BoolArray = counts[place] >= MIN_DEALS_PER_OWNER
    return enough
