"""A real worker's loop and several schedulers at once, on a database of their own: one digest, whatever the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine
from django.db import connection

from headway.jobs import worker
from headway.jobs.digests import put_due_digests
from headway.store.actions.wordings import find_wording
from headway.store.guards import ALL, enter
from headway.store.models import Commitment, OutMessage, Reminder
from tests.cast import NOW, Cast, make_cast

TUESDAY = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def promise(cast: Cast, what: str = "Ask Dana who signs") -> Commitment:
    return Commitment.objects.create(
        workspace=cast.workspace, person=cast.bob, owner_id=find_wording(cast.workspace, "Bob Adler"),
        what_id=find_wording(cast.workspace, what), due_on=date(2026, 3, 3), by=cast.alice,
        happened_at=NOW, made_at=NOW,
    )  # fmt: skip


def digests() -> list[OutMessage]:
    return list(OutMessage.objects.filter(kind="digest").order_by("id"))


def test_the_worker_follows_a_clock_that_is_put_back_and_ahead(own_database: object, settings: Any) -> None:
    settings.MAIL_WORKS = True
    cast = make_cast()
    promise(cast)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(TUESDAY + timedelta(minutes=40)) as clock:
        for shift in (timedelta(0), timedelta(hours=-1), timedelta(hours=1), timedelta(days=30), timedelta(0)):
            clock.shift(shift)
            turn(worker.run)
    enter(ALL)
    assert [digest.state for digest in digests()] == ["sent", "sent"]
    assert Reminder.objects.get().told == 2


def turn(run: Callable[[threading.Event], None]) -> None:
    """One turn of the worker's loop."""

    class Once(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            self.set()
            return True

    run(Once())


def test_two_schedulers_at_once_put_out_one(own_database: object, settings: Any) -> None:
    settings.MAIL_WORKS = True
    cast = make_cast()
    for n in range(3):
        promise(cast, f"Promise {n}")
    barrier = threading.Barrier(4)

    def schedule() -> None:
        barrier.wait()
        put_due_digests(TUESDAY)
        connection.close()

    threads = [threading.Thread(target=schedule) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    enter(ALL)
    assert len(digests()) == 1
    assert set(Reminder.objects.values_list("told", flat=True)) == {1}
