"""`headway process check FILE`: every mistake at once, or the process as people read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from headway.process.definition import Process


def check(file: Annotated[Path, typer.Argument(help="A process file (YAML).", show_default=False)]) -> None:
    """Check a process file and show it: what the buyer must have done, and what is asked of the seller.

    Where something is wrong, all mistakes are listed, each with its line, and the exit status is 2.
    """
    from rich.console import Console

    from headway.process.loader import load_process

    print_check(Console(highlight=False), file, load_process(file))


def print_check(console: Console, file: Path, process: Process) -> None:
    """The process, what it leaves open, and what can be done with it."""
    from headway.cli.process_view import process_view, question_view
    from headway.process.draft import open_questions

    console.print(process_view(process))
    console.print()
    questions = open_questions(process)
    if questions:
        console.print(question_view(questions))
        console.print()
    verdict = f"{file} is sound" + (", with questions open." if questions else ".")
    console.print(verdict, style="bold", markup=False, soft_wrap=True)
    console.print(f"Next: headway diagnose YOUR_EXPORT --process {file}", style="dim", markup=False, soft_wrap=True)
