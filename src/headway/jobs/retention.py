"""The job `retention`: each night, where a workspace keeps words for so many months only."""

from __future__ import annotations

from headway.jobs.importing import ask_for_analysis
from headway.jobs.task import Task
from headway.store.actions.retention import erase_old_words
from headway.store.erasing import wipe_freed


def run_retention(task: Task) -> None:
    """Erase what is older than the workspace keeps; the analysis, which quotes it, is made anew."""
    task.told(0, 2, "Erasing old words")
    if erase_old_words(workspace=task.workspace, at=task.clock()) is not None:
        ask_for_analysis(task.workspace, None, task.clock())
        task.told(1, 2, "Overwriting what the database freed")
        wipe_freed()
