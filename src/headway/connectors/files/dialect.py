"""Which character separates the cells of a text file and which quotes them, from the evidence of the whole file."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.connectors.files.repairs import RepairLog

SEPARATORS = (b",", b";", b"\t", b"|")
_SEP_LINE = re.compile(rb'\A"?sep=([,;|\t])"?[ \t]*(?:\r\n|\n|\r)', re.IGNORECASE)
_BLOCK = 1 << 23
_LF = 10


@dataclass(frozen=True, slots=True)
class Dialect:
    """`separator` and `quote` are single characters; `lines_before` counts lines cut off the front (`sep=;`)."""

    separator: str
    quote: str
    lines_before: int = 0


def sniffed(data: bytes, log: RepairLog) -> tuple[Dialect, bytes]:
    """The dialect of clean UTF-8 text, and the text without a leading `sep=` line.

    Each candidate is scored over every line of the file: how many lines have the most frequent number of it
    (quotes respected within the line), how many cells that makes, whether the first full line reads like a header.
    """
    stated = _SEP_LINE.match(data)
    if stated is not None:
        separator = stated[1].decode()
        log.add("noted", "sep= line", "The first line states the separator, as Excel writes it.", [1])
        body = data[stated.end() :]
        return Dialect(separator, _quote_of(body, stated[1]), 1), body
    separator_byte = max(SEPARATORS, key=lambda candidate: _score(data, candidate))
    return Dialect(separator_byte.decode(), _quote_of(data, separator_byte)), data


def _quote_of(data: bytes, separator: bytes) -> str:
    """A single quote only where it plainly does the work: no double quote at all, the first line wrapped in it."""
    first_line = data[:_BLOCK].lstrip().split(b"\n", 1)[0].strip()
    wrapped = len(first_line) > 2 and first_line.startswith(b"'") and first_line.endswith(b"'")
    between = b"'" + separator + b"'"
    if wrapped and b'"' not in data and between in first_line and data.count(between) > 1:
        return "'"
    return '"'


def _score(data: bytes, separator: bytes) -> float:
    if separator not in data:
        return 0.0
    counts = _count_per_line(data, separator)
    filled = counts[_filled_lines(data, len(counts))]
    if not len(filled) or not filled.any():
        return 0.0
    frequencies = np.bincount(np.minimum(filled, 20_000))
    frequencies[0] = 0
    usual = int(frequencies.argmax())
    share = frequencies[usual] / len(filled)
    lead = int(np.argmax(filled == usual))
    line = _line(data, int(np.flatnonzero(counts == usual)[0]))
    header = 1.0 if _reads_like_header(line, separator) else 0.3
    return float(share * math.log2(1 + usual) * header * (1.0 if lead == 0 else 0.7))


def _count_per_line(data: bytes, separator: bytes) -> NDArray[np.int64]:
    """How often a separator stands outside double quotes on each line; quotes count anew on each line.

    Counting anew makes one stray quote cost one line instead of the rest of the file.
    """
    parts: list[NDArray[np.int64]] = []
    start = 0
    while start < len(data):
        end = min(len(data), start + _BLOCK)
        if end < len(data):
            newline = data.find(b"\n", end)
            end = len(data) if newline < 0 else newline + 1
        block = np.frombuffer(data, np.uint8, end - start, start)
        ends = np.flatnonzero(block == _LF)
        if not len(ends) or ends[-1] != len(block) - 1:
            ends = np.append(ends, len(block))
        quotes = np.flatnonzero(block == ord('"'))
        places = np.flatnonzero(block == separator[0])
        line = np.searchsorted(ends, places)
        if len(quotes):
            quotes_before_line = np.searchsorted(quotes, np.concatenate(([0], ends[:-1] + 1)))
            inside = (np.searchsorted(quotes, places) - quotes_before_line[line]) & 1
            line = line[inside == 0]
        parts.append(np.bincount(line, minlength=len(ends)))
        start = end
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _filled_lines(data: bytes, lines: int) -> NDArray[np.bool_]:
    """Which lines hold more than a line end."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _LF)
    if len(ends) < lines:
        ends = np.append(ends, len(data))
    lengths = np.diff(np.concatenate(([-1], ends))) - 1
    return np.asarray(lengths > 1)


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
