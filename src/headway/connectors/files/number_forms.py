"""How one written amount can be read: with its point or comma as decimal mark or as thousands sign."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from headway.connectors.files.currencies import currency_of


class DecimalMark(Enum):
    """What stands before the cents: `1,234.56` has a point, `1.234,56` a comma."""

    POINT = "."
    COMMA = ","


@dataclass(frozen=True, slots=True)
class Amount:
    """One written amount: its value by decimal mark (one entry where only one reading makes sense; both equal if none
    of the two signs occurs), and the currency beside it.
    """

    readings: dict[DecimalMark, Decimal]
    currency: str | None


_SPACES = re.compile("[\u00a0\u202f\u2009\u2007\u2008 \t]+")
_APOSTROPHES = re.compile("['\u2019\u2018\u00b4`\u02bc]")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\ufe63": "-", "\uff0d": "-"})
# Powers of ten that people append. Left out, since they differ by language: mil, billion, T (but see TEUR).
_POWERS = {
    "k": 3, "tsd": 3, "tsd.": 3, "thousand": 3, "m": 6, "mm": 6, "mn": 6, "mio": 6, "mio.": 6, "mill": 6, "mill.": 6,
    "million": 6, "millions": 6, "millionen": 6, "b": 9, "bn": 9, "mrd": 9, "mrd.": 9,
}  # fmt: skip
_THOUSANDS_OF_EUROS = ("teur", "t€")
_TYPED = re.compile(r"-?[0-9]+\.[0-9]+e0")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_GROUPED = {sign: re.compile(rf"[1-9][0-9]{{0,2}}(?:{re.escape(sign)}[0-9]{{3}})+") for sign in ".,' "}
_LAKHS = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")
_LONGEST = 60


def amount_of(text: str) -> Amount | str:
    """Every reading of a written amount, or why it is none. A percentage is none; nor is rounded notation (1E+05)."""
    plain = _SPACES.sub(" ", text).strip().translate(_MINUS)
    if len(plain) > _LONGEST:
        return "too long for an amount"
    if _TYPED.fullmatch(plain):
        return Amount(dict.fromkeys(DecimalMark, Decimal(plain)), None)
    if "%" in plain:
        return "a percentage is no amount"
    if _SCIENTIFIC.fullmatch(plain):
        return "written as a power of ten, which may have lost digits"
    plain, bracketed = _without_brackets(_APOSTROPHES.sub("'", plain))
    cut = _cut(plain)
    if cut is None:
        return "not an amount"
    before, number, after = cut
    only_mark = None
    if (dash := re.match(r"([.,])--?", after)) is not None:  # `45,-` and `45.--`: no cents
        only_mark, after = DecimalMark(dash[1]), after[dash.end() :]
    signs = before.count("-") + before.count("+") + after.count("-") + bracketed
    if signs > 1 or "+" in after:
        return "not an amount (more than one sign)"
    unit = _unit_around(before.replace("-", "").replace("+", ""), after.replace("-", ""))
    if unit is None:
        return "not an amount (what stands beside the number is no currency)"
    currency, power = unit
    factor = Decimal(10) ** power * (-1 if "-" in before or "-" in after or bracketed else 1)
    marks = [only_mark] if only_mark is not None else list(DecimalMark)
    values = {mark: _value(number, mark, whole=only_mark is not None) for mark in marks}
    readings = {mark: value * factor for mark, value in values.items() if value is not None}
    if not readings:
        return "not an amount (points, commas or spaces stand in odd places)"
    return Amount(readings, currency)


def _without_brackets(text: str) -> tuple[str, bool]:
    """`(500)`, `$(500)` and `($500)` without brackets, and whether there were any."""
    if text.count("(") == 1 and text.count(")") == 1 and text.endswith(")"):
        before, inside = text[:-1].split("(")
        if not any(character.isdigit() for character in before):
            return f"{before.strip()} {inside.strip()}".strip(), True
    return text, False


def _cut(text: str) -> tuple[str, str, str] | None:
    """What stands before the number, the number from its first to its last digit, and what stands after it."""
    digits = [index for index, character in enumerate(text) if character in "0123456789"]
    if not digits:
        return None
    start, end = digits[0], digits[-1] + 1
    if start and text[start - 1] in ".," and not text[: start - 1].rstrip()[-1:].isalpha():
        start -= 1
    number = text[start:end]
    if number.strip("0123456789.,' "):
        return None
    return text[:start].strip(), number, text[end:].strip()


def _unit_around(before: str, after: str) -> tuple[str | None, int] | None:
    """The currency (if any) and the power of ten beside a number; None where the text there is neither."""
    left, right = _unit(before.strip()), _unit(after.strip())
    if left is None or right is None:
        return None
    currencies = {currency for currency, _ in (left, right) if currency is not None}
    codes = {currency for currency in currencies if currency.isalpha() and currency.isupper()}
    if (len(currencies) > 1 and len(codes) != 1) or (left[1] and right[1]):
        return None
    return next(iter(codes or currencies), None), left[1] + right[1]


def _unit(text: str) -> tuple[str | None, int] | None:
    if not text:
        return None, 0
    if (currency := currency_of(text)) is not None:
        return currency, 0
    lower = text.lower()
    if lower in _POWERS:
        return None, _POWERS[lower]
    if lower in _THOUSANDS_OF_EUROS:
        return "EUR", 3
    for cut in range(1, len(text)):
        for power, rest in ((lower[:cut], text[cut:]), (lower[cut:], text[:cut])):
            if power.strip() in _POWERS and (currency := currency_of(rest)) is not None:
                return currency, _POWERS[power.strip()]
    return None


def _value(number: str, mark: DecimalMark, *, whole: bool) -> Decimal | None:
    """The number when `mark` is its decimal mark, or None where it cannot be."""
    integer, found, fraction = number.partition(mark.value)
    if found and (whole or not fraction.isdigit()):
        return None
    signs = set(integer) - set("0123456789")
    if len(signs) > 1:
        return None
    if signs:
        sign = signs.pop()
        if not _GROUPED[sign].fullmatch(integer) and not (sign == "," and _LAKHS.fullmatch(integer)):
            return None
        integer = integer.replace(sign, "")
    if not integer and not fraction:
        return None
    return Decimal(f"{integer or '0'}.{fraction}" if fraction else integer)
