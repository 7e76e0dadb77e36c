"""One deal's history as plain values: what the pure functions of proof and standing look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from headway.basics.periods import AsOf
from headway.deals.events import EventKind, Outcome, RecordedHow


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a deal. `happened_at`, `recorded_at`: aware, UTC. `ordinal`: place in the source, unique."""

    kind: EventKind
    happened_at: datetime
    ordinal: int
    name: str | None = None
    recorded_at: datetime | None = None
    recorded_how: RecordedHow = RecordedHow.HISTORY
    actor: str | None = None
    contact: str | None = None
    grade: int | None = None
    amount: float | None = None
    due_on: date | None = None
    ref: str | None = None
    note: str | None = None

    @property
    def known_at(self) -> datetime:
        """When it was recorded; when it happened, where the source does not say."""
        return self.recorded_at or self.happened_at


@dataclass(frozen=True, slots=True)
class DealHistory:
    """A deal and its events in order of time and place in the source."""

    id: str
    events: tuple[Event, ...]
    record_type: str | None = None

    def known(self, as_of: AsOf) -> DealHistory:
        """The history as of a moment: what had happened by `at` and had been recorded by `known_by`."""
        events = tuple(e for e in self.events if e.happened_at <= as_of.at and e.known_at <= as_of.known_by)
        return DealHistory(self.id, tuple(sorted(events, key=lambda e: (e.happened_at, e.ordinal))), self.record_type)

    def last(self, *kinds: EventKind) -> Event | None:
        """The latest event of these kinds, or None."""
        return next((event for event in reversed(self.events) if event.kind in kinds), None)

    @property
    def amount(self) -> float | None:
        """The amount last set."""
        event = self.last(EventKind.AMOUNT_SET)
        return event.amount if event else None

    @property
    def decision(self) -> tuple[Outcome, datetime] | None:
        """Outcome and instant of the decision that stands; None while the deal is open (or open again)."""
        decided, reopened = self.last(EventKind.DEAL_DECIDED), self.last(EventKind.DEAL_REOPENED)
        if decided is None or (reopened is not None and reopened.happened_at > decided.happened_at):
            return None
        return Outcome(decided.name or Outcome.LOST), decided.happened_at
