"""What a file is, by its first bytes and never by its name."""

from __future__ import annotations

import io
import zipfile
from typing import Literal

from headway.basics.errors import UserError

FileKind = Literal["text", "gzip", "xlsx", "parquet"]

HEAD_BYTES = 4096

_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"ARROW1\x00\x00", "an Arrow (Feather) file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_READABLE = "give CSV, TSV, XLSX or Parquet"


def kind_of(head: bytes, name: str) -> FileKind:
    """The kind of a file from its first bytes (`HEAD_BYTES` of them suffice, except inside zip archives).

    Raises UserError for what is recognisably something else, with what to do instead.
    """
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "xlsx"  # or another archive: `require_workbook` looks inside
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise UserError(
            f"{name} is an old Excel workbook (XLS) or one with a password: save it as XLSX without one, or CSV."
        )
    for magic, what in _REFUSED:
        if head.startswith(magic):
            raise UserError(f"{name} is {what}, not a table: {_READABLE}.")
    _refuse_markup(head, name)
    return "text"


def _refuse_markup(head: bytes, name: str) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").removeprefix(b"\xff\xfe").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<table", b"<meta")):
        raise UserError(
            f"{name} is a web page (HTML), as some CRMs name an .xls: open it in a spreadsheet and save it as XLSX"
            " or CSV, or export it again as CSV."
        )
    if start.startswith((b"<?xml", b"<log")):
        what = "an XES event log" if b"<log" in start else "an XML file"
        raise UserError(f"{name} is {what}, not a table: pass event logs with the name ending .xes, else {_READABLE}.")
    if start.startswith((b'{"', b"{\n", b"{\r\n", b'[{"', b"[\n", b"[\r\n", b"{ ", b"[ {")):
        raise UserError(f"{name} is a JSON file, not a table: {_READABLE}.")


def require_workbook(data: bytes, name: str) -> None:
    """Raise UserError unless the zip archive `data` is an XLSX (or XLSM) workbook, saying what it is instead."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry.filename for entry in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RuntimeError, IndexError) as error:
        raise UserError(f"{name} is a damaged or cut-off XLSX or zip file: copy or export it again.") from error
    present = set(entries)
    if any(entry.lower() == "xl/workbook.xml" for entry in present):
        return
    for mark, what in (
        ("xl/workbook.bin", "a binary workbook (XLSB): save it as XLSX"),
        ("word/document.xml", "a Word document: save the table as CSV or XLSX"),
        ("ppt/presentation.xml", "a PowerPoint file: give CSV, XLSX or Parquet"),
        ("content.xml", "an OpenDocument file: save it as XLSX or CSV"),
        ("Index/Document.iwa", "a Numbers document: export it as CSV or XLSX"),
    ):
        if mark in present:
            raise UserError(f"{name} is {what}.")
    raise UserError(
        f"{name} is a zip archive with {len(entries)} file{'' if len(entries) == 1 else 's'}, not a table:"
        " unpack it and give the file inside."
    )
