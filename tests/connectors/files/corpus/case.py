"""What a case of the corpus is: the bytes of a file, and the table or the sentence that they must give."""

from __future__ import annotations

from dataclasses import dataclass, field

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Gives:
    """The file must give this table: rows as strings (None = missing), lines, and exactly these repairs with counts."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    lines: tuple[int, ...]
    repairs: dict[str, int] = field(default_factory=dict)
    kinds: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Says:
    """The file must be refused with one sentence that holds each of these fragments."""

    fragments: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """One bad (or merely odd) file. `name` is the case, `file` what the file is called."""

    name: str
    file: str
    data: bytes
    expected: Gives | Says


HEADER = ("Id", "Name", "Amount")
TWO = ((("1", "Müller", "5")), (("2", "Beta", "7")))
PLAIN = "Id,Name,Amount\n1,Müller,5\n2,Beta,7\n"


def two(repairs: dict[str, int] | None = None, lines: tuple[int, ...] = (2, 3)) -> Gives:
    """The two records that most cases hold, so that a case shows only what is odd about it."""
    return Gives(HEADER, TWO, lines, repairs or {})
