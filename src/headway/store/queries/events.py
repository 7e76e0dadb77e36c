"""Single events, reached through the workspace they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from headway.store.models import Event as EventRow
from headway.store.queries.access import Access, NotFoundError

__all__ = ["EventRow", "get_events"]


def get_events(access: Access, ids: Sequence[int]) -> list[EventRow]:
    """These events of the workspace, in order. NotFoundError unless all are there."""
    found = EventRow.objects.select_related("deal__workspace", "workspace").filter(
        workspace=access.workspace, pk__in=ids
    )
    rows = list(found.order_by("pk"))
    if len(rows) != len(set(ids)):
        raise NotFoundError(ids)
    return rows
