"""A rule and what it finds. A finding is a result, not an error."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule's sentences may speak of. Which of them are set depends on the rule.

    `measure`: a length in days, or a count, as the rule says; `other`: the name of a second stage or a milestone.
    """

    deal: str
    stage: str
    happened_at: datetime | None
    measure: float
    count: int
    other: str
    ask: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of departure: one module, one query, one test file, one page in docs/methods/rules/.

    The query `rules/sql/NAME.sql` yields `deal, rank, happened_at, measure, count, other, ordinal`: the deal, the
    stage concerned, when it departed, a length in days, a count, the rank of a second stage (or the number
    of a milestone where `other_is` says so) and the event behind it (NULL where none is known).
    """

    name: str
    title: str
    meaning: str
    what: Callable[[Facts], str]
    mend: Callable[[Facts], str]
    needs: str = ""  # claims | evidence | history | close dates | activities: without it the rule cannot be asked
    other_is: str = "stage"  # stage | milestone


def days_text(days: float) -> str:
    """`1 day`, `23 days`; under a day in hours."""
    if days < 1:
        hours = max(1, round(days * 24))
        return "1 hour" if hours == 1 else f"{hours} hours"
    return "1 day" if round(days) == 1 else f"{round(days):,} days"


def times_text(count: int) -> str:
    """`once`, `twice`, `5 times`."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def mark_of(rule: str, stage: str, again: str) -> str:
    """Which of its deal's findings one is, the same in every analysis: 40 hex characters.

    `again`: what tells it from others of this rule at this stage (the stage moved to and when, a milestone's id); empty
    where there is only ever one.
    """
    return hashlib.blake2b("\x1f".join((rule, stage, again)).encode(), digest_size=20).hexdigest()
