"""`headway process lint`: whose act is each line of a process, and how does it read with the buyer as subject?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.basics.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from headway.process.linter import LintedLine, LintReport

# Colour, sign and word say the same, so that none of them is needed alone.
_LOOK = {
    "seller": ("●", "bold yellow"),
    "buyer": ("◆", "bold green"),
    "outcome": ("■", "bold blue"),
    "unclear": ("?", "bold magenta"),
}


def lint(
    file: Annotated[
        Path | None,
        typer.Argument(help="Markdown, text, HTML, .docx, .pptx or a process file; - or nothing reads standard input."),
    ] = None,
    json_out: Annotated[
        bool, typer.Option("--json", help="Print a list of objects, one per line of the process.")
    ] = False,
    why: Annotated[bool, typer.Option("--why", help="Say for each line how it was judged.")] = False,
) -> None:
    """Say whose act each line of a documented process is, and rewrite it with the buyer as its subject.

    Exit status 0 when the file could be read, whatever it says; 2 with one sentence when it could not.
    """
    from headway.process.linter import lint_lines, read_lines

    lines = read_lines(_standard_input()) if file is None or str(file) == "-" else read_lines(file)
    report = lint_lines(lines)
    if json_out:
        sys.stdout.write(json.dumps([as_object(line) for line in report.lines], ensure_ascii=False, indent=2) + "\n")
        return
    from rich.console import Console

    show(report, Console(highlight=False), why=why)


def _standard_input() -> bytes:
    """What is piped in; a terminal has nothing to say until asked, so it is told what to do."""
    if sys.stdin.isatty():
        raise UserError(
            "There is nothing to lint: name a file, or pipe your stages in, one per line (- reads standard input)."
        )
    from headway.process.linter.reading import MOST_FILE

    return sys.stdin.buffer.read(MOST_FILE + 1)


def as_object(line: LintedLine) -> dict[str, Any]:
    """A judged line as `--json` prints it."""
    return {
        "line": line.line,
        "text": line.text,
        "who": line.who.value,
        "rewrite": line.rewrite,
        "observable": line.observable,
        "binary": line.binary,
        "provable": line.provable,
        "reason": line.reason,
    }


def show(report: LintReport, console: Console, *, why: bool = False) -> None:
    """Print a report: each line with who it describes, the rewrite beneath it, then the summary."""
    from rich.table import Table
    from rich.text import Text

    width = min(console.width, 110)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.width = width
    for line in report.lines:
        sign, style = _LOOK[line.who.value]
        table.add_row(str(line.line), Text(f"{sign} {line.who.value}", style=style), _body(line, why))
    if report.lines:
        console.print()
        console.print(table)
    console.print(Text(report.summary, style="bold"))
    for sentence in closing(report):
        console.print(Text(sentence), width=width)


def _body(line: LintedLine, why: bool) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    parts: list[RenderableType] = [Text(printable(line.text), style="bold")]
    if line.who.value == "buyer" and line.rewrite is not None:
        parts.append(Text("the buyer's, but " + _lacks(line), style="dim"))
    if why:
        parts.append(Text(printable(line.reason), style="dim italic"))
    if line.rewrite is not None:
        arrow = Table.grid(padding=(0, 1, 0, 0))
        arrow.add_column(width=1)
        arrow.add_column()
        arrow.add_row(Text("→", style="green"), Text(printable(line.rewrite), style="green"))
        parts.append(arrow)
    elif line.who.value == "buyer":
        parts.append(Text("can stand as it is", style="dim green"))
    return Padding(Group(*parts), (0, 0, 1, 0))


def _lacks(line: LintedLine) -> str:
    lacks = [
        word
        for word, holds in (("observable", line.observable), ("binary", line.binary), ("provable", line.provable))
        if not holds
    ]
    return "not " + " and not ".join(lacks) if len(lacks) < 3 else "not observable, binary or provable"


def closing(report: LintReport) -> list[str]:
    """What follows the summary: the other lines by kind, and what to do."""
    counts = {who.value: count for who, count in report.counts.items()}
    said = []
    if counts["buyer"]:
        ready = f"{report.ready or 'none'} of them can stand as {_agree(report.ready, 'it is', 'they are')}"
        if counts["buyer"] == 1:
            ready = f"it {_agree(report.ready, 'can', 'cannot')} stand as it is"
        said.append(f"{counts['buyer']} {_agree(counts['buyer'], 'describes', 'describe')} the buyer ({ready})")
    if counts["unclear"]:
        said.append(f"{counts['unclear']} {_agree(counts['unclear'], 'does', 'do')} not say who acts")
    if counts["outcome"]:
        said.append(f"{counts['outcome']} {_agree(counts['outcome'], 'is an outcome', 'are outcomes')}")
    sentences = []
    if said and len(report.lines) > 1:
        listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
        sentences.append(f"{'Of the others, ' if counts['seller'] else 'Of them, '}{listed}.")
    if any(line.rewrite for line in report.lines):
        sentences.append(
            "A stage is real only when the buyer has done something: keep what fits of the sentences after →."
        )
    return sentences


def _agree(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


def printable(text: str) -> str:
    """Text without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)
