"""Imports as other rooms name them, and the files handed in for them."""

from __future__ import annotations

from pathlib import Path

from headway.store.models import ImportBatch as BatchRow
from headway.store.models import Workspace
from headway.store.queries.access import NotFoundError

__all__ = ["BatchRow", "find_newest_counting", "get_batch_of", "list_batches", "upload_paths"]


def get_batch_of(workspace: Workspace, key: str) -> BatchRow:
    """The import with this key; NotFoundError where the workspace has none such."""
    found = BatchRow.objects.select_related("workspace", "by").filter(workspace=workspace, key=key).first()
    if found is None:
        raise NotFoundError(key)
    return found


def list_batches(workspace: Workspace) -> list[BatchRow]:
    """Imports, the newest first; at most 200. Their `report` is left out: ask for it one by one."""
    found = BatchRow.objects.select_related("by").filter(workspace=workspace).exclude(state="dropped")
    return list(found.defer("report").order_by("-id")[:200])


def find_newest_counting(workspace: Workspace) -> BatchRow | None:
    """The only import that can be undone: the newest that is done and not undone."""
    found = BatchRow.objects.filter(workspace=workspace, state="done", undone_at=None)
    return found.defer("report").order_by("-finished_at", "-id").first()


def upload_paths(batch: BatchRow) -> list[Path]:
    """Where the files of an import lie, as they were handed in."""
    return [Path(path) for path in batch.uploads.order_by("id").values_list("path", flat=True)]
