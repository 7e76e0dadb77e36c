"""What only the user can know, asked once: at a terminal, else by an error that names the option to pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from headway.basics.errors import UserError


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: `value` is what is passed, `label` what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is a full sentence without what to do; `option` is the command-line option that answers it."""

    text: str
    option: str
    choices: tuple[Choice, ...]


Ask = Callable[[Question], str]
"""Puts a question and returns the `value` of the choice taken."""


def answer(question: Question, ask: Ask | None) -> str:
    """The value chosen. Without anyone to ask, UserError says what to pass."""
    if ask is None:
        ways = " or ".join(f"`{question.option} {choice.value}` ({choice.label})" for choice in question.choices)
        raise UserError(f"{question.text} Pass {ways}.")
    given = ask(question)
    if given not in {choice.value for choice in question.choices}:
        raise UserError(f"{question.text} {given!r} is no answer; pass `{question.option}`.")
    return given
