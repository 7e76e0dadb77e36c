# ruff: noqa: E501 - a case is easier to read on one line
"""Columns of dates and amounts, each with what it must give: values, a question, a contradiction, or what is unreadable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """`gives` are the values as text (ISO moments, plain amounts), None where missing, unreadable or undecided."""

    name: str
    values: tuple[str | None, ...]
    gives: tuple[str | None, ...]
    asks: str | None = None
    contradicts: bool = False
    unreadable: tuple[str, ...] = ()


_3_APRIL = "2024-04-03"

DATES = (
    Column("iso", ("2024-04-03", "2024-4-3", "2024/04/03", "20240403"), (_3_APRIL,) * 4),
    Column("iso with time and zone", ("2024-04-03T14:15:00Z", "2024-04-03T16:15:00+02:00", "2024-04-03 14:15:00+0000", "2024-04-03T14:15:00.000Z"), ("2024-04-03T14:15:00",) * 4),
    Column("minutes only", ("2024-04-03 14:15",), ("2024-04-03T14:15:00",)),
    Column("day first, decided by one value", ("03/04/2024", "25/04/2024"), (_3_APRIL, "2024-04-25")),
    Column("month first, decided by one value", ("04/03/2024", "04/25/2024"), (_3_APRIL, "2024-04-25")),
    Column("day or month first", ("03/04/2024", "05/06/2024"), (None, None), asks="03/04/2024"),
    Column("day or month first with dashes", ("03-04-2024",), (None,), asks="03-04-2024"),
    Column("the same either way", ("04/04/2024",), ("2024-04-04",)),
    Column("contradiction", ("25/04/2024", "04/25/2024", "03/04/2024"), ("2024-04-25", "2024-04-25", None), contradicts=True),
    Column("full stops", ("03.04.2024", "3.4.24"), (_3_APRIL, _3_APRIL)),
    Column("two-digit years, day first", ("03/04/24", "25/04/24"), (_3_APRIL, "2024-04-25")),
    Column("two-digit years with dashes, which may be year first", ("20-10-16",), (None,), asks="20-10-16"),
    Column("two-digit years with dashes, days run on", tuple(f"{day:02d}-10-16" for day in range(1, 31)), tuple(f"2016-10-{day:02d}" for day in range(1, 31))),
    Column("two-digit years around the turn", ("31/12/98", "01/02/01"), ("1998-12-31", "2001-02-01")),
    Column("two-digit years near the pivot stay together", ("31/12/67", "13/02/70"), ("1967-12-31", "1970-02-13")),
    Column("two-digit year beside four digits", ("13/02/1971", "14/02/30"), ("1971-02-13", "1930-02-14")),
    Column("month names", ("3 Apr 2024", "April 3rd, 2024", "3. April 2024", "03-Apr-24", "3 avril 2024", "3 de abril de 2024", "3 de abr. de 2024", "Wednesday, April 3, 2024"), (_3_APRIL,) * 8),
    Column("march in six languages", ("3 March 2024", "3. März 2024", "3 mars 2024", "3 de marzo de 2024", "3 de março de 2024", "3 maart 2024", "3 mrt 2024"), ("2024-03-03",) * 7),
    Column("twelve hours", ("4/13/2024 12:00 AM", "4/13/2024 12:30 PM", "4/13/2024 2:15:07 p.m."), ("2024-04-13T00:00:00", "2024-04-13T12:30:00", "2024-04-13T14:15:07")),
    Column("hours that no clock has", ("4/13/2024 13:00 PM", "4/13/2024 24:30"), (None, None), unreadable=("4/13/2024 13:00 PM", "4/13/2024 24:30")),
    Column("unix", ("1712153700", "1712153700000"), ("2024-04-03T14:15:00",) * 2),
    Column("impossible days", ("2024-02-30", "31/02/2024", "25/04/2024"), (None, None, "2024-04-25"), unreadable=("2024-02-30", "31/02/2024")),
    Column("leap days", ("29/02/2024", "29/02/2023"), ("2024-02-29", None), unreadable=("29/02/2023",)),
    Column("missing", ("#N/A", "NULL", "-", "", None, "0000-00-00", "n/a"), (None,) * 7),
    Column("placeholders", ("9999-12-31", "0001-01-01", "2024-04-03"), (None, None, _3_APRIL), unreadable=("9999-12-31", "0001-01-01")),
    Column("no dates", ("yesterday", "Q3 2024", "2024", "45385", "12:30", "03/04", "2024-04", "1.5", "٠٣/٠٤/٢٠٢٤"), (None,) * 9,
           unreadable=("yesterday", "Q3 2024", "2024", "45385", "12:30", "03/04", "2024-04", "1.5", "٠٣/٠٤/٢٠٢٤")),
    Column("nothing", (), ()),
)  # fmt: skip

AMOUNTS = (
    Column("plain", ("45000", "0", "-500", "+5", "500-", "(500)", "−500"), ("45000.00", "0.00", "-500.00", "5.00", "-500.00", "-500.00", "-500.00")),
    Column("dollars and cents", ("$45,000", "$1,234.50"), ("45000.00", "1234.50")),
    Column("german", ("1.234,56", "45.000", "12,5"), ("1234.56", "45000.00", "12.50")),
    Column("french", ("1 234,56", "1\u00a0234,56", "1\u202f234,56 €"), ("1234.56",) * 3),
    Column("swiss", ("1'234.50", "CHF 1’234.50", "45.--"), ("1234.50", "1234.50", "45.00")),
    Column("indian", ("₹12,34,567", "₹1,234.50"), ("1234567.00", "1234.50")),
    Column("short forms", ("45k", "1.2M", "€1.5 Mio.", "2bn", "45 T€", "3.5 kEUR"), ("45000.00", "1200000.00", "1500000.00", "2000000000.00", "45000.00", "3500.00")),
    Column("signs around", ("-$5", "$-5", "($5)", "$(5)", "EUR -5", "5 EUR", "US$5"), ("-5.00", "-5.00", "-5.00", "-5.00", "-5.00", "5.00", "5.00")),
    Column("thousands or thousandths", ("1,234", "45,000"), (None, None), asks="1,234"),
    Column("thousands or thousandths with points", ("1.234", "500"), (None, "500.00"), asks="1.234"),
    Column("one cent decides", ("1,234", "45,000.00"), ("1234.00", "45000.00")),
    Column("one million decides", ("1,234", "1,234,567"), ("1234.00", "1234567.00")),
    Column("one odd decimal does not shrink the others", ("12,50", "45,000"), ("12.50", None), asks="45,000"),
    Column("dinars with three decimals", ("12.500", "0.125", "1234.567"), ("12.50", "0.13", "1234.57")),
    Column("contradiction", ("1,234.50", "1.234,50", "45,000"), ("1234.50", "1234.50", None), contradicts=True),
    Column("percentages", ("12%", "12.5 %", "7"), (None, None, "7.00"), unreadable=("12%", "12.5 %")),
    Column("rounded notation", ("1.23E+05", "1e5"), (None, None), unreadable=("1.23E+05", "1e5")),
    Column("missing", ("#N/A", "NULL", "-", "", None, "#REF!"), (None,) * 6),
    Column("too large", ("99999999999999999", "9999999999999999.99"), (None, "9999999999999999.99"), unreadable=("99999999999999999",)),
    Column("no amounts", ("abc", "2024-04-03", "03/04/2024", "1.2.3", "--5", "-(5)", "5 USD EUR", "1 2 3", "1,23,4", "½", "٥", "10-20", "5 apples"), (None,) * 13,
           unreadable=("abc", "2024-04-03", "03/04/2024", "1.2.3", "--5", "-(5)", "5 USD EUR", "1 2 3", "1,23,4", "½", "٥", "10-20", "5 apples")),
    Column("nothing", (), ()),
)  # fmt: skip
