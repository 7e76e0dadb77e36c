"""Addresses in messages that work without logging in: each signed, for one purpose and one person.

They are those of the web's `notices`, which a test holds these to: who writes messages need not load every screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from headway.store.models import Person, Workspace

STOP, REPLY = "headway notices stop", "headway notices reply"
REPLY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Replied:
    """What a signed reply is about: keys of workspace and person, and the reminder's mark."""

    workspace: str
    person: str
    about: str


def stop_address(person: Person) -> str:
    """Where one press ends every message to this person. Works for as long as they have an account."""
    return f"{settings.ADDRESS}/notices/off/{signing.dumps(person.key, salt=STOP)}/"


def find_stopper(token: str) -> str | None:
    """The key of the person whose messages `token` may end."""
    return _loaded(token, STOP, None)


def reply_value(workspace: Workspace, person: Person, about: str) -> str:
    """What signs a reply to a reminder: the value of a Slack button, part of the address in a mail."""
    return signing.dumps([workspace.key, person.key, about], salt=REPLY)


def reply_address(workspace: Workspace, person: Person, about: str) -> str:
    """The address in a mail up to the reply's name."""
    return f"{settings.ADDRESS}/notices/reply/{reply_value(workspace, person, about)}/"


def find_replied(value: str) -> Replied | None:
    """What `reply_value` signed, in the last thirty days."""
    found = _loaded(value, REPLY, REPLY_DAYS * 86_400)
    return Replied(*found) if found else None


def notices_address() -> str:
    """Where people choose when and how they are told."""
    return f"{settings.ADDRESS}/notices/"


def _loaded(token: str, salt: str, max_age: int | None) -> str | None:
    try:
        found: str = signing.loads(token, salt=salt, max_age=max_age)
    except signing.BadSignature:
        return None
    return found
