"""From a stream of tags to blocks of whole traces, each a complete small log that can be read by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headway.connectors.files.limits import readable_bytes
from headway.connectors.files.xes_guard import WEB_PAGE
from headway.connectors.files.xes_text import Flaw

LARGEST_BLOCK = 64 << 20
FIRST_TAG = re.compile(rb"(?:<!>[^<]*)*<([^\s<>/!][^\s<>/]*)")


def trace_blocks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Cut a log (whole tags, as `xes_guard.markup` gives them) after the last trace that ends in each piece.

    Each block is whole traces inside the log's own opening and closing tag, on the line where the block before it
    ended. What is not a log is refused; whether each block is well-formed is for its reader to say.
    """
    root, closing = b"", b"</trace"
    pending: list[bytes | memoryview] = []
    size = 0
    for piece in pieces:
        if not root and (root := root_of(pending, piece)):
            prefix = root.rpartition(b":")[0]
            closing = b"</" + prefix + b":trace" if prefix else closing
        cut = piece.rfind(closing) if root else -1
        size += len(piece)
        if cut < 0:
            pending.append(piece)
            if size > LARGEST_BLOCK:
                raise Flaw(f"holds one trace of more than {readable_bytes(LARGEST_BLOCK)}: check how it was exported")
            continue
        end = piece.find(b"<", cut + 1)
        end = len(piece) if end < 0 else end
        yield b"".join([*pending, memoryview(piece)[:end], b"</", root, b">"])
        # The next block begins as this one did, so that each can be checked for nesting by itself.
        pending = [b"<", root, b">", memoryview(piece)[end:]]
        size = len(piece) - end
    if not root:
        raise Flaw("holds no event log, only comments: export it again")
    yield b"".join(pending)


def root_of(pending: list[bytes | memoryview], piece: bytes) -> bytes:
    """The name of the outermost tag, with its prefix; empty while only comments and the like were seen."""
    start = b"".join([*pending, piece])
    found = FIRST_TAG.match(start)
    if not found:
        return b""
    name = found[1].decode(errors="replace")
    local = name.rpartition(":")[2]
    if local.lower() in ("html", "head", "body"):
        raise Flaw(WEB_PAGE)
    if local != "log":
        raise Flaw(f"is XML but no event log (its outermost tag is <{name[:40]}>, not <log>): pass an XES file")
    return found[1]
