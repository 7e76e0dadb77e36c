"""The job `rhythm`: lays occurrences out, skips those gone by, prepares agendas a day before, settles promises.

Each part is safe to do twice, late, or by two workers at once: it asks what is there, and the database refuses a
second occurrence. The clock may be wrong: set back, nothing is done again; ahead, what lay between is laid out too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from headway.basics.errors import UserError
from headway.jobs.task import Task
from headway.reviews.kinds import ReviewKind
from headway.store.actions.agendas import prepare_agenda
from headway.store.actions.commitments import settle_commitments
from headway.store.actions.jobs import ask_for
from headway.store.actions.minutes import send_agenda
from headway.store.actions.process_review import prepare_topics
from headway.store.actions.rhythms import lay_out, pass_by
from headway.store.queries.jobs import last_of_kind
from headway.store.queries.people import WorkspaceRow
from headway.store.queries.rhythm_work import (
    has_rhythm_work,
    keeps_a_rhythm,
    list_gone_by,
    list_running,
    list_unprepared,
)
from headway.store.queries.rhythms import ReviewRow

EVERY = timedelta(hours=1)
SOONEST = timedelta(minutes=5)  # after the last time, so that what cannot be done is not tried every minute
NOTICE = timedelta(minutes=30)  # an agenda is no news to people who sit in the review already
log = logging.getLogger(__name__)


def ask_for_rhythm(workspace: WorkspaceRow, at: datetime) -> bool:
    """Ask for the job where something waits, and once an hour for the promises; whether it was asked for.

    A last time that lies ahead (the clock was set back) counts as long ago.
    """
    last = last_of_kind(workspace, "rhythm")
    since = None if last is None else abs(at - last)
    if since is not None and since < SOONEST:
        return False
    hourly = (since is None or since >= EVERY) and keeps_a_rhythm(workspace)
    if not hourly and not has_rhythm_work(workspace, at):
        return False
    ask_for(kind="rhythm", workspace=workspace, by=None, at=at, once=f"rhythm {workspace.key}")
    return True


def run_rhythm(task: Task) -> None:
    """Do it. What fails for one review does not keep the others waiting; UserError says how many failed."""
    workspace, at = task.workspace, task.at
    failed = 0
    for rhythm in list_running(workspace):
        failed += _tried(f"rhythm {rhythm.key}", partial(lay_out, rhythm=rhythm, at=at))
    for review in list_gone_by(workspace, at):
        failed += _tried(f"review {review.key}", partial(pass_by, review=review, at=at))
    waiting = list_unprepared(workspace, at)
    for number, review in enumerate(waiting):
        task.told(number, len(waiting), "Preparing agendas")
        failed += _tried(f"agenda {review.key}", partial(prepare, review, at))
    failed += _tried("promises", partial(settle_commitments, workspace=workspace, at=at))
    if failed:
        raise UserError(f"{failed} of the rhythm's tasks could not be done; they are tried again within the hour.")


def prepare(review: ReviewRow, at: datetime) -> None:
    """Make its agenda, and send it to everyone where they have time to read it."""
    make = prepare_topics if review.kind == ReviewKind.PROCESS else prepare_agenda
    made = make(review=review, at=at)
    if made.due_at >= at + NOTICE:
        send_agenda(review=made, at=at)


def _tried(what: str, task: Callable[[], object]) -> bool:
    """Do it; whether it failed. A defect of one thing is told in the log."""
    try:
        task()
    except Exception:
        log.exception("%s could not be brought up to date", what)
        return True
    return False
