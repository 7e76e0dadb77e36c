"""`headway forecast FILES` and `headway forecast backtest FILES`: what will be won, and how good that has been."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.basics.errors import UserError
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
from headway.cli.reading import Request, at_terminal, read_log
from headway.cli.written_file import write_text

if TYPE_CHECKING:
    from headway.connectors.question import Ask
    from headway.connectors.source import Progress
    from headway.deals.event_log import EventLog
    from headway.forecast.value import Backtest, Forecast
    from headway.process.definition import Process

AsOfDay = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Only what was known on that day.")
]


def forecast(
    files: Files,
    process: Processes = None,
    as_of: AsOfDay = None,
    period: Annotated[
        str | None,
        typer.Option("--period", help="2026-Q4, 2026-11 or 2026-10-01..2026-12-31; without it the current quarter."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="Say why it moved since that day; else a week before."),
    ] = None,
    mapping: MappingFile = None,
    column: Columns = None,
    layout: Layout = None,
    day_order: OrderOfDay = None,
    decimal_mark: MarkOfDecimals = None,
    zone: Zone = None,
    currency: Currency = None,
    rate: Rates = None,
    html: HtmlFile = None,
    json: JsonFile = None,
    language: LanguageOfReport = Language.EN,
    every: Annotated[bool, typer.Option("--all", help="List every open deal.")] = False,
    memory: Memory = MEMORY_MIB,
) -> None:
    """Say what open deals bring by the end of a period, and each deal's chance, from what buyers have done.

    It sees only what had been recorded by the day asked for, and says how good it has been on your own past. Where too
    few deals are decided it falls back to one chance for every deal, and says so.
    """
    request = requested(
        files, process=process, mapping=mapping, column=column, layout=layout, day_order=day_order,
        decimal_mark=decimal_mark, zone=zone, as_of=as_of, memory=memory, currency=currency, rate=rate,
    )  # fmt: skip
    if html is not None and json is not None and html == json:
        raise UserError("--html and --json name the same file; give each its own.")
    with at_terminal() as (ask, progress):
        found = run_forecast(request, period=period, since=since.date() if since else None, ask=ask, progress=progress)
    _show(found, f"Forecast of {_names(request)}", every=every, html=html, json=json, language=language)


def forecast_backtest(
    files: Files,
    process: Processes = None,
    as_of: AsOfDay = None,
    mapping: MappingFile = None,
    column: Columns = None,
    layout: Layout = None,
    day_order: OrderOfDay = None,
    decimal_mark: MarkOfDecimals = None,
    zone: Zone = None,
    currency: Currency = None,
    rate: Rates = None,
    json: JsonFile = None,
    memory: Memory = MEMORY_MIB,
) -> None:
    """Forecast past weeks again with only what had been recorded then, and score it beside what others do.

    Says plainly where the forecast has no skill. A file that is itself named backtest is written ./backtest.
    """
    request = requested(
        files, process=process, mapping=mapping, column=column, layout=layout, day_order=day_order,
        decimal_mark=decimal_mark, zone=zone, as_of=as_of, memory=memory, currency=currency, rate=rate,
    )  # fmt: skip
    with at_terminal() as (ask, progress):
        found, currency = run_forecast_backtest(request, ask=ask, progress=progress)
    if json is not None:
        write_text(json, backtest_json(found))
    if str(json) != "-":
        from rich.console import Console

        from headway.cli.forecast_backtest_text import forecast_backtest_text

        title = f"Forecast of {_names(request)}, tried on its past"
        Console(highlight=False).print(forecast_backtest_text(found, title, currency=currency, json=json))


def run_forecast(
    request: Request, *, period: str | None = None, since: date | None = None, ask: Ask | None = None,
    progress: Progress | None = None,
) -> Forecast:  # fmt: skip
    """Read, build, forecast. Raises UserError for anything a user can mend; the period is checked before the data."""
    from headway.forecast.forecasting import Asking, forecast_log
    from headway.forecast.period import parsed

    wanted = parsed(period) if period is not None else None
    if since is not None and request.as_of is not None and since >= request.as_of:
        raise UserError(f"--since {since} is not before --as-of {request.as_of}; pass an earlier day.")
    with _known(request, ask, progress) as (log, processes):
        today = log.as_of.at.date()
        if since is not None and since >= today:
            raise UserError(f"--since {since} is not before {today}, the day of the forecast; pass an earlier day.")
        return forecast_log(log, processes, Asking(period=wanted, since=since))


def run_forecast_backtest(
    request: Request, *, ask: Ask | None = None, progress: Progress | None = None
) -> tuple[Backtest, str | None]:
    """The back-test, and the currency of its sums. UserError where no past week can be forecast again."""
    from headway.forecast.forecasting import backtest_log

    with _known(request, ask, progress) as (log, processes):
        found = backtest_log(log, processes)
        currency = log.value("SELECT any_value(main_currency) FROM money")
    if not found.origins:
        raise UserError(
            f"{_names(request)} cannot be tried on its past: {found.reason or 'too few deals were decided.'}"
        )
    return found, currency


@contextmanager
def _known(
    request: Request, ask: Ask | None, progress: Progress | None
) -> Iterator[tuple[EventLog, Sequence[Process]]]:
    """The log with deals set against their process and evidence; and the processes: those given, else practised."""
    from headway.conformance.pinning import pin_deals
    from headway.conformance.practised import practised_processes
    from headway.evidence.many import record_proof
    from headway.process.loader import load_process

    given = [load_process(path) for path in request.processes]
    with read_log(request, ask=ask, progress=progress) as (log, _):
        processes = given or [one.process for one in practised_processes(log)]
        if not processes:
            raise UserError(
                f"no stage was ever claimed in {_names(request)}, so nothing can be forecast; add the stage history."
            )
        pin_deals(log, processes)
        record_proof(log, processes)
        yield log, processes


def forecast_json(found: Forecast) -> str:
    """Everything as JSON: the fields of `headway.forecast.value.Forecast`, instants in ISO 8601 UTC."""
    return _json("headway/forecast/1", found)


def backtest_json(found: Backtest) -> str:
    """Everything as JSON: the fields of `headway.forecast.value.Backtest`, dates in ISO 8601."""
    return _json("headway/forecast-backtest/1", found)


def _json(schema: str, found: object) -> str:
    import json

    from headway.diagnosis.json_text import plain

    return json.dumps({"schema": schema} | plain(found), ensure_ascii=False, indent=1, allow_nan=False)


def _show(
    found: Forecast, title: str, *, every: bool, html: Path | None, json: Path | None, language: Language
) -> None:
    """Print the forecast (unless a file takes standard output) and write the files asked for."""
    from headway.report.page import render_forecast

    if html is not None:
        write_text(html, report_in(language, render_forecast(found, title)))
    if json is not None:
        write_text(json, forecast_json(found))
    if "-" not in (str(html), str(json)):
        from rich.console import Console

        from headway.cli.forecast_text import forecast_text

        Console(highlight=False).print(forecast_text(found, title, every=every, html=html, json=json))


def _names(request: Request) -> str:
    return ", ".join(path.name for path in request.files)
