"""The worker's way through the outbox: take a message, hand it over, record the answer. Cheap when nothing is due."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from headway.jobs import slack
from headway.jobs.handing import Became, Outcome
from headway.jobs.mailing import MailLine
from headway.store.actions.outbox import SLACK
from headway.store.actions.sending import (
    record_failed,
    record_later,
    record_sent,
    record_unheard,
    set_out,
    take_message,
)
from headway.store.guards import ALL, entered
from headway.store.queries.outbox import OutMessageRow, is_anything_due

AT_ONCE = 20  # then jobs have their turn
log = logging.getLogger("headway.jobs.outbox")


def send_due(clock: Callable[[], datetime]) -> bool:
    """Hand over what is due, at most twenty messages; whether there was any."""
    with entered(ALL):
        if not is_anything_due(clock()):
            return False
        count = 0
        with MailLine() as line:
            while count < AT_ONCE and (message := take_message(at=clock())) is not None:
                count += 1
                send_one(message, line, clock)
    return count > 0


def send_one(message: OutMessageRow, line: MailLine, clock: Callable[[], datetime]) -> None:
    """Hand over one leased message and record what became of it."""
    if not set_out(message=message, at=clock()):
        return
    try:
        outcome = slack.hand_over(message) if message.channel == SLACK else line.hand_over(message)
    except Exception as error:
        # Never the error's own words or its traceback: they may quote the message, its receiver, or a hook.
        log.error("message %s could not be handed over: %s", message.key, type(error).__name__)
        outcome = Outcome(Became.LATER, "Headway stumbled over this message.")
        if message.channel == SLACK:
            outcome = Outcome(Became.UNHEARD)
    record(message, outcome, clock())


def record(message: OutMessageRow, outcome: Outcome, at: datetime) -> None:
    """Write down what became of it."""
    if outcome.became is Became.SENT:
        record_sent(message=message, at=at)
    elif outcome.became is Became.LATER:
        record_later(message=message, sentence=outcome.sentence, at=at, pause=outcome.pause)
    elif outcome.became is Became.REFUSED:
        record_failed(message=message, sentence=outcome.sentence)
    else:
        record_unheard(message=message)
