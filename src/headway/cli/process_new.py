"""`headway process new`: a process file to begin with, from a starter or from the stages of an export."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.basics.errors import UserError
from headway.cli.written_file import write_text

if TYPE_CHECKING:
    from headway.conformance.practised import Practised

DEFAULT_STARTER = "buyer_terms"


def new(
    starter: Annotated[
        str | None,
        typer.Option("--starter", "-s", help="buyer_terms (a buying group) or short_cycle (one or two people)."),
    ] = None,
    export: Annotated[
        list[Path] | None, typer.Option("--from", help="An export whose stages to take; may repeat.")
    ] = None,
    more: Annotated[
        list[Path] | None,
        typer.Argument(metavar="EXPORT", help="More files of the same export.", show_default=False),
    ] = None,
    pipeline: Annotated[str | None, typer.Option(help="Which pipeline of the export.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write it (- for standard output).")] = Path(
        "process.yaml"
    ),
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a process file to begin with.

    Without --from it is a starter in buyer terms. With --from, it has the stages of your export in the order in
    which deals went through them, and asks below each what the buyer must have done.
    """
    if starter and export:
        raise UserError("--starter and --from ask for two different files; pass one of them.")
    if more and not export:
        raise UserError(f"{more[0]} stands alone; write `headway process new --from {more[0]}` to take its stages.")
    if str(out) != "-" and out.exists() and not force:
        raise UserError(f"{out} is there already; choose another with --out, or replace it with --force.")
    text, told = from_export((*(export or ()), *(more or ())), pipeline) if export else from_starter(starter)
    write_text(out, text)
    if str(out) != "-":
        _say(f"Wrote {out}: {told}", f"Next: make it yours in an editor, then headway process check {out}")


def from_starter(name: str | None) -> tuple[str, str]:
    """The file of a starter, and what it is. UserError for a name that is none."""
    from headway.process.loader import parse_process
    from headway.process.starters import starter_text

    text = starter_text(name or DEFAULT_STARTER)
    process = parse_process(text, name or DEFAULT_STARTER)
    return text, f"{len(process.stages)} stages in buyer terms, {len(process.milestones)} milestones."


def from_export(files: tuple[Path, ...], pipeline: str | None) -> tuple[str, str]:
    """A draft with the stages of an export in the order practised, and what it is. UserError as for `diagnose`."""
    from headway.basics.periods import AsOf
    from headway.conformance.practised import practised_processes
    from headway.connectors.source import read_sources
    from headway.deals.event_log import EventLog
    from headway.process.draft import draft_text, process_from_stages

    with EventLog() as log:
        read_sources(files, log)
        log.build(AsOf.moment(datetime.combine(date(9999, 1, 1), time(), UTC)))
        found = practised_processes(log)
    chosen = chosen_pipeline(found, pipeline, files)
    names = [stage.name for stage in chosen.process.stages]
    of_pipeline = chosen.process.pipelines[0] if chosen.process.pipelines else None
    draft = process_from_stages(names, name=of_pipeline or "Our process", pipeline=of_pipeline)
    order = "in the order most deals took" if chosen.order.comparisons else "in no order that the export tells: mend it"
    return draft_text(draft), f"{len(names)} stages, {order}, each with a question about the buyer to answer."


def chosen_pipeline(found: tuple[Practised, ...], pipeline: str | None, files: tuple[Path, ...]) -> Practised:
    """The one asked for, or the only one. UserError where that is none or not clear."""
    names = ", ".join(path.name for path in files)
    if not found:
        raise UserError(f"{names} names no stage of any deal; export the stage or its history with the deals.")
    known = {one.process.name: one for one in found}
    if pipeline is None and len(found) == 1:
        return found[0]
    if pipeline is None:
        raise UserError(f"{names} has {len(found)} pipelines ({', '.join(known)}); name one with --pipeline.")
    if pipeline not in known:
        raise UserError(f"{names} has no pipeline {pipeline!r}; it has {', '.join(known)}.")
    return known[pipeline]


def _say(*lines: str) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    for place, line in enumerate(lines):
        console.print(line, style="dim" if place else None, markup=False, soft_wrap=True)
