"""The language spoken in this request, message or command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SOURCE = "en"
LANGUAGES = {"en": "English", "de": "Deutsch"}
_NOW: ContextVar[str | Callable[[], str]] = ContextVar("headway_language", default=SOURCE)


def language() -> str:
    """The code of the language spoken now: `en`, `de`."""
    now = _NOW.get()
    if isinstance(now, str):
        return now
    asked = now()
    code = asked if asked in LANGUAGES else SOURCE
    _NOW.set(code)
    return code


def is_settled() -> bool:
    """Whether anybody has asked yet which language is spoken."""
    return isinstance(_NOW.get(), str)


@contextmanager
def speaking_as(asked: Callable[[], str]) -> Iterator[None]:
    """Speak, inside the block, the language that `asked` names; it is asked once, when the first word is said."""
    token = _NOW.set(asked)
    try:
        yield
    finally:
        _NOW.reset(token)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language inside the block; one that is not known, or none, is English."""
    token = _NOW.set(code if code in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _NOW.reset(token)


def best_of(asked: str) -> str:
    """The best of our languages for a browser's `Accept-Language`, such as `de-AT,de;q=0.9,en;q=0.5`.

    Source: RFC 9110, 12.5.4: the weight is 1 where none is said, and 0 means never.
    """
    found: list[tuple[float, int, str]] = []
    for place, part in enumerate(asked[:200].split(",")):
        tag, _, weight = part.partition(";")
        code = tag.strip().split("-")[0].lower()
        try:
            value = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if code in LANGUAGES and value > 0:
            found.append((-value, place, code))
    return min(found)[2] if found else SOURCE
