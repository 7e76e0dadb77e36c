"""What the linter says beside each milestone, and in one sentence about them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from headway.process.form import MilestoneForm
from headway.process.form_check import one_line
from headway.process.linter import SourceLine, Who, lint_lines

LABELS = {Who.SELLER: "Seller", Who.BUYER: "Buyer", Who.UNCLEAR: "Who?", Who.OUTCOME: "Outcome"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Beside one milestone: who acts, a few words, the rewrite (empty where none is needed)."""

    uid: str
    who: str
    label: str
    said: str
    rewrite: str

    @property
    def mended(self) -> bool:
        """Whether the buyer is the subject."""
        return self.who == Who.BUYER.value


def marks_of(milestones: Sequence[MilestoneForm]) -> tuple[Mark, ...]:
    """One mark per milestone that has a text."""
    return tuple(_mark(m.uid, one_line(m.buyer)) for m in milestones if one_line(m.buyer))


def _mark(uid: str, text: str) -> Mark:
    line = lint_lines([SourceLine(1, text)]).lines[0]
    said = {
        Who.SELLER: "",
        Who.UNCLEAR: "says not who acts",
        Who.OUTCOME: "how a deal ends, not what the buyer did",
        Who.BUYER: "" if line.rewrite is None else "in writing it could be shown",
    }[line.who]
    return Mark(uid, line.who.value, LABELS[line.who], said, line.rewrite or "")


def sentence_of(marks: Iterable[Mark]) -> str:
    """ "All 12 milestones say what the buyer has done." or how many do not."""
    listed = list(marks)
    left = sum(not mark.mended for mark in listed)
    if not listed:
        return "No milestone yet. A stage is real when the buyer has done something: say what."
    if not left:
        return (
            f"All {len(listed)} milestones say what the buyer has done."
            if len(listed) > 1
            else ("The milestone says what the buyer has done.")
        )
    return f"{left} of {len(listed)} milestones {'does' if left == 1 else 'do'} not say what the buyer has done."


def seller_lines(lines: Iterable[str]) -> int:
    """How many published milestones describe the seller: those can never show where the buyer is."""
    return sum(lint_lines([SourceLine(1, line)]).lines[0].who is Who.SELLER for line in lines)
