"""`headway diagnose FILES`: from an export to findings, in the terminal, as HTML and as JSON."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from headway.basics.errors import UserError
from headway.cli.diagnosing import Request, run_diagnosis
from headway.cli.written_file import write_text

if TYPE_CHECKING:
    from headway.diagnosis.value import Diagnosis


class DecimalMark(StrEnum):
    """What separates the cents where an amount could be read both ways."""

    POINT = "point"
    COMMA = "comma"


class DayOrder(StrEnum):
    """Which comes first where a date could be read both ways."""

    DMY = "dmy"
    MDY = "mdy"


def diagnose(
    files: Annotated[
        list[Path], typer.Argument(help="Exports: CSV, XLSX, Parquet or XES, also gzipped.", show_default=False)
    ],
    process: Annotated[
        list[Path] | None, typer.Option("--process", "-p", help="Process file; may repeat, one per pipeline.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", "-m", help="Mapping file for any other layout.")] = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", "-c", help="ROLE=COLUMN, e.g. id=DealNo; may repeat.")
    ] = None,
    layout: Annotated[str | None, typer.Option(help="Layout, where it cannot be told from the file.")] = None,
    day_order: Annotated[
        DayOrder | None, typer.Option("--day-order", help="Order of day and month, where dates can be read both ways.")
    ] = None,
    decimal_mark: Annotated[
        DecimalMark | None, typer.Option("--decimal-mark", help="The mark before cents, where amounts are unclear.")
    ] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone of times without one, e.g. Europe/Berlin.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The pipeline as known on that day.")
    ] = None,
    margin: Annotated[
        float, typer.Option("--margin", min=1, max=50, help="Points of winning that a step may cost and not matter.")
    ] = 10,
    html: Annotated[Path | None, typer.Option("--html", help="Write the report to this file.")] = None,
    json: Annotated[Path | None, typer.Option("--json", help="Write everything as JSON (-: to the output).")] = None,
    lines: Annotated[bool, typer.Option("--lines", help="Show the lines behind what was repaired or dropped.")] = False,
    memory: Annotated[int, typer.Option(min=256, help="Memory for the engine, in MiB; beyond, it uses disk.")] = 1536,
) -> None:
    """Read an export and say how deals really move against their process.

    Without --process the order of stages is inferred from the moves and shown as your process as practised.
    """
    request = Request(
        files=tuple(files),
        processes=tuple(process or ()),
        mapping=mapping,
        columns=tuple(column or ()),
        layout=layout,
        day_order=_order(day_order),
        decimal_mark=_mark(decimal_mark),
        zone=zone,
        as_of=as_of.date() if as_of else None,
        memory_mib=memory,
        margin_points=margin,
    )
    if html is not None and json is not None and html == json:
        raise UserError("--html and --json name the same file; give each its own.")
    found = _with_progress(request)
    show(found, html=html, json=json, lines=lines)


def _order(told: DayOrder | None) -> Literal["dmy", "mdy"] | None:
    return None if told is None else "dmy" if told is DayOrder.DMY else "mdy"


def _mark(told: DecimalMark | None) -> Literal["point", "comma"] | None:
    return None if told is None else "point" if told is DecimalMark.POINT else "comma"


def show(found: Diagnosis, *, html: Path | None, json: Path | None, lines: bool) -> None:
    """Print the findings (unless JSON takes standard output) and write the files asked for."""
    from rich.console import Console

    from headway.cli.diagnosis_text import print_diagnosis
    from headway.diagnosis.json_text import json_text
    from headway.report.page import render

    if html is not None:
        write_text(html, render(found))
    if json is not None:
        write_text(json, json_text(found))
    if str(json) != "-" and str(html) != "-":
        print_diagnosis(found, Console(), html=html, json=json, lines=lines)


def _with_progress(request: Request) -> Diagnosis:
    """Run with a bar on standard error when that is a terminal; ask there when standard input is one too."""
    from rich.console import Console

    from headway.cli.asking import terminal_ask
    from headway.cli.reading_bar import reading_bar

    console = Console(stderr=True)
    ask = terminal_ask(console) if console.is_terminal and typer.get_text_stream("stdin").isatty() else None
    with reading_bar(console) as progress:
        return run_diagnosis(request, ask=ask, progress=progress)
