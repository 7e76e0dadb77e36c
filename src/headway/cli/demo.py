"""`headway demo`: a simulated firm, or your own export, in a running application on this machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.basics.errors import UserError
from headway.cli.diagnosing import run_diagnosis
from headway.cli.reading import Request

if TYPE_CHECKING:
    from headway.verdict.value import PlantedTruth


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the files, the report and the application.")] = Path(
        "demo-output"
    ),
    seed: Annotated[int, typer.Option(help="Another number makes another firm.")] = 7,
    ends_on: Annotated[
        datetime | None, typer.Option("--ends-on", formats=["%Y-%m-%d"], help="Last day of its history.")
    ] = None,
    file: Annotated[
        list[Path] | None, typer.Option("--file", help="Load this export instead of the firm; may be repeated.")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port of the application.")] = 8000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Run the application, or only diagnose.")] = True,
) -> None:
    """Try Headway: a firm of twelve sellers over eighteen months ending yesterday, or your own export.

    Diagnoses it into a report, then runs the application with it until Ctrl-C, and prints three logins. Every call
    begins anew: what was recorded in an earlier demo of this folder is gone.
    """
    from rich.console import Console

    from headway.cli.demo_site import free_port, run_site
    from headway.cli.diagnose import show
    from headway.cli.written_file import write_text
    from headway.diagnosis.json_text import json_text
    from headway.report.page import render
    from headway.report.verdict_words import was_it_right

    console = Console()
    port = free_port(port) if serve else port
    exports, processes, day, truths = files_of_demo(out, seed, ends_on, tuple(file or ()), console.print)
    against = f" against {processes[0]}" if processes else ""
    console.print(f"Diagnosing {', '.join(str(one) for one in exports)}{against} …", highlight=False)
    found = run_diagnosis(Request(files=exports, processes=processes, as_of=day), truths=truths)
    html, json = out / "report.html", out / "diagnosis.json"
    if not serve:
        show(found, html=html, json=json, lines=False)
        return
    write_text(html, render(found))
    write_text(json, json_text(found))
    console.print()
    for place, sentence in enumerate(found.sentences, 1):
        console.print(f"{place}  {sentence.text}", highlight=False, markup=False)
    if found.judged is not None:
        right = was_it_right(found.judged.verdicts)
        console.print(f"\n{found.judged.sentence} {right or ''}".rstrip(), highlight=False, markup=False)
    console.print(f"\nAll of it: {html}\nLoading the deals into the application …", highlight=False, markup=False)
    run_site(out / "home", exports, processes, port, truths)


def files_of_demo(
    out: Path, seed: int, ends_on: datetime | None, given: tuple[Path, ...], say: Callable[[str], None]
) -> tuple[tuple[Path, ...], tuple[Path, ...], date | None, dict[str, PlantedTruth]]:
    """(exports, process files, as of, truths by step): the simulated firm, written into `out`, or the files given."""
    from headway.demo.company import simulate
    from headway.demo.planted import planted_truths

    if given:
        missing = [str(path) for path in given if not path.is_file()]
        if missing:
            raise UserError(f"{' and '.join(missing)} cannot be found: pass the path of your CRM's export.")
        out.mkdir(parents=True, exist_ok=True)
        return given, (), None, {}
    last_day = ends_on.date() if ends_on else (datetime.now(UTC) - timedelta(days=1)).date()
    say(f"Simulating a firm of twelve sellers over eighteen months, up to {last_day} …")
    company = simulate(seed, last_day)
    files = company.write(out)
    exports = tuple(one for one in files if one.suffix == ".csv")
    return exports, tuple(one for one in files if one.suffix == ".yaml"), last_day, planted_truths(company)
