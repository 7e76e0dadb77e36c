"""Questions that only the user can answer, put at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import typer

if TYPE_CHECKING:
    from rich.console import Console

    from headway.connectors.question import Ask, Question


def terminal_ask(console: Console) -> Ask:
    """An `Ask` that lists the choices by number and takes one; end of input ends the command."""

    def ask(question: Question) -> str:
        console.print(f"\n{question.text}", style="bold", markup=False)
        for number, choice in enumerate(question.choices, 1):
            console.print(f"  {number}  {choice.label}", markup=False)
        numbers = click.Choice([str(number) for number in range(1, len(question.choices) + 1)])
        taken: str = typer.prompt("Which", type=numbers, err=True)
        return question.choices[int(taken) - 1].value

    return ask
