"""The process that works jobs off and sends messages: `python -m headway.jobs.worker`, or `headway worker`.

A job is a row with a lease (`headway.store.actions.jobs`). A thread of its own keeps the lease and tells progress while
the work goes on; a worker that dies lets it run out, and the job is taken up again. docs/decisions/0003-own-worker.md.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from headway.basics.errors import UserError
from headway.jobs.parent import die_with_parent

IDLE_SECONDS = 0.5
BEAT_SECONDS = 1.0
KEPT_EVERY = 10  # beats after which the lease is extended though nothing new is to be told
SCHEDULE_EVERY = timedelta(minutes=1)
SORRY = "This could not be done, and it is not your doing: try again; if it stays so, ask whoever runs Headway."
POLITE = 5  # people who wait for a page come first; little enough that a job which holds the database goes on
log = logging.getLogger("headway.jobs")


def now() -> datetime:
    """The clock of the jobs."""
    return datetime.now(UTC)


class Heartbeat:
    """Keeps the lease of one job and tells its progress, on a connection of its own, until the work ends."""

    def __init__(self, job: Any) -> None:
        self._job = job
        self._told = (0, 0, "")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Callable[[int, int, str], None]:
        self._thread.start()
        return self.tell

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, done: int, total: int, message: str) -> None:
        """Progress, for the next beat. Never waits: the work may hold the database just now."""
        self._told = (done, total, message)

    def _beat(self) -> None:
        from django.db import DatabaseError, connection

        from headway.store.actions.jobs import extend

        said, beats = None, 0
        while not self._over.wait(BEAT_SECONDS):
            beats += 1
            if self._told == said and beats % KEPT_EVERY:
                continue
            done, total, message = self._told
            try:
                if not extend(job=self._job, at=now(), done=done, total=total, message=message):
                    log.error("job %s is held by another worker by now", self._job.key)
                    os._exit(75)  # whatever is half done goes back with its transaction
                said = (done, total, message)
            except DatabaseError as error:  # locked by the work itself: the next beat tells it
                log.info("could not tell how far job %s is: %s", self._job.key, error)
        connection.close()


def work_once() -> bool:
    """Take the next due job and do it; False where there was none."""
    from headway.store.actions.jobs import end_job, take_job
    from headway.store.guards import NONE, enter

    job = take_job(at=now())
    if job is None:
        return False
    failed = None
    try:
        with Heartbeat(job) as tell:
            _do(job, tell)
    except UserError as error:
        failed = str(error)
    except Exception:
        log.exception("job %s (%s) failed", job.key, job.kind)
        failed = SORRY
    finally:
        enter(NONE)
    end_job(job=job, at=now(), failed=failed)
    return True


def _do(job: Any, tell: Callable[[int, int, str], None]) -> None:
    from headway.jobs.kinds import KINDS
    from headway.jobs.task import Task
    from headway.store.guards import enter

    enter(job.workspace_id)
    KINDS[job.kind](Task(job.workspace, job.by, now(), now, job.about, tell))


def run(over: threading.Event) -> None:
    """Work until `over` is set: messages and jobs in turn, schedules once a minute, half a second of rest when idle."""
    from headway.jobs.nightly import ask_for_what_is_due
    from headway.jobs.outbox import send_due

    scheduled_at = datetime.min.replace(tzinfo=UTC)
    while not over.is_set():
        try:
            if not timedelta(0) <= now() - scheduled_at < SCHEDULE_EVERY:  # below 0: the clock was put back
                scheduled_at = now()
                ask_for_what_is_due(scheduled_at)
            sent = send_due(now)
            if work_once() or sent:
                continue
        except Exception:
            log.exception("the worker could not reach its jobs; it tries again")
            _reconnect()
        over.wait(IDLE_SECONDS)


def _reconnect() -> None:
    from django.db import connections

    for connection in connections.all():
        connection.close()


def main(*, alone: bool = False) -> None:
    """Work until SIGTERM or SIGINT. A job that is under way then is left to be taken up again.

    It ends with the process that started it, except `alone`: then somebody else looks after it.
    """
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.settings")
    if not alone:
        die_with_parent(signal.SIGTERM)
    os.nice(POLITE)
    over = threading.Event()

    def stop(*_: Any) -> None:
        if over.is_set():
            return
        over.set()
        threading.Thread(target=_give_up, name="end", daemon=True).start()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, stop)
    django.setup()
    run(over)
    _reconnect()


def _give_up() -> None:
    """A job that takes longer than this to come to a halt is cut off: its lease runs out and it is begun anew."""
    threading.Event().wait(1.0)
    os._exit(0)


if __name__ == "__main__":
    main()
