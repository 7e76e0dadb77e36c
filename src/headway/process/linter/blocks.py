"""Which parts of a document are lines of the process: headings, list items, stages and table rows, not prose.

Every reader turns its format into blocks; the choice is made here, once, for all formats.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from headway.process.linter.report import SourceLine
from headway.process.linter.tokens import bare_text
from headway.process.linter.vocabulary import words_of


class BlockKind(StrEnum):
    """What a piece of text is in its document."""

    TITLE = "title"
    HEADING = "heading"
    ITEM = "item"
    CELL = "cell"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text, where it stands, and for a cell its column (0-based) and that column's heading."""

    kind: BlockKind
    line: int
    text: str
    level: int = 0
    column: int = 0
    header: str = ""


MOST_LINES = 5_000
_LABEL = re.compile(
    r"(?:stage|step|phase|gate|milestone)\s*#?\s*\d+[a-z]?|page\s+\d+(?:\s+of\s+\d+)?|(?:https?|www)\S+|draft\s+v?\d.*"
    r"|last\s+updated.*|version\s+[\d.]+.*"
)
_LABEL_WORDS = words_of("label-words")
_LABEL_ADJECTIVES = words_of("label-adjectives")
_LABEL_TRAILERS = words_of("label-trailers")
_NAMED = re.compile(
    r"^(?:(?:stage|buyer|customer|seller|key|required)\s+)?(?:exit|entry|goal|objective|activit(?:y|ies)|actions?|tasks?"
    r"|criteria|outcomes?|milestones?|definition|done when|proof|evidence)(?:\s+criteria|\s+criterion|\s+condition)?s?"
    r"\s*[:=–—]\s*(.+)$",
    re.IGNORECASE,
)
_STEP = re.compile(r"^\s*(?:(?:stage|step|phase|gate)\s*#?\d+|\(?\d{1,2}[.):]\s|\d{1,3}\s*%)", re.IGNORECASE)
_CHAIN = re.compile(r"\s*(?:→|➔|➜|⇒|»|->|=>|—>|>|\|)\s*")
_COLUMNS = re.compile(
    r"stage|step|phase|milestone|exit|entry|criteri|activit|action|task|buyer|customer|seller|what changed|verif"
    r"|done when|evidence|name",
    re.IGNORECASE,
)
_OTHER_COLUMNS = re.compile(
    r"owner|date|status|prob|%|duration|days|note|code|order|email|example|metric|field|rate|tool|why|category",
    re.IGNORECASE,
)


def is_label(text: str) -> bool:
    """True for a heading that names a part of the document ("Exit criteria:") rather than a line of the process."""
    plain = bare_text(text).rstrip(":：").strip()
    words = plain.lower().split()
    if not any(c.isalpha() for c in plain) or _LABEL.fullmatch(plain.lower()):
        return True
    while len(words) > 1 and (words[0] in _LABEL_ADJECTIVES or words[0].strip("-").isdigit()):
        words = words[1:]
    while len(words) > 1 and words[-1] in _LABEL_TRAILERS and " ".join(words[:-1]) in _LABEL_WORDS:
        words = words[:-1]
    return " ".join(words) in _LABEL_WORDS


def _is_left_out(block: Block) -> bool:
    """A label; but one word in a list ("Pipeline") may be somebody's stage, so there it takes a colon."""
    words = [word for word in bare_text(block.text).split() if any(c.isalpha() for c in word)]
    listed = block.kind is not BlockKind.HEADING and len(words) == 1 and not block.text.rstrip().endswith(":")
    return is_label(block.text) and not listed


def _first_sentence(text: str) -> str:
    if len(text.split()) <= 25:
        return text
    return re.split(r"(?<=[.!?])\s+", text, maxsplit=1)[0]


def _chain(text: str) -> list[str]:
    """The stages of "Prospecting > Demo > Proposal > Won" or of a list after commas on one line, else nothing."""
    parts = [part for part in _CHAIN.split(text) if part.strip()]
    if len(parts) >= 3 and all(len(part.split()) <= 6 for part in parts):
        return parts
    listed = [part for part in text.rstrip(".").split(",") if part.strip()]
    return listed if len(listed) >= 4 and all(len(part.split()) <= 3 for part in listed) else []


def _pieces(block: Block) -> list[Block]:
    """A block as one or more lines: chains of stages and lists after a label are taken apart."""
    text = " ".join(block.text.split())
    if found := _NAMED.match(bare_text(text)):
        return [replace(block, text=part.strip()) for part in found.group(1).split(";") if part.strip()]
    if chain := _chain(text):
        return [replace(block, text=part.strip()) for part in chain]
    return [replace(block, text=_first_sentence(text))]


def _is_wrapped(lines: Sequence[Block]) -> bool:
    """True for a paragraph of running text broken into lines."""
    long = sum(len(line.text) > 60 for line in lines)
    lower = sum(line.text.lstrip()[:1].islower() for line in lines[1:])
    return len(lines) > 1 and long * 2 >= len(lines) and lower * 2 >= len(lines) - 1


def _chosen_paragraph(lines: list[Block], structured: bool) -> list[Block]:
    """The lines of one paragraph that count as lines of the process."""
    numbered = [line for line in lines if _STEP.match(line.text) or len(_chain(line.text)) > 1]
    if structured:
        listed = len(lines) >= 2 and all(
            len(line.text.split()) <= 8 and not line.text.rstrip().endswith(".") for line in lines
        )
        return lines if listed else [line for line in lines if line in numbered or _NAMED.match(line.text)]
    if _is_wrapped(lines):
        return numbered
    return [line for line in lines if len(line.text.split()) <= 20 or line in numbered]


def _paragraphs(blocks: Sequence[Block]) -> list[list[Block]]:
    """Runs of paragraph blocks on consecutive lines; other blocks alone."""
    runs: list[list[Block]] = []
    for block in blocks:
        last = runs[-1][-1] if runs else None
        joined = last is not None and last.kind is block.kind is BlockKind.PARAGRAPH and block.line == last.line + 1
        if joined:
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _wanted_columns(blocks: Sequence[Block]) -> set[tuple[str, int]]:
    """Columns that hold lines of the process: those whose heading says so, else the first with words in it."""
    headed = {(b.header, b.column) for b in blocks if b.kind is BlockKind.CELL and b.header}
    named = {c for c in headed if _COLUMNS.search(c[0]) and not _OTHER_COLUMNS.search(c[0])}
    if named:
        return named
    worded = [b for b in blocks if b.kind is BlockKind.CELL and any(c.isalpha() for c in b.text)]
    first = min((b.column for b in worded), default=0)
    return {(b.header, b.column) for b in worded if b.column == first}


def lines_of(blocks: Sequence[Block]) -> list[SourceLine]:
    """The lines of the process among the blocks of a document, in its order."""
    present = [block for block in blocks if block.text.strip()]
    structured = any(b.kind in (BlockKind.HEADING, BlockKind.ITEM, BlockKind.CELL) for b in present)
    columns = _wanted_columns(present)
    only_title = [b for b in present if b.kind is BlockKind.HEADING and b.level == 1]
    rest = sum(b.kind is not BlockKind.PARAGRAPH for b in present)
    title = only_title[0] if len(only_title) == 1 and rest > 1 and only_title[0] is present[0] else None
    chosen: list[Block] = []
    for run in _paragraphs(present):
        first = run[0]
        if first is title or first.kind is BlockKind.TITLE:
            continue
        if first.kind is BlockKind.PARAGRAPH:
            chosen += _chosen_paragraph(run, structured)
        elif first.kind is not BlockKind.CELL or (first.header, first.column) in columns:
            chosen.append(first)
    if not chosen:
        chosen = [b for b in present if b.kind is BlockKind.PARAGRAPH and len(b.text.split()) <= 60 and not structured]
    pieces = [piece for block in chosen if not _is_left_out(block) for piece in _pieces(block)]
    return [SourceLine(piece.line, piece.text) for piece in pieces if not _is_left_out(piece)]
