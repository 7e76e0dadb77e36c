"""One call of every action on messages, reminders and what people choose of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from headway.store.actions import notice_choices, reminders, sending
from headway.store.actions.outbox import MAIL, Letter, put_out
from headway.store.models import OutMessage, SlackHook
from tests.cast import NOW

if TYPE_CHECKING:
    from tests.durability.scenarios import Ground

AT = NOW + timedelta(hours=1)
ON = date(2026, 3, 3)
HOOK = "https://hooks.slack.com/services/T0/B0/x"
LETTER = Letter("Minutes", "What was decided")


def nothing(g: Ground) -> None:
    """The cast is enough."""


def put(g: Ground) -> OutMessage:
    """A message to Bob that waits."""
    put_out(
        workspace=g.workspace, person=g.cast.bob, channel=MAIL, kind="minutes", letter=LETTER, once="m", at=NOW
    )  # fmt: skip
    return OutMessage.objects.get(once="m")


def failed(g: Ground) -> None:
    """One that was given up."""
    put(g)
    OutMessage.objects.update(state="failed", error="No")


def dropped(g: Ground) -> None:
    """One that is no longer wanted."""
    sending.drop_message(message=put(g), **g.who)


def hooked(g: Ground) -> None:
    """A hook of the workspace."""
    notice_choices.set_hook(workspace=g.workspace, hook=HOOK, **g.who)


def settle(g: Ground) -> object:
    """Bob's digest, with one thing in it, in place of one that still waits."""
    told = [(g.workspace, "commitment x")]
    return reminders.settle_digest(person=g.cast.bob, on=ON, letter=LETTER, channel=MAIL, told=told, at=AT)


NOTICES: dict[str, tuple[Callable[[Ground], object], Callable[[Ground], object]]] = {
    "sending.take_message": (put, lambda g: sending.take_message(at=AT)),
    "sending.replay_message": (
        failed, lambda g: sending.replay_message(message=g.last(OutMessage), **g.who),
    ),
    "sending.drop_message": (put, lambda g: sending.drop_message(message=g.last(OutMessage), **g.who)),
    "sending.keep_message": (
        dropped, lambda g: sending.keep_message(message=g.last(OutMessage), state="waiting", **g.who),
    ),
    "reminders.settle_digest": (nothing, settle),
    "reminders.snooze_reminder": (
        nothing,
        lambda g: reminders.snooze_reminder(workspace=g.workspace, person=g.cast.bob, about="commitment x", on=ON),
    ),
    "reminders.end_reminder": (
        nothing,
        lambda g: reminders.end_reminder(workspace=g.workspace, person=g.cast.bob, about="commitment x", at=AT),
    ),
    "notice_choices.choose_notices": (
        nothing,
        lambda g: notice_choices.choose_notices(
            person=g.cast.bob, choice=notice_choices.Choice("mail", time(9), "0", time(19), time(7), "U0BOB", HOOK)
        ),
    ),
    "notice_choices.choose_channel": (
        nothing, lambda g: notice_choices.choose_channel(person=g.cast.bob, channel="none"),
    ),
    "notice_choices.set_hook": (
        nothing, lambda g: notice_choices.set_hook(workspace=g.workspace, hook=HOOK, **g.who),
    ),
    "notice_choices.remove_hook": (hooked, lambda g: notice_choices.remove_hook(workspace=g.workspace, **g.who)),
    "notice_choices.restore_hook": (
        lambda g: (hooked(g), SlackHook.objects.all().delete()),
        lambda g: notice_choices.restore_hook(workspace=g.workspace, hook="sealed", **g.who),
    ),
}  # fmt: skip
