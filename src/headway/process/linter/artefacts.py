"""Things a sale produces: who naturally issues each, and whether its bare name already says who acts.

`issuer` is who makes it, and so who could show it. `kind` says what sort of thing it is; `bare` is the side
that a line consisting of the name alone describes (None where either side does it). `topic` picks the rewrite.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from headway.process.linter.parties import Side, singular
from headway.process.linter.vocabulary import sections_of


class Kind(StrEnum):
    """What sort of thing an artefact is."""

    DOCUMENT = "document"
    EVENT = "event"  # people meet: convening it is the seller's work unless the line says otherwise
    WORK = "work"  # takes time and both sides may do it
    ATTRIBUTE = "attribute"  # a fact about the buyer that nobody issues
    STATUS = "status"  # where a record stands, not an act


@dataclass(frozen=True, slots=True)
class Artefact:
    """One kind of thing a sale produces."""

    topic: str
    kind: Kind
    issuer: Side | None = None
    bare: Side | None = None


def _artefacts() -> dict[tuple[str, ...], Artefact]:
    found: dict[tuple[str, ...], Artefact] = {}
    for section in sections_of("artefacts.txt"):
        issuer, bare = section.value("issuer"), section.value("bare")
        artefact = Artefact(
            section.name, Kind(section.flags[0]), Side(issuer) if issuer else None, Side(bare) if bare else None
        )
        found |= {tuple(phrase.split()): artefact for phrase in section.phrases}
    return found


ARTEFACTS = _artefacts()
LONGEST = max(len(words) for words in ARTEFACTS)


def find_artefact(words: tuple[str, ...]) -> tuple[Artefact, int] | None:
    """The artefact named by the longest known ending of `words` (lower case), and how many words name it."""
    for size in range(min(LONGEST, len(words)), 0, -1):
        tail = words[-size:]
        for form in (tail, (*tail[:-1], singular(tail[-1]))):
            if form in ARTEFACTS:
                return ARTEFACTS[form], size
    return None
