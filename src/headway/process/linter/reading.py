"""A documented process in any common format as lines; what cannot be read is one sentence, never a traceback."""

from __future__ import annotations

import re
from pathlib import Path

from headway.basics.errors import UserError
from headway.process.linter.blocks import MOST_LINES, Block, lines_of
from headway.process.linter.markup import blocks_of_html
from headway.process.linter.office import blocks_of_docx, blocks_of_pptx, kind_of_archive
from headway.process.linter.process_file import is_process_file, lines_of_process
from headway.process.linter.prose import blocks_of_text
from headway.process.linter.report import SourceLine

MOST_TEXT = 5 * 1024 * 1024
MOST_FILE = 50 * 1024 * 1024
_HTML = re.compile(
    r"^\s*(?:<!doctype html|<html|<head|<body|<(?:h[1-6]|ul|ol|table|div|p|section|article|main)[\s>])", re.IGNORECASE
)
_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .ppt)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "a rich text file"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)
_WHAT_TO_DO = "save the process as Markdown, text, HTML, .docx or .pptx and lint that"


def read_lines(source: Path | bytes, name: str | None = None) -> list[SourceLine]:
    """Lines of the process in a file, or in the bytes of standard input.

    Word and PowerPoint, HTML, process files, Markdown and plain text are told by content, not by ending.
    Raises UserError (what, where, what to do) for what is empty, too large, damaged, hostile or of another kind.
    """
    data = _bytes_of(source) if isinstance(source, Path) else source
    name = name or (source.name if isinstance(source, Path) else "standard input")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UserError(f"{name} is empty: give it the stages and steps of your process, one per line.")
    for mark, what in _FOREIGN:
        if data.startswith(mark):
            raise UserError(f"{name} is {what}, which cannot be linted: {_WHAT_TO_DO}.")
    if data.startswith(b"PK\x03\x04"):
        if len(data) > MOST_FILE:
            raise UserError(f"{name} is larger than {MOST_FILE >> 20} MB: save a copy without pictures and lint that.")
        kind = kind_of_archive(data, name)
        return _bounded(
            _chosen(blocks_of_docx(data, name) if kind == "docx" else blocks_of_pptx(data, name), name), name
        )
    if len(data) > MOST_TEXT:
        raise UserError(f"{name} is larger than {MOST_TEXT >> 20} MB: give the part with the stages and steps.")
    return _bounded(lines_of_string(text_of(data, name), name), name)


def lines_of_string(text: str, name: str = "the text") -> list[SourceLine]:
    """Lines of the process in Markdown, plain text, HTML or a process file held as a string."""
    if is_process_file(text):
        return lines_of_process(text, name)
    if _HTML.match(text):
        return _chosen(blocks_of_html(text), name)
    return _chosen(blocks_of_text(text), name)


def _chosen(blocks: list[Block], name: str) -> list[SourceLine]:
    """The lines among the blocks; far more blocks than a process has are refused before each is looked at."""
    if len(blocks) > 4 * MOST_LINES:
        raise UserError(
            f"{name} has {len(blocks):,} pieces of text, too many: give the part with the stages and steps."
        )
    return lines_of(blocks)


def _bounded(lines: list[SourceLine], name: str) -> list[SourceLine]:
    if len(lines) > MOST_LINES:
        raise UserError(
            f"{name} has {len(lines):,} lines, more than {MOST_LINES:,}: give the part with the stages and steps."
        )
    return lines


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UserError(f"{path} is a folder: name the file that documents your process.")
        with path.open("rb") as stream:
            data = stream.read(MOST_FILE + 1)
    except FileNotFoundError as problem:
        raise UserError(f"{path} does not exist: check the name, or use - to read from standard input.") from problem
    except (OSError, ValueError) as problem:
        raise UserError(
            f"{path} cannot be read ({getattr(problem, 'strerror', None) or problem}): check that you may read it."
        ) from problem
    if len(data) > MOST_FILE:
        raise UserError(f"{path} is larger than {MOST_FILE >> 20} MB: give the part with the stages.")
    return data


def text_of(data: bytes, name: str) -> str:
    """Decode UTF-8 and UTF-16 with or without a byte order mark, else Windows-1252. Raises UserError for binary."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    elif b"\x00" in data[:4000]:
        even, odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
        text = data.decode("utf-16-be" if even > odd else "utf-16-le", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    odd_signs = sum(c == "\ufffd" or (ord(c) < 32 and c not in "\t\r\n\f\v") for c in text)
    if odd_signs > max(2, len(text) // 50) or "\x00" in text:
        raise UserError(f"{name} is not text: {_WHAT_TO_DO}.")
    return text
