"""Whether `03/04/2024` is 3 April or 4 March, from every value of the column."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from headway.connectors.files.date_forms import DayOrder, WrittenDay, day_or_none, ordered
from headway.connectors.files.distinct import DistinctColumn

OrderKnown = Literal["not needed", "told", "values", "full stops", "unknown"]

_WIDE, _NARROW, _ENOUGH = 20, 10, 8
Parts = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two values of one column that no single order of day and month fits, each with its first lines."""

    first: str
    first_order: DayOrder
    first_lines: tuple[int, ...]
    second: str
    second_order: DayOrder
    second_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OrderFound:
    """The order of a column and how it is known; `readings` holds per written day what each order makes of it."""

    order: DayOrder | None
    known: OrderKnown
    example: str | None
    contradiction: Contradiction | None
    readings: Mapping[WrittenDay, Mapping[DayOrder, Parts]]

    def reading(self, day: WrittenDay) -> Parts | str | None:
        """(year, month, day); a sentence why there is none; None where it depends on an order that is not known."""
        ways = self.readings[day]
        if not ways:
            return "no such day"
        if self.known == "told" and self.order is not None:
            return ways.get(self.order, f"no such day when read {self.order.value}")
        if len(set(ways.values())) == 1 and (self.order is None or self.order in ways):
            return next(iter(ways.values()))
        return ways.get(self.order) if self.order is not None else None


def order_of(days: Mapping[WrittenDay, int], told: DayOrder | None, column: DistinctColumn) -> OrderFound:
    """The one order that fits every written day (each with the first place that has it), or what stands against it.

    A value with a number over 12 in one place decides for all. Where every value fits several orders, full
    stops mean day first (no locale writes the month first with them); nothing else is taken for granted.
    """
    numeric = [day for day in days if day.numbers is not None]
    readings = _all_readings(numeric, told)
    readable = {day: ways for day, ways in readings.items() if ways}
    if told is not None:
        return OrderFound(told, "told" if numeric else "not needed", None, None, readings)
    if not readable:
        return OrderFound(None, "not needed", None, None, readings)
    remaining = [order for order in DayOrder if all(order in ways for ways in readable.values())]
    if not remaining:
        return OrderFound(None, "unknown", None, _contradiction(readable, days, column), readings)
    remaining = _without_implausible(remaining, readable)
    undecided = [day for day, ways in readable.items() if len({ways[order] for order in remaining}) > 1]
    if not undecided:
        needed = any(len(set(ways.values())) > 1 for ways in readable.values()) or len(remaining) == 1
        return OrderFound(remaining[0], "values" if needed else "not needed", None, None, readings)
    if DayOrder.DAY_FIRST in remaining and all(day.separator == "." for day in undecided):
        return OrderFound(DayOrder.DAY_FIRST, "full stops", None, None, readings)
    return OrderFound(None, "unknown", column.values[days[undecided[0]]], None, readings)


def _all_readings(numeric: list[WrittenDay], told: DayOrder | None) -> dict[WrittenDay, dict[DayOrder, Parts]]:
    """What each value could mean. `24-03-15` may be year first; with other separators only where a value must be."""
    readings = {day: _readings(day, day.separator == "-") for day in numeric}
    year_first = {day: _readings(day, True) for day in numeric}
    if told is DayOrder.YEAR_FIRST or any(ways and not readings[day] for day, ways in year_first.items()):
        return year_first
    return readings


def _readings(written: WrittenDay, year_first: bool) -> dict[DayOrder, Parts]:
    assert written.numbers is not None
    ways: dict[DayOrder, Parts] = {}
    for order in DayOrder:
        if order is DayOrder.YEAR_FIRST and not (written.short_year and year_first):
            continue
        year, month, day = ordered(written.numbers, order)
        # 2000 is a leap year: a 29 February of a year whose century is not known yet is judged later.
        if day_or_none(year + 2000 if written.short_year else year, month, day) is not None:
            ways[order] = (year, month, day)
    return ways


def _without_implausible(
    remaining: list[DayOrder], readable: Mapping[WrittenDay, Mapping[DayOrder, Parts]]
) -> list[DayOrder]:
    """Year first against year last, both of two digits, by spread: days run to 31, years of one column do not."""
    if DayOrder.YEAR_FIRST not in remaining or len(remaining) == 1:
        return remaining
    numbers = [day.numbers for day in readable if day.numbers is not None]
    first, last = _arc({parts[0] for parts in numbers}), _arc({parts[2] % 100 for parts in numbers})
    if len(numbers) >= _ENOUGH and first >= _WIDE and last <= _NARROW:
        return [order for order in remaining if order is not DayOrder.YEAR_FIRST]
    if len(numbers) >= _ENOUGH and last >= _WIDE and first <= _NARROW:
        return [DayOrder.YEAR_FIRST]
    return remaining


def _arc(numbers: set[int]) -> int:
    """The length of the shortest arc over all two-digit numbers on a circle of 100."""
    ordered_numbers = sorted(numbers)
    gaps = [(after - before) % 100 for before, after in itertools.pairwise(ordered_numbers)]
    gaps.append((ordered_numbers[0] - ordered_numbers[-1]) % 100 or 100)
    return 100 - max(gaps)


def _contradiction(
    readable: Mapping[WrittenDay, Mapping[DayOrder, Parts]], places: Mapping[WrittenDay, int], column: DistinctColumn
) -> Contradiction:
    """The plainest pair: two values without a common order, else one and another that lacks its first order."""
    by_certainty = sorted(readable, key=lambda day: len(readable[day]))
    first = by_certainty[0]
    first_order = next(iter(readable[first]))
    apart = (day for day in by_certainty if not set(readable[day]) & set(readable[first]))
    second = next(apart, None) or next(day for day in by_certainty if first_order not in readable[day])
    second_order = next(iter(readable[second]))
    return Contradiction(
        column.values[places[first]],
        first_order,
        column.lines_of(places[first]),
        column.values[places[second]],
        second_order,
        column.lines_of(places[second]),
    )
