"""Real workers on a database, to be killed: `python -m tests.durability.sender`, one command per line, as JSON.

Django is loaded once; each worker is a process of its own, forked from here, that runs `headway.jobs.worker.run`.
A fault is a place in it, and on which message of that worker it ends itself there by kill -9.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import django

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
IN_THE_WORKER = ("leasing", "leased", "set out", "accepted", "recorded")


def main() -> int:
    """Answer each command with one line of JSON, until the input ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.settings")
    django.setup()
    for module in ("headway.jobs.kinds", "headway.jobs.nightly", "headway.jobs.outbox"):
        import_module(module)  # once, not in every fork
    from django.db import connections

    for line in sys.stdin:
        command, *given = json.loads(line)
        answer = COMMANDS[command](*given)
        connections.close_all()  # nothing open is ever shared with a fork
        print(json.dumps(answer), flush=True)
    return 0


def fill(hook: str) -> None:
    """Tables, a workspace with a hook, and somebody who wants mail at any hour."""
    from django.core.management import call_command

    from headway.store.actions.notice_choices import set_hook
    from headway.store.actions.workspaces import make_person, make_workspace
    from headway.store.guards import ALL, enter
    from headway.store.models import NoticeChoice

    call_command("migrate", verbosity=0)
    at = datetime.now(UTC)
    person = make_person(email="ann@example.com", name="Ann", password=None, at=at)
    workspace = make_workspace(name="W", by=person, at=at)
    enter(ALL)
    set_hook(workspace=workspace, hook=hook, by=person, at=at)
    NoticeChoice.objects.create(person=person, quiet_from="00:00", quiet_until="00:00")


def put(mark: str, count: int) -> None:
    """So many mails, and as many messages to the channel."""
    from headway.store.actions.outbox import MAIL, SLACK, Letter, put_out
    from headway.store.guards import ALL, enter
    from headway.store.models import Person, Workspace

    enter(ALL)
    at = datetime.now(UTC) - timedelta(seconds=1)
    person, workspace = Person.objects.get(), Workspace.objects.get()
    for number in range(count):
        for channel, to in ((MAIL, person), (SLACK, None)):
            name = f"{mark}-{number}-{channel}"
            letter = Letter(name, name)
            put_out(
                workspace=workspace, person=to, channel=channel, kind="minutes", letter=letter, once=name, at=at
            )  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """Every message: key, subject, channel, and its state; `sending` while a worker is at it."""
    from headway.store.guards import ALL, enter
    from headway.store.models import OutMessage

    enter(ALL)
    now = datetime.now(UTC)
    return [
        {
            "key": row.key, "subject": row.subject, "channel": row.channel, "error": row.error,
            "state": "sending" if row.lease_until and row.lease_until > now else row.state,
        }
        for row in OutMessage.objects.order_by("id")
    ]  # fmt: skip


def lapse() -> None:
    """As five minutes later: leases of the dead run out."""
    from headway.store.guards import ALL, enter
    from headway.store.models import OutMessage

    enter(ALL)
    OutMessage.objects.exclude(lease_until=None).update(lease_until=LONG_AGO)


def replay() -> int:
    """Send again, by hand, whatever nobody is sure of."""
    from headway.store.actions.sending import replay_message
    from headway.store.guards import ALL, enter
    from headway.store.models import OutMessage, Person

    enter(ALL)
    unsure = list(OutMessage.objects.filter(state="unsure"))
    for message in unsure:
        replay_message(message=message, by=Person.objects.get(), at=datetime.now(UTC))
    return len(unsure)


def start(fault: str, on: int) -> int:
    """A worker; its process id."""
    child = os.fork()
    if child:
        return child
    try:
        work(fault, on)
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def work(fault: str, on: int) -> None:
    """What a worker does, until it is killed."""
    from headway.jobs import worker
    from headway.jobs.parent import die_with_parent

    die_with_parent()
    worker.IDLE_SECONDS = 0.05
    break_at(fault, on)
    worker.run(threading.Event())


def wait(process: int) -> int:
    """The signal that ended it."""
    return os.WTERMSIG(os.waitpid(process, 0)[1])


def break_at(fault: str, on: int) -> None:
    """Put the fault into this process."""
    from headway.jobs import outbox, slack
    from headway.jobs.mailing import MailLine
    from headway.store.actions import sending

    left = [on]

    def dying(function: Callable[..., Any], before: bool = False) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            done = None if before else function(*given, **named)
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*given, **named) if before else done

        return called

    if fault == "leasing":  # inside the transaction that leases
        sending.secrets.token_hex = dying(sending.secrets.token_hex)
    elif fault == "leased":
        outbox.take_message = dying(outbox.take_message)
    elif fault == "set out":
        outbox.set_out = dying(outbox.set_out)
    elif fault == "accepted":  # the other side has it, and nobody here has written so
        MailLine.hand_over = slack.hand_over = dying_either(MailLine.hand_over, slack.hand_over, dying)
    elif fault == "recorded":
        outbox.record_sent = dying(outbox.record_sent)


def dying_either(
    mail: Callable[..., Any], channel: Callable[..., Any], dying: Callable[..., Any]
) -> Callable[..., Any]:
    """One fault for both ways: by mail it is called with the line and the message, to Slack with the message."""
    return dying(lambda *given: mail(*given) if len(given) == 2 else channel(*given))  # type: ignore[no-any-return]


COMMANDS: dict[str, Callable[..., Any]] = {
    "fill": fill, "put": put, "rows": rows, "lapse": lapse, "replay": replay, "start": start, "wait": wait,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
