"""What becomes of a message that was handed over, told in one value whatever it was handed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Became(StrEnum):
    """How a hand-over ended."""

    SENT = "sent"
    LATER = "later"  # not accepted, and trying again can help
    REFUSED = "refused"  # not accepted, and it cannot
    UNHEARD = "unheard"  # handed over, and the answer was lost


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sentence`: for people, where it was not sent. `pause`: what the other side asked to wait, if it did."""

    became: Became
    sentence: str = ""
    pause: timedelta | None = None


SENT = Outcome(Became.SENT)


def later(sentence: str, pause: timedelta | None = None) -> Outcome:
    """Not now."""
    return Outcome(Became.LATER, sentence, pause)


def refused(sentence: str) -> Outcome:
    """Never, as it is."""
    return Outcome(Became.REFUSED, sentence)
