"""The cipher for secrets that must be read again (second factors, hooks of Slack): its key follows from our own."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def sealer() -> Fernet:
    """Fernet (AES-128-CBC with HMAC-SHA256), with a key of its own derived from the secret key."""
    key = hmac.new(settings.SECRET_KEY.encode(), b"headway sealed secrets", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def sealed(text: str) -> str:
    """The text as it may stand in a table."""
    return sealer().encrypt(text.encode()).decode()


def find_unsealed(text: str) -> str | None:
    """The text again; None where nothing stands there, it was changed, or the secret key is another."""
    try:
        return sealer().decrypt(text.encode()).decode() if text else None
    except InvalidToken:
        return None
