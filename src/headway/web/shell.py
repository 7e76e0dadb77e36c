"""What stands around every page: the workspace, its navigation, the moment shown."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from headway.store.queries.clock import shown_at


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every template."""
    access = getattr(request, "access", None)
    now = getattr(request, "now", None)
    return {
        "access": access,
        "workspace": access.workspace if access else None,
        "now": shown_at(access.workspace, now) if access and now else now,
        "paste_open": settings.PASTE_FOR_STRANGERS,
    }
