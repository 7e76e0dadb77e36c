"""The job `corrections`: on the day to look again, whether the next deals changed. Each look is written down once."""

from __future__ import annotations

import logging
from datetime import datetime

from headway.basics.errors import UserError
from headway.jobs.task import Task
from headway.reviews.correction import look_again
from headway.store.actions.corrections import record_look
from headway.store.actions.jobs import ask_for
from headway.store.queries.looks import due_looks, reachings
from headway.store.queries.people import WorkspaceRow

log = logging.getLogger(__name__)


def ask_for_looks(workspace: WorkspaceRow, at: datetime) -> bool:
    """Ask for the job where the day of a correction has come; whether it was asked for."""
    if not due_looks(workspace, at):
        return False
    ask_for(kind="corrections", workspace=workspace, by=None, at=at, once=f"corrections {workspace.key}")
    return True


def run_corrections(task: Task) -> None:
    """Look again at each that is due. What fails for one does not keep the others waiting."""
    failed = 0
    for correction in due_looks(task.workspace, task.at):
        try:
            look = look_again(reachings(correction, task.at), coached_at=correction.at, at=task.at)
            record_look(correction=correction, look=look, at=task.at)
        except Exception:
            log.exception("correction %s could not be looked at again", correction.key)
            failed += 1
    if failed:
        raise UserError(f"{failed} corrections could not be looked at again; they are tried again within the hour.")
