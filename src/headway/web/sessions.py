"""Sessions as rows that are of no use to who reads the database: under a hash of their key, and sealed."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib.sessions.backends.db import SessionStore as PlainStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from headway.store.sealing import sealer

LENGTH = 40  # of the column


def stored(session_key: str) -> str:
    """What stands in the database for the key in somebody's cookie. The key is random, so that no salt is needed."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:LENGTH]


class SessionStore(PlainStore):
    """Django's own, but for how a row is called and written. Codes to reset a password lie in sessions, too."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = self.model.objects.filter(session_key=stored(self.session_key or ""), expire_date__gt=timezone.now())
        row = found.first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        """Whether there is a row for this key."""
        return bool(self.model.objects.filter(session_key=stored(session_key)).exists())

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row to save."""
        row = super().create_model_instance(data)
        row.session_key = stored(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Forget the session of this key, of its own where none is given."""
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=stored(key)).delete()

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Signed as Django does, then sealed."""
        return sealer().encrypt(super().encode(session_dict).encode()).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """The session; an empty one where it was changed, or sealed under another secret key."""
        try:
            opened = sealer().decrypt(session_data if isinstance(session_data, bytes) else session_data.encode())
        except InvalidToken:
            return {}
        found: dict[str, Any] = super().decode(opened.decode())
        return found
