"""Which character separates the cells of a text file and which quotes them, from the evidence of the whole file."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.connectors.files.regular import scanned
from headway.connectors.files.repairs import RepairLog

SEPARATORS = (b",", b";", b"\t", b"|")
_SEP_LINE = re.compile(rb'\A"?sep=([,;|\t])"?[ \t]*(?:\r\n|\n|\r)', re.IGNORECASE)
_ESCAPED = re.compile(rb'[^\\,;|\t\n]\\"[^,;|\t\r\n]')
_DOUBLED = re.compile(rb'[^,;|\t\r\n\\]""[^,;|\t\r\n"]|[^,;|\t\r\n"\\]"""[,;|\t\r\n]')
_BLOCK = 1 << 23
_SMALL, _EXCERPTS, _EXCERPT_BYTES = 1 << 22, 32, 1 << 17
_LF = 10

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Dialect:
    """`separator` and `quote` are single characters; `lines_before` counts lines cut off the front (`sep=;`).

    `skips_spaces`: a cell may be quoted after a space (`1, "Acme, Inc"`). `escape`: a quote inside a quoted cell
    is written with a backslash rather than doubled.
    """

    separator: str
    quote: str
    lines_before: int = 0
    skips_spaces: bool = False
    escape: str | None = None

    @property
    def careful(self) -> bool:
        """Whether only the careful parser knows this dialect."""
        return self.skips_spaces or self.escape is not None


def sniffed(data: bytes, log: RepairLog) -> tuple[Dialect, bytes]:
    """The dialect of clean UTF-8 text, and the text without a leading `sep=` line (noted in `log`)."""
    stated = _SEP_LINE.match(data)
    if stated is not None:
        log.add("noted", "sep= line", "The first line states the separator, as Excel writes it.", [1])
        body = data[stated.end() :]
        return _dialect(body, stated[1], 1), body
    return dialect_of(data, excerpt(data)), data


def excerpt(data: bytes) -> bytes:
    """Whole lines from 32 places spread over a large text, the beginning among them; a small text is given whole.

    Enough to choose a dialect by; whether it holds for the whole text is known once every record was counted.
    """
    if len(data) <= _SMALL:
        return data
    step = len(data) // _EXCERPTS
    parts = [data[: data.find(b"\n", step // 8) + 1]]
    for start in range(step, len(data), step):
        line = data.find(b"\n", start) + 1
        end = data.find(b"\n", min(line + min(step // 2, _EXCERPT_BYTES), len(data) - 1)) + 1
        parts.append(data[line : end or len(data)] if line else b"")
    return b"".join(parts)


def dialect_of(data: bytes, sample: bytes | None = None) -> Dialect:
    """The dialect of clean UTF-8 text, `sample` standing for it where it is long.

    A separator under which the text (the first megabytes of a long one) is regular and each record has the same
    number of cells is taken at once, if there is one such. Else each candidate is scored over every line: how many
    lines have its most frequent number (quotes respected within the line), how many cells that makes, whether
    the first such line reads like a header.
    """
    head, lines = _with_line_feeds(data[:_SMALL]), _with_line_feeds(data if sample is None else sample)
    if len(data) > _SMALL:
        head = _whole_records(head)
    uniform = [separator for separator in SEPARATORS if _is_uniform(head, separator)]
    if len(uniform) == 1:
        return _dialect(lines, uniform[0], 0)
    scores = _scores(lines)
    return _dialect(lines, max(uniform or SEPARATORS, key=scores.__getitem__), 0)


def _with_line_feeds(data: bytes) -> bytes:
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _is_uniform(data: bytes, separator: bytes) -> bool:
    if separator not in data:
        return False
    scan = scanned(data, separator.decode(), '"')
    if scan is None:
        return False
    cells = scan.cells[~scan.blank]
    return len(cells) > 1 and cells[0] > 1 and bool((cells == cells[0]).all())


def _whole_records(data: bytes) -> bytes:
    """Text up to the last line end before which the number of quotes is even."""
    text = np.frombuffer(data, np.uint8)
    odd = np.cumsum(text == ord('"'), dtype=np.uint8) & 1
    ends = np.flatnonzero((text == _LF) & (odd == 0))
    return data[: int(ends[-1]) + 1] if len(ends) else b""


def _dialect(data: bytes, separator: bytes, lines_before: int) -> Dialect:
    quote = _quote_of(data, separator)
    head = data[:_BLOCK]
    spaced = head.count(separator + b" " + quote.encode())
    skips_spaces = spaced > 0 and spaced > head.count(separator + quote.encode())
    escapes = b'\\"' in data and _ESCAPED.search(data) is not None and _DOUBLED.search(data) is None
    return Dialect(separator.decode(), quote, lines_before, skips_spaces, "\\" if escapes else None)


def _quote_of(data: bytes, separator: bytes) -> str:
    """A single quote only where it plainly does the work: no double quote at all, the first line wrapped in it."""
    first_line = data[:_BLOCK].lstrip().split(b"\n", 1)[0].strip()
    wrapped = len(first_line) > 2 and first_line.startswith(b"'") and first_line.endswith(b"'")
    between = b"'" + separator + b"'"
    if wrapped and b'"' not in data and between in first_line and data.count(between) > 1:
        return "'"
    return '"'


def _scores(data: bytes) -> dict[bytes, float]:
    present = [separator for separator in SEPARATORS if separator in data]
    counts, filled = _counts_per_line(data, present)
    return {separator: _score(data, separator, counts.get(separator), filled) for separator in SEPARATORS}


def _score(data: bytes, separator: bytes, counts: Integers | None, filled: NDArray[np.bool_]) -> float:
    if counts is None or not len(of_filled := counts[filled]) or not of_filled.any():
        return 0.0
    frequencies = np.bincount(np.minimum(of_filled, 20_000))
    frequencies[0] = 0
    usual = int(frequencies.argmax())
    share = frequencies[usual] / len(of_filled)
    lead = int(np.argmax(of_filled == usual))
    line = _line(data, int(np.flatnonzero(counts == usual)[0]))
    header = 1.0 if _reads_like_header(line, separator) else 0.3
    return float(share * math.log2(1 + usual) * header * (1.0 if lead == 0 else 0.7))


def _counts_per_line(data: bytes, separators: list[bytes]) -> tuple[dict[bytes, Integers], NDArray[np.bool_]]:
    """How often each separator stands outside double quotes on each line, and which lines hold anything.

    Quotes count anew on each line, so that one stray quote costs one line instead of the rest of the file.
    """
    counts: dict[bytes, list[Integers]] = {separator: [] for separator in separators}
    filled: list[NDArray[np.bool_]] = []
    start = 0
    while start < len(data):
        end = data.find(b"\n", min(len(data), start + _BLOCK))
        end = len(data) if end < 0 else end + 1
        block = np.frombuffer(data, np.uint8, end - start, start)
        ends = np.flatnonzero(block == _LF)
        if not len(ends) or ends[-1] != len(block) - 1:
            ends = np.append(ends, len(block))
        filled.append(np.diff(ends, prepend=-1) > 2)
        quoted = block == ord('"')
        # Whether an odd number of quotes stands before each byte; sums of bytes may overflow, their parity holds.
        odd = (np.cumsum(quoted, dtype=np.uint8) & np.uint8(1)) if quoted.any() else None
        for separator in separators:
            counts[separator].append(_count(np.flatnonzero(block == separator[0]), ends, odd))
        start = end
    if not filled:
        return {}, np.zeros(0, bool)
    return {separator: np.concatenate(parts) for separator, parts in counts.items()}, np.concatenate(filled)


def _count(places: Integers, ends: Integers, odd: NDArray[np.uint8] | None) -> Integers:
    if odd is not None:
        at_end = odd[np.minimum(ends, len(odd) - 1)]
        if at_end.any():  # some line has an odd number of quotes: count from its start
            line = np.searchsorted(ends, places)
            before = np.concatenate(([0], at_end[:-1]))
            places = places[odd[places] == before[line]]
        else:
            places = places[odd[places] == 0]
    return np.diff(np.searchsorted(places, ends), prepend=0)


def _line(data: bytes, index: int) -> bytes:
    start = 0
    for _ in range(index):
        start = data.find(b"\n", start) + 1
    end = data.find(b"\n", start)
    return data[start : len(data) if end < 0 else end]


def _reads_like_header(line: bytes, separator: bytes) -> bool:
    cells = [cell.strip(b' "\r') for cell in line.split(separator)]
    named = sum(re.search(rb"[A-Za-z\x80-\xff]", cell) is not None for cell in cells)
    return named * 2 > len([cell for cell in cells if cell])
