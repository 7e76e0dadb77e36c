"""The grade of a record made by hand follows from what was handed in, never from what was typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from headway.evidence.kinds import Grade
from headway.evidence.provenance import LARGEST_MAIL, MailHead, Source, grade_of, is_own, source_of

OWN = frozenset({"bob@seller.example", "carol@gmail.com"})
HEAD = (
    "Received: from mx.buyer.example by mx.seller.example; Tue, 3 Nov 2026 09:12:40 +0100\r\n"
    "From: Maria Rossi <Maria.Rossi@buyer.example>\r\n"
    "To: bob@seller.example\r\n"
    "Date: Tue, 3 Nov 2026 09:12:33 +0100\r\n"
    "Message-ID: <abc@buyer.example>\r\n"
    "Subject: =?utf-8?q?What_it_costs_us_=E2=80=93_M=C3=BCnchen?=\r\n"
)
MAIL = (HEAD + "\r\nIt costs us two days a week.\r\n").encode()


def seen(content: bytes | None = None, *, name: str = "mail.eml", quote: str = "", link: str = "") -> Source:
    return source_of(quote=quote, link=link, file_name=name, content=content, own_addresses=OWN)[0]


def test_a_mail_of_the_buyer_is_read_with_its_header() -> None:
    source, head = source_of(quote="", link="", file_name="Re.EML", content=MAIL, own_addresses=OWN)
    assert source is Source.MAIL
    assert head == MailHead(
        "Maria Rossi",
        "maria.rossi@buyer.example",
        datetime(2026, 11, 3, 8, 12, 33, tzinfo=UTC),
        "What it costs us – München",
    )
    assert grade_of(source) is Grade.WRITTEN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Maria.Rossi@buyer.example", "bob@seller.example"),
        ("Maria.Rossi@buyer.example", "Dave@SELLER.example"),
        ("Maria.Rossi@buyer.example", "dave@uk.seller.example"),
        ("Maria.Rossi@buyer.example", "carol@gmail.com"),
        ("Maria.Rossi@buyer.example>", "m@buyer.example>, Bob <bob@seller.example>"),
        ("Date: Tue, 3 Nov 2026 09:12:33 +0100\r\n", ""),
        ("Date: Tue, 3 Nov 2026 09:12:33 +0100", "Date: yesterday"),
        ("Message-ID: <abc@buyer.example>\r\n", ""),
        ("From: Maria Rossi <Maria.Rossi@buyer.example>\r\n", ""),
        ("From: Maria Rossi <Maria.Rossi@buyer.example>", "From: Maria Rossi"),
        ("Message-ID", "X-Unsent: 1\r\nMessage-ID"),
    ],
)
def test_what_a_received_mail_of_an_outsider_has_is_needed(old: str, new: str) -> None:
    content = MAIL.replace(old.encode(), new.encode())
    assert content != MAIL
    assert seen(content) is Source.FILE


def test_the_head_of_a_mail_from_the_own_side_is_still_told() -> None:
    content = MAIL.replace(b"Maria.Rossi@buyer", b"bob@seller")
    head = source_of(quote="", link="", file_name="a.eml", content=content, own_addresses=OWN)[1]
    assert head is not None
    assert head.sender_address == "bob@seller.example"


def test_a_mail_whose_date_has_no_zone_is_in_utc() -> None:
    content = MAIL.replace(b"+0100\r\nMessage", b"-0000\r\nMessage")
    source, head = source_of(quote="", link="", file_name="a.eml", content=content, own_addresses=OWN)
    assert source is Source.MAIL
    assert head is not None
    assert head.sent_at == datetime(2026, 11, 3, 9, 12, 33, tzinfo=UTC)


def test_sharing_a_public_mail_domain_makes_nobody_a_colleague() -> None:
    assert seen(MAIL.replace(b"Maria.Rossi@buyer.example", b"maria@gmail.com")) is Source.MAIL
    assert is_own("x@own.example", frozenset({"own.example"}))
    assert is_own("x@own.example", frozenset({"@own.example"}))
    assert not is_own("x@notown.example", frozenset({"own.example"}))
    assert not is_own("x@own.example", frozenset({""}))


def test_mail_headers_pasted_as_text_are_a_quote() -> None:
    text = MAIL.decode()
    assert source_of(quote=text, link="", file_name="", content=None, own_addresses=OWN) == (Source.QUOTE, None)
    assert seen(None, quote=text, name="mail.eml") is Source.QUOTE
    assert seen(MAIL, name="mail.txt") is Source.FILE
    assert grade_of(Source.QUOTE) is Grade.QUOTED


def test_the_best_of_what_was_handed_in_counts() -> None:
    assert seen(name="") is Source.WORD
    assert seen(name="", quote=" \n") is Source.WORD
    assert seen(b"", name="empty.pdf") is Source.WORD
    assert seen(name="", quote="Two days a week") is Source.QUOTE
    assert seen(name="", link="https://notes.example/7") is Source.LINK
    assert seen(name="", quote="Two days", link="https://notes.example/7") is Source.LINK
    assert seen(name="", link="in my notes") is Source.QUOTE
    assert seen(b"%PDF", name="criteria.pdf", quote="Two days", link="https://notes.example/7") is Source.FILE
    assert seen(MAIL, quote="Two days") is Source.MAIL


@pytest.mark.parametrize(
    ("source", "alone", "second"),
    [
        (Source.WORD, 0, 0),
        (Source.QUOTE, 1, 1),
        (Source.LINK, 1, 1),
        (Source.FILE, 1, 1),
        (Source.MAIL, 2, 4),
        (Source.SYSTEM, 3, 4),
    ],
)
def test_grades(source: Source, alone: int, second: int) -> None:
    assert grade_of(source) == alone
    assert grade_of(source, corroborates=True) == second


def test_every_source_has_a_grade() -> None:
    assert {grade_of(source) for source in Source} == {Grade.WORD, Grade.QUOTED, Grade.WRITTEN, Grade.SEEN}


lines = st.sampled_from([b"From", b"Date", b"Subject", b"Message-ID", b"X", b"from", b"Content-Type"])
headers = st.lists(st.tuples(lines, st.binary(max_size=60)), max_size=8).map(
    lambda found: b"".join(name + b": " + value + b"\r\n" for name, value in found)
)
hostile = st.one_of(
    st.binary(max_size=400),
    st.tuples(headers, st.binary(max_size=40)).map(lambda parts: parts[0] + b"\r\n" + parts[1]),
    st.text(alphabet='<>@,;:"()[]\\. =?abQ\r\n', max_size=80).map(lambda text: b"From: " + text.encode() + b"\n\n"),
    st.tuples(st.binary(max_size=60), st.integers(0, len(MAIL))).map(
        lambda parts: MAIL[: parts[1]] + parts[0] + MAIL[parts[1] :]
    ),
)


@given(hostile, st.text(max_size=30), st.text(max_size=30), st.sampled_from(["a.eml", "", "a.pdf"]))
@example(b"From: " + b"(" * 3_000 + b"\n\n", "", "http://[", "a.eml")
@example(b"From: " + b"a,b;" * 90_000 + b"\n\n", "", "", "a.eml")
@example(b"From: <a@b>\nDate: Mon, 1 Jan 0001 00:00:00 +2359\nMessage-ID: <a@b>\n\n", "", "", "a.eml")
@example(b"From: \xff\xfe <a@b>\nSubject: =?utf-8?b?\xff?=\n\n", "", "", "a.eml")
def test_no_bytes_raise_and_nothing_made_by_hand_is_seen_by_a_system(
    content: bytes, quote: str, link: str, name: str
) -> None:
    source, head = source_of(quote=quote, link=link, file_name=name, content=content, own_addresses=OWN)
    assert source is not Source.SYSTEM
    assert source is not Source.MAIL or (head is not None and head.sent_at is not None)
    if head is not None:
        assert head.sent_at is None or head.sent_at.tzinfo is UTC
        for text in (head.sender_name, head.sender_address, head.subject):
            assert "\n" not in text
            text.encode()  # can be stored and shown


def test_a_mail_beyond_the_bound_is_a_file() -> None:
    assert seen(MAIL + b"x" * LARGEST_MAIL) is Source.FILE
    assert seen(b"X: y\n" * 60_000 + MAIL) is Source.FILE
