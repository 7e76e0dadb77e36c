"""The links of the audit chain: canonical bytes and their digest. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4)
def audit_key(secret_key: str) -> bytes:
    """The key of all chains, derived from the installation's secret."""
    return hmac.new(secret_key.encode(), b"headway audit chain", hashlib.sha256).digest()


def link_digest(
    key: bytes,
    before: str,
    *,
    workspace: int,
    number: int,
    at: datetime,
    by: int | None,
    verb: str,
    target: str,
    detail: dict[str, Any],
) -> str:
    """Hex HMAC-SHA256 over the digest before and everything the link says."""
    body = json.dumps(
        [before, workspace, number, at.astimezone(UTC).isoformat(timespec="microseconds"), by, verb, target, detail],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
