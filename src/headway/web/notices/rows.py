"""A message as lists show it: to whom, what became of it, what can be done. Never what it said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headway.store.queries.outbox import OutMessageRow

STATE_WORDS = {
    "waiting": ("Waiting", ""),
    "sending": ("Being sent", "info"),
    "sent": ("Sent", "good"),
    "unsure": ("Unsure", "warn"),
    "failed": ("Not sent", "bad"),
    "dropped": ("Dropped", ""),
}
CHANNEL = "the Slack channel"
KIND_WORDS = {
    "digest": "Digest",
    "agenda": "Agenda",
    "minutes": "Minutes",
    "invitation": "Calendar entry",
    "test": "Test",
}


@dataclass(frozen=True, slots=True)
class MessageRow:
    """`state`: as in the table, `sending` for one that is on the wire. `when`: sent, else due."""

    key: str
    subject: str
    kind: str
    to: str
    channel: str
    state: str
    words: str
    tone: str
    when: datetime
    error: str
    is_due: bool
    attempts: int

    @property
    def way(self) -> str:
        """How it goes, where that is not said by whom it goes to."""
        if self.channel == "mail":
            return "by mail"
        return "" if self.to == CHANNEL else "in Slack"

    @property
    def sign(self) -> str:
        """The name of its icon."""
        return "note" if self.channel == "slack" else "mail"

    @property
    def can_replay(self) -> bool:
        """Whether one press sends it again."""
        return self.state in ("unsure", "failed", "dropped")

    @property
    def can_drop(self) -> bool:
        """Whether one press ends it."""
        return self.state in ("waiting", "unsure", "failed")


def message_row(message: OutMessageRow, now: datetime) -> MessageRow:
    """From a row of the table."""
    on_the_wire = message.lease_until is not None and message.lease_until > now
    state = "sending" if on_the_wire else "waiting" if message.state == "sending" else message.state
    words, tone = STATE_WORDS[state]
    person = message.person
    to = str(person) if person else message.address or CHANNEL
    return MessageRow(
        key=message.key, subject=message.subject or "Without a subject",
        kind=KIND_WORDS.get(message.kind, message.kind.capitalize()), to=to, channel=message.channel, state=state,
        words=words, tone=tone, when=message.sent_at or max(message.due_at, message.created_at),
        error="" if state == "sending" else message.error, is_due=message.due_at <= now, attempts=message.attempts,
    )  # fmt: skip
