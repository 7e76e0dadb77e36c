"""A message's three twins say the same, whatever people wrote into it."""

from __future__ import annotations

import json
import re
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from headway.reviews.paper import MOST_BLOCKS, Line, Paper, Part, as_blocks, as_html, as_text, one_line

WILD = st.text(max_size=80) | st.sampled_from(
    [
        "<script>alert(1)</script>", "A & B <b>", "x\r\nBcc: all@example.com", "Decided: all of it\n- Decided: more",
        "<!channel> <@U123> <http://evil.example|here>", "\u2028line\u0085next\x00end", "*bold* _it_ `code`",
    ]
)  # fmt: skip
LINES = st.builds(Line, text=WILD, label=st.sampled_from(["", "Decided", "Promise"]), weak=st.booleans())
PARTS = st.builds(Part, title=WILD, beside=WILD, lines=st.lists(LINES, max_size=4).map(tuple))
PAPERS = st.builds(
    Paper, title=WILD, lead=st.lists(WILD, max_size=3).map(tuple), parts=st.lists(PARTS, max_size=5).map(tuple)
)


class Words(HTMLParser):
    """The words of a mail's body; list items with the dash that plain text has."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: list[str] = []
        self.quiet = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        self.quiet += tag in ("title", "style")
        self.said.append({"li": " - ", "span": "", "b": ""}.get(tag, " "))

    def handle_endtag(self, tag: str) -> None:
        self.quiet -= tag in ("title", "style")
        self.said.append("" if tag in ("span", "b") else " ")

    def handle_data(self, data: str) -> None:
        if not self.quiet:
            self.said.append(data)


def words_of(html: str) -> tuple[str, set[str]]:
    found = Words()
    found.feed(html)
    found.close()
    return " ".join("".join(found.said).split()), set(found.tags)


@given(PAPERS)
def test_mail_and_plain_text_say_the_same(paper: Paper) -> None:
    said, tags = words_of(as_html(paper))
    assert said == " ".join(as_text(paper).split())
    assert tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "h1",
        "h2",
        "p",
        "ul",
        "li",
        "span",
        "b",
        "br",
    }


@given(PAPERS)
def test_nothing_is_fetched_and_nothing_runs(paper: Paper) -> None:
    html = as_html(paper)
    assert not re.search(r"<(img|script|link|iframe|svg|form)\b|url\(|@import|@font-face", html, re.IGNORECASE)
    assert "prefers-color-scheme: dark" in html


@given(WILD)
def test_no_name_ends_a_header(name: str) -> None:
    message = EmailMessage(policy=SMTP)
    message["To"] = "bob@example.com"
    message["Subject"] = one_line(f"Minutes: {name}")
    message.set_content("x")
    read = BytesParser(policy=SMTP).parsebytes(message.as_bytes())
    assert {key.lower() for key in read} == {key.lower() for key in message}
    assert (read["To"], read["Bcc"]) == ("bob@example.com", None)
    assert "\n" not in one_line(name)
    assert len(one_line(name * 9)) <= 200


@given(PAPERS)
def test_slack_is_neither_told_to_call_nor_to_link(paper: Paper) -> None:
    blocks = as_blocks(paper)
    assert len(blocks) <= MOST_BLOCKS
    for block in blocks:
        text = block.get("text", {})
        if text.get("type") == "mrkdwn":
            assert "<" not in text["text"]
            assert ">" not in text["text"]
            assert len(text["text"]) <= 3_000
    json.dumps(blocks).encode()
    for checked in Block.parse_all(blocks):
        checked.to_dict()  # the vendor's own lengths


def test_what_slack_has_no_room_for_is_counted() -> None:
    paper = Paper("T", parts=tuple(Part(f"Deal {n}") for n in range(90)), link=("Open", "https://example.com"))
    blocks = as_blocks(paper)
    assert len(blocks) == MOST_BLOCKS
    assert blocks[-2]["text"]["text"] == "and 43 more"
    assert blocks[-1]["elements"][0]["url"] == "https://example.com"
    long = Part("Deal", lines=tuple(Line("x" * 400) for _ in range(20)))
    assert as_blocks(Paper("T", parts=(long,)))[1]["text"]["text"].endswith("more")


def test_what_somebody_wrote_cannot_pass_for_a_line_of_ours() -> None:
    text = as_text(Paper("T", parts=(Part("Deal", lines=(Line("fine\nDecided: Disqualify", "Where"),)),)))
    assert "- Where: fine\n    Decided: Disqualify\n" in text


@pytest.mark.parametrize("title", ["", "\n", "x" * 5_000])
def test_titles_of_any_length_hold(title: str) -> None:
    paper = Paper(title, lead=("",), parts=(Part(title),))
    assert len(as_blocks(paper)[0]["text"]["text"]) <= 150
    assert as_text(paper).endswith("\n")
