"""The moment a question is asked about. Nothing below the command line reads the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class AsOf:
    """`at`: what had happened by then; `known_by`: what had been recorded by then. Both aware, UTC."""

    at: datetime
    known_by: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None or self.known_by.tzinfo is None:
            raise ValueError("as_of needs instants with a time zone")

    @classmethod
    def moment(cls, at: datetime) -> AsOf:
        """Both times equal: the pipeline as it was known at `at`."""
        return cls(at=at, known_by=at)

    @classmethod
    def end_of(cls, day: date) -> AsOf:
        """The last microsecond of `day` in UTC."""
        midnight = datetime.combine(day + timedelta(days=1), time(), UTC)
        return cls.moment(midnight - timedelta(microseconds=1))


def naive_utc(instant: datetime) -> datetime:
    """The same instant without its zone, as the event log's TIMESTAMP columns hold it (UTC)."""
    return instant.astimezone(UTC).replace(tzinfo=None)
