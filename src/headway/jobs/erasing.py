"""The jobs `look` and `erase`: what an erasure would find, and the erasure itself with the analysis after it."""

from __future__ import annotations

from headway.jobs.analysis import analyse
from headway.jobs.task import Task
from headway.store.actions.erasures import erase_person
from headway.store.actions.looking import tell_found
from headway.store.erasing import wipe_freed
from headway.store.queries.erasures import find_whom


def run_look(task: Task) -> None:
    """Look through the whole workspace, and keep what was found on the job."""
    whom = find_whom(task.workspace, task.about)
    if whom is not None:
        tell_found(workspace=task.workspace, whom=whom, job=task.about["look"])


def run_erase(task: Task) -> None:
    """Erase, overwrite what the database freed, and work the analysis out anew, which quotes what was said."""
    whom = find_whom(task.workspace, task.about)
    if whom is not None and task.by is not None:
        task.told(0, 3, "Erasing")
        kept = frozenset(task.about.get("kept", ()))
        erase_person(workspace=task.workspace, whom=whom, by=task.by, at=task.clock(), kept=kept)
    task.told(1, 3, "Working the analysis out anew")
    task.workspace.refresh_from_db()
    analyse(task.workspace, at=task.clock(), clock=task.clock)
    task.told(2, 3, "Overwriting what the database freed")
    wipe_freed()
