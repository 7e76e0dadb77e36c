"""How a buyer may have done what a milestone asks for: ready-made choices, drawn from its own words."""

from __future__ import annotations

import re

from headway.evidence.shown import past_of
from headway.process.definition import Milestone

CALL, MEETING, MAIL = "said so on a call", "said so in a meeting", "wrote it in a mail"
DOCUMENT, SIGNED, INTRODUCED = "sent a document", "signed", "introduced the person"
JOINED, TRIED, SHARED = "took part in a session", "tried it themselves", "did it in a shared system"
DRAWN = (
    (r"\b(sign|signs|signature|signed)\b", (SIGNED, DOCUMENT)),
    (r"\b(writ|mail|send|sends|sent|return|paper|contract|document|list)\w*", (MAIL, DOCUMENT)),
    (r"\b(session|workshop|take part|takes part|meet|everyone)\w*", (JOINED, MEETING, MAIL)),
    (r"\b(names|introduc\w*|brings in)\b", (INTRODUCED, CALL)),
    (r"\b(tries|try|tests|pilot|trial|uses|log\w* in)\b", (TRIED, SHARED)),
)
USUAL = (CALL, MEETING, MAIL)
MOST = 5


def choices_of(milestone: Milestone) -> tuple[str, ...]:
    """At most five, the likeliest first: the process's own acts, what the line speaks of, then the usual ones."""
    line = milestone.buyer.casefold()
    drawn = [choice for pattern, choices in DRAWN if re.search(pattern, line) for choice in choices]
    return tuple(dict.fromkeys([*milestone.proof.acts, *drawn, *USUAL]))[:MOST]


def what_was_done(milestone: Milestone) -> str:
    """`Named the person who can release the money`: the milestone as done; its own line where it cannot be turned."""
    said = past_of(milestone.buyer) or milestone.buyer.strip().rstrip(".")
    return said[:1].upper() + said[1:]
