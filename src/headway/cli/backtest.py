"""`headway backtest RULE FILES`: what a gate would have done to past deals, before it is imposed on anybody."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.basics.errors import UserError
from headway.cli.log_options import (
    MEMORY_MIB,
    Columns,
    Files,
    JsonFile,
    Layout,
    MappingFile,
    MarkOfDecimals,
    Memory,
    OrderOfDay,
    Processes,
    Zone,
    requested,
)
from headway.cli.reading import Request, at_terminal, read_log
from headway.cli.written_file import write_text

if TYPE_CHECKING:
    from headway.connectors.question import Ask
    from headway.connectors.source import Progress
    from headway.verdict.gate import Backtest


def backtest(
    rule: Annotated[Path, typer.Argument(help="The rule (YAML): when it asks, and what it needs.", show_default=False)],
    files: Files,
    process: Processes = None,
    mapping: MappingFile = None,
    column: Columns = None,
    layout: Layout = None,
    day_order: OrderOfDay = None,
    decimal_mark: MarkOfDecimals = None,
    zone: Zone = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Only what was known on that day.")
    ] = None,
    margin: Annotated[
        float, typer.Option(min=1, max=50, help="Points of share won that still count as no difference.")
    ] = 10,
    json: JsonFile = None,
    every: Annotated[bool, typer.Option("--all", help="List every deal it would have stopped.")] = False,
    memory: Memory = MEMORY_MIB,
) -> None:
    """Try a gate on past deals before imposing it: which it would have stopped, and how they ended.

    It sees only what had been recorded at the time. It says which rung (observe, warn, ask, block) your past supports.
    """
    request = requested(
        files, process=process, mapping=mapping, column=column, layout=layout, day_order=day_order,
        decimal_mark=decimal_mark, zone=zone, as_of=as_of, memory=memory,
    )  # fmt: skip
    with at_terminal() as (ask, progress):
        found = run_backtest(request, rule, margin=margin / 100, ask=ask, progress=progress)
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
    from headway.evidence.many import record_proof
    from headway.process.loader import load_process
    from headway.verdict.gate_backtest import backtest as backtest_of
    from headway.verdict.gate_file import load_gate

    load_gate(rule, None)
    processes = [load_process(path) for path in request.processes]
    if processes:
        load_gate(rule, processes)
    with read_log(request, ask=ask, progress=progress) as (log, _):
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
