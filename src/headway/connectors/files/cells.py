"""The columns of a table as instants, days, amounts and flags: parsed once per distinct value, doubts asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from headway.basics.cells import unguarded
from headway.basics.errors import UserError
from headway.connectors.files.amounts import AmountColumn, DecimalMark, MarkContradiction, parse_amounts
from headway.connectors.files.closing import flag_of
from headway.connectors.files.currencies import currency_of
from headway.connectors.files.dates import DateColumn, DayOrder, parse_dates
from headway.connectors.files.distinct import distinct_column, is_missing
from headway.connectors.files.staging import TIMES
from headway.connectors.files.table import Table
from headway.connectors.question import Ask, Choice, Question, answer
from headway.diagnosis.value import Repair

ORDERS = {"dmy": DayOrder.DAY_FIRST, "mdy": DayOrder.MONTH_FIRST}
MARKS = {"point": DecimalMark.POINT, "comma": DecimalMark.COMMA}
_JOINT = " · "
_USUAL_OF_SIGN = {"$": "USD", "¥": "JPY"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user said, or can be asked, about a file's cells. `zone`: of times written without one."""

    day_order: Literal["dmy", "mdy"] | None = None
    zone: ZoneInfo | None = None
    decimal_mark: Literal["point", "comma"] | None = None
    ask: Ask | None = None


@dataclass(slots=True)
class Cells:
    """Reads the columns of one table. Absent columns give None, so that a layout need not ask first."""

    table: Table
    settings: Settings
    repairs: list[Repair] = field(default_factory=list)
    _dates: dict[str, DateColumn] = field(default_factory=dict)
    _money: dict[str, AmountColumn] = field(default_factory=dict)

    def without(self, rows: pa.Array, what: str) -> Cells:
        """The same table without the rows where `rows` is true; they are counted as dropped."""
        gone = pc.fill_null(rows, False)
        count = pc.sum(gone).as_py() or 0
        if not count:
            return self
        lines = tuple(self.table.lines.filter(gone)[:20].to_pylist())
        self.repairs.append(Repair("dropped", what, count, self.table.name, lines))
        keep = pc.invert(gone)
        table = replace(self.table, data=self.table.data.filter(keep), lines=self.table.lines.filter(keep))
        return Cells(table, self.settings, self.repairs)

    def only(self, rows: pa.Array, order: DayOrder | None) -> Cells:
        """The rows where `rows` is true, with dates written in the `order` found elsewhere in the file."""
        told = next((name for name, member in ORDERS.items() if member is order), self.settings.day_order)
        table = replace(self.table, data=self.table.data.filter(rows), lines=self.table.lines.filter(rows))
        return Cells(table, replace(self.settings, day_order=cast("Literal['dmy', 'mdy'] | None", told)), self.repairs)

    def order_of_days(self, column: str) -> DayOrder | None:
        """The order of day and month in a column that `read_dates` read, where its values tell."""
        return self._dates[column].order

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.table)

    def strings(self, column: str) -> pa.Array:
        """A column as one array of texts."""
        return self.table.data.column(column).combine_chunks()

    def text(self, columns: Sequence[str], blank: Iterable[str] = ()) -> pa.Array:
        """The texts of a column, or of several joined by ` · `; what says that there is no value is null."""
        arrays = [self._without_missing(self.strings(column), set(blank)) for column in columns]
        if len(arrays) == 1:
            return arrays[0]
        joined = pc.binary_join_element_wise(*arrays, _JOINT, null_handling="skip")
        return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)

    def read_dates(self, columns: Iterable[str]) -> None:
        """Parse these columns together: one file writes its dates in one order, so one column can tell for all."""
        asked = list(dict.fromkeys(columns))
        for column in asked:
            self._dates[column] = self._parsed(column, ORDERS.get(self.settings.day_order or ""))
        open_columns = [column for column in asked if self._dates[column].ambiguous]
        for column in asked:
            self._refuse_contradiction(column)
        if open_columns:
            order = self._order_of_others(asked) or self._asked_order(open_columns[0])
            for column in open_columns:
                self._dates[column] = self._parsed(column, order)
        for column in asked:
            self._note(column)

    def instants(self, column: str) -> pa.Array:
        """Instants (UTC, without zone) of a column that `read_dates` read."""
        return self._dates[column].at.cast(pa.timestamp("us")).cast(TIMES)

    def days(self, column: str) -> pa.Array:
        """The days of a column that `read_dates` read, as the user's calendar has them."""
        found = self._dates[column]
        if found.has_time and self.settings.zone is not None:
            return pc.local_timestamp(found.at.cast(pa.timestamp("us", str(self.settings.zone)))).cast(
                pa.date32(), safe=False
            )
        return found.at.cast(pa.timestamp("us")).cast(pa.date32(), safe=False)

    def flags(self, column: str) -> pa.Array:
        """A column of checkboxes; null where it is neither yes nor no."""
        found = distinct_column(self.strings(column), self.table.lines)
        return found.spread(pa.array([flag_of(value) for value in found.values], pa.bool_()))

    def amounts(self, column: str, blank: Iterable[str] = ()) -> pa.Array:
        """Amounts with two decimals; a value that cannot be read is null and counted."""
        found = self._amounts(column, blank)
        for value in found.unreadable:
            what = f"unreadable amount {value.value[:40]!r} in column {column!r} ({value.why})"
            self.repairs.append(Repair("dropped", what, value.count, self.table.name, value.lines))
        if found.rounded:
            what = f"amounts in column {column!r} rounded to two decimals"
            self.repairs.append(Repair("repaired", what, found.rounded, self.table.name))
        return found.amount

    def currencies(self, amount_column: str, blank: Iterable[str] = ()) -> pa.Array:
        """The currency that stands beside each amount (ISO code), null where none does."""
        found = self._amounts(amount_column, blank)
        for sign in sorted(set(found.currencies) & set(_USUAL_OF_SIGN)):
            what = f"amounts with the sign {sign} taken to be {_USUAL_OF_SIGN[sign]}"
            count = pc.sum(pc.equal(found.currency, sign)).as_py() or 0
            self.repairs.append(Repair("assumed", what, count, self.table.name))
        return self._respelled(found.currency, lambda sign: _USUAL_OF_SIGN.get(sign, sign))

    def currency_codes(self, column: str) -> pa.Array:
        """A column of currencies as ISO codes where they can be told, else as written."""
        return self._respelled(self.text((column,)), lambda text: currency_of(text) or text)

    def _amounts(self, column: str, blank: Iterable[str]) -> AmountColumn:
        if column in self._money:
            return self._money[column]
        values = self._without_missing(self.strings(column), set(blank))
        told = MARKS.get(self.settings.decimal_mark or "")
        kind = self.table.kind(column)
        found = parse_amounts(values, decimal_mark=told, kind=kind, lines=self.table.lines)
        if found.contradiction is not None and found.ambiguous:
            raise _contradicting(self.table.name, column, found.contradiction)
        if found.ambiguous:
            found = parse_amounts(values, decimal_mark=self._mark(column, found), kind=kind, lines=self.table.lines)
        self._money[column] = found
        return found

    def _mark(self, column: str, found: AmountColumn) -> DecimalMark:
        """`45,000` is forty-five thousand unless something speaks for a fraction: it is assumed, and said."""
        if found.likely is not None:
            what = f"amounts such as {found.example!r} in column {column!r} read as thousands (see `--decimal-mark`)"
            self.repairs.append(Repair("assumed", what, self.rows - found.missing, self.table.name))
            return found.likely
        question = Question(
            f"{self.table.name}: amounts such as {found.example!r} in column {column!r} can be read with a decimal"
            " point or a decimal comma.",
            "--decimal-mark",
            (Choice("point", "1,234.50"), Choice("comma", "1.234,50")),
        )
        return MARKS[answer(question, self.settings.ask)]

    def _respelled(self, texts: pa.Array, spell: Callable[[str], str]) -> pa.Array:
        encoded = texts.dictionary_encode()
        return pa.array([spell(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)

    def _without_missing(self, array: pa.Array, blank: set[str]) -> pa.Array:
        encoded = array.dictionary_encode()
        values = encoded.dictionary.to_pylist()
        if any(unguarded(value) != value for value in values):  # a table that we, or a spreadsheet, wrote
            array = self._respelled(array, unguarded)
        gone = [value for value in values if value in blank or is_missing(value)]
        if not gone:
            return array
        return pc.if_else(pc.is_in(array, pa.array(gone, pa.string())), pa.scalar(None, pa.string()), array)

    def _parsed(self, column: str, order: DayOrder | None) -> DateColumn:
        kind = self.table.kind(column)
        return parse_dates(
            self.table.data.column(column),
            order=order,
            zone=self.settings.zone,
            excel_serials=kind in ("number", "mixed"),
            lines=self.table.lines,
        )

    def _order_of_others(self, columns: Iterable[str]) -> DayOrder | None:
        orders = {self._dates[column].order for column in columns if self._dates[column].order_known == "values"}
        return orders.pop() if len(orders) == 1 else None

    def _asked_order(self, column: str) -> DayOrder:
        example = self._dates[column].example
        question = Question(
            f"{self.table.name}: dates such as {example!r} in column {column!r} can be read with the day or the month"
            " first.",
            "--day-order",
            (Choice("dmy", "day first"), Choice("mdy", "month first")),
        )
        return ORDERS[answer(question, self.settings.ask)]

    def _refuse_contradiction(self, column: str) -> None:
        found = self._dates[column].contradiction
        if found is not None and self.settings.day_order is None:
            raise UserError(
                f"{self.table.name}: column {column!r} holds {found.first!r} (line {_first(found.first_lines)}), which"
                f" only reads {found.first_order.value}, and {found.second!r} (line {_first(found.second_lines)}),"
                f" which only reads {found.second_order.value}: mend the file, or pass `--day-order dmy` or"
                " `--day-order mdy` to read those that fit."
            )

    def _note(self, column: str) -> None:
        found = self._dates[column]
        for value in found.unreadable:
            what = f"unreadable date {value.value[:40]!r} in column {column!r} ({value.why})"
            self.repairs.append(Repair("dropped", what, value.count, self.table.name, value.lines))
        if found.zone_known == "assumed":
            what = f"times in column {column!r} name no zone and are taken as UTC (`--zone` says otherwise)"
            self.repairs.append(Repair("assumed", what, self.rows - found.missing, self.table.name))


def _first(lines: Sequence[int]) -> int | str:
    return lines[0] if lines else "?"


def _contradicting(name: str, column: str, found: MarkContradiction) -> UserError:
    return UserError(
        f"{name}: column {column!r} holds {found.point!r} (line {_first(found.point_lines)}), which only reads with a"
        f" decimal point, and {found.comma!r} (line {_first(found.comma_lines)}), which only reads with a comma:"
        " mend the file, or pass `--decimal-mark point` or `--decimal-mark comma` for those that read both ways."
    )
