"""The arguments and options of every command that reads exports, and what they ask for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from headway.basics.language import speaking
from headway.basics.language.markup import told_page
from headway.cli.reading import Request


class DecimalMark(StrEnum):
    """What separates the cents where an amount could be read both ways."""

    POINT = "point"
    COMMA = "comma"


class DayOrder(StrEnum):
    """Which comes first where a date could be read both ways."""

    DMY = "dmy"
    MDY = "mdy"


class Language(StrEnum):
    """What a report can be written in."""

    EN = "en"
    DE = "de"


Files = Annotated[
    list[Path], typer.Argument(help="Exports: CSV, XLSX, Parquet or XES, also gzipped.", show_default=False)
]
Processes = Annotated[
    list[Path] | None, typer.Option("--process", "-p", help="Process file; may repeat, one per pipeline.")
]
MappingFile = Annotated[Path | None, typer.Option("--mapping", "-m", help="Mapping file for any other layout.")]
Columns = Annotated[list[str] | None, typer.Option("--column", "-c", help="ROLE=COLUMN, e.g. id=DealNo; may repeat.")]
Layout = Annotated[str | None, typer.Option(help="Layout, where it cannot be told from the file.")]
OrderOfDay = Annotated[
    DayOrder | None, typer.Option("--day-order", help="Order of day and month, where dates can be read both ways.")
]
MarkOfDecimals = Annotated[
    DecimalMark | None, typer.Option("--decimal-mark", help="The mark before cents, where amounts are unclear.")
]
Zone = Annotated[str | None, typer.Option(help="Time zone of times without one, e.g. Europe/Berlin.")]
Currency = Annotated[
    str | None, typer.Option("--currency", help="Sum amounts in this currency, e.g. EUR; default: the most frequent.")
]
Rates = Annotated[
    list[str] | None,
    typer.Option("--rate", help="CODE=RATE: what one of it is worth there, e.g. USD=0.92; may repeat."),
]
Memory = Annotated[int, typer.Option(min=256, help="Memory for the engine, in MiB; beyond, it uses disk.")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write everything as JSON (-: to the output).")]
HtmlFile = Annotated[Path | None, typer.Option("--html", help="Write the report to this file.")]
LanguageOfReport = Annotated[Language, typer.Option("--language", help="Language of the HTML report.")]
MEMORY_MIB = 1536


def report_in(language: Language, html: str) -> str:
    """The report in this language."""
    with speaking(language.value):
        return told_page(html)


def requested(
    files: list[Path], *, process: list[Path] | None, mapping: Path | None, column: list[str] | None,
    layout: str | None, day_order: DayOrder | None, decimal_mark: DecimalMark | None, zone: str | None,
    as_of: datetime | None, memory: int, currency: str | None = None, rate: list[str] | None = None,
) -> Request:  # fmt: skip
    """What is to be read, from the options as they were typed."""
    return Request(
        files=tuple(files),
        processes=tuple(process or ()),
        mapping=mapping,
        columns=tuple(column or ()),
        layout=layout,
        day_order=None if day_order is None else "dmy" if day_order is DayOrder.DMY else "mdy",
        decimal_mark=None if decimal_mark is None else "point" if decimal_mark is DecimalMark.POINT else "comma",
        zone=zone,
        as_of=as_of.date() if as_of else None,
        memory_mib=memory,
        currency=currency,
        rates=tuple(rate or ()),
    )
