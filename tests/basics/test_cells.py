"""The guard of cells: nothing begins a formula, numbers stay numbers, and what was guarded comes back."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from headway.basics.cells import FORMULA, guarded, unguarded

signs = st.text(st.sampled_from([*FORMULA, "'", "1", ".", ",", "a", " "]), max_size=8)


@given(st.text(max_size=40) | signs)
@example("'=1")
@example("''=1")
@example("-5")
@example("'-5")
def test_what_is_guarded_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(st.text(max_size=40) | signs)
def test_nothing_but_a_number_begins_with_a_sign_of_a_formula(text: str) -> None:
    told = guarded(text)
    number = told.lstrip("+-").replace(".", "").replace(",", "").replace("e", "").replace("E", "").rstrip("%")
    assert not told.startswith(FORMULA) or number.lstrip("+-").translate(str.maketrans("", "", "+-")).isdecimal()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_a_number_stays_one(number: object) -> None:
    assert guarded(str(number)) == str(number)
