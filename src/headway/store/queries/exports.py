"""Exports as pages and commands see them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from headway.basics.errors import UserError
from headway.store.guards import ALL, entered
from headway.store.models import Workspace, WorkspaceExport
from headway.store.queries.access import Access

__all__ = ["WorkspaceExport", "choose_workspace", "exports_folder", "file_of", "known_migrations", "list_exports"]
SHOWN = 20


def exports_folder() -> Path:
    """Where exports lie until they expire; for the eyes of this system's user only."""
    folder = Path(settings.HOME) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def file_of(export: WorkspaceExport) -> Path:
    """Where the file of an export lies, or lay."""
    return exports_folder() / f"{export.key}.zip"


def list_exports(access: Access) -> list[WorkspaceExport]:
    """The newest exports of a workspace, at most 20."""
    made = WorkspaceExport.objects.select_related("by").filter(workspace=access.workspace)
    return list(made.order_by("-created_at", "-id")[:SHOWN])


def can_be_fetched(export: WorkspaceExport, at: datetime) -> bool:
    """Whether its file is still there to be downloaded."""
    return bool(export.finished_at and not export.fault and export.expires_at and export.expires_at > at)


def choose_workspace(key: str) -> Workspace:
    """The workspace with this key; without a key the only one. UserError where that is none or not clear."""
    with entered(ALL):
        found = list(Workspace.objects.filter(removed_at=None, **({"key": key} if key else {})).order_by("id")[:20])
    if len(found) == 1:
        return found[0]
    if not found:
        raise UserError(f"There is no workspace {key}: its key stands in its addresses, /w/KEY/." if key
                        else "There is no workspace here yet.")  # fmt: skip
    names = ", ".join(f"{one.key} ({one.name})" for one in found)
    raise UserError(f"There are several workspaces: pass --workspace with the key of one: {names}.")


def known_migrations() -> set[str]:
    """The names of all migrations of the tables that this Headway has."""
    return {
        name for app, name in MigrationLoader(connection, ignore_no_migrations=True).disk_migrations if app == "store"
    }
