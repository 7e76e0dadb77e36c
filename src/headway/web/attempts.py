"""Counts of tries, shared by every web process of a machine: ten guesses are ten, however many processes answer.

A file of its own beside the database: counting a guess waits for no other write, and a request that changes nothing
changes nothing in the database. Keys are kept as hashes under the secret key, values as JSON; losing the file in a
crash forgets a quarter of an hour of counts, so nothing is forced onto the disk.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

TABLE = "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL, ends REAL NOT NULL) WITHOUT ROWID"
BY_END = "CREATE INDEX IF NOT EXISTS kept_ends ON kept (ends)"
PUT = "INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, ends = excluded.ends"
ADD = f"{PUT} WHERE kept.ends <= ?"
FOREVER = 1e12
SWEPT = 20  # of what is over, so many are thrown out with each write


class Attempts(BaseCache):
    """A cache of Django's in a SQLite file at `location`. Values are what JSON knows; `add` is atomic."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._path = Path(location)
        self._own = threading.local()

    def _connection(self) -> sqlite3.Connection:
        """One for each thread and process: a connection must not be taken along through a fork."""
        if getattr(self._own, "process", None) != os.getpid():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            opened = sqlite3.connect(self._path, timeout=10, isolation_level=None)
            opened.execute("PRAGMA journal_mode=WAL")
            opened.execute("PRAGMA synchronous=OFF")
            opened.execute(TABLE)
            opened.execute(BY_END)
            self._own.connection, self._own.process = opened, os.getpid()
        connection: sqlite3.Connection = self._own.connection
        return connection

    def _key(self, key: str, version: int | None) -> str:
        made = self.make_key(key, version=version)
        return hmac.new(settings.SECRET_KEY.encode(), made.encode(), hashlib.sha256).hexdigest()

    def _ends(self, timeout: Any) -> float:
        ends = self.get_backend_timeout(timeout)
        return FOREVER if ends is None else float(ends)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep it unless something is kept under the key; whether it was."""
        row = (self._key(key, version), json.dumps(value), self._ends(timeout), time.time())
        return self._connection().execute(ADD, row).rowcount == 1

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is kept and not over."""
        row = (
            self._connection()
            .execute("SELECT value FROM kept WHERE key = ? AND ends > ?", (self._key(key, version), time.time()))
            .fetchone()
        )
        return default if row is None else json.loads(row[0])

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep it; a little of what is over goes."""
        connection = self._connection()
        connection.execute(PUT, (self._key(key, version), json.dumps(value), self._ends(timeout)))
        over = "DELETE FROM kept WHERE key IN (SELECT key FROM kept WHERE ends <= ? LIMIT ?)"
        connection.execute(over, (time.time(), SWEPT))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Whether there was any."""
        done = self._connection().execute("DELETE FROM kept WHERE key = ?", (self._key(key, version),))
        return done.rowcount == 1

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep it longer; whether it was there."""
        row = (self._ends(timeout), self._key(key, version), time.time())
        return self._connection().execute("UPDATE kept SET ends = ? WHERE key = ? AND ends > ?", row).rowcount == 1

    def clear(self) -> None:
        """Forget everything."""
        self._connection().execute("DELETE FROM kept")
