"""Append to the audit chain of a workspace, and keep the ends of all chains outside the database."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, QuerySet

from headway.store.chain import audit_key, link_digest
from headway.store.guards import ALL, entered
from headway.store.models import Entry, Head, Person, Workspace

SAW = "saw"
AGAIN = timedelta(hours=1)
HEADS_EVERY = timedelta(hours=1)
HEADS_AFTER = 500  # entries of one chain, or an hour: what nobody has kept outside yet can be rewritten unseen
PRINT_SIGNS = 8  # of each entry's digest that a line keeps: enough to name the first one of a chain written anew
PRINTS_A_LINE = 1_000


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
    link = _next_link(_locked_head(workspace), workspace, by, at, verb, target, detail or {})
    Head.objects.filter(workspace=workspace).update(number=link.number, digest=link.digest)
    link.save(force_insert=True)
    return link


def _next_link(
    head: Head, workspace: Workspace, by: Person | None, at: datetime, verb: str, target: str, detail: dict[str, Any]
) -> Entry:
    """The entry that follows this end of the chain, not saved yet."""
    number = head.number + 1
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
    return Entry(
        workspace=workspace, number=number, at=at, by=by, verb=verb, target=target, detail=detail, digest=digest
    )


def record_sight(*, workspace: Workspace, by: Person, at: datetime, target: str) -> bool:
    """Record that somebody saw `target` ("deal KEY", "person KEY"), at most once an hour each.

    One indexed query where it is recorded already. True where an entry was made.
    """
    seen = _seen_lately(workspace, by, at, target).exists()
    return not seen and record_first_sight(workspace=workspace, by=by, at=at, target=target)


def record_first_sight(*, workspace: Workspace, by: Person, at: datetime, target: str) -> bool:
    """The same, for who has just read that nothing is recorded yet: it takes the lock of the chain at once."""
    with transaction.atomic():
        link = _next_link(_locked_head(workspace), workspace, by, at, SAW, target, {})
        # Another request of theirs may have recorded it while this one waited for the lock.
        new = Head.objects.filter(~Exists(_seen_lately(workspace, by, at, target)), workspace=workspace)
        if not new.update(number=link.number, digest=link.digest):
            return False
        link.save(force_insert=True)
    return True


def write_heads(*, at: datetime, file: Path | None = None) -> int:
    """Append the end of every chain that grew since the last time to `settings.AUDIT_HEADS`; how many did.

    One JSON object a line: workspace (its key), number, digest, at, and `prints`: the first eight signs of the digest
    of each entry since the line before. A chain alone cannot tell that its tail was cut and its head set back, nor that
    it was written anew by who holds the key: a line kept elsewhere can, and names the first entry that differs.
    """
    file = file or settings.AUDIT_HEADS
    known = _ends(file)
    lines, grew = [], 0
    with entered(ALL):
        for head in Head.objects.select_related("workspace").filter(number__gt=0).order_by("workspace_id"):
            since = known.get(head.workspace.key, (0, None))[0]
            if head.number > since:
                lines += _lines(head, since, at)
                grew += 1
    if lines:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a") as handle:
            handle.write("\n" if _is_cut_short(file) else "")
            handle.write("\n".join(lines) + "\n")
            handle.flush()
            os.fsync(handle.fileno())
    return grew


def write_due_heads(*, at: datetime) -> int:
    """`write_heads` where a chain has grown by 500 entries, or has grown at all and its last line is an hour old."""
    known = _ends(settings.AUDIT_HEADS)
    with entered(ALL):
        heads = list(Head.objects.filter(number__gt=0).values_list("workspace__key", "number"))
    for key, number in heads:
        since, written_at = known.get(key, (0, None))
        old = written_at is None or not timedelta(0) <= at - written_at < HEADS_EVERY
        if number - since >= HEADS_AFTER or (number > since and old):
            return write_heads(at=at)
    return 0


def read_heads(file: Path | None = None) -> list[dict[str, Any]]:
    """What `write_heads` has written, the oldest first; a line cut short by a crash is left out."""
    file = file or settings.AUDIT_HEADS
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    return [read for read in map(_line_of, lines) if read is not None]


def _line_of(text: str) -> dict[str, Any] | None:
    """A line as it was written; None for what a crash or somebody's hand left there."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict):
        return None
    number = read.get("number")
    whole = isinstance(number, int) and not isinstance(number, bool) and number > 0
    told = all(isinstance(read.get(name), str) for name in ("workspace", "digest"))
    return read if whole and told else None


def _is_cut_short(file: Path) -> bool:
    """Whether a crash left a line without its end, which the next one would be glued to."""
    with file.open("rb") as handle:
        return bool(handle.seek(0, os.SEEK_END)) and handle.seek(-1, os.SEEK_END) >= 0 and handle.read(1) != b"\n"


def _ends(file: Path) -> dict[str, tuple[int, datetime | None]]:
    """Workspace -> the last number that a line knows, and when it was written."""
    found: dict[str, tuple[int, datetime | None]] = {}
    for line in read_heads(file):
        try:
            written_at = datetime.fromisoformat(line["at"])
        except (KeyError, TypeError, ValueError):
            written_at = None
        found[line["workspace"]] = line["number"], written_at
    return found


def _lines(head: Head, since: int, at: datetime) -> list[str]:
    """Up to the head as it was read: entries added meanwhile come into the next line."""
    rows = Entry.objects.filter(workspace=head.workspace_id, number__gt=since, number__lte=head.number)
    digests = list(rows.order_by("number").values_list("number", "digest"))
    told = {"workspace": head.workspace.key, "at": at.isoformat()}
    lines = []
    for start in range(0, len(digests), PRINTS_A_LINE):
        part = digests[start : start + PRINTS_A_LINE]
        prints = "".join(digest[:PRINT_SIGNS] for _, digest in part)
        lines.append(told | {"number": part[-1][0], "digest": part[-1][1], "prints": prints})
    if not lines or (lines[-1]["number"], lines[-1]["digest"]) != (head.number, head.digest):
        lines.append(told | {"number": head.number, "digest": head.digest})  # rows are gone: say what the head says
    return [json.dumps(line) for line in lines]


def _locked_head(workspace: Workspace) -> Head:
    """The end of the chain, locked until the transaction ends: the next link waits for this one."""
    return Head.objects.select_for_update().get_or_create(workspace=workspace)[0]


def _seen_lately(workspace: Workspace, by: Person, at: datetime, target: str) -> QuerySet[Entry]:
    return Entry.objects.filter(workspace=workspace, target=target, by=by, verb=SAW, at__gt=at - AGAIN)
