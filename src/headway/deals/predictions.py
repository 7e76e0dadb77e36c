"""What whoever allows an exception expects: kept in the event's `ref`, so that every log can be scored by it."""

from __future__ import annotations

from enum import StrEnum

MARK = "predicted: "


class Predicted(StrEnum):
    """The three results that may be predicted. Everything else, and nothing at all, is unpredicted."""

    PROVEN = "proven"  # the buyer will have done what the stage takes by the end of the exception
    WON = "won"  # the deal is won
    ENDED = "ended"  # the deal ends without being won


def ref_of(predicted: Predicted) -> str:
    """How the event carries it: `predicted: won`."""
    return f"{MARK}{predicted.value}"


def predicted_in(ref: str | None) -> Predicted | None:
    """What the `ref` of an `exception_allowed` event predicts; None where it says nothing that is known."""
    said = " ".join((ref or "").split()).casefold()
    return next((one for one in Predicted if said == ref_of(one)), None)
