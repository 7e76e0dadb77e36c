"""What the columns of estimators take and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from headway.conformance.arrays import code_column, day_column, flag_column, float_column


@pytest.mark.parametrize("kind", [np.int8, np.uint16, np.int64, np.float32, np.bool_])
def test_codes_of_any_whole_kind_are_taken(kind: type) -> None:
    found = code_column("codes", np.array([0, 1, 1], dtype=kind))
    assert found.dtype == np.int64
    assert list(found) == [0, 1, 1]


def test_empty_columns_are_taken() -> None:
    for column in (float_column, code_column, flag_column, day_column):
        assert column("empty", []).size == 0


def test_flags_are_true_or_false_or_nought_or_one() -> None:
    assert list(flag_column("flags", [True, False])) == [True, False]
    assert list(flag_column("flags", [1, 0])) == [True, False]
    with pytest.raises(ValueError, match="flags must hold only true and false"):
        flag_column("flags", [0, 2])


def test_nought_days_are_days() -> None:
    assert list(float_column("days", [0, 0.5])) == [0.0, 0.5]


def test_dates_may_carry_a_time_of_day() -> None:
    assert day_column("on", np.array(["2024-02-29T23:59"], dtype="datetime64[m]"))[0] == np.datetime64("2024-02-29")


@pytest.mark.parametrize("column", [float_column, code_column, flag_column])
def test_columns_of_the_wrong_length_or_shape_are_refused(column) -> None:
    with pytest.raises(ValueError, match="x has 2 rows where 3 are needed"):
        column("x", [0, 1], length=3)
    with pytest.raises(ValueError, match="x must be one-dimensional, but has 2 dimensions"):
        column("x", [[0, 1]])


@pytest.mark.parametrize("codes", [["a"], [0.5], [float("nan")], [-1], [None]])
def test_what_is_no_code_is_refused(codes) -> None:
    with pytest.raises(ValueError, match="codes"):
        code_column("codes", codes)
