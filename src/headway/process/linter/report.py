"""What the linter says about a documented process: one judgement per line, and their summary."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Who(StrEnum):
    """Whose act a line describes, and so who could show the proof of it."""

    SELLER = "seller"
    BUYER = "buyer"
    OUTCOME = "outcome"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a documented process: its place in the source (1-based) and its text without markup.

    `line` is the line of a text file, else the paragraph (Word) or the text run counted over all slides (PowerPoint).
    """

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class LintedLine:
    """One judged line.

    `observable`: somebody other than the doer could see it happen. `binary`: on any day it either has happened
    or has not. `provable`: a record that the buyer made could show it. `rewrite` has the buyer as its subject and
    passes all three; it is None for an outcome and for a buyer's line that passes already. `reason` is one sentence.
    """

    line: int
    text: str
    who: Who
    rewrite: str | None
    observable: bool
    binary: bool
    provable: bool
    reason: str


@dataclass(frozen=True, slots=True)
class LintReport:
    """The judged lines, in the order of the source."""

    lines: tuple[LintedLine, ...]

    @property
    def counts(self) -> dict[Who, int]:
        """Lines by who they describe; every kind is present, if only with 0."""
        seen = Counter(line.who for line in self.lines)
        return {who: seen[who] for who in Who}

    @property
    def seller(self) -> int:
        """Number of lines that describe the seller."""
        return self.counts[Who.SELLER]

    @property
    def buyer(self) -> int:
        """Number of lines that describe the buyer."""
        return self.counts[Who.BUYER]

    @property
    def ready(self) -> int:
        """Number of lines that can stand as milestones as they are: the buyer's, observable, binary and provable."""
        return sum(line.who is Who.BUYER and line.rewrite is None for line in self.lines)

    @property
    def summary(self) -> str:
        """One sentence, such as "9 of 11 lines describe the seller."."""
        count, seller = len(self.lines), self.seller
        if count == 0:
            return "No line of a process was found."
        if count == 1:
            return f"The only line {_ONLY[self.lines[0].who]}."
        if seller == 0:
            return f"{'Neither' if count == 2 else 'None'} of the {count} lines describes the seller."
        if seller == count:
            return f"{'Both' if count == 2 else f'All {count}'} lines describe the seller."
        return f"{seller} of {count} lines {'describes' if seller == 1 else 'describe'} the seller."


_ONLY = {
    Who.SELLER: "describes the seller",
    Who.BUYER: "describes the buyer",
    Who.OUTCOME: "is an outcome",
    Who.UNCLEAR: "does not say who acts",
}
