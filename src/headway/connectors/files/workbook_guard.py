"""What an XLSX would unpack to, found out before any of it is trusted to a reader."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from headway.basics.errors import UserError
from headway.connectors.files.limits import Limits, readable_bytes
from headway.connectors.files.repairs import RepairLog

_CHUNK = 1 << 20
_LONGEST_TAG = 1 << 20
_ENTRIES = 10_000
_SMALL = 10_000_000
_AREA = 60_000_000  # cells between the first and the last; the reader keeps about 32 bytes for each
# Both cases and both quotes: the reader takes `r = 'xfd1048576'` too. Rows have digits only.
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
_CELL = re.compile(rb"[<:]c[\s/>]")
_NO_VALUE = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>")


@dataclass(slots=True)
class _Sheet:
    columns: set[bytes] = field(default_factory=set)
    last_row: int = 0
    first_row: int = 1 << 62
    cells: int = 0
    widest: int = 0
    open_row: int = 0
    error_cells: int = 0
    formulas_without_value: int = 0

    def look_at_whole_tags(self, data: bytes) -> bytes:
        """Look at the rows (or at least tags) that are complete, and give back the rest."""
        end = data.rfind(b"</row>") + 6
        if end == 5:
            end = data.rfind(b">") + 1
        self.look_at(data[:end])
        return data[end:][-_LONGEST_TAG:]

    def look_at(self, data: bytes) -> None:
        places = _PLACE.findall(data)
        if places:
            rows = [int(row) for row in {row for _, row in places}]
            self.first_row = min(self.first_row, *rows, rows[0])
            self.last_row = max(self.last_row, *rows, rows[0])
            self.columns.update({column for column, _ in places})
        cells = len(_CELL.findall(data))
        self.cells += cells
        if cells > sum(1 for column, _ in places if column):
            self._count_unplaced(data)
        self.error_cells += data.count(b' t="e"')
        if b"f>" in data:
            self.formulas_without_value += len(_NO_VALUE.findall(data))

    def _count_unplaced(self, data: bytes) -> None:
        """Cells that do not say where they stand come one after another, so that the longest row is the width."""
        for part in data.split(b"</row>"):
            self.open_row += len(_CELL.findall(part))
            self.widest = max(self.widest, self.open_row)
            self.open_row = 0 if len(part) < len(data) else self.open_row

    def area(self) -> int:
        places = [_column_number(column) for column in self.columns if column]
        width = max(self.widest, max(places) - min(places) + 1 if places else 0)
        return (self.last_row - min(self.first_row, self.last_row) + 1) * width


def guard_workbook(data: bytes, name: str, limits: Limits, log: RepairLog) -> None:
    """Raise UserError where the workbook unpacks to more than the limits or spans more cells than memory takes.

    Every entry is unpacked and counted, since the sizes that a zip states may be false. Says in `log` how many
    cells hold an error (`#REF!`) or a formula without a stored value: both are missing in the table.
    """
    allowed = limits.unpacked_bytes()
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > _ENTRIES:
                raise UserError(f"{name} holds {len(entries):,} parts, which no workbook does: save it as CSV.")
            _refuse_if_too_large(sum(entry.file_size for entry in entries), data, name, allowed, limits)
            for entry in entries:
                if entry.flag_bits & 1:
                    raise UserError(f"{name} is protected by a password: save it without one and try again.")
                sheet = _Sheet()
                before = b""
                for chunk in _inflated(data, entry):
                    total += len(chunk)
                    _refuse_if_too_large(total, data, name, allowed, limits)
                    before = sheet.look_at_whole_tags(before + chunk)
                sheet.look_at(before)
                _judge(sheet, entry.filename, name, log)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError, EOFError, OSError) as error:
        raise UserError(f"{name} is a damaged or cut-off XLSX file: copy or export it again.") from error


def _judge(sheet: _Sheet, part: str, name: str, log: RepairLog) -> None:
    # Any part may serve as a sheet, whatever it is called, and the reader allocates first and aborts when it cannot.
    if sheet.area() > _AREA:
        raise UserError(
            f"{name}: a sheet reaches over {sheet.area():,} cells, {sheet.cells:,} of them used:"
            " delete the empty rows and columns around the table, or save it as CSV."
        )
    if "worksheets/" not in part.lower():
        return
    where = part.rsplit("/", 1)[-1]
    if sheet.error_cells:
        why = f"Cells with an error such as #REF! ({where}) are missing."
        log.add("noted", "error cells", why, count=sheet.error_cells)
    if sheet.formulas_without_value:
        why = f"Formulas without a stored value ({where}) are missing: open the file in a spreadsheet and save it."
        log.add("noted", "formulas without a value", why, count=sheet.formulas_without_value)


def _refuse_if_too_large(total: int, data: bytes, name: str, allowed: int, limits: Limits) -> None:
    if total > allowed:
        raise UserError(
            f"{name} unpacks to more than the {readable_bytes(allowed)} that can be read here: save the sheet as CSV."
        )
    if total > _SMALL and total > limits.ratio * len(data):
        raise UserError(
            f"{name} unpacks to over {limits.ratio} times its size, as no honest workbook does: save the sheet as CSV."
        )


def _inflated(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of an entry as far as its packed bytes reach, whatever size the directory states."""
    header = data[entry.header_offset : entry.header_offset + 30]
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = entry.header_offset + 30 + name_length + extra_length
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        for offset in range(0, len(packed), _CHUNK):
            yield bytes(packed[offset : offset + _CHUNK])
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(entry.compress_type)
    inflater = zlib.decompressobj(-15)
    pending: bytes | memoryview = packed
    while not inflater.eof:
        chunk = inflater.decompress(pending, _CHUNK)
        pending = inflater.unconsumed_tail
        if not chunk and not pending:
            return
        yield chunk


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
