"""The grade of a record of evidence made by hand: by where it comes from, never by what was typed.

Grades and what they rest on: docs/methods/proof.md. A mail's header is read, not verified: who can write a file can
write a header. It says more than a typed line, and less than what a connector saw.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default as modern
from enum import StrEnum
from urllib.parse import urlsplit

from headway.evidence.kinds import Grade

LARGEST_MAIL = 50_000_000  # bytes
LARGEST_HEAD = 256_000  # bytes; real heads stay below 60,000
LONGEST_LINE = 4_000  # characters of one header; reading addresses takes longer than linear time
# Where anybody may have an address: sharing one of these does not make two people colleagues.
PUBLIC_DOMAINS = frozenset(
    (
        *("163.com", "aol.com", "fastmail.com", "gmail.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com"),
        *("icloud.com", "live.com", "mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com", "proton.me"),
        *("protonmail.com", "qq.com", "t-online.de", "web.de", "yahoo.com", "yandex.ru", "zoho.com"),
    )
)


class Source(StrEnum):
    """What stands behind a record of evidence."""

    WORD = "word"  # the seller's word
    QUOTE = "quote"  # the buyer's words, typed or pasted
    LINK = "link"
    FILE = "file"
    MAIL = "mail"  # a mail file with its header, written by somebody outside the workspace
    SYSTEM = "system"  # seen by a connector, or in a shared or signed system: never chosen by hand


GRADES = {
    Source.WORD: Grade.WORD,
    Source.QUOTE: Grade.QUOTED,
    Source.LINK: Grade.QUOTED,
    Source.FILE: Grade.QUOTED,
    Source.MAIL: Grade.WRITTEN,
    Source.SYSTEM: Grade.SEEN,
}


@dataclass(frozen=True, slots=True)
class MailHead:
    """What the header of a mail says. `sent_at`: aware, UTC; None where its date cannot be read."""

    sender_name: str
    sender_address: str
    sent_at: datetime | None
    subject: str


def grade_of(source: Source, *, corroborates: bool = False) -> Grade:
    """The grade of a record from this source.

    `corroborates`: another contact has already shown the same milestone with grade 2 or more. It lifts only what has
    grade 2 or more by itself: two quotes typed by one seller do not corroborate each other.
    """
    grade = GRADES[source]
    return Grade.CORROBORATED if corroborates and grade >= Grade.WRITTEN else grade


def source_of(
    *, quote: str, link: str, file_name: str, content: bytes | None, own_addresses: frozenset[str]
) -> tuple[Source, MailHead | None]:
    """The best source among what was handed in, and the head of the mail where one was.

    `own_addresses`: mail addresses and bare domains (`acme.example`) of the workspace's own people. Everybody at the
    domain of one of them counts as own, unless it is one where anybody may have an address. A head comes back for
    every `.eml` file that has a sender, also where it is a FILE and no MAIL: from one of the workspace's own people,
    without a date or an id, or a draft. Mail headers pasted as text stay a QUOTE. Never raises.
    """
    if content and file_name.strip():
        head, complete = _mail(content) if file_name.strip().lower().endswith(".eml") else (None, False)
        outside = head is not None and not is_own(head.sender_address, own_addresses)
        return (Source.MAIL if complete and outside else Source.FILE), head
    if _is_link(link):
        return Source.LINK, None
    return (Source.QUOTE if quote.strip() or link.strip() else Source.WORD), None


def is_own(address: str, own_addresses: frozenset[str]) -> bool:
    """True for an address of the workspace, or at one of its domains or below them."""
    domain = _domain(address)
    return any(_same_side(address.strip().casefold(), domain, own.strip().casefold()) for own in own_addresses)


def _same_side(address: str, domain: str, own: str) -> bool:
    if not own or address == own:
        return bool(own)
    ours = _domain(own)
    if "@" in own.removeprefix("@") and ours in PUBLIC_DOMAINS:
        return False
    return domain == ours or domain.endswith("." + ours)


def _domain(address: str) -> str:
    return address.strip().casefold().rpartition("@")[2].rstrip(".")


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _mail(content: bytes) -> tuple[MailHead | None, bool]:
    """The head, and whether it has all that a received mail has: one sender, a readable date, an id."""
    start = content[: LARGEST_HEAD + 1]
    ends = [at for mark in (b"\n\n", b"\r\n\r\n", b"\r\r") if (at := start.find(mark)) >= 0]
    if len(content) > LARGEST_MAIL or (not ends and len(content) > LARGEST_HEAD):
        return None, False
    try:
        # A bare header parser with the modern policy reads each header only when asked for it.
        message = BytesHeaderParser(policy=modern).parsebytes(start[: min(ends, default=len(start))])
        return _head(message)
    except Exception:  # the standard library's reader of addresses raises many kinds of errors on hostile ones
        return None, False


def _head(message: EmailMessage) -> tuple[MailHead | None, bool]:
    if any(len(str(value)) > LONGEST_LINE for name, value in message.raw_items() if name.lower() in _READ):
        return None, False
    senders = [address for header in message.get_all("From", []) for address in header.addresses]
    if not senders or not senders[0].username or not senders[0].domain:
        return None, False
    sender = senders[0]
    date = message["Date"].datetime if message["Date"] is not None else None
    head = MailHead(
        sender_name=_plain(sender.display_name),
        sender_address=_plain(sender.addr_spec).lower(),
        # Without a zone (-0000) a mail's date is in UTC: RFC 5322, 3.3.
        sent_at=None if date is None else (date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)),
        subject=_plain(message["Subject"] or ""),
    )
    named = str(message["Message-ID"] or "").strip()
    draft = message["X-Unsent"] is not None  # what a mail client writes into a draft that was never sent
    return head, len(senders) == 1 and head.sent_at is not None and "@" in named and not draft


_READ = ("from", "date", "subject", "message-id", "x-unsent")


def _plain(text: object) -> str:
    """One line of printable text: header values may hold undecodable bytes and control characters."""
    said = str(text).encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())
