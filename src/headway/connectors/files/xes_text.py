"""From a file to its text in UTF-8: unpacked, counted, decoded, with what had to be guessed."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from headway.connectors.files.limits import Limits, readable_bytes
from headway.connectors.files.repairs import LINES_KEPT, RepairLog

CHUNK_BYTES = 2 << 20


class Flaw(Exception):  # noqa: N818 - what is wrong with the file, not with the program
    """What is wrong with a file, worded to follow the file's name; `line` is 1-based, 0 where none can be named."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


class Text(NamedTuple):
    """Some of a file's text in UTF-8, and the 1-based line on which it begins."""

    data: bytes
    line: int


# The first bytes of what people hand over in place of XES, and what to say.
OTHER_FORMATS = {
    b"PK\x03\x04": "is a ZIP archive (or an Office file): unpack it and pass the .xes or .xes.gz inside",
    b"BZh": "is packed with bzip2: unpack it, or pack it with gzip instead",
    b"\xfd7zXZ\x00": "is packed with xz: unpack it, or pack it with gzip instead",
    b"\x28\xb5\x2f\xfd": "is packed with zstd: unpack it, or pack it with gzip instead",
    b"PAR1": "is a Parquet file: pass it under a name that ends in .parquet",
    b"%PDF": "is a PDF: pass the event log itself, as .xes or .xes.gz",
}


def unpacked(path: Path, limits: Limits, seen: Callable[[int], None] = lambda _: None) -> Iterator[bytes]:
    """The bytes of a plain or gzipped file in chunks; `seen` is told how many bytes of the file have been read."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
            file.seek(0)
            for signature, what in OTHER_FORMATS.items():
                if start.startswith(signature):
                    raise Flaw(what)
            if not start:
                raise Flaw("is empty: export it again")
            source: IO[bytes] = gzip.GzipFile(fileobj=file) if start.startswith(b"\x1f\x8b") else file  # type: ignore[assignment]
            total = 0
            while chunk := source.read(CHUNK_BYTES):
                total += len(chunk)
                if limits.bytes is not None and total > limits.bytes:
                    raise Flaw(
                        f"unpacks to more than the {readable_bytes(limits.bytes)} that can be read here: "
                        "split it by date, or read it on the command line"
                    )
                seen(file.tell())
                yield chunk
            if not total:
                raise Flaw("unpacks to nothing: export it again")
    except EOFError:
        raise Flaw("is cut off (its gzip data ends early): download or export it again") from None
    except (gzip.BadGzipFile, zlib.error):
        raise Flaw("holds damaged gzip data: download or export it again") from None
    except OSError as problem:
        raise Flaw(f"cannot be read ({problem.strerror or problem}): check the path and its permissions") from None


BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
UNMARKED_WIDE = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
# Python knows codecs that are no encodings of text or that hide markup from a guard (utf-7, rot13, unicode_escape).
TEXT_CODECS = re.compile(
    r"ascii|utf-8|iso8859-\d+|cp(125\d|437|850|852|866|932|949|950)|koi8-[ru]|mac-roman"
    r"|gb2312|gbk|gb18030|big5|shift_jis|euc_(jp|kr)"
)


def encoding_of(start: bytes) -> tuple[str, int]:
    """The codec of a file that begins with `start`, and how many bytes of byte order mark to leave out."""
    for mark, name in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return name, len(mark)
    for pattern, name in UNMARKED_WIDE:
        if start.startswith(pattern):
            return name, 0
    declared = DECLARED.match(start)
    name = declared[1].decode() if declared else "utf-8"
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = name.lower()
    if codec.startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
        return "utf-8", 0  # it says so in single bytes, hence it is not: some exporters declare what they do not write
    if not TEXT_CODECS.fullmatch(codec):
        raise Flaw(f"is written in the encoding {name}, which is not supported: export it as UTF-8", 1)
    return ("utf-8" if codec == "ascii" else codec), 0


def as_utf8(chunks: Iterator[bytes], log: RepairLog) -> Iterator[Text]:
    """The same text in UTF-8, whatever encoding its byte order mark or XML declaration names.

    Bytes that should be UTF-8 and are not are read as Windows-1252 and counted in `log`.
    """
    name, line = "", 1
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in _with_end(chunks):
        if decoder is None:
            name, skip = encoding_of(chunk[:1024])
            decoder = codecs.getincrementaldecoder(name)("surrogateescape" if name == "utf-8" else "strict")
            chunk = chunk[skip:]
        data = chunk
        if not (name == "utf-8" and chunk.isascii() and chunk and not decoder.getstate()[0]):
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as problem:
                what = f"is not written in {name.upper()}, the encoding it claims ({problem.reason})"
                raise Flaw(f"{what}: export it as UTF-8", line) from None
            data = (text if text.isascii() else _guessed(text, line, log)).encode()
        yield Text(data, line)
        line += int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord("\n")))  # three times as fast as bytes.count


def _with_end(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, and an empty one after the last."""
    yield from chunks
    yield b""


ESCAPED = re.compile(r"[\udc80-\udcff]")
GUESSES = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}


def _guessed(text: str, line: int, log: RepairLog) -> str:
    """`text` with the bytes that were no UTF-8 (escaped by the decoder) read as Windows-1252."""
    places = [match.start() for match in ESCAPED.finditer(text)]
    if not places:
        return text
    lines = [line + text.count("\n", 0, place) for place in places[:LINES_KEPT]]
    why = "Bytes that are not UTF-8, the encoding the file claims, were read as Windows-1252."
    log.add("repaired", "wrong encoding", why, lines, count=len(places))
    return text.translate(GUESSES)
