"""`headway backtest RULE FILES`: what a gate would have done to past deals, before it is imposed on anybody."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.basics.errors import UserError
from headway.cli.diagnose import DayOrder, DecimalMark
from headway.cli.diagnosing import Request, as_of_moment, column_roles, is_small, no_deals
from headway.cli.written_file import write_text

if TYPE_CHECKING:
    from headway.connectors.question import Ask
    from headway.connectors.source import Progress
    from headway.verdict.gate import Backtest


def backtest(
    rule: Annotated[Path, typer.Argument(help="The rule (YAML): when it asks, and what it needs.", show_default=False)],
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
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Only what was known on that day.")
    ] = None,
    margin: Annotated[
        float, typer.Option(min=1, max=50, help="Points of share won that still count as no difference.")
    ] = 10,
    json: Annotated[Path | None, typer.Option("--json", help="Write everything as JSON (-: to the output).")] = None,
    every: Annotated[bool, typer.Option("--all", help="List every deal it would have stopped.")] = False,
    memory: Annotated[int, typer.Option(min=256, help="Memory for the engine, in MiB; beyond, it uses disk.")] = 1536,
) -> None:
    """Try a gate on past deals before imposing it: which it would have stopped, and how they ended.

    It sees only what had been recorded at the time. It says which rung (observe, warn, ask, block) your past supports.
    """
    request = Request(
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
    )
    found = _with_progress(request, rule, margin / 100)
    if json is not None:
        write_text(json, backtest_json(found))
    if str(json) != "-":
        from rich.console import Console

        from headway.cli.backtest_text import backtest_text

        Console(highlight=False).print(backtest_text(found, every=every, json=json))


def run_backtest(
    request: Request, rule: Path, *, margin: float, ask: Ask | None, progress: Progress | None = None
) -> Backtest:
    """Read, build, replay. Raises UserError for anything a user can mend; the rule is checked before the data."""
    from headway.conformance.pinning import pin_deals
    from headway.conformance.practised import practised_processes
    from headway.connectors.mapping_file import load_mapping
    from headway.connectors.source import read_sources
    from headway.deals.event_log import EventLog
    from headway.evidence.many import record_proof
    from headway.process.loader import load_process
    from headway.verdict.gate_backtest import backtest as backtest_of
    from headway.verdict.gate_file import load_gate

    load_gate(rule, None)
    processes = [load_process(path) for path in request.processes]
    if processes:
        load_gate(rule, processes)
    with EventLog(memory_mib=request.memory_mib, in_memory=is_small(request.files)) as log:
        report = read_sources(
            request.files,
            log,
            mapping=load_mapping(request.mapping) if request.mapping else None,
            columns=column_roles(request.columns),
            layout=request.layout,
            day_order=request.day_order,
            decimal_mark=request.decimal_mark,
            zone=request.zone,
            ask=ask,
            progress=progress,
        )
        log.build(as_of_moment(request.as_of, report, log))
        if not log.value("SELECT count(*) FROM deals"):
            raise UserError(no_deals(request, report))
        chosen = processes or [one.process for one in practised_processes(log)]
        if not chosen:
            raise UserError("no stage was ever claimed in these files, so no gate can be tried; add the stage history.")
        gate = load_gate(rule, chosen)
        pin_deals(log, chosen)
        record_proof(log, chosen)
        return backtest_of(log, chosen, gate, margin=margin)


def backtest_json(found: Backtest) -> str:
    """Everything as JSON: the fields of `headway.verdict.gate.Backtest`, instants in ISO 8601 UTC."""
    import json

    from headway.diagnosis.json_text import plain

    return json.dumps(plain(found), ensure_ascii=False, indent=1, allow_nan=False)


def _with_progress(request: Request, rule: Path, margin: float) -> Backtest:
    """Run with a bar on standard error when that is a terminal; ask there when standard input is one too."""
    from rich.console import Console

    from headway.cli.asking import terminal_ask
    from headway.cli.reading_bar import reading_bar

    console = Console(stderr=True)
    ask = terminal_ask(console) if console.is_terminal and typer.get_text_stream("stdin").isatty() else None
    with reading_bar(console) as progress:
        return run_backtest(request, rule, margin=margin, ask=ask, progress=progress)
