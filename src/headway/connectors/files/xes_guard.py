"""Markup that is safe to read: whole tags, without document type definitions.

What a hostile file can do to an XML reader comes in through three doors: data that unpack to far more
than was sent (counted in `xes_text`), entities, which need a document type definition (refused here), and
nesting (bounded in `xes_tags`). The refusal works on decoded text, tag by tag, so that no encoding and no cut
between two chunks hides a definition.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from headway.connectors.files.limits import readable_bytes
from headway.connectors.files.xes_text import Flaw, Text

WEB_PAGE = "is a web page (HTML), perhaps the login or error page of a download: download the log again"
QUIET = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
VOID = b"<!>"


def markup(texts: Iterator[Text], longest: int) -> Iterator[bytes]:
    """UTF-8 in, whole tags out; a document type definition is refused.

    Every piece ends just before a "<" (or with the file). Comments, character data sections and processing
    instructions are replaced by `<!>` and as many line ends as they held, so that lines keep their numbers.
    A tag longer than `longest` bytes is refused.
    """
    rest, closing, line, begun = b"", b"", 1, False
    for chunk, line in texts:
        if begun and not closing and not _may_be_special(rest, chunk):
            cut = chunk.rfind(b"<")
            if cut >= 0:
                piece, rest = b"".join((rest, memoryview(chunk)[:cut])), chunk[cut:]
            else:
                piece, rest = b"", rest + chunk
        else:
            data = rest + chunk
            if not begun:
                start = data.lstrip(b" \t\r\n")
                if start and not start.startswith(b"<"):
                    raise Flaw("is not XML (it does not begin with <): pass an XES event log", line)
                begun = bool(start)
                data = VOID + data if start and start != data else data
            piece, rest, closing = _without_quiet(data, closing, line - rest.count(b"\n"))
        if len(rest) > longest:
            raise Flaw(f"holds a tag or value longer than {readable_bytes(longest)}: check how it was exported", line)
        if piece:
            yield piece
    if closing:
        raise Flaw(f"is cut off (a comment or section never ends with {closing.decode()}): export it again", line)
    if not begun:
        raise Flaw("is empty: export it again")
    yield rest


def _may_be_special(rest: bytes, chunk: bytes) -> bool:
    """Could a comment, section, instruction or definition begin here? These characters are rare in event logs."""
    return any(mark in text for mark in (b"!", b"?") for text in (rest, chunk))


def _without_quiet(data: bytes, closing: bytes, line: int) -> tuple[bytes, bytes, bytes]:
    """(whole tags without comments and the like, bytes kept for the next chunk, what would end an open comment)."""
    kept: list[bytes] = []
    start = 0
    if closing:
        end = data.find(closing)
        if end < 0:
            keep = len(data) - len(closing) + 1
            return b"\n" * data.count(b"\n", 0, max(keep, 0)), data[max(keep, 0) :], closing
        start = end + len(closing)
        kept.append(b"\n" * data.count(b"\n", 0, start))
    places = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("<"))
    following = np.frombuffer(data + b"\0", np.uint8)[places + 1]
    for place in places[(following == ord("!")) | (following == ord("?"))].tolist():
        if place < start:
            continue
        opening = next((o for o in QUIET if data.startswith(o, place)), None)
        if opening is None:
            if len(data) - place < 9 and any(o.startswith(data[place:]) for o in QUIET):
                break
            if data[place : place + 14].lower() == b"<!doctype html":
                raise Flaw(WEB_PAGE)
            raise Flaw(
                "holds a document type definition (<!DOCTYPE or <!ENTITY), which can make a reader fetch files or "
                "run out of memory: export it without one",
                line + data.count(b"\n", 0, place),
            )
        kept += (data[start:place], VOID)
        end = data.find(QUIET[opening], place + len(opening))
        if end < 0:
            keep = max(place + len(opening), len(data) - len(QUIET[opening]) + 1)
            kept.append(b"\n" * data.count(b"\n", place, keep))
            return b"".join(kept), data[keep:], QUIET[opening]
        kept.append(b"\n" * data.count(b"\n", place, end))
        start = end + len(QUIET[opening])
    cut = max(data.rfind(b"<", start), start)
    kept.append(data[start:cut])
    return b"".join(kept), data[cut:], b""
