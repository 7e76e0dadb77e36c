"""What people choose: when and how they are told, where Slack takes their messages. Hooks are sealed on the way in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction

from headway.store.actions.audit import append_entry
from headway.store.models import NoticeChoice, Person, SeenRequest, SlackHook, Workspace
from headway.store.sealing import sealed

SEEN_FOR = timedelta(minutes=15)  # longer than any signed request is believed


@dataclass(frozen=True, slots=True)
class Choice:
    """As `headway.store.models.NoticeChoice`. `hook`: a new one, empty to keep what is there."""

    channel: str
    digest_at: time
    weekdays: str
    quiet_from: time
    quiet_until: time
    slack_member: str = ""
    hook: str = ""


@transaction.atomic
def choose_notices(*, person: Person, choice: Choice) -> NoticeChoice:
    """When and how this person wants to be told."""
    found = _locked(person)
    found.channel, found.digest_at, found.weekdays = choice.channel, choice.digest_at, choice.weekdays
    found.quiet_from, found.quiet_until = choice.quiet_from, choice.quiet_until
    found.slack_member = choice.slack_member
    if choice.hook:
        found.slack_hook = sealed(choice.hook)
    found.save()
    return found


@transaction.atomic
def choose_channel(*, person: Person, channel: str) -> str:
    """mail, slack or none: whether anything is sent at all, and by which way. What it was before."""
    found = _locked(person)
    was, found.channel = found.channel, channel
    found.save()
    return was


def _locked(person: Person) -> NoticeChoice:
    return NoticeChoice.objects.select_for_update().get_or_create(person=person)[0]


@transaction.atomic
def set_hook(*, workspace: Workspace, hook: str, by: Person, at: datetime) -> None:
    """Minutes of this workspace go there from now on; in place of one that was set before."""
    given = {"hook": sealed(hook), "by": by, "at": at}
    SlackHook.objects.update_or_create(workspace=workspace, defaults=given)
    append_entry(workspace=workspace, by=by, at=at, verb="set slack hook")


@transaction.atomic
def remove_hook(*, workspace: Workspace, by: Person, at: datetime) -> str:
    """Minutes go to no channel any more. The hook as it stood, sealed, for an undo; empty for none."""
    found = SlackHook.objects.select_for_update().filter(workspace=workspace).first()
    if found is None:
        return ""
    found.delete()
    append_entry(workspace=workspace, by=by, at=at, verb="remove slack hook")
    return found.hook


@transaction.atomic
def restore_hook(*, workspace: Workspace, hook: str, by: Person, at: datetime) -> None:
    """Undo of `remove_hook`, where none was set since. `hook`: sealed."""
    if not SlackHook.objects.filter(workspace=workspace).exists():
        SlackHook.objects.create(workspace=workspace, hook=hook, by=by, at=at)
        append_entry(workspace=workspace, by=by, at=at, verb="set slack hook")


def is_new_request(*, digest: str, at: datetime) -> bool:
    """Whether a signed request with this hash comes for the first time; it is remembered for a quarter of an hour."""
    SeenRequest.objects.filter(at__lt=at - SEEN_FOR).delete()
    try:
        with transaction.atomic():
            SeenRequest.objects.create(digest=digest, at=at)
    except IntegrityError:
        return False
    return True
