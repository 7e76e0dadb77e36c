"""Gates, one rung at a time: how a claim ends at one, and when it may go up. Method: docs/methods/gates.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

PASSED, WARNED, REASONED, ASKED, BLOCKED = "passed", "warned", "reasoned", "asked", "blocked"


class Rung(StrEnum):
    """What a gate does with a claim that lacks what its stage requires; the ladder, lowest first."""

    OBSERVE = "observe"
    WARN = "warn"
    ASK = "ask"
    BLOCK = "block"


LADDER = tuple(Rung)


@dataclass(frozen=True, slots=True)
class Earned:
    """Whether a rung is earned by the past (`headway.verdict.gate_rungs`), and why or why not."""

    rung: Rung
    holds: bool
    why: str


def next_rung(rung: Rung) -> Rung | None:
    """One up; None at the top. There is no other way up."""
    place = LADDER.index(rung)
    return LADDER[place + 1] if place + 1 < len(LADDER) else None


def rung_below(rung: Rung) -> Rung | None:
    """One down; None at the bottom."""
    place = LADDER.index(rung)
    return LADDER[place - 1] if place else None


def refusal_to_rise(rung: Rung, earned: Sequence[Earned], harms: Sequence[str] = ()) -> str:
    """Why a gate on `rung` may not go one up, as a sentence; empty where it may. `harms`: those that show now."""
    up = next_rung(rung)
    if up is None:
        return "This is the highest rung."
    if harms:
        return f"It does harm where it stands: {harms[0]}"
    if not earned:
        return "It has not been measured yet: every analysis does it."
    found = next((one for one in earned if one.rung is up), None)
    if found is None or not found.holds:
        why = found.why if found else "nothing is known of it"
        return f"Your past does not support that it {DOES[up]}: {why}."
    return ""


DOES = {
    Rung.OBSERVE: "observes",
    Rung.WARN: "warns",
    Rung.ASK: "asks for a reason",
    Rung.BLOCK: "blocks",
}


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
    return f"Nothing shows yet that {said(missing)}: record it, or say why the deal is in {stage} all the same."


def blocks_text(stage: str, missing: Sequence[str]) -> str:
    """Said where a claim is held back."""
    return f"{stage} opens once something shows that {said(missing)}: record what the buyer did, then move the deal."


def said(missing: Sequence[str]) -> str:
    """What is missing as one clause, the words of the process in quotes; of more than three the first two."""
    texts = [f"“{text.rstrip('.')}”" for text in missing]
    if len(texts) > 3:
        texts = [*texts[:2], f"{len(texts) - 2} more"]
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
