"""A column of written amounts to exact decimals: point or comma from all values, or a question, never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import numpy as np
import pyarrow as pa

from headway.connectors.files.distinct import DistinctColumn, Unreadable, distinct_column, is_missing
from headway.connectors.files.number_forms import Amount, DecimalMark, amount_of
from headway.connectors.files.table import Kind

__all__ = ["AmountColumn", "DecimalMark", "MarkContradiction", "MarkKnown", "Unreadable", "parse_amounts"]

MarkKnown = Literal["not needed", "told", "typed", "values", "unknown"]

AMOUNT_TYPE = pa.decimal128(18, 2)
_CENT = Decimal("0.01")
_TOO_LARGE = Decimal(10) ** 16


@dataclass(frozen=True, slots=True)
class MarkContradiction:
    """One value that only reads with a decimal point and one that only reads with a comma, with their first lines."""

    point: str
    point_lines: tuple[int, ...]
    comma: str
    comma_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AmountColumn:
    """What a column of written amounts says.

    `amount` has one decimal128(18, 2) per row, null where missing, unreadable or undecided; more than two
    decimals are rounded half up (away from zero), in `rounded` rows. `currency` has one string per row: an ISO
    code, or the sign where several currencies share it (`$`, `¥`, `kr`), null where none stands there;
    `currencies` are the distinct ones. `mark_known` tells how the decimal mark was found. Where values such as
    `1,234` can be read both ways and nothing decides, `ambiguous` is True, `example` is one of them and `likely`
    the mark that makes them thousands: ask, or parse again with `decimal_mark=likely` and say so.
    """

    amount: pa.Array
    currency: pa.Array
    currencies: tuple[str, ...]
    decimal_mark: DecimalMark | None
    mark_known: MarkKnown
    ambiguous: bool
    example: str | None
    likely: DecimalMark | None
    contradiction: MarkContradiction | None
    unreadable: tuple[Unreadable, ...]
    missing: int
    rounded: int

    @property
    def unreadable_count(self) -> int:
        """The number of rows with a value that could not be read."""
        return sum(value.count for value in self.unreadable)


def parse_amounts(
    values: pa.Array | pa.ChunkedArray | Sequence[str | None],
    *,
    decimal_mark: DecimalMark | None = None,
    kind: Kind = "text",
    lines: pa.Array | Iterable[int] | None = None,
) -> AmountColumn:
    """The amounts in a column of strings (one per row), looked at as distinct values.

    `decimal_mark` answers an earlier question. `kind` is that of the table's column: in a *number* column the
    point is the decimal mark and nothing is asked. `lines` gives each row's line for `Unreadable`.
    The method is in docs/methods/reading-files.md.
    """
    column = distinct_column(values, lines)
    missing_places = np.array([is_missing(value) for value in column.values], bool)
    per_value = np.bincount(column.codes[column.codes >= 0], minlength=len(column.values))
    amounts: dict[int, Amount] = {}
    why: dict[int, str] = {}
    for place, value in enumerate(column.values):
        if missing_places[place]:
            continue
        read = _typed(value) if kind == "number" else amount_of(value)
        if isinstance(read, str):
            why[place] = read
        else:
            amounts[place] = read
    found = _mark_of(amounts, decimal_mark, kind, column)
    exact, rounded = _in_cents(amounts, found.mark, why)
    size = range(len(column.values))
    currencies = [amounts[place].currency if place in exact else None for place in size]
    return AmountColumn(
        amount=column.spread(pa.array([exact.get(place) for place in size], AMOUNT_TYPE)),
        currency=column.spread(pa.array(currencies, pa.string())),
        currencies=tuple(sorted({currency for currency in currencies if currency is not None})),
        decimal_mark=found.mark,
        mark_known=found.known,
        ambiguous=found.example is not None and found.contradiction is None,
        example=found.example,
        likely=found.likely,
        contradiction=found.contradiction,
        unreadable=column.unreadable(why),
        missing=int((column.codes < 0).sum()) + int(per_value[missing_places].sum()),
        rounded=sum(int(per_value[place]) for place in rounded),
    )


def _in_cents(
    amounts: dict[int, Amount], mark: DecimalMark | None, why: dict[int, str]
) -> tuple[dict[int, Decimal], list[int]]:
    """Each decided amount with two places, and the places where that rounded; those too large go to `why`."""
    exact: dict[int, Decimal] = {}
    rounded: list[int] = []
    for place, amount in amounts.items():
        value = _chosen(amount, mark)
        if value is None:
            continue
        cents = value.quantize(_CENT, ROUND_HALF_UP) if abs(value) < _TOO_LARGE else _TOO_LARGE
        if abs(cents) >= _TOO_LARGE:
            why[place] = "too large for an amount"
            continue
        exact[place] = cents
        if cents != value:
            rounded.append(place)
    return exact, rounded


def _typed(value: str) -> Amount | str:
    try:
        number = Decimal(value.strip())
    except ArithmeticError:
        return "not a number"
    return Amount({DecimalMark.POINT: number}, None) if number.is_finite() else "not a number"


@dataclass(frozen=True, slots=True)
class _Found:
    mark: DecimalMark | None
    known: MarkKnown
    example: str | None = None
    likely: DecimalMark | None = None
    contradiction: MarkContradiction | None = None


def _mark_of(amounts: dict[int, Amount], told: DecimalMark | None, kind: Kind, column: DistinctColumn) -> _Found:
    """The decimal mark of a column, by the values that can be read in one way only.

    They decide, except that one `12,50` does not turn `45,000` into 45: where the mark makes the other values
    ones with three decimals, all that decide must have three too.
    """
    if kind == "number":
        return _Found(DecimalMark.POINT, "typed")
    undecided = [place for place, amount in amounts.items() if len(set(amount.readings.values())) > 1]
    sure = {mark: [p for p, a in amounts.items() if set(a.readings) == {mark}] for mark in DecimalMark}
    seen = [mark for mark in DecimalMark if sure[mark]]
    if not undecided:
        return _Found(seen[0] if len(seen) == 1 else None, "values" if len(seen) == 1 else "not needed")
    if told is not None:
        return _Found(told, "told")
    # Amounts with exactly three decimals are rare: the likely reading is the larger one.
    likely = {max(amounts[place].readings, key=lambda mark: abs(amounts[place].readings[mark])) for place in undecided}
    if len(seen) == 1 and (likely == {seen[0]} or _all_have_thousandths(amounts[place] for place in sure[seen[0]])):
        return _Found(seen[0], "values")
    contradiction = None
    if len(seen) == 2:
        point, comma = sure[DecimalMark.POINT][0], sure[DecimalMark.COMMA][0]
        contradiction = MarkContradiction(
            column.values[point], column.lines_of(point), column.values[comma], column.lines_of(comma)
        )
    example = column.values[undecided[0]]
    return _Found(None, "unknown", example, likely.pop() if len(likely) == 1 else None, contradiction)


def _all_have_thousandths(amounts: Iterable[Amount]) -> bool:
    exponents = (next(iter(amount.readings.values())).as_tuple().exponent for amount in amounts)
    return all(isinstance(exponent, int) and exponent <= -3 for exponent in exponents)


def _chosen(amount: Amount, mark: DecimalMark | None) -> Decimal | None:
    """The value by the column's mark; a value that reads one way only is sure by itself."""
    distinct = set(amount.readings.values())
    if len(distinct) == 1:
        return distinct.pop()
    return amount.readings.get(mark) if mark is not None else None
