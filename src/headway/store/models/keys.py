"""Random public ids: what stands in URLs instead of counting numbers."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u
LENGTH = 12


def new_key() -> str:
    """Twelve random characters, 60 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_secret() -> bytes:
    """32 random bytes: the key under which a workspace's wordings are hashed."""
    return secrets.token_bytes(32)
