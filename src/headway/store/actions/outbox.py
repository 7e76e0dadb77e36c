"""Put a message into the outbox: a row, in the transaction of what it tells about; the job `outbox` hands it over."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from headway.basics.language import SOURCE, language, speaking, told
from headway.basics.language.markup import told_blocks, told_lines, told_page
from headway.store.models import OutMessage, Person, Workspace

MAIL, SLACK = "mail", "slack"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says. `text`: plain; `html`: the same, for mail; `blocks`: the same, for Slack.

    `files`: [{"name": "invite.ics", "media_type": "text/calendar; method=REQUEST", "text": ...}].
    """

    subject: str
    text: str
    html: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)

    def told(self) -> Letter:
        """The same in the language spoken now; letters are written in English."""
        if language() == SOURCE:
            return self
        html, blocks = told_page(self.html), told_blocks(self.blocks)
        return replace(self, subject=told(self.subject), text=told_lines(self.text), html=html, blocks=blocks)


def put_out(
    *,
    workspace: Workspace | None,
    person: Person | None,
    channel: str,
    kind: str,
    letter: Letter,
    once: str,
    at: datetime,
    due_at: datetime | None = None,
    address: str = "",
) -> bool:
    """Whether it is new: with the same `once` (as in "minutes KEY PERSON mail") nothing is put out a second time.

    Inside the caller's transaction, so that what is told has happened. `address`: of a mail to somebody without an
    account; else the person's own. `kind`: invitation, agenda, minutes, digest.
    """
    with speaking(person.language if person else ""):
        letter = letter.told()
    _, new = OutMessage.objects.get_or_create(
        once=once,
        defaults={
            "workspace": workspace, "person": person, "channel": channel, "kind": kind,
            "address": address or (person.email if person and channel == MAIL else ""),
            "subject": " ".join(letter.subject.split())[:300], "text": letter.text, "html": letter.html,
            "blocks": letter.blocks, "files": letter.files, "created_at": at, "due_at": due_at or at,
        },
    )  # fmt: skip
    return new
