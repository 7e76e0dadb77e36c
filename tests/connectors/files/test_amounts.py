"""Amounts: the exact one, or a question; never a wrong one."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.connectors.files.amounts import AmountColumn, DecimalMark, parse_amounts
from tests.connectors.files.corpus.cell_cases import AMOUNTS, Column

_WITHIN = settings(deadline=None, max_examples=400)


def _amounts(column: AmountColumn) -> list[Decimal | None]:
    return column.amount.to_pylist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("case", AMOUNTS, ids=lambda case: case.name)
def test_a_column_gives_what_it_must(case: Column) -> None:
    found = parse_amounts(case.values)
    assert [None if amount is None else str(amount) for amount in _amounts(found)] == list(case.gives)
    assert found.amount.type == pa.decimal128(18, 2)
    assert found.ambiguous == (case.asks is not None)
    if case.asks is not None:
        assert found.example == case.asks
    assert (found.contradiction is not None) == case.contradicts
    assert {value.value for value in found.unreadable} == set(case.unreadable)


def test_an_answer_settles_the_question_and_the_likely_one_makes_thousands() -> None:
    found = parse_amounts(["1,234", "45,000"])
    assert found.likely is DecimalMark.POINT
    assert _amounts(parse_amounts(["1,234"], decimal_mark=DecimalMark.POINT)) == [Decimal("1234.00")]
    assert _amounts(parse_amounts(["1,234"], decimal_mark=DecimalMark.COMMA)) == [Decimal("1.23")]
    assert parse_amounts(["1,234", "1.234"]).likely is None


def test_a_contradiction_names_both_values_and_their_lines() -> None:
    found = parse_amounts(["2.50", "3,5", "1,234"], lines=[4, 8, 9])
    assert found.contradiction is not None
    assert (found.contradiction.point, found.contradiction.point_lines) == ("2.50", (4,))
    assert (found.contradiction.comma, found.contradiction.comma_lines) == ("3,5", (8,))


def test_numbers_of_typed_cells_are_taken_as_they_are() -> None:
    found = parse_amounts(["1.234", "45000.5", "0.005"], kind="number")
    assert _amounts(found) == [Decimal("1.23"), Decimal("45000.50"), Decimal("0.01")]
    assert (found.mark_known, found.rounded, found.ambiguous) == ("typed", 2, False)
    mixed = parse_amounts(["1234.5e0", "1.234e0", "1.234,56", "1.000"], kind="mixed")
    assert _amounts(mixed) == [Decimal("1234.50"), Decimal("1.23"), Decimal("1234.56"), Decimal("1000.00")]


def test_currencies_are_kept_beside_their_amounts() -> None:
    found = parse_amounts(["€5", "USD 7", "$9", None, "3", "x"])
    assert found.currency.to_pylist() == ["EUR", "USD", "$", None, None, None]
    assert found.currencies == ("$", "EUR", "USD")


def test_half_a_cent_is_rounded_away_from_zero() -> None:
    assert _amounts(parse_amounts(["0.0050", "-0.0050", "1.0049"])) == [
        Decimal("0.01"),
        Decimal("-0.01"),
        Decimal("1.00"),
    ]


_VALUE = st.decimals(Decimal("-99999999.99"), Decimal("99999999.99"), places=2)
_SPACED = "\u202f"
_STYLES = [(",", "."), (".", ","), (_SPACED, ","), (" ", ","), ("'", "."), ("", "."), ("", ",")]


def _written(value: Decimal, group: str, mark: str, places: int, wrap: str) -> str:
    text = f"{abs(value):,.{places}f}".replace(",", "_").replace(".", mark).replace("_", group)
    sign = "-" if value < 0 else ""
    if wrap == "brackets":
        return f"({text})" if sign else text
    if wrap == "behind":
        return text + sign
    return {"": f"{sign}{text}", "$": f"{sign}${text}", "EUR": f"EUR {sign}{text}", "€": f"{sign}{text} €"}[wrap]


@given(
    st.lists(_VALUE, min_size=1, max_size=30),
    st.sampled_from(_STYLES),
    st.sampled_from([0, 1, 2, 3]),
    st.sampled_from(["", "$", "EUR", "€", "brackets", "behind"]),
)
@_WITHIN
def test_a_written_amount_is_read_exactly_or_asked_about(
    values: list[Decimal], style: tuple[str, str], places: int, wrap: str
) -> None:
    group, mark = style
    written = [_written(value, group, mark, places, wrap) for value in values]
    truth = [Decimal(f"{value:.{places}f}").quantize(Decimal("0.01"), ROUND_HALF_UP) for value in values]
    found = parse_amounts(written)
    assert found.unreadable == ()
    assert found.contradiction is None
    for read, true in zip(_amounts(found), truth, strict=True):
        assert read == true or (read is None and found.ambiguous)
    if found.ambiguous:
        assert _amounts(parse_amounts(written, decimal_mark=DecimalMark(mark))) == truth


@given(st.lists(st.text(alphabet="0123456789.,' -+()$€kMEURUSD%e\u00a0", max_size=14), max_size=20))
@_WITHIN
def test_any_text_gives_a_column_of_the_same_length(values: list[str]) -> None:
    found = parse_amounts(values)
    assert len(found.amount) == len(found.currency) == len(values)
    undecided = found.amount.null_count - found.missing - found.unreadable_count
    assert undecided >= 0
    assert undecided == 0 or found.ambiguous or found.contradiction is not None
