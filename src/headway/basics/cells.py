"""Cells of the tables we write: no spreadsheet takes one for a formula, and reading takes the guard off again."""

from __future__ import annotations

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
GUARD = "'"
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?%?", re.ASCII)


def guarded(text: str) -> str:
    """The text with a quote before what a spreadsheet would take for a formula; a number stays a number.

    A text that begins with the quote and such a sign already gets another, so that `unguarded` gives it back.
    """
    plain = text.lstrip(GUARD) if text.startswith(GUARD) else text
    if not plain.startswith(FORMULA) or (plain == text and NUMBER.fullmatch(text)):
        return text
    return GUARD + text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    if text.startswith(GUARD) and text.lstrip(GUARD).startswith(FORMULA):
        return text[1:]
    return text
