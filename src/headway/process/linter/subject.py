"""Which words of a line name whoever acts, so that a page can mark them."""

from __future__ import annotations

import re

from headway.process.linter.clause import Shape
from headway.process.linter.judge import judge

_WORD = re.compile(r"[^\W_]+(?:[-‑'’.&+][^\W_]+)*")
_ACTING = (Shape.ACTIVE, Shape.STATE)


def subject_span(text: str) -> tuple[int, int] | None:
    """Start and end (exclusive) of the words that name the doer; None where the line leaves the doer out."""
    clause = judge(text).clause
    words = clause.agent.words if clause.agent else clause.subject.words if clause.shape in _ACTING else ()
    if not words:
        return None
    found = [(match.start(), match.end(), _plain(match.group())) for match in _WORD.finditer(text)]
    for first in range(len(found) - len(words) + 1):
        part = found[first : first + len(words)]
        if all(one[2] == word for one, word in zip(part, words, strict=True)):
            return part[0][0], part[-1][1]
    return None


def _plain(word: str) -> str:
    return re.sub(r"['’]s$", "", word.lower().replace("’", "'"))
