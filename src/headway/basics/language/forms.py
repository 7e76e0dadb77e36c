"""Figures, days and money in the forms of a language; the forms themselves are Babel's (Unicode CLDR).

English texts hold `1,204`, `0.8`, `3 Nov 2026`, `Tue 3 Nov`, `€1.2 M`, `$930 k`; German ones 1.204, 0,8, 3. Nov. 2026,
Di. 3. Nov., 1,2 Mio. €, 930.000 $.
"""

from __future__ import annotations

import re
from functools import cache

from babel import Locale
from babel.numbers import format_compact_currency, format_currency

from headway.basics.money import SIGNS

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAYS_LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAMES = "|".join((*MONTHS_LONG, *MONTHS))
_WEEK = "|".join((*DAYS_LONG, *DAYS))
DAY = re.compile(rf"\b(?P<day>\d{{1,2}}) (?P<month>{_NAMES})\b")
MONTH = re.compile(rf"\b(?P<month>{_NAMES})(?= \d{{4}}\b)")
WEEKDAY = re.compile(rf"\b(?P<weekday>{_WEEK})\b(?=,? \d)")
AMOUNT = re.compile(
    r"(?P<minus>[−-]?)(?P<sign>[€$£¥₹]|\b[A-Z]{3}\s)(?P<figure>\d[\d,]*(?:\.\d+)?)(?:[ \u00a0](?P<unit>[kMB])\b)?"
    r"|(?<![\w.,:/-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w:])|(?<![\w.,:/-])\d+\.\d+(?![\w.:])"
)
FIGURE = re.compile(
    rf"(?:[\s\d.,:%+−–~±×/()€$£¥₹-]|\b[A-Z]{{3}}\b|\b[kMBn]\b|\b(?:{_NAMES}|{_WEEK})\b)*\d(?:[\s\d.,:%+−–~±×/()€$£¥₹-]"
    rf"|\b[A-Z]{{3}}\b|\b[kMB]\b|\b(?:{_NAMES}|{_WEEK})\b)*"
)
QUOTES = {"de": "„“"}
MANY = re.compile(r"\d{1,3}(?:\.\d{3})*(?:,\d+)? .*(?:e|er|el)$")  # 3 Tage, not 18. November
UNITS = {"k": 1_000, "M": 1_000_000, "B": 1_000_000_000, None: 1}


def is_figure(text: str) -> bool:
    """Whether a text is only figures, signs, days and money: `1,204`, `€4 M`, `3 Nov 2026`, `12 %`."""
    return len(text) <= 60 and bool(FIGURE.fullmatch(text))


def localised(text: str, code: str) -> str:
    """The text with its figures, days and money in the forms of the language."""
    forms = _forms(code)
    text = AMOUNT.sub(lambda match: _money(match, code) if match["sign"] else _figure(match, forms), text)
    text = WEEKDAY.sub(lambda match: forms.weekdays[match["weekday"]], text)
    text = DAY.sub(lambda match: f"{match['day']}{forms.after_day} {forms.months[match['month']]}", text)
    return MONTH.sub(lambda match: forms.months.get(match["month"], match["month"]), text)


def name_of(text: str, code: str) -> str:
    """The name of a day or a month that stands by itself; nothing for anything else."""
    forms = _forms(code)
    return forms.weekdays.get(text, "") or (forms.months.get(text, "") if text in MONTHS_LONG else "")


def quoted(words: str, code: str) -> str:
    """Somebody's words between the marks of the language."""
    marks = QUOTES.get(code, "“”")
    return f"{marks[0]}{words}{marks[1]}"


def in_dative(text: str) -> str:
    """`3 Tage` as in `seit 3 Tagen`: German plurals add an n in the dative, but for those in -n and -s."""
    plain = text.removesuffix(".")
    return f"{plain}n{text[len(plain) :]}" if MANY.match(plain) and not plain.startswith("1 ") else text


class _Forms:
    """Names and signs of one language."""

    def __init__(self, code: str) -> None:
        locale = Locale.parse(code)
        signs = locale.number_symbols["latn"]
        self.signs = str.maketrans({",": signs["group"], ".": signs["decimal"]})
        short, wide = (locale.months["format"][width] for width in ("abbreviated", "wide"))
        self.months: dict[str, str] = {name: short[number] for number, name in enumerate(MONTHS, 1)}
        self.months |= {name: wide[number] for number, name in enumerate(MONTHS_LONG, 1)}
        short, wide = (locale.days["format"][width] for width in ("abbreviated", "wide"))
        self.weekdays: dict[str, str] = {name: short[number] for number, name in enumerate(DAYS)}
        self.weekdays |= {name: wide[number] for number, name in enumerate(DAYS_LONG)}
        self.after_day = "." if "d." in str(locale.date_formats["long"].pattern) else ""


@cache
def _forms(code: str) -> _Forms:
    return _Forms(code)


def _figure(match: re.Match[str], forms: _Forms) -> str:
    return match[0].translate(forms.signs)


def _money(match: re.Match[str], code: str) -> str:
    sign = match["sign"].strip()
    currency = next((known for known, shown in SIGNS.items() if shown.strip() == sign), sign)
    figure = match["figure"].replace(",", "")
    digits = len(figure.partition(".")[2])
    value = float(figure) * UNITS[match["unit"]] * (-1 if match["minus"] else 1)
    if match["unit"] in ("M", "B"):
        said = format_compact_currency(value, currency, locale=code, fraction_digits=digits)
    else:
        whole = digits if match["unit"] is None else 0
        said = format_currency(value, currency, locale=code, currency_digits=False, format=_pattern(code, whole))
    return str(said).replace("-", "−")


@cache
def _pattern(code: str, digits: int) -> str:
    """The language's pattern of an amount with so many digits after the sign: `#,##0 ¤`."""
    pattern = str(Locale.parse(code).currency_formats["standard"].pattern)
    return pattern.replace("0.00", f"0.{'0' * digits}" if digits else "0")
