"""Append to the audit chain of a workspace."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from headway.store.chain import audit_key, link_digest
from headway.store.models import Entry, Head, Person, Workspace


@transaction.atomic
def append_entry(
    *,
    workspace: Workspace,
    by: Person | None,
    at: datetime,
    verb: str,
    target: str = "",
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Add the next link, in the transaction of the action that calls. `detail` holds no names and no quotes."""
    head, _ = Head.objects.select_for_update().get_or_create(workspace=workspace)
    number = head.number + 1
    detail = detail or {}
    digest = link_digest(
        audit_key(settings.SECRET_KEY),
        head.digest,
        workspace=workspace.pk,
        number=number,
        at=at,
        by=by.pk if by else None,
        verb=verb,
        target=target,
        detail=detail,
    )
    Head.objects.filter(pk=head.pk).update(number=number, digest=digest)
    return Entry.objects.create(
        workspace=workspace, number=number, at=at, by=by, verb=verb, target=target, detail=detail, digest=digest
    )
