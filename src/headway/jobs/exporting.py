"""The job `export`: write everything a workspace holds into one file."""

from __future__ import annotations

from headway.jobs.task import Task
from headway.store.actions.exports import write_asked
from headway.store.queries.exports import WorkspaceExport


def run_export(task: Task) -> None:
    """Write the export that the job is about."""
    export = WorkspaceExport.objects.select_related("workspace").get(key=task.about["export"])
    write_asked(export=export, at=task.clock(), told=task.told)
