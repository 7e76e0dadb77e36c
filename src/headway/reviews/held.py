"""How an occurrence stands, by what was recorded of it and not by anybody's opinion.

Due until its day and a few days of grace are over (`open_until`); opened after its local day it is late; held without
a decision it is empty; never opened it is skipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from headway.reviews.kinds import Held
from headway.reviews.rhythm import local_day, local_instant, zone_of


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one occurrence. `grace_days`: of its rhythm; `decisions`: those not taken back."""

    due_at: datetime
    zone: str
    grace_days: int = 0
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    skipped_at: datetime | None = None
    decisions: int = 0


def state_of(record: Record, at: datetime) -> Held:
    """How it stands at a moment."""
    if record.opened_at is not None:
        if record.closed_at is None:
            return Held.RUNNING
        return ended_as(due_at=record.due_at, zone=record.zone, opened_at=record.opened_at, decisions=record.decisions)
    if record.skipped_at is not None or at >= open_until(record.due_at, record.zone, record.grace_days):
        return Held.SKIPPED
    return Held.DUE


def ended_as(*, due_at: datetime, zone: str, opened_at: datetime, decisions: int) -> Held:
    """How one that took place is recorded: without a decision empty, opened after its local day late, else held."""
    if not decisions:
        return Held.EMPTY
    return Held.LATE if local_day(opened_at, zone) > local_day(due_at, zone) else Held.HELD


def open_until(due_at: datetime, zone: str, grace_days: int) -> datetime:
    """The local midnight after which nobody can hold it any more: of its own day, or of the last day of grace."""
    last = local_day(due_at, zone) + timedelta(days=grace_days)
    return local_instant(last + timedelta(days=1), time(), zone_of(zone)).astimezone(UTC)
