"""Text files that are regular, found to be so over every byte, and then read by Arrow at full speed.

Regular means: each quote opens at the start of a cell or closes at its end or is doubled inside it, and lines end
with LF or CRLF. For such a file there is one reading only, so that the fast parser and the careful one agree;
records of the wrong width, blank lines and footers are picked out by the scan and go through the careful one.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from headway.connectors.files.footers import MARKS

_BLOCK = 1 << 23
_LF, _CR = 10, 13
_MARKS_FOLLOWED = 1_000

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scan:
    """Where each record of a regular text starts and ends (with its line end), its cells and first line (from 1)."""

    starts: Integers
    ends: Integers
    cells: Integers
    lines: Integers
    blank: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.starts)


def scanned(data: bytes, separator_mark: str, quote_mark: str, lines_cut: int = 0) -> Scan | None:
    """The records of clean UTF-8 text, or None where it is not regular. `lines_cut` lines stood before it."""
    if not data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
        return None
    everything = np.frombuffer(data, np.uint8)
    separator, quote = ord(separator_mark), ord(quote_mark)
    ends: list[Integers] = []
    separators: list[Integers] = []
    lines: list[Integers] = []
    inside, separators_before, lines_before = 0, 0, 0
    for start in range(0, len(data), _BLOCK):
        block = everything[start : start + _BLOCK]
        quotes = np.flatnonzero(block == quote)
        newlines = np.flatnonzero(block == _LF)
        places = np.flatnonzero(block == separator)
        ending = newlines
        if len(quotes) or inside:
            # Sums of bytes may overflow; whether they are odd holds all the same.
            odd = (np.cumsum(block == quote, dtype=np.uint8) + np.uint8(inside)) & 1
            if _has_stray(everything, quotes + start, inside, separator, quote):
                return None
            ending = newlines[odd[newlines] == 0]
            places = places[odd[places] == 0]
        ends.append(ending + (start + 1))
        separators.append(np.searchsorted(places, ending) + separators_before)
        lines.append(np.searchsorted(newlines, ending, side="right") + lines_before)
        separators_before += len(places)
        lines_before += len(newlines)
        inside = (inside + len(quotes)) & 1
    if inside:
        return None
    if not data.endswith(b"\n"):
        ends.append(np.array([len(data)]))
        separators.append(np.array([separators_before]))
        lines.append(np.array([lines_before + 1]))
    return _scan(everything, np.concatenate(ends), np.concatenate(separators), np.concatenate(lines), lines_cut)


def _scan(text: NDArray[np.uint8], ends: Integers, separators: Integers, lines: Integers, lines_cut: int) -> Scan:
    starts = np.concatenate(([0], ends[:-1]))
    first = text[np.minimum(starts, len(text) - 1)]
    length = ends - starts
    blank = (length == 1) & (first == _LF) | (length == 2) & (first == _CR)
    first_lines = np.concatenate(([0], lines[:-1])) + 1 + lines_cut
    return Scan(starts, ends, np.diff(separators, prepend=0) + 1, first_lines, blank)


def _has_stray(text: NDArray[np.uint8], quotes: Integers, inside: int, separator: int, quote: int) -> bool:
    """Whether a quote stands where none can: an opening one after text, a closing one before text."""
    opening = quotes[inside::2]
    closing = quotes[1 - inside :: 2]
    before = text[np.maximum(opening - 1, 0)]
    opens = (before == separator) | (before == _LF) | (before == quote) | (opening == 0)
    after = text[np.minimum(closing + 1, len(text) - 1)]
    closes = (after == separator) | (after == _LF) | (after == _CR) | (after == quote) | (closing == len(text) - 1)
    return not (opens.all() and closes.all())


def to_look_at(data: bytes, scan: Scan, first: int, width: int) -> Integers | None:
    """The places of records, from `first` on, that are blank, of another width or may be a footer.

    None where there are so many that reading them one by one is no gain.
    """
    odd = (scan.cells != width) | scan.blank
    for mark in MARKS:
        place = data.find(mark)
        found = 0
        while place >= 0:
            odd[np.searchsorted(scan.ends, place, side="right")] = True
            place = data.find(mark, place + 1)
            found += 1
            if found > _MARKS_FOLLOWED:
                return None
    places = np.flatnonzero(odd[first:]) + first
    return None if len(places) > 1_000 + len(scan) // 10 else places


def parsed(
    body: bytes | memoryview, rows: int, width: int, scan: Scan, separator: str, quote: str
) -> list[pa.ChunkedArray] | None:
    """The columns of `rows` regular records as text; None should the fast parser see another number of them."""
    if not rows:
        return [pa.chunked_array([], pa.string())] * width
    names = [str(place) for place in range(width)]
    longest = int((scan.ends - scan.starts).max())
    several_lines = bool((np.diff(scan.lines) > 1).any()) or len(scan) < 2
    table = arrow_csv.read_csv(
        pa.BufferReader(pa.py_buffer(body)),
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=max(_BLOCK, 4 * longest)),
        parse_options=arrow_csv.ParseOptions(
            delimiter=separator,
            quote_char=quote,
            double_quote=True,
            newlines_in_values=several_lines,
            ignore_empty_lines=False,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    return list(table.columns) if table.num_rows == rows else None


def as_record(row: list[str], separator: str, quote: str) -> bytes:
    """A mended record written out again, to stand among the regular ones."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quotechar=quote, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
    return out.getvalue().encode()
