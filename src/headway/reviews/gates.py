"""Gates, one rung at a time: how a claim ends at one, and what a rung must have earned."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

PASSED, WARNED, REASONED, ASKED, BLOCKED = "passed", "warned", "reasoned", "asked", "blocked"


class Rung(StrEnum):
    """What a gate does with a claim that lacks what its stage requires; the ladder, lowest first."""

    OBSERVE = "observe"
    WARN = "warn"
    ASK = "ask"
    BLOCK = "block"


LADDER = tuple(Rung)


def ended_of(rung: Rung, *, lacks: bool, reason: bool) -> str:
    """passed · warned · reasoned (asked, and gave one) · asked (gave none, so it did not pass) · blocked."""
    if not lacks or rung is Rung.OBSERVE:
        return PASSED
    if rung is Rung.WARN:
        return WARNED
    if rung is Rung.ASK:
        return REASONED if reason else ASKED
    return BLOCKED


def warns_text(stage: str, missing: Sequence[str]) -> str:
    """Said after a claim that passed with a warning."""
    return f"{stage} is claimed ahead of the buyer: nothing shows yet that {said(missing)}."


def asks_text(stage: str, missing: Sequence[str]) -> str:
    """Said where a reason is asked for."""
    return (
        f"Nothing shows yet that {said(missing)}: record it, or say in a few words why the deal is in {stage} all the "
        "same."
    )


def blocks_text(stage: str, missing: Sequence[str]) -> str:
    """Said where a claim is held back."""
    return f"{stage} opens once something shows that {said(missing)}: record what the buyer did, then move the deal."


def said(missing: Sequence[str]) -> str:
    """`the buyer …` of each, as one clause; `“The buyer names the problem” and 2 more`."""
    texts = [f"“{text.rstrip('.')}”" for text in missing]
    if len(texts) > 3:
        texts = [*texts[:2], f"{len(texts) - 2} more"]
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
