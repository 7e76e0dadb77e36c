"""The address that opens a seller's own mail client with a question to a buyer."""

from __future__ import annotations

from urllib.parse import quote

from headway.basics.language import told
from headway.basics.language.markup import told_lines
from headway.evidence.question import NextQuestion


def mailto_of(question: NextQuestion) -> str:
    """With subject and text, in the seller's language."""
    to = quote(question.contact_email or "", safe="@")
    body = quote(told_lines(question.mail_body).replace("\n", "\r\n"))
    return f"mailto:{to}?subject={quote(told(question.mail_subject))}&body={body}"
