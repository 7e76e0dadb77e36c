"""Deals as the model takes them: in an order of their own, standardised, and parts of them. See `verdict.effect`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.verdict.landmark import Landmark

LEFT_OUT = 1  # the column of `Rows.dense` that says whether it was left out
EVIDENCE_SCALE = 1.0
"""Scale of the prior of what evidence does, in log-odds per standard deviation: wide, to explain what it can."""
COVARIATE_SCALE = 0.5
_FARTHEST = 4.0  # standard deviations a covariate may lie from its mean


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Deals sorted by owner: `dense` (n, k) = one, left out, standardised covariates.

    `owner` (n,): 0 to q - 1; `starts` (q,): the first row of each, none where there are fewer than two owners.
    `kept` (k - 2,): the column of the covariates each stands for; constant ones are left out. `scales` (k - 2,): of
    their priors. `order` (n,): which row of the landmark each is.
    """

    won: FloatArray
    dense: FloatArray
    owner: IntArray
    starts: IntArray
    kept: IntArray
    scales: FloatArray
    order: IntArray


def rows_of(landmark: Landmark) -> Rows:
    """The deals in an order that depends on what they are, never on how they came. Missing covariates: the mean."""
    n = landmark.won.size
    raw = np.array(np.asarray(landmark.covariates).T, dtype=np.float64, order="C")
    raw[~np.isfinite(raw)] = np.nan
    _, codes = np.unique(landmark.owners, return_inverse=True)
    order = np.lexsort((_fingerprints(landmark, raw), codes))
    dense = np.empty((2 + len(raw), n))
    dense[0], dense[LEFT_OUT] = 1.0, landmark.left_out[order]
    varied = _standardise(np.take(raw, order, axis=1, out=dense[2:]))
    kept = np.flatnonzero(varied)
    if kept.size < len(raw):
        dense = dense[np.r_[0, LEFT_OUT, LEFT_OUT + 1 + kept]]
    scales = np.where(np.isin(kept, np.array(landmark.evidence, dtype=np.int64)), EVIDENCE_SCALE, COVARIATE_SCALE)
    owner = codes[order].astype(np.int64)
    return Rows(landmark.won[order].astype(np.float64), dense.T, owner, _starts(owner), kept, scales, order)


def some(rows: Rows, positions: IntArray) -> Rows:
    """These rows only; `positions` (m,) ascend. Covariates stay as they were standardised."""
    owner = rows.owner[positions]
    codes = np.cumsum(np.r_[False, np.diff(owner) > 0][: owner.size], dtype=np.int64)  # owners who are gone close up
    return replace(
        rows,
        won=rows.won[positions],
        dense=np.take(rows.dense.T, positions, axis=1).T,
        owner=codes,
        starts=_starts(codes),
        order=rows.order[positions],
    )


def without(rows: Rows, columns: Sequence[int]) -> Rows:
    """The same deals without these columns of the covariates."""
    left = np.flatnonzero(~np.isin(rows.kept, np.array(columns, dtype=np.int64)))
    dense = rows.dense.T[np.r_[0, LEFT_OUT, LEFT_OUT + 1 + left]].T
    return replace(rows, dense=dense, kept=rows.kept[left], scales=rows.scales[left])


def _starts(owner: IntArray) -> IntArray:
    """The first row of each owner; none where there are fewer than two."""
    starts = np.flatnonzero(np.r_[True, np.diff(owner) > 0][: owner.size])
    return starts if starts.size > 1 else starts[:0]


def _standardise(columns: FloatArray) -> BoolArray:
    """Give `columns` (k, n) mean 0 and standard deviation 1, in place; (k,) which of them vary at all.

    0 where missing or constant; nothing beyond four deviations.
    """
    if not columns.size:
        return np.zeros(len(columns), dtype=np.bool_)
    missing = np.isnan(columns)
    counts = np.maximum(columns.shape[1] - missing.sum(axis=1), 1)[:, None]
    columns[missing] = 0.0
    largest = np.maximum(columns.max(axis=1), -columns.min(axis=1))[:, None]
    columns /= np.where(largest > 0, largest, 1.0)  # squares of enormous values would leave the range of a double
    columns -= columns.sum(axis=1, keepdims=True) / counts
    columns[missing] = 0.0
    deviation = np.sqrt(np.einsum("ij,ij->i", columns, columns)[:, None] / counts)
    alike = deviation <= 1e-9
    columns /= np.where(alike, np.inf, deviation)
    np.clip(columns, -_FARTHEST, _FARTHEST, out=columns)
    varied: BoolArray = ~alike[:, 0]
    return varied


def _fingerprints(landmark: Landmark, covariates: FloatArray) -> npt.NDArray[np.uint64]:
    """(n,) a number that only equal deals share; sorting by it is cheaper than sorting by every column."""
    flags = landmark.won + 2 * landmark.left_out.astype(np.uint64) + 4 * landmark.inspected.astype(np.uint64)
    mixed = flags.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    known_on = np.asarray(landmark.known_on, dtype=np.float64)
    for column in (*covariates, np.where(np.isnan(known_on), np.nan, known_on)):
        mixed ^= (column + 0.0).view(np.uint64)  # of the two zeros only one is left
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
    return mixed
