"""`headway demo`: a simulated firm, written as a CRM would export it, and diagnosed like any other export."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from headway.cli.diagnosing import Request, run_diagnosis


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the firm's files and the report.")] = Path(
        "demo-output"
    ),
    seed: Annotated[int, typer.Option(help="Another number makes another firm.")] = 7,
    ends_on: Annotated[
        datetime | None, typer.Option("--ends-on", formats=["%Y-%m-%d"], help="Last day of its history.")
    ] = None,
) -> None:
    """Simulate a firm of twelve sellers over eighteen months ending yesterday, and diagnose it."""
    from rich.console import Console

    from headway.cli.diagnose import show
    from headway.demo.company import simulate

    console = Console()
    last_day = ends_on.date() if ends_on else (datetime.now(UTC) - timedelta(days=1)).date()
    console.print(f"Simulating a firm of twelve sellers over eighteen months, up to {last_day} …", highlight=False)
    files = simulate(seed, last_day).write(out)
    exports = tuple(file for file in files if file.suffix == ".csv")
    processes = tuple(file for file in files if file.suffix == ".yaml")
    console.print(f"Diagnosing {', '.join(str(file) for file in exports)} against {processes[0]} …", highlight=False)
    found = run_diagnosis(Request(files=exports, processes=processes, as_of=last_day), ask=None)
    show(found, html=out / "report.html", json=out / "diagnosis.json", lines=False)
