"""Static files are kept by browsers for ever under an address that changes with them, and do nothing by themselves."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from importlib.metadata import version
from pathlib import Path


def statics_version() -> str:
    """Twelve hex digits over every static file of ours and the versions of those we did not write.

    It stands in every static URL, so that browsers may keep what they have for ever, and modules that import each
    other by relative paths always meet their own generation. Nothing to collect, nothing to rewrite.
    """
    found = hashlib.sha256()
    for package in ("django", "django-htmx", "django-allauth"):
        found.update(f"{package} {version(package)}\n".encode())
    here = Path(__file__).parent.parent
    for file in sorted({*here.rglob("*.css"), *(here / "web" / "static").rglob("*")}):  # see `web.finders` for styles
        if file.is_file():
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            found.update(f"{file.relative_to(here).as_posix()} {content}\n".encode())
    return found.hexdigest()[:12]


def forever(_path: str, _url: str) -> bool:
    """Whether a static file never changes under its URL: all of them, see `statics_version`."""
    return True


def guard_static(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    """A file shown by itself may do nothing and be framed by nobody."""
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
