"""People as other rooms name them in types."""

from __future__ import annotations

from headway.store.models import Person as PersonRow
from headway.store.models import Workspace as WorkspaceRow

__all__ = ["PersonRow", "WorkspaceRow"]
