"""The outbox as people and the worker see it: what was sent to whom and what was not, never what it said."""

from __future__ import annotations

from datetime import datetime

from headway.store.actions.sending import due_messages
from headway.store.guards import ALL, entered
from headway.store.models import NoticeChoice, OutMessage, Person, SlackHook, Workspace
from headway.store.models import NoticeChoice as NoticeChoiceRow
from headway.store.models import OutMessage as OutMessageRow
from headway.store.queries.access import Access, NotFoundError
from headway.store.sealing import find_unsealed

__all__ = ["NoticeChoiceRow", "OutMessageRow"]
WORDS = ("text", "html", "blocks", "files")  # of the receiver alone: no list reads them
LATELY = 5


def is_anything_due(at: datetime) -> bool:
    """Whether the worker has anything to hand over; one indexed query."""
    return due_messages(at).exists()


def list_messages(access: Access, state: str = "", *, page: int = 1, count: int = 50) -> tuple[list[OutMessage], bool]:
    """(messages of the workspace, whether there are more), the newest first; without their words."""
    found = OutMessage.objects.select_related("person").defer(*WORDS).filter(workspace=access.workspace)
    found = found.filter(state=state) if state else found
    start = (max(page, 1) - 1) * count
    rows = list(found.order_by("-created_at", "-id")[start : start + count + 1])
    return rows[:count], len(rows) > count


def count_messages(access: Access) -> dict[str, int]:
    """How many are in which state, of those created in the last thousand."""
    newest = OutMessage.objects.filter(workspace=access.workspace).order_by("-created_at")
    states: dict[str, int] = {}
    for state in newest.values_list("state", flat=True)[:1_000]:
        states[state] = states.get(state, 0) + 1
    return states


def get_message(access: Access, key: str) -> OutMessage:
    """A message of the workspace, without its words. NotFoundError for none."""
    found = OutMessage.objects.defer(*WORDS).filter(workspace=access.workspace, key=key).first()
    if found is None:
        raise NotFoundError(key)
    return found


def list_own_messages(person: Person) -> list[OutMessage]:
    """The last five messages to this person, from whichever workspace; without their words."""
    with entered(ALL):
        found = OutMessage.objects.select_related("person").defer(*WORDS).filter(person=person)
        return list(found.order_by("-created_at", "-id")[:LATELY])


def get_own_message(person: Person, key: str) -> OutMessage:
    """A message to this person, without its words; enter all workspaces first. NotFoundError for none."""
    found = OutMessage.objects.defer(*WORDS).filter(person=person, key=key).first()
    if found is None:
        raise NotFoundError(key)
    return found


def choice_of(person: Person) -> NoticeChoice:
    """What this person chose; what holds for everybody where they chose nothing (not saved then)."""
    return NoticeChoice.objects.filter(person=person).first() or NoticeChoice(person=person)


def hook_of(message: OutMessage) -> str | None:
    """Where a Slack message goes; None where no hook is set, or it can no longer be read."""
    if message.person is not None:
        return find_unsealed(choice_of(message.person).slack_hook)
    hook = find_hook(message.workspace) if message.workspace else None
    return find_unsealed(hook.hook) if hook else None


def find_hook(workspace: Workspace) -> SlackHook | None:
    """The workspace's hook, sealed as it stands."""
    return SlackHook.objects.select_related("by").filter(workspace=workspace).first()


def find_reader(key: str) -> Person | None:
    """The active person with this key."""
    return Person.objects.filter(key=key, is_active=True).first()
