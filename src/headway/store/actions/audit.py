"""Append to the audit chain of a workspace, and keep the ends of all chains outside the database."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from headway.store.chain import audit_key, link_digest
from headway.store.guards import ALL, entered
from headway.store.models import Entry, Head, Person, Workspace

SAW = "saw"
AGAIN = timedelta(hours=1)


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
    head = _locked_head(workspace)
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


def record_sight(*, workspace: Workspace, by: Person, at: datetime, target: str) -> bool:
    """Record that somebody saw `target` ("deal KEY", "person KEY"), at most once an hour each.

    One indexed query where it is recorded already. True where an entry was made.
    """
    if _seen_lately(workspace, by, at, target):
        return False
    with transaction.atomic():
        _locked_head(workspace)
        if _seen_lately(workspace, by, at, target):  # by another request of theirs, while this one waited
            return False
        append_entry(workspace=workspace, by=by, at=at, verb=SAW, target=target)
    return True


def write_heads(*, at: datetime, file: Path | None = None) -> int:
    """Append the end of every chain that grew since the last time to `settings.AUDIT_HEADS`; how many did.

    One JSON object a line: workspace (its key), number, digest, at. A chain alone cannot tell that its tail was cut
    and its head set back, nor that it was written anew by who holds the key: a line kept elsewhere can.
    """
    file = file or settings.AUDIT_HEADS
    known = {line["workspace"]: line["number"] for line in read_heads(file)}
    with entered(ALL):
        heads = Head.objects.select_related("workspace").filter(number__gt=0).order_by("workspace_id")
        found = [(head.workspace.key, head.number, head.digest) for head in heads]
    lines = [
        json.dumps({"workspace": key, "number": number, "digest": digest, "at": at.isoformat()})
        for key, number, digest in found
        if number > known.get(key, 0)
    ]
    if lines:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a") as handle:
            handle.write("\n".join(lines) + "\n")
            handle.flush()
            os.fsync(handle.fileno())
    return len(lines)


def read_heads(file: Path | None = None) -> list[dict[str, Any]]:
    """What `write_heads` has written, the oldest first; a line cut short by a crash is left out."""
    file = file or settings.AUDIT_HEADS
    if not file.exists():
        return []
    found = []
    for line in file.read_text().splitlines():
        try:
            read = json.loads(line)
            found.append({"workspace": str(read["workspace"]), "number": int(read["number"]), **read})
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _locked_head(workspace: Workspace) -> Head:
    """The end of the chain, locked until the transaction ends: the next link waits for this one."""
    return Head.objects.select_for_update().get_or_create(workspace=workspace)[0]


def _seen_lately(workspace: Workspace, by: Person, at: datetime, target: str) -> bool:
    lately = Entry.objects.filter(workspace=workspace, target=target, by=by, verb=SAW, at__gt=at - AGAIN)
    return lately.exists()
