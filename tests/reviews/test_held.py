"""How an occurrence stands follows from what was recorded: due, running, held, late, empty, skipped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.reviews.held import Record, ended_as, open_until, state_of
from headway.reviews.kinds import Held
from tests.reviews.test_rhythm import ZONES

DUE = datetime(2026, 3, 4, 9, tzinfo=UTC)  # a Wednesday, ten o'clock in Berlin
MINUTE = timedelta(minutes=1)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def berlin(**known: object) -> Record:
    return Record(due_at=DUE, zone="Europe/Berlin", grace_days=3, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("record", "at", "state"),
    [
        (berlin(), DUE - timedelta(days=9), Held.DUE),
        (berlin(), DUE + timedelta(days=3), Held.DUE),  # may still be held, late
        (berlin(), datetime(2026, 3, 7, 22, 59, tzinfo=UTC), Held.DUE),
        (berlin(), datetime(2026, 3, 7, 23, 0, tzinfo=UTC), Held.SKIPPED),  # midnight in Berlin after the third day
        (berlin(skipped_at=DUE - timedelta(days=1)), DUE - timedelta(hours=1), Held.SKIPPED),
        (berlin(opened_at=DUE), DUE + timedelta(days=30), Held.RUNNING),
        (berlin(opened_at=DUE, closed_at=DUE + MINUTE, decisions=1), DUE + MINUTE, Held.HELD),
        (berlin(opened_at=DUE - timedelta(days=1), closed_at=DUE, decisions=1), DUE, Held.HELD),  # a day early
        (berlin(opened_at=DUE, closed_at=DUE + MINUTE), DUE + MINUTE, Held.EMPTY),
    ],
)
def test_the_record_says_how_it_stands(record: Record, at: datetime, state: Held) -> None:
    assert state_of(record, at) == state


def test_late_is_after_its_local_day_and_not_after_a_day_of_the_world() -> None:
    def ended(opened_at: datetime, decisions: int = 1) -> Held:
        return ended_as(due_at=DUE, zone="Europe/Berlin", opened_at=opened_at, decisions=decisions)

    assert ended(datetime(2026, 3, 4, 22, 59, tzinfo=UTC)) == Held.HELD  # one minute to midnight in Berlin
    assert ended(datetime(2026, 3, 4, 23, 0, tzinfo=UTC)) == Held.LATE
    assert ended(datetime(2026, 3, 4, 23, 0, tzinfo=UTC), decisions=0) == Held.EMPTY


@given(due_at=MOMENTS, zone=st.sampled_from(ZONES), grace=st.integers(0, 7), after=st.integers(0, 20 * 24))
def test_one_that_nobody_opened_is_due_and_then_skipped_for_good(
    due_at: datetime, zone: str, grace: int, after: int
) -> None:
    record = Record(due_at=due_at, zone=zone, grace_days=grace)
    until = open_until(due_at, zone, grace)
    assert timedelta(0) < until - due_at <= timedelta(days=grace + 1, hours=26)
    at = due_at + timedelta(hours=after)
    assert state_of(record, at) == (Held.SKIPPED if at >= until else Held.DUE)
