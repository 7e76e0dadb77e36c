"""`headway diagnose FILES`: from an export to findings, in the terminal, as HTML and as JSON."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.basics.errors import UserError
from headway.cli.diagnosing import run_diagnosis
from headway.cli.log_options import (
    MEMORY_MIB,
    Columns,
    Currency,
    Files,
    HtmlFile,
    JsonFile,
    Language,
    LanguageOfReport,
    Layout,
    MappingFile,
    MarkOfDecimals,
    Memory,
    OrderOfDay,
    Processes,
    Rates,
    Zone,
    report_in,
    requested,
)
from headway.cli.reading import at_terminal
from headway.cli.written_file import write_text

if TYPE_CHECKING:
    from headway.diagnosis.value import Diagnosis


def diagnose(
    files: Files,
    process: Processes = None,
    mapping: MappingFile = None,
    column: Columns = None,
    layout: Layout = None,
    day_order: OrderOfDay = None,
    decimal_mark: MarkOfDecimals = None,
    zone: Zone = None,
    currency: Currency = None,
    rate: Rates = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The pipeline as known on that day.")
    ] = None,
    margin: Annotated[
        float, typer.Option("--margin", min=1, max=50, help="Points of winning that a step may cost and not matter.")
    ] = 10,
    forecast: Annotated[
        bool, typer.Option("--forecast", help="Add the forecast to the report and to the JSON; this takes longer.")
    ] = False,
    html: HtmlFile = None,
    json: JsonFile = None,
    language: LanguageOfReport = Language.EN,
    lines: Annotated[bool, typer.Option("--lines", help="Show the lines behind what was repaired or dropped.")] = False,
    memory: Memory = MEMORY_MIB,
) -> None:
    """Read an export and say how deals really move against their process.

    Without --process the order of stages is inferred from the moves and shown as your process as practised.
    """
    request = requested(
        files, process=process, mapping=mapping, column=column, layout=layout, day_order=day_order,
        decimal_mark=decimal_mark, zone=zone, as_of=as_of, memory=memory, currency=currency, rate=rate,
    )  # fmt: skip
    if html is not None and json is not None and html == json:
        raise UserError("--html and --json name the same file; give each its own.")
    with at_terminal() as (ask, progress):
        found = run_diagnosis(request, margin_points=margin, forecast=forecast, ask=ask, progress=progress)
    show(found, html=html, json=json, lines=lines, language=language)


def show(
    found: Diagnosis, *, html: Path | None, json: Path | None, lines: bool, language: Language = Language.EN
) -> None:
    """Print the findings (unless JSON takes standard output) and write the files asked for."""
    from rich.console import Console

    from headway.cli.diagnosis_text import print_diagnosis
    from headway.diagnosis.json_text import json_text
    from headway.report.page import render

    if html is not None:
        write_text(html, report_in(language, render(found)))
    if json is not None:
        write_text(json, json_text(found))
    if str(json) != "-" and str(html) != "-":
        print_diagnosis(found, Console(), html=html, json=json, lines=lines)
