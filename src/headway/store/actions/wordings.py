"""Names, quotes and reasons: kept once per workspace, erasable, with a keyed hash that stays."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from headway.store.models import Wording, Workspace

AT_ONCE = 500


def digest_of(workspace: Workspace, text: str) -> str:
    """Hex HMAC-SHA256 of the text under the workspace's secret."""
    return hmac.new(bytes(workspace.secret), text.encode(), hashlib.sha256).hexdigest()


def wordings(workspace: Workspace, texts: Iterable[str]) -> dict[str, int]:
    """text -> id of its row, made where missing. Inside the caller's transaction."""
    wanted = {digest_of(workspace, text): text for text in set(texts)}
    digests = list(wanted)
    found: dict[str, int] = {}
    for start in range(0, len(digests), AT_ONCE):
        part = digests[start : start + AT_ONCE]
        found |= _known(workspace, part)
        missing = [Wording(workspace=workspace, digest=d, text=wanted[d]) for d in part if d not in found]
        if missing:
            Wording.objects.bulk_create(missing, ignore_conflicts=True)
            found |= _known(workspace, [row.digest for row in missing])
    return {text: found[digest] for digest, text in wanted.items()}


def find_wording(workspace: Workspace, text: str | None) -> int | None:
    """The id of one text's row, made where missing; None for none."""
    text = (text or "").strip()
    return wordings(workspace, [text])[text] if text else None


def _known(workspace: Workspace, digests: list[str]) -> dict[str, int]:
    rows = Wording.objects.filter(workspace=workspace, digest__in=digests)
    return dict(rows.values_list("digest", "id"))
