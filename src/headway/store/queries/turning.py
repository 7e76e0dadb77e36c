"""Deals whose row time alone has turned."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from headway.store.models import Deal, Workspace


def turned_deals(workspace: Workspace, at: datetime) -> QuerySet[Deal]:
    """Live deals whose `turns_at` has passed."""
    return Deal.objects.filter(workspace=workspace, is_live=True, turns_at__lte=at)


def has_turned(workspace: Workspace, at: datetime) -> bool:
    """Whether there is one."""
    return turned_deals(workspace, at).exists()
