"""The columns that estimators take: their types, and the checks that refuse what cannot be counted.

All raise ValueError: a column of the wrong shape or with NaN is a fault of the calling code, not of a user.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def float_column(name: str, values: npt.ArrayLike, *, length: int | None = None) -> FloatArray:
    """`values` as finite, non-negative float64 of shape (n,): lengths in days, amounts."""
    column = np.asarray(values, dtype=np.float64)
    _check_shape(name, column.shape, length)
    if not np.isfinite(column).all():
        raise ValueError(f"{name} holds NaN or infinite values; leave those rows out and say how many")
    if (column < 0).any():
        raise ValueError(f"{name} holds negative values")
    return column


def code_column(name: str, values: npt.ArrayLike, *, length: int | None = None) -> IntArray:
    """`values` as non-negative int64 of shape (n,): codes of outcomes, owners, deals; counts."""
    column = np.asarray(values)
    _check_shape(name, column.shape, length)
    if column.size == 0:
        return np.zeros(0, dtype=np.int64)
    if column.dtype.kind == "f":
        if not np.isfinite(column).all():
            raise ValueError(f"{name} holds NaN or infinite values; leave those rows out and say how many")
        if (column != np.floor(column)).any():
            raise ValueError(f"{name} must hold whole numbers")
    elif column.dtype.kind not in "iub":
        raise ValueError(f"{name} must hold whole numbers, not {column.dtype}")
    if (column < 0).any():
        raise ValueError(f"{name} holds negative values")
    return column.astype(np.int64)


def flag_column(name: str, values: npt.ArrayLike, *, length: int | None = None) -> BoolArray:
    """`values` as bool of shape (n,); 0 and 1 are taken, anything else is refused."""
    column = np.asarray(values)
    if column.dtype == np.bool_:
        _check_shape(name, column.shape, length)
        return column
    codes = code_column(name, column, length=length)
    if (codes > 1).any():
        raise ValueError(f"{name} must hold only true and false")
    return codes.astype(np.bool_)


def day_column(name: str, values: npt.ArrayLike) -> npt.NDArray[np.datetime64]:
    """`values` as datetime64[D] of shape (n,); NaT is refused."""
    column = np.asarray(values, dtype="datetime64[D]")
    _check_shape(name, column.shape, None)
    if np.isnat(column).any():
        raise ValueError(f"{name} holds missing dates; leave those rows out and say how many")
    return column


def frozen(values: FloatArray) -> FloatArray:
    """`values` made read-only, so that a frozen result stays what it was."""
    values.setflags(write=False)
    return values


def frozen_counts(values: IntArray) -> IntArray:
    """`values` made read-only, so that a frozen result stays what it was."""
    values.setflags(write=False)
    return values


def _check_shape(name: str, shape: tuple[int, ...], length: int | None) -> None:
    if len(shape) != 1:
        raise ValueError(f"{name} must be one-dimensional, but has {len(shape)} dimensions")
    if length is not None and shape[0] != length:
        raise ValueError(f"{name} has {shape[0]} rows where {length} are needed")
