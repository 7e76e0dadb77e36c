"""An open deal as a review may talk about it, and why it is on the agenda before any value is compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from headway.evidence.kinds import Standing


class Called(StrEnum):
    """Why a deal is on the agenda before any value is compared."""

    BROKEN = "broken"  # a promise about it was not kept
    REMINDED = "reminded"  # its owner was reminded twice of a promise or of the silence, and nothing moved
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class LastSeen:
    """When a review last talked about the deal, and whether it stands elsewhere since: evidence, claim, agreed act."""

    days: float
    changed: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """One open deal, and what is known of it. Chances are 0 to 1, lengths in days, None where not known.

    `attention`: its score (`headway.evidence.attention`) beside `typical_amount`, with which it was worked out.
    `chance`: of being won within 90 days. `steps`: asked of the seller, not done, whose milestone is still open;
    `open_milestones`: not proven, with a question to ask. `findings`: departures that nobody allowed.
    `promises_due`, `broken`: promises of it due by the review, and not kept; `reminded`: how often of the one
    reminded of most; without a promise, of the silence.
    `past`, `past_won`: deals that were silent as long at this stage, and how many of them were won.
    """

    key: str
    amount: float | None
    currency: str = ""
    rate: float | None = 1.0  # what one of its currency is worth in the main one; None: its amount counts as typical
    typical_amount: float | None = None
    attention: float = 0.0
    chance: float | None = None
    standing: Standing = Standing.UNSEEN
    silence_days: float | None = None
    silence_limit_days: float = 21.0
    gap: int | None = None
    overdue_days: int = 0  # of what the buyer agreed to do; 0: nothing is overdue
    close_days: int | None = None
    open_milestones: int = 0
    steps: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    shared: str = ""  # the finding that a group coaching is about
    promises_due: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    reminded: int = 0
    seen: LastSeen | None = None
    past: int = 0
    past_won: int = 0
