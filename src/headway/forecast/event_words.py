"""What happened on a deal, in words that begin with a small letter and have no full stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from headway.evidence.known_about import topic_of
from headway.evidence.shown import past_of
from headway.process.linter.verbs import IRREGULAR

BUYER = "the buyer"
LONGEST = 80  # characters of what somebody wrote


@dataclass(frozen=True, slots=True)
class Act:
    """What a buyer did, in words: `Jan Ito returned the signed offer`. `proves`: it shows a milestone."""

    said: str
    proves: bool


def day_said(on: date, today: date) -> str:
    """`12 March`; with its year where that is another than today's."""
    return f"{on.day} {on:%B}{'' if on.year == today.year else f' {on.year}'}"


def act_said(contact: str | None, name: str | None) -> str:
    """`Jan Ito returned the signed offer`; of an act that is not named by a verb, `Jan Ito acted (signature)`."""
    who, did = _who(contact), short(topic_of(name))
    verb, _, rest = did.partition(" ")
    if verb.lower() in IRREGULAR or verb.lower().endswith("ed"):
        return f"{who} {verb.lower()}{f' {rest}' if rest else ''}"
    return f"{who} acted ({did})" if did else f"{who} acted"


def shown_said(contact: str | None, line: str) -> str:
    """What evidence for a milestone says the buyer did; its line as it stands where it cannot be put into the past."""
    who, told = _who(contact), past_of(line)
    return f"{who} {told}" if told else f"{who} has shown: “{line.strip().rstrip('.')}”"


def short(text: str | None) -> str:
    """What somebody wrote, on one line, without a full stop, cut where it is long."""
    line = " ".join((text or "").split()).rstrip(".")
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def _who(contact: str | None) -> str:
    return contact.strip() if contact and contact.strip() else BUYER
