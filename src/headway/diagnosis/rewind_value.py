"""What a rewind shows: for a series of past days, claimed and evidenced pipeline as known then, and how it ended.

A part of the pipeline is told by how its deals stand *now* (as of the log), in the order of `STANDS`; its money is
what was known of each deal *on that day*. Method page: docs/methods/rewind.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from headway.diagnosis.study import LEAST_OBSERVED, share_of
from headway.diagnosis.value import Share

STANDS = ("won", "lost", "no_decision", "withdrawn", "open")
NOBODY = (0, 0, 0, 0, 0)
NOTHING = (0.0, 0.0, 0.0, 0.0, 0.0)
LATE_STAGES = 2  # the furthest two: what a forecast of the quarter rests on
KNOWN_MONEY = 0.8  # of open deals with a known amount, below which the picture counts deals

Counts = tuple[int, int, int, int, int]
Amounts = tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """Some deals that were open on a day. `counts`, `amounts`: by how they stand now, as in `STANDS`.

    `without_amount`: of them, those whose amount in the main currency was not known that day; they add nothing to
    `amounts`.
    """

    counts: Counts = NOBODY
    amounts: Amounts = NOTHING
    without_amount: int = 0

    @property
    def deals(self) -> int:
        """How many."""
        return sum(self.counts)

    @property
    def amount(self) -> float:
        """What they were known to be worth."""
        return sum(self.amounts)

    @property
    def ended(self) -> int:
        """How many are decided by now, whatever the end."""
        return self.deals - self.counts[STANDS.index("open")]

    def share(self, stands: str) -> Share | None:
        """The share of these deals that stand so now, with its Wilson interval; None where there are none."""
        return share_of(self.counts[STANDS.index(stands)], self.deals)

    @property
    def won_of_ended(self) -> Share | None:
        """Of those decided by now, the share won, with its Wilson interval; None where none is decided."""
        return share_of(self.counts[STANDS.index("won")], self.ended)

    def __add__(self, other: Part) -> Part:
        counts = tuple(one + two for one, two in zip(self.counts, other.counts, strict=True))
        amounts = tuple(one + two for one, two in zip(self.amounts, other.amounts, strict=True))
        return Part(counts, amounts, self.without_amount + other.without_amount)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Level:
    """The pipeline claimed at a stage or beyond it, on one day, in three parts; and what was evidenced there unclaimed.

    evidenced: the buyer had been seen to come that far. unproven: a buyer was seen, but not that far. unobserved: no
    buyer act was known, or no milestone applies. sandbagged: evidenced that far, though claimed before it.
    """

    evidenced: Part = field(default_factory=Part)
    unproven: Part = field(default_factory=Part)
    unobserved: Part = field(default_factory=Part)
    sandbagged: Part = field(default_factory=Part)

    @property
    def claimed(self) -> Part:
        """All that was claimed there or beyond."""
        return self.evidenced + self.unproven + self.unobserved

    @property
    def unevidenced(self) -> Part:
        """What was claimed there and not evidenced there, for whatever reason."""
        return self.unproven + self.unobserved

    def __add__(self, other: Level) -> Level:
        return Level(
            self.evidenced + other.evidenced,
            self.unproven + other.unproven,
            self.unobserved + other.unobserved,
            self.sandbagged + other.sandbagged,
        )


@dataclass(frozen=True, slots=True)
class ProcessDay:
    """The open deals of one process on one day. `levels`: one per stage, the first stage first.

    `without_amount`: open deals whose amount in the main currency was not known that day.
    """

    deals: int
    amount: float
    without_amount: int
    levels: tuple[Level, ...]

    @property
    def late(self) -> Level:
        """The level of the furthest two stages (of the only one, where there is one)."""
        return self.levels[max(len(self.levels) - LATE_STAGES, 0)] if self.levels else Level()


@dataclass(frozen=True, slots=True)
class RewindDay:
    """The pipeline as it was known at the end of the day `on`. `processes`: in the order of `Rewind.processes`.

    `deals`, `amount`, `without_amount`: of all open deals; `unplaced`: those among them that match no process.
    """

    on: date
    deals: int
    amount: float
    without_amount: int
    unplaced: int
    processes: tuple[ProcessDay, ...]

    @property
    def late(self) -> Level:
        """The furthest two stages of every process together."""
        return sum((process.late for process in self.processes), start=Level())


@dataclass(frozen=True, slots=True)
class RewoundProcess:
    """A process whose deals are told, with the names of its stages from first to last."""

    name: str
    version: str
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rewind:
    """Claimed and evidenced pipeline on past days, the earliest first.

    as_of: the moment at which it is told how deals ended. currency: of all amounts (ISO 4217), None where no deal
    names one. quarter_ends: last days of calendar quarters from the first day to the last.
    """

    as_of: datetime
    currency: str | None
    processes: tuple[RewoundProcess, ...]
    days: tuple[RewindDay, ...]
    quarter_ends: tuple[date, ...]

    def day(self, on: date) -> RewindDay:
        """The last asked day not after `on`; the first one where `on` is before it. ValueError where there is none."""
        if not self.days:
            raise ValueError("this rewind holds no day")
        return next((day for day in reversed(self.days) if day.on <= on), self.days[0])

    @property
    def in_money(self) -> bool:
        """Whether amounts were known widely enough to tell money; where not (no history of amounts), count deals."""
        deals = sum(day.deals for day in self.days)
        unknown = sum(day.without_amount for day in self.days)
        return deals > 0 and deals - unknown >= KNOWN_MONEY * deals

    @property
    def observed(self) -> bool:
        """Whether buyers were observed widely enough to speak of evidence; else it is not observed, never zero."""
        placed = [process.levels[0] for day in self.days for process in day.processes if process.levels]
        claimed = sum(level.claimed.deals for level in placed)
        return claimed > 0 and claimed - sum(level.unobserved.deals for level in placed) >= LEAST_OBSERVED * claimed
