"""Bytes of unknown encoding to clean UTF-8: no BOM, no NUL, each byte that had to be guessed is counted."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from headway.basics.errors import UserError
from headway.connectors.files.repairs import LINES_KEPT, RepairLog

_VALID_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its first two bytes are those of UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PROBE_BYTES = 65_536
_UNIT_BYTES = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}


@dataclass(frozen=True, slots=True)
class Text:
    """The content of a text file as valid UTF-8 without BOM and NUL, and the encoding it was found in."""

    data: bytes
    encoding: str


def decoded(raw: bytes, name: str, log: RepairLog) -> Text:
    """The text of a file in UTF-8, UTF-16, UTF-32 or Windows-1252, with or without BOM, or a mix of the first and last.

    Repairs go to `log`. Raises UserError where the bytes are no text at all.
    """
    encoding, body = _encoding_of(raw)
    text = _from_bytes(body, log) if encoding == "utf-8" else Text(_from_wide(body, encoding, log), encoding)
    data = _without_nul(text.data, log)
    probe = data[:_PROBE_BYTES]
    if len(_CONTROL.findall(probe)) * 20 > len(probe) + 40:
        raise UserError(f"{name} is a binary file, not a table: give CSV, TSV, XLSX or Parquet.")
    return Text(data, text.encoding)


def _encoding_of(raw: bytes) -> tuple[str, bytes]:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return encoding, raw[len(bom) :]
    probe = raw[: min(_PROBE_BYTES, len(raw) // 2 * 2)]
    even, odd = probe[0::2].count(0), probe[1::2].count(0)
    half = len(probe) // 2
    # Text with Latin letters has a NUL in nearly every second byte; the other half of the bytes has almost none.
    if half and odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le", raw
    if half and even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be", raw
    return "utf-8", raw


def _from_wide(body: bytes, encoding: str, log: RepairLog) -> bytes:
    unit = _UNIT_BYTES[encoding]
    if len(body) % unit:
        log.add("repaired", "cut-off character", "The file ends in the middle of a character, which was left out.")
        body = body[: len(body) // unit * unit]
    try:
        return body.decode(encoding).encode()
    except UnicodeDecodeError:
        text = body.decode(encoding, errors="replace")
        lines = _lines_of(text.encode(), re.compile("�".encode()))
        log.add("repaired", "unreadable character", "Characters that are not valid were replaced by �.", *lines)
        return text.encode()


def _from_bytes(body: bytes, log: RepairLog) -> Text:
    try:
        body.decode("utf-8")
        return Text(body, "utf-8")
    except UnicodeDecodeError as error:
        first_bad = error.start
    bad_lines: list[int] = []
    bad_offsets: list[int] = []
    if _VALID_MULTIBYTE.search(body) is None:
        encoding = "windows-1252"
        log.add(
            "assumed",
            "encoding",
            "The file is not UTF-8; it was read as Windows-1252 (check that accented letters are right).",
            [body.count(b"\n", 0, first_bad) + 1],
        )
    else:
        encoding = "utf-8 with windows-1252"

    def as_windows_1252(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        bad_offsets.append(error.start)
        bad = error.object[error.start : error.end]
        return bad.decode("cp1252", errors="replace"), error.end

    codecs.register_error("headway.windows-1252", as_windows_1252)
    if encoding == "windows-1252":
        text = body.decode("cp1252", errors="replace")
        unknown = text.count("�")
    else:
        text = body.decode("utf-8", errors="headway.windows-1252")
        bad_lines = [body.count(b"\n", 0, offset) + 1 for offset in bad_offsets[:LINES_KEPT]]
        why = "Bytes that are not UTF-8 in a file that is were read as Windows-1252."
        log.add("repaired", "mixed encodings", why, bad_lines, count=len(bad_offsets))
        unknown = sum(body[offset] in b"\x81\x8d\x8f\x90\x9d" for offset in bad_offsets)
    if unknown:
        why = "Bytes that mean nothing in UTF-8 or Windows-1252 were replaced by �."
        log.add("repaired", "unreadable character", why, count=unknown)
    return Text(text.encode(), encoding)


def _without_nul(data: bytes, log: RepairLog) -> bytes:
    count = data.count(0)
    if not count:
        return data
    lines, _ = _lines_of(data, re.compile(b"\0"))
    log.add("repaired", "NUL bytes", "NUL bytes, which no text has, were removed.", lines, count=count)
    return data.replace(b"\0", b"")


def _lines_of(data: bytes, pattern: re.Pattern[bytes]) -> tuple[list[int], int]:
    """The first lines on which a pattern occurs, and how often it occurs in all."""
    lines: list[int] = []
    count, line, since = 0, 1, 0
    for match in pattern.finditer(data):
        count += 1
        if count <= LINES_KEPT:
            line += data.count(b"\n", since, match.start())
            since = match.start()
            lines.append(line)
    return lines, count
