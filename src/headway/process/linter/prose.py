"""Markdown and plain text as blocks."""

from __future__ import annotations

import re

from headway.process.linter.blocks import Block, BlockKind

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(
    r"^\s*(?:[-*+•‣◦▪·–—]\s+|[☐☑☒□✓✔●○]\s*|\(?\d{1,3}[.)]\s+|[a-zA-Z][.)]\s+|\[[ xX]?\]\s+)"
    r"(?:\[[ xX✓]?\]\s+)?(.*\S)\s*$"
)
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")


LONGEST = 2_000  # characters of a line that are read; no line of a process is longer


def without_comments(text: str) -> str:
    """The text without <!-- comments -->, their line breaks kept; in one pass, however many are never closed."""
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end + 3
    return "".join([*kept, text[at:]])


def without_markup(text: str) -> str:
    """Markdown's inline marks removed: emphasis, code, links, images, HTML tags."""
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", text)
    text = re.sub(r"<br\s*/?>", "; ", text, flags=re.IGNORECASE)
    text = re.sub(r"</?[a-zA-Z][^<>]{0,200}>", " ", text)
    text = re.sub(r"(\*\*|__|~~|`)(?=\S)(.{1,300}?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<!\w)[*_](?=\S)(.{1,300}?)(?<=\S)[*_](?!\w)", r"\1", text)
    return " ".join(text.split())


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [without_markup(cell) for cell in re.split(r"(?<!\\)\|", inner)]


def _row(line: str, number: int, headers: list[str]) -> list[Block]:
    found = []
    for column, cell in enumerate(_cells(line)):
        header = headers[column] if column < len(headers) else ""
        for part in cell.split(";"):
            if part.strip():
                found.append(Block(BlockKind.CELL, number, part.strip(), column=column, header=header))
    return found


def blocks_of_text(text: str) -> list[Block]:
    """Blocks of Markdown or plain text; code, comments and front matter are left out. Lines are 1-based."""
    lines = [line[:LONGEST] for line in without_comments(text).splitlines()]
    found: list[Block] = []
    headers: list[str] | None = None
    fenced = ""
    start = _after_front_matter(lines)
    for i in range(start, len(lines)):
        line = lines[i].expandtabs(4)
        if fence := _FENCE.match(line):
            fenced = "" if fenced == fence.group(1) else fenced or fence.group(1)
            continue
        if fenced:
            if _looks_like_list(line):
                found.append(Block(BlockKind.ITEM, i + 1, without_markup(line)))
            continue
        below = lines[i + 1] if i + 1 < len(lines) else ""
        if headers is not None and "|" in line:
            found += [] if _TABLE_RULE.match(line) else _row(line, i + 1, headers)
            continue
        headers = None
        if "|" in line and _TABLE_RULE.match(below) and "-" in below and "|" in below:
            headers = _cells(line)
            continue
        if block := _block(line, below, i + 1):
            found.append(block)
    return found


def _looks_like_list(line: str) -> bool:
    """True for a ticked box inside a fence: playbooks put their checklists there; code has none."""
    return bool(re.match(r"^\s*(?:[☐☑☒□✓✔]|[-*]\s\[[ xX]?\])\s*\S", line))


def _after_front_matter(lines: list[str]) -> int:
    if lines and lines[0].strip() == "---":
        for i in range(1, min(len(lines), 60)):
            if lines[i].strip() == "---":
                return i + 1
    return 0


def _block(line: str, below: str, number: int) -> Block | None:
    if not line.strip() or _RULE.match(line):
        return None
    if heading := _HEADING.match(line):
        return Block(BlockKind.HEADING, number, without_markup(heading.group(2)), level=len(heading.group(1)))
    if re.match(r"^ {0,3}(?:=+|-{3,})\s*$", below) and line.strip():
        return Block(BlockKind.HEADING, number, without_markup(line), level=1 if below.strip().startswith("=") else 2)
    if item := _ITEM.match(line):
        return Block(BlockKind.ITEM, number, without_markup(item.group(1)))
    bold = re.fullmatch(r"\s*(?:\*\*|__)(.{1,120}?)(?:\*\*|__):?\s*", line)
    if bold:
        return Block(BlockKind.HEADING, number, without_markup(bold.group(1)), level=3)
    return Block(BlockKind.PARAGRAPH, number, without_markup(line.lstrip("> ")))
