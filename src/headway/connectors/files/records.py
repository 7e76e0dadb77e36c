"""The records of a text file: parsing one at a time, carefully, saying what is odd and where."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from headway.basics.errors import UserError
from headway.connectors.files.dialect import Dialect
from headway.connectors.files.repairs import RepairLog

_NO_FIELD_LIMIT = 2**31 - 1  # cells are measured afterwards, so that the message can say where


def records(text: str, dialect: Dialect, name: str, log: RepairLog) -> Iterator[tuple[int, list[str]]]:
    """Each record with the 1-based line on which it starts; blank lines are empty records.

    Cells are quoted as in RFC 4180. A quote inside a quoted cell that should have been doubled is kept as it
    stands where the record then ends on its line with as many cells as the one before (a repair). Otherwise,
    and at the end of the file, UserError names the line on which the quote was opened.
    """
    csv.field_size_limit(_NO_FIELD_LIMIT)
    pending: list[str] = []
    reader = csv.reader(
        _remembering(io.StringIO(text, newline=""), pending),
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        skipinitialspace=dialect.skips_spaces,
        escapechar=dialect.escape,
        doublequote=dialect.escape is None,
        strict=True,
    )
    offset = dialect.lines_before
    width: int | None = None
    while True:
        start = reader.line_num + 1 + offset
        try:
            for row in reader:
                width = len(row) or width
                yield start, row
                start = reader.line_num + 1 + offset
                pending.clear()
            return
        except csv.Error:
            row_or_none = _leniently_split(pending[0], dialect) if len(pending) == 1 else None
            if row_or_none is None or (width is not None and len(row_or_none) != width):
                line = start + _opening_line("".join(pending), dialect)
                raise UserError(
                    f"{name}: the quote opened on line {line} is never closed; close it there, or export again."
                ) from None
            why = "Quotes inside a quoted cell were not doubled; they were kept as they stand."
            log.add("repaired", "stray quote", why, [start])
            pending.clear()
            yield start, row_or_none


def _remembering(lines: Iterator[str], pending: list[str]) -> Iterator[str]:
    for line in lines:
        pending.append(line)
        yield line


def _leniently_split(line: str, dialect: Dialect) -> list[str] | None:
    """The cells of one line, a quote closing its cell only before a separator or the end; None if one stays open."""
    separator, quote = dialect.separator, dialect.quote
    rest = line.rstrip("\r\n")
    cells: list[str] = []
    while True:
        if not rest.startswith(quote):
            cell, found, rest = rest.partition(separator)
            cells.append(cell)
            if not found:
                return cells
            continue
        end = 1
        while True:
            end = rest.find(quote, end)
            if end < 0:
                return None
            while rest[end + 1 : end + 2] == quote:  # the last of several closes the cell, if any does
                end += 1
            behind = rest[end + 1 :].lstrip(" ")
            if not behind or behind[0] == separator:
                break
            end += 1
        cells.append(rest[1:end].replace(quote * 2, quote))
        if not behind:
            return cells
        rest = behind[1:]


def _opening_line(text: str, dialect: Dialect) -> int:
    """How many lines below the start of a broken record the last quoted cell of it begins."""
    at_start, inside, opened, line = True, False, 0, 0
    previous = ""
    for character in text:
        if character == "\n" or previous == "\r":
            line += 1
            if previous == "\r" and character == "\n":
                line -= 1
        if inside:
            inside = character != dialect.quote
        elif character == dialect.quote and (at_start or previous == dialect.quote):
            # A doubled quote re-enters the same cell, so it does not count as another opening.
            opened, inside = (line if at_start else opened), True
        at_start = not inside and character in (dialect.separator, "\n", "\r")
        previous = character
    return opened
