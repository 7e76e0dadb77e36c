"""Where this installation lies and what it reads: its folder, its address, its secret key, its database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

environment = environ.Env()
HOME = Path(environment.str("HEADWAY_HOME", default="headway-data")).expanduser().absolute()
ADDRESS = environment.str("HEADWAY_ADDRESS", default="https://localhost").rstrip("/")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def secret_key() -> str:
    """The key from the environment, else the one made at the first start and kept in HEADWAY_HOME."""
    given = environment.str("HEADWAY_SECRET_KEY", default="")
    if given:
        if len(given) < 50:
            raise ImproperlyConfigured("HEADWAY_SECRET_KEY is too short: give it at least 50 random characters.")
        return str(given)
    file = HOME / "secret.key"
    if not file.exists():
        HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as handle:
            handle.write(secrets.token_urlsafe(64))
    return file.read_text().strip()


def is_safe_address(address: str) -> bool:
    """Whether what is sent there is encrypted, or stays on this very machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def database() -> dict[str, object]:
    """DATABASE_URL, else SQLite in HEADWAY_HOME with every answered write on disk."""
    url = environment.str("DATABASE_URL", default="")
    if url:
        found: dict[str, object] = dict(environment.db_url("DATABASE_URL"))
        if "postgresql" not in str(found["ENGINE"]):
            raise ImproperlyConfigured("DATABASE_URL must begin with postgres://; leave it out for SQLite.")
        return {**found, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True}
    HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "headway.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728;",
        },
    }
