"""Refresh the rows of deals that time alone has turned: a proof lapsed, a buyer fell silent, an agreed act fell due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from headway.store.actions.standing import refresh
from headway.store.models import Workspace
from headway.store.queries.analyses import scale_of
from headway.store.queries.turning import turned_deals

AT_ONCE = 50  # in one transaction, so that nobody waits for long


def refresh_turned(*, workspace: Workspace, at: datetime, told: Callable[[int, int], None] | None = None) -> int:
    """Refresh every deal whose `turns_at` has passed; how many. No audit: nobody did anything."""
    ids = list(turned_deals(workspace, at).order_by("turns_at").values_list("pk", flat=True))
    scale = scale_of(workspace)
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            for deal in turned_deals(workspace, at).filter(pk__in=ids[start : start + AT_ONCE]):
                refresh(deal=deal, at=at, touched=False, scale=scale)
        if told:
            told(min(start + AT_ONCE, len(ids)), len(ids))
    return len(ids)
