"""Mails of accounts leave after their request was answered, from a thread of their own.

Somebody who asks for a code at a stranger's address learns nothing from how long the answer takes: handing a mail over
takes as long as the mail server likes, and happens later. The codes in these mails must not lie in the outbox's table.
A process that ends within the second loses what waits: whoever misses a code asks for another.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from dataclasses import dataclass

from django.core.mail import EmailMessage

WAITS_S = 1.0  # until the answer is out: sending would take processor time from it
HOLDS = 1_000
log = logging.getLogger("headway.web.letterbox")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, when it may leave (on the clock of `time.monotonic`), and whether it does at all."""

    mail: EmailMessage
    leaves_at: float
    leaves: bool


class Letterbox:
    """Holds what was dropped in; one thread of this process carries it away."""

    def __init__(self) -> None:
        self._held: queue.Queue[Letter] = queue.Queue(HOLDS)
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._carrier: threading.Thread | None = None

    def put(self, letter: Letter) -> None:
        """Returns at once. A thousand mails may wait: what comes on top is not sent, and the log says so."""
        with self._lock:
            if self._carrier is None or not self._carrier.is_alive():
                self._carrier = threading.Thread(target=self._carry, name="letterbox", daemon=True)
                self._carrier.start()
        try:
            self._held.put_nowait(letter)
        except queue.Full:
            log.warning("a mail was not sent: too many wait for the mail server")

    def wait(self) -> None:
        """Until everything that was dropped in has left."""
        self._held.join()

    def of_this_process(self) -> bool:
        """False after a fork, which takes no thread along."""
        return self._process == os.getpid()

    def _carry(self) -> None:
        while True:
            letter = self._held.get()
            time.sleep(max(0.0, letter.leaves_at - time.monotonic()))
            try:
                if letter.leaves:
                    letter.mail.send()
            except Exception as problem:  # whatever a mail server does, the next mail must leave
                log.warning("a mail could not be sent: %s", type(problem).__name__)
            finally:
                self._held.task_done()


_box = Letterbox()


def letterbox() -> Letterbox:
    """The one of this process."""
    global _box
    if not _box.of_this_process():
        _box = Letterbox()
    return _box


def drop_in(mail: EmailMessage, *, leaves: bool = True) -> None:
    """Send it in a second. `leaves` false: the same work, and nothing leaves."""
    letterbox().put(Letter(mail, time.monotonic() + WAITS_S, leaves))
