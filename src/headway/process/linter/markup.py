"""HTML as blocks: no scripts, no styles, no navigation, nothing fetched.

Tags are found by one bounded pattern, because the standard library's parser takes quadratic time on hostile input.
"""

from __future__ import annotations

import re
from html import unescape

from headway.process.linter.blocks import Block, BlockKind
from headway.process.linter.prose import LONGEST, without_comments
from headway.process.linter.vocabulary import words_of

_SKIPPED = words_of("skipped")
_BLOCKS = words_of("blocks")
_VOID = words_of("void")


class _Reader:
    """Collects blocks; the innermost list item, cell or heading decides what a text is."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._open: list[str] = []
        self._text: list[str] = []
        self._line = 1
        self._skipping = 0
        self._raw = ""
        self._column = -1
        self._headers: list[str] = []

    def feed(self, text: str) -> None:
        """Read a whole document."""
        at, line = 0, 1
        for tag in _TAG.finditer(text):
            self._data(unescape(text[at : tag.start()]), line)
            line += text.count("\n", at, tag.end())
            at = tag.end()
            name = (tag.group(2) or "").lower()
            if self._raw and not (tag.group(1) and name == self._raw):
                continue
            self._raw = name if name in ("script", "style") and not tag.group(1) else ""
            (self._end if tag.group(1) else self._start)(name)
        self._data(unescape(text[at:]), line)

    def _start(self, tag: str) -> None:
        if tag == "br" and not self._skipping:
            self._flush()
        if tag in _VOID:
            return
        if tag in _SKIPPED:
            self._skipping += 1
        if tag in _BLOCKS:
            self._flush()
        if tag == "table":
            self._headers = []
        if tag == "tr":
            self._column = -1
        if tag in ("td", "th"):
            self._column += 1
        if tag in _BLOCKS and len(self._open) < 10_000:
            self._open.append(tag)

    def _end(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        if tag in _BLOCKS:
            self._flush()
            if tag in self._open[-50:]:
                while self._open and self._open.pop() != tag:
                    pass

    def _data(self, data: str, line: int) -> None:
        if self._skipping or not data.strip():
            if self._text:
                self._text.append(" ")
            return
        if not self._text:
            self._line = line + data[: len(data) - len(data.lstrip())].count("\n")
        self._text.append(data)

    def _flush(self) -> None:
        text = " ".join("".join(self._text).split())[:LONGEST]
        self._text = []
        if not text:
            return
        recent = self._open[-20:]
        holder = next(
            (tag for tag in reversed(recent) if tag in ("li", "td", "th", "dt", "dd") or tag in _HEADINGS), ""
        )
        if holder == "th" and "td" not in recent:
            if "tbody" in recent and self._column == 0:
                self.blocks.append(Block(BlockKind.CELL, self._line, text))
                return
            self._headers += [""] * (self._column + 1 - len(self._headers))
            self._headers[self._column] = text
        elif holder == "td":
            header = self._headers[self._column] if 0 <= self._column < len(self._headers) else ""
            self.blocks.append(Block(BlockKind.CELL, self._line, text, column=max(0, self._column), header=header))
        elif holder in _HEADINGS:
            self.blocks.append(Block(BlockKind.HEADING, self._line, text, level=int(holder[1])))
        elif holder:
            self.blocks.append(Block(BlockKind.ITEM, self._line, text))
        elif "title" not in recent:
            self.blocks.append(Block(BlockKind.PARAGRAPH, self._line, text))

    def done(self) -> list[Block]:
        """Close the document and give its blocks."""
        self._flush()
        return self.blocks


_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})(?:\s[^<>]{0,3000})?/?>|<[!?][^<>]{0,3000}>()")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


def blocks_of_html(text: str) -> list[Block]:
    """Blocks of an HTML document; broken markup gives what can be read. Lines are those of the source, 1-based."""
    body = text = without_comments(text).replace("<!--", "")
    lower = text.lower()
    start, end = lower.find("<head"), lower.find("</head>")
    if 0 <= start < end:
        body = text[:start] + "\n" * text.count("\n", start, end) + text[end + len("</head>") :]
    reader = _Reader()
    reader.feed(body)
    return reader.done()
