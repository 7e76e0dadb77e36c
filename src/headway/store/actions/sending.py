"""Take messages out of the outbox, one at a time by leases, and record what became of each.

States and why there is no other way: docs/decisions/0007-sending-once.md. All take a moment and none reads the clock.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from headway.basics.errors import UserError
from headway.reviews.quiet import quiet_until, zone_of
from headway.store.actions.audit import append_entry
from headway.store.actions.outbox import SLACK
from headway.store.models import Membership, NoticeChoice, OutMessage, Person

LEASE = timedelta(minutes=5)  # longer than any hand-over takes: every wait in it is bounded
MOST_ATTEMPTS = 12  # with growing pauses about a day
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
WAITING, SENDING, SENT, UNSURE, FAILED, DROPPED = "waiting", "sending", "sent", "unsure", "failed", "dropped"
DIGEST, TEST = "digest", "test"
AT_THEIR_HOUR = (DIGEST, TEST)  # what somebody chose the moment of: quiet hours do not hold it
KEPT = timedelta(days=30)
DIED = "Headway was ended in the middle of this again and again."
UNHEARD = "It was handed to Slack and the answer was lost: look there, then send it again or drop it."


def due_messages(at: datetime) -> QuerySet[OutMessage]:
    """What is to be handed over by now: due, or leased by a worker that did not come back."""
    return OutMessage.objects.filter(Q(state=WAITING, due_at__lte=at) | Q(state=SENDING, lease_until__lt=at))


@transaction.atomic
def take_message(*, at: datetime) -> OutMessage | None:
    """The next message, leased to the caller. What may not go out now is put off or dropped on the way."""
    while True:
        messages = due_messages(at).select_for_update(skip_locked=True, of=("self",))
        message = messages.select_related("person", "workspace").order_by("due_at", "id").first()
        if message is None:
            return None
        if _settled(message, at):
            continue
        message.state, message.lease, message.lease_until = SENDING, secrets.token_hex(6), at + LEASE
        message.attempts += 1
        message.save(update_fields=["state", "lease", "lease_until", "attempts"])
        return message


def _settled(message: OutMessage, at: datetime) -> bool:
    """Whether it does not go out now: its receiver has left or wants nothing, sleeps, or it was tried too often."""
    person = message.person
    choice = NoticeChoice.objects.filter(person=person).first() if person else None
    choice = choice or NoticeChoice(person=person)
    if message.attempts >= MOST_ATTEMPTS:
        _settle(message, FAILED, message.error or DIED)
        return True
    if _has_left(message):
        _settle(message, DROPPED, "They are no member any more.")
        return True
    if person and choice.channel == "none" and message.kind != TEST:
        _settle(message, DROPPED, "They want no messages.")
        return True
    quiet = None
    if person and message.kind not in AT_THEIR_HOUR:
        quiet = quiet_until(at, zone_of(person.zone), choice.quiet_from, choice.quiet_until)
    if quiet is None:
        return False
    _settle(message, WAITING, "")
    OutMessage.objects.filter(pk=message.pk).update(due_at=quiet)
    return True


def _has_left(message: OutMessage) -> bool:
    if message.workspace and message.workspace.removed_at:
        return True
    if message.person is None:
        return False
    if not message.person.is_active:
        return True
    if message.workspace is None:
        return False
    return not Membership.objects.filter(
        workspace=message.workspace_id, person=message.person_id, ended_at=None
    ).exists()  # fmt: skip


def _settle(message: OutMessage, state: str, error: str) -> None:
    OutMessage.objects.filter(pk=message.pk).update(state=state, error=error, lease="", lease_until=None)


def set_out(*, message: OutMessage, at: datetime) -> bool:
    """Say that it goes onto the wire now; False where it is another's by now and this worker must keep its hands off.

    Slack knows no identity of a message, so from here on it counts as `unsure` until the answer is recorded: who dies
    in between leaves it so. Mail carries its Message-ID, and is handed over again.
    """
    state = UNSURE if message.channel == SLACK else SENDING
    mine = OutMessage.objects.filter(pk=message.pk, lease=message.lease, state=SENDING)
    return mine.update(state=state, lease_until=at + LEASE, error=UNHEARD if state == UNSURE else "") == 1


def record_sent(*, message: OutMessage, at: datetime) -> None:
    """It was accepted. Whoever holds the lease by now: it is out, and nobody shall send it again."""
    OutMessage.objects.filter(pk=message.pk).update(state=SENT, sent_at=at, lease="", lease_until=None, error="")


def record_later(*, message: OutMessage, sentence: str, at: datetime, pause: timedelta | None = None) -> None:
    """It was not accepted, and trying again can help: later, after a pause that grows; after `MOST_ATTEMPTS` never."""
    if message.attempts >= MOST_ATTEMPTS:
        record_failed(message=message, sentence=f"Tried {MOST_ATTEMPTS} times. {sentence}")
        return
    grown = min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)
    _mine(message).update(
        state=WAITING, due_at=at + max(grown, pause or grown), error=sentence, lease="", lease_until=None
    )


def record_failed(*, message: OutMessage, sentence: str) -> None:
    """It was refused, and trying again cannot help."""
    _mine(message).update(state=FAILED, error=sentence, lease="", lease_until=None)


def record_unheard(*, message: OutMessage) -> None:
    """It was handed over and the answer did not come: nobody knows. Not sent again by itself."""
    _mine(message).update(state=UNSURE, error=UNHEARD, lease="", lease_until=None)


def _mine(message: OutMessage) -> QuerySet[OutMessage]:
    return OutMessage.objects.filter(pk=message.pk, lease=message.lease, state__in=(SENDING, UNSURE))


@transaction.atomic
def replay_message(*, message: OutMessage, by: Person, at: datetime) -> None:
    """Send it again, by hand. UserError for what is out already, is on its way, or waits anyhow."""
    found = _locked(message)
    if found.state == UNSURE and found.lease_until is not None and found.lease_until > at:
        raise UserError("This is being sent right now: look again in a minute.")
    if found.state not in (UNSURE, FAILED, DROPPED):
        raise UserError(f"This is {found.state}: there is nothing to send again.")
    if not found.text:
        raise UserError("Its words are no longer kept: after thirty days only the row is.")
    _settle(found, WAITING, "")
    OutMessage.objects.filter(pk=found.pk).update(attempts=0, due_at=at)
    _tell(found, "replay message", by, at)


@transaction.atomic
def drop_message(*, message: OutMessage, by: Person, at: datetime) -> str:
    """Send it no more; the state it had. UserError for what is out or on its way."""
    found = _locked(message)
    on_its_way = found.lease_until is not None and found.lease_until > at
    if found.state not in (WAITING, UNSURE, FAILED) or on_its_way:
        raise UserError(f"This is {SENDING if on_its_way else found.state}: it can no longer be dropped.")
    was = found.state
    _settle(found, DROPPED, found.error)
    _tell(found, "drop message", by, at)
    return was


@transaction.atomic
def keep_message(*, message: OutMessage, state: str, by: Person, at: datetime) -> None:
    """Undo of a drop: it stands as it stood. UserError where it is no longer dropped."""
    found = _locked(message)
    if found.state != DROPPED or state not in (WAITING, UNSURE, FAILED):
        raise UserError(f"This is {found.state} by now.")
    _settle(found, state, found.error)
    _tell(found, "keep message", by, at)


def _locked(message: OutMessage) -> OutMessage:
    return OutMessage.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=message.pk)


def _tell(message: OutMessage, verb: str, by: Person, at: datetime) -> None:
    if message.workspace:  # a digest belongs to its receiver alone, and to no workspace's audit
        append_entry(workspace=message.workspace, by=by, at=at, verb=verb, target=f"message {message.key}")


def forget_bodies(*, at: datetime) -> int:
    """What was sent, or settled otherwise, over thirty days ago keeps its row and loses its words; how many did."""
    old = OutMessage.objects.filter(state__in=(SENT, FAILED, DROPPED), created_at__lt=at - KEPT).exclude(text="")
    return old.update(text="", html="", blocks=[], files=[])
