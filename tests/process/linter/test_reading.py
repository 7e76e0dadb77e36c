"""Which lines of a document are lines of the process, in every format, and what hostile or broken files get."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pptx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.process.linter import lint_lines, lint_text, office, read_lines

STARTERS = Path(__file__).resolve().parents[3] / "src/headway/process/starters"


def texts(source: Path | bytes | str) -> list[str]:
    lines = read_lines(source.encode() if isinstance(source, str) else source)
    return [line.text for line in lines]


MARKDOWN = """\
---
owner: sales operations
---
# Our sales process

This document describes how we sell. It applies to every deal that a rep
works, and it is reviewed once a year by sales operations.

## Stage 1: Prospecting
**Exit criteria:**
- Discovery call booked
- [ ] **Champion** [identified](https://example.org)
Exit: Customer confirms budget; Proposal sent

```python
send(proposal)
```
<!-- Contract sent -->

| Stage    | Exit criteria                             | Owner | Probability |
|----------|-------------------------------------------|-------|-------------|
| **Demo** | Pain confirmed by buyer<br>Meeting held   | Bob   | 10%         |
"""


def test_markdown_gives_headings_items_and_named_columns_with_their_lines() -> None:
    assert [(line.line, line.text) for line in read_lines(MARKDOWN.encode())] == [
        (9, "Stage 1: Prospecting"),
        (11, "Discovery call booked"),
        (12, "Champion identified"),
        (13, "Customer confirms budget"),
        (13, "Proposal sent"),
        (22, "Demo"),
        (22, "Pain confirmed by buyer"),
        (22, "Meeting held"),
    ]


def test_a_bare_list_of_stages_is_taken_whole() -> None:
    stages = ["Prospecting", "Qualification", "Needs Analysis", "Proposal/Price Quote", "Closed Won", "Pipeline"]
    assert texts("\n".join(stages)) == stages
    assert texts("\r\n".join(stages)) == stages
    assert texts("\n\n".join(stages)) == stages


@pytest.mark.parametrize("arrow", [" > ", " → ", " -> ", " | ", " » "])
def test_a_chain_of_stages_on_one_line_is_taken_apart(arrow: str) -> None:
    assert texts(arrow.join(["Lead", "Demo", "Proposal sent", "Won"])) == ["Lead", "Demo", "Proposal sent", "Won"]


def test_stages_after_commas_on_one_line_are_taken_apart() -> None:
    assert texts("Prospecting, Qualification, Demo, Proposal, Closed Won")[-1] == "Closed Won"


def test_running_text_is_no_line_of_the_process() -> None:
    prose = (
        "We sell to companies of every size, and we have learned that the\n"
        "way they buy differs from what we believed when we began to write\nall of this down.\n"
    )
    assert texts(f"{prose}\n1. Proposal sent\n2. Customer signs\n") == ["Proposal sent", "Customer signs"]


def test_html_without_navigation_scripts_and_styles() -> None:
    page = """<!doctype html><html><head><title>Home</title><style>li{}</style></head><body>
    <nav><ul><li>Products</li></ul></nav><h1>Sales process</h1><script>var li = "<li>Contract sent</li>";</script>
    <p>Some words about us that nobody reads, and that are no stage of anything at all, we promise.</p>
    <ol><li>Proposal <b>sent</b><li>Customer signs</ol>
    <table><tr><th>Stage</th><th>Owner</th></tr><tr><td>Demo done</td><td>Bob</td></tr></table>
    <footer>Imprint</footer>"""
    assert texts(page) == ["Proposal sent", "Customer signs", "Demo done"]


def test_word_headings_lists_and_tables(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Our sales process", 0)
    document.add_paragraph(
        "This text explains at length why there is a process, and nobody has ever read it to the end."
    )
    document.add_heading("Discovery", 1)
    document.add_paragraph("Customer confirms budget", style="List Bullet")
    document.add_paragraph("Send proposal", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Stage", "Owner", "Demo done", "Bob"], strict=True):
        cell.text = text
    path = tmp_path / "process.docx"
    document.save(str(path))
    assert texts(path) == ["Discovery", "Customer confirms budget", "Send proposal", "Demo done"]
    assert lint_lines(read_lines(path)).summary == "3 of 4 lines describe the seller."


def test_powerpoint_titles_bullets_and_tables(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "How we sell"
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Stage 2: Demo"
    slide.placeholders[1].text = "Demo scheduled\nUsers attended the demo"
    table = slide.shapes.add_table(2, 2, 0, 0, 100, 100).table
    for place, text in {(0, 0): "Stage", (0, 1): "Owner", (1, 0): "Contract sent", (1, 1): "Bob"}.items():
        table.cell(*place).text = text
    path = tmp_path / "process.pptx"
    deck.save(str(path))
    assert texts(path) == ["Stage 2: Demo", "Demo scheduled", "Users attended the demo", "Contract sent"]


def test_a_process_file_gives_stages_milestones_and_steps_with_their_lines() -> None:
    source = """\
headway: process/1
name: Ours
version: "1"
stages:
  - name: Budget
    milestones:
      - id: a
        buyer: The CFO has confirmed the budget in writing
        ask: Who releases the money?
    steps:
      - {id: s, seller: Ask who signs, serves: a}
"""
    assert [(line.line, line.text) for line in read_lines(source.encode())] == [
        (5, "Budget"),
        (8, "The CFO has confirmed the budget in writing"),
        (11, "Ask who signs"),
    ]


@pytest.mark.parametrize("path", sorted(STARTERS.glob("*.yaml")), ids=lambda path: path.name)
def test_the_milestones_of_every_starter_are_the_buyers_and_the_steps_the_sellers(path: Path) -> None:
    source = path.read_text(encoding="utf-8").splitlines()
    judged = lint_lines(read_lines(path)).lines
    assert judged
    for line in judged:
        written = source[line.line - 1].strip().removeprefix("- ")
        if written.startswith("buyer:"):
            assert line.who == "buyer", line.text
        if written.startswith("seller:"):
            assert line.who == "seller", line.text


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(coding: str) -> None:
    assert texts("Proposal sent – naïve\nCustomer signs".encode(coding)) == ["Proposal sent – naïve", "Customer signs"]


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def word_file(change: dict[str, bytes]) -> bytes:
    """A real Word file with some of its parts replaced."""
    stream = io.BytesIO()
    docx.Document().save(stream)
    with zipfile.ZipFile(stream) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped(members | change)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><d>&b;</d>"""
DEEP_YAML = b"headway: process/1\nstages: " + b"[" * 100_000
LAUGHS = b"headway: process/1\na: &a [x]\nb: [" + b"*a, " * 500 + b"]\n"

HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t\r\n\xef\xbb\xbf", "is empty"),
    "nothing but NUL": (b"\x00" * 5000, "is empty"),
    "binary": (bytes(range(256)) * 40, "is not text"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "an old Office file"),
    "gzip": (b"\x1f\x8b\x08\x00abc", "a gzip archive"),
    "rich text": (b"{\\rtf1\\ansi Proposal sent}", "a rich text file"),
    "huge text": (b"Proposal sent\n" * 400_000, "larger than 5 MB"),
    "many lines": (b"Proposal sent\n" * 6_000, "6,000 lines"),
    "half an archive": (word_file({})[:3000], "damaged"),
    "an archive of something else": (zipped({"a.txt": b"Proposal sent"}), "neither .docx nor .pptx"),
    "entities in Word": (word_file({"word/document.xml": BOMB}), "declares entities"),
    "entities in UTF-16": (word_file({"word/document.xml": BOMB.decode().encode("utf-16")}), "declares entities"),
    "entities in a relation": (word_file({"word/_rels/document.xml.rels": BOMB}), "declares entities"),
    "broken XML": (word_file({"word/document.xml": b"<w:document"}), "cannot be read as a Word file"),
    "too many parts": (zipped({f"word/{i}.xml": b"" for i in range(6_000)}), "parts"),
    "Word by name only": (zipped({"word/document.xml": b"<a/>"}), "cannot be read as a Word file"),
    "PowerPoint by name only": (zipped({"ppt/presentation.xml": b"<a/>"}), "cannot be read as a PowerPoint file"),
    "broken YAML": (b"headway: process/1\nstages: [\n  - name: x\n", "not valid YAML"),
    "deep YAML": (DEEP_YAML, "nested too deeply"),
    "laughing YAML": (LAUGHS, "aliases"),
    "YAML with control characters": (b"headway: process/1\nname: \x07\n", "characters that YAML does not allow"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_and_broken_files_get_one_sentence(kind: str) -> None:
    data, sentence = HOSTILE[kind]
    with pytest.raises(UserError) as caught:
        read_lines(data, "file")
    said = str(caught.value)
    assert sentence in said
    assert said.startswith("file")
    assert said.endswith(".")
    assert "\n" not in said


def test_a_zip_bomb_is_counted_while_unpacking_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MOST_BYTES", 20 << 20)
    with pytest.raises(UserError, match="unpacks to more than 20 MB"):
        read_lines(word_file({"word/media/image1.png": b"\x00" * (30 << 20)}))


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        read_lines(tmp_path / "none.md")
    with pytest.raises(UserError, match="is a folder"):
        read_lines(tmp_path)


@given(st.binary(max_size=400))
def test_any_bytes_give_lines_or_one_sentence(data: bytes) -> None:
    try:
        lint_lines(read_lines(data))
    except UserError as problem:
        assert "\n" not in str(problem)


@given(st.text(max_size=400))
def test_any_text_gives_a_report(text: str) -> None:
    report = lint_text("# a\n" + text)
    assert report.summary.endswith(".")
    assert sum(report.counts.values()) == len(report.lines)


MARKUP = st.sampled_from(
    ["<li>", "</li>", "<td>", "<table>", "<tr>", "<script>", "</script>", "<h1>", "&lt;", "<!--", "Won", "<", "a>"]
)


@given(st.lists(MARKUP, max_size=40).map("".join))
def test_any_broken_markup_gives_a_report(markup: str) -> None:
    assert lint_text("<html>" + markup).summary


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("", "No line of a process was found."),
        ("Proposal sent", "The only line describes the seller."),
        ("Customer signs", "The only line describes the buyer."),
        ("Negotiation", "The only line does not say who acts."),
        ("Closed won", "The only line is an outcome."),
        ("Proposal sent\nContract sent", "Both lines describe the seller."),
        ("Proposal sent\nContract sent\nDemo", "All 3 lines describe the seller."),
        ("Proposal sent\nNegotiation", "1 of 2 lines describes the seller."),
        ("Customer signs\nNegotiation", "Neither of the 2 lines describes the seller."),
        ("Customer signs\nNegotiation\nWon", "None of the 3 lines describes the seller."),
        ("Demo\nProposal sent\nWon", "2 of 3 lines describe the seller."),
    ],
)
def test_summary(text: str, summary: str) -> None:
    assert lint_text(text).summary == summary
