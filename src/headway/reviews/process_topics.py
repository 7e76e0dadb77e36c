"""What a process review talks about: topics with the figures behind them, dearest first, as many as its minutes hold.

`AgendaItem.facts` of the store holds `facts_of(topic)`; `topic_from(facts)` reads it again. Where topics come from
stands in `headway.reviews.topic_sources`. Method page: docs/methods/process-review.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from headway.reviews.kinds import What

MINUTES_EACH = 6.0  # one topic: two to read the figures, three to talk, one to decide
HOURS_A_YEAR = 1_600.0  # that a seller works
ASK_HOURS = 0.5  # one step done once, on average; an assumption, for the order only
LOOK_HOURS = 0.25  # one departure looked into, one exception allowed, one criterion explained
TYPE_HOURS = 1 / 60  # one field filled


class About(StrEnum):
    """What a topic is about; with an id it is the subject of an agenda item, as in `step ask_who_signs`."""

    STEP = "step"
    RULE = "rule"
    WAY = "way"  # exceptions allowed
    MILESTONE = "milestone"
    FIELD = "field"
    STAGE = "stage"  # read differently by those who place deals
    WISH = "wish"  # what people asked to change while they worked on deals
    HABIT = "habit"  # how reviews themselves are held


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its n and, where it is an estimate, its 90 % interval. `unit`: share, points or count."""

    words: str
    value: float
    n: int
    low: float | None = None
    high: float | None = None
    unit: str = "share"


@dataclass(frozen=True, slots=True)
class Firm:
    """What the costs are worked out from: the last 365 days before the moment shown, in the main currency."""

    decided: int = 0
    opened: int = 0
    won: int = 0
    won_amount: float = 0.0
    sellers: int = 0
    currency: str = ""

    @property
    def win_amount(self) -> float | None:
        """What a won deal brings on average; None where none was won."""
        return self.won_amount / self.won if self.won else None

    @property
    def hour(self) -> float | None:
        """What a seller's hour brings: amount won by hours worked; None where nothing was won or nobody sells."""
        return self.won_amount / (self.sellers * HOURS_A_YEAR) if self.sellers and self.won_amount else None


@dataclass(frozen=True, slots=True)
class Cost:
    """What a topic costs a year, roughly: deals not won, and hours. For the order of topics, not for a budget."""

    wins: float = 0.0
    hours: float = 0.0

    def amount(self, firm: Firm) -> float:
        """In the main currency; 0 where the firm has won nothing yet."""
        return max(0.0, self.wins) * (firm.win_amount or 0.0) + max(0.0, self.hours) * (firm.hour or 0.0)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. `word`: the verdict or what stands in for it (keeps winning, met by nobody, not used ...).

    `sentence`: what is known, with figures; `to_know`: what it would take to know; `proposed`: the end proposed, of
    `What`, and `so`: why that. `process`: the name of the process it is in, empty where in none.
    `cost_amount`: a year, in `currency`; `cost_words`: what that is made of.
    """

    about: About
    id: str
    title: str
    word: str
    sentence: str
    to_know: str
    proposed: What
    so: str
    figures: tuple[Figure, ...] = ()
    process: str = ""
    provisional: bool = False
    cost: Cost = Cost()
    cost_amount: float = 0.0
    cost_words: str = ""
    currency: str = ""

    @property
    def subject(self) -> str:
        """Of the agenda item."""
        return f"{self.about} {self.id}"[:120]


def chosen(topics: Iterable[Topic], minutes: float, done: Iterable[str] = ()) -> tuple[Topic, ...]:
    """The dearest topics, as many as fit `minutes`; at least one where there is any. `done`: subjects left out.

    Of equal cost the surer verdict comes first, then by subject, so that preparing twice gives the same agenda.
    """
    seen = set(done)
    left = [topic for topic in topics if topic.subject not in seen]
    ordered = sorted(left, key=lambda topic: (-topic.cost_amount, -topic.cost.hours, topic.provisional, topic.subject))
    return tuple(ordered[: max(1, int(minutes // MINUTES_EACH))])


def facts_of(topic: Topic) -> dict[str, Any]:
    """As JSON."""
    return asdict(topic)


def topic_from(facts: dict[str, Any]) -> Topic:
    """The topic that `facts_of` wrote; names it does not know are left out, so that older agendas stay readable."""
    known = {field.name: facts[field.name] for field in fields(Topic) if field.name in facts}
    known["about"], known["proposed"] = About(known["about"]), What(known["proposed"])
    known["figures"] = tuple(Figure(**figure) for figure in known.get("figures", ()))
    known["cost"] = Cost(**known.get("cost", {}))
    return Topic(**known)
