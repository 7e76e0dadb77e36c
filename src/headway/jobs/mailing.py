"""Hand mail to the mail server of HEADWAY_MAIL, and understand what it answers."""

from __future__ import annotations

import smtplib
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection

from headway.jobs.handing import SENT, Outcome, later, refused
from headway.reviews.paper import one_line
from headway.store.notice_links import stop_address
from headway.store.queries.outbox import OutMessageRow

LARGEST = 5_000_000  # bytes of one mail
NO_SERVER = "No mail server is set up: ask whoever runs Headway to set HEADWAY_MAIL, then send it again."


class MailLine:
    """A connection to the mail server: opened when the first mail goes, kept for the next, closed with the block."""

    def __init__(self) -> None:
        self._connection: Any = None

    def __enter__(self) -> MailLine:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._hang_up()

    def hand_over(self, message: OutMessageRow) -> Outcome:
        """One mail to one receiver; never raises for what a server or a network can do."""
        if not settings.MAIL_WORKS:
            return refused(NO_SERVER)
        try:
            mail = mail_of(message)
            if len(mail.message().as_bytes()) > LARGEST:
                return refused("This mail is larger than 5 MB: nothing that large is sent.")
        except (BadHeaderError, UnicodeError, ValueError):
            return refused(
                "The address or the subject cannot stand in a mail: correct the address, then send it again."
            )
        try:
            if self._connection is None:
                self._connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
                self._connection.open()
            self._connection.send_messages([mail])
        except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; a strange address is a ValueError
            self._hang_up()
            return outcome_of(error)
        return SENT

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                connection.close()
        except OSError:
            pass  # what was accepted stays accepted, however the goodbye went


def mail_of(message: OutMessageRow) -> EmailMultiAlternatives:
    """The row as a mail. Its Message-ID follows from the row's key: handed over again, it is the same mail."""
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
    if message.person is not None:
        headers["List-Unsubscribe"] = f"<{stop_address(message.person)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(message.subject, message.text, to=[message.address], headers=headers)
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for file in message.files:
        if file["media_type"].startswith("text/calendar") and "method=" in file["media_type"]:
            # As an alternative, calendars offer to accept it; as a file, everybody else can open it.
            mail.attach_alternative(file["text"], file["media_type"])
        mail.attach(file["name"], file["text"], file["media_type"].split(";")[0])
    return mail


def message_id(message: OutMessageRow) -> str:
    """As in `<ab12cd34ef56@headway.example.com>`."""
    return f"<{message.key}@{urlsplit(settings.ADDRESS).hostname}>"


def outcome_of(error: Exception) -> Outcome:
    """Whether trying again can help, by what went wrong. No sentence holds a password or the words of the mail."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return later("The mail server does not accept Headway’s user and password: ask whoever runs it to mend them.")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _answered(code, words)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
        return refused("The mail server cannot take this address: correct it, then send it again.")
    if isinstance(error, TimeoutError):
        return later("The mail server did not answer in time.")
    return later("The mail server could not be reached.")


def _answered(code: int, words: bytes | str) -> Outcome:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    told = f"{code} {one_line(said, 160)}".strip().rstrip(".") + "."
    if 500 <= code < 600:
        return refused(f"The mail server refused it for good: {told}")
    return later(f"The mail server put it off: {told}")
