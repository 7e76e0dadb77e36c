# ruff: noqa: E501, DTZ001 - a case is easier to read on one line, and sheets know no zones
"""XLSX and Parquet files: dates and numbers as they are, errors and formulas, hidden sheets, bombs and damage."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from tests.connectors.files.corpus.case import Case, Gives, Says

_COLUMNS = ("Id", "Close date", "Changed", "Amount", "Open")
_DAY, _MOMENT = dt.date(2024, 4, 3), dt.datetime(2024, 4, 3, 14, 15)
_RECORDS = ((1, _DAY, _MOMENT, 45000.5, True), (2, None, dt.datetime(2024, 12, 31, 23, 59, 59), 0.1 + 0.2, False))
_ROWS = (
    ("1", "2024-04-03", "2024-04-03T14:15:00", "45000.5", "true"),
    ("2", None, "2024-12-31T23:59:59", "0.3", "false"),
)
_KINDS = ("number", "date", "timestamp", "number", "boolean")


def xlsx(fill: Callable[[Any], None]) -> bytes:
    """A workbook that `fill` has written into."""
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _records(book: Any, above: int = 0) -> None:
    sheet = book.active
    sheet.title = "Deals"
    for _ in range(above):
        sheet.append([])
    sheet.append(_COLUMNS)
    for record in _RECORDS:
        sheet.append(record)


def _titled(book: Any) -> None:
    sheet = book.active
    sheet["B2"] = "Open deals"
    sheet.merge_cells("B2:F2")
    for column, (name, *cells) in enumerate(zip(_COLUMNS, *_RECORDS, strict=True), start=2):
        for row, cell in enumerate((name, *cells), start=4):
            sheet.cell(row, column, cell)


def _mixed(book: Any) -> None:
    for row in (("Amount", "When"), (1234.5, _DAY), ("1.234,56", "25.04.2024"), (1000, None)):
        book.active.append(row)


def _errors(book: Any) -> None:
    for row in (("Id", "Amount", "Sum"), (1, "#REF!", "=1+1"), (2, 7, 9)):
        book.active.append(row)
    book.active["B2"].data_type = "e"


def _sheets(book: Any) -> None:
    book.active.title = "Empty"
    hidden = book.create_sheet("Hidden")
    hidden.sheet_state = "hidden"
    hidden.append(("x",))
    deals = book.create_sheet("Deals")
    deals.append(("Id", "Name"))
    deals.append((1, "a"))
    book.create_sheet("Notes").append(("z",))


def _hidden(book: Any) -> None:
    book.active.title = "Cover"
    hidden = book.create_sheet("Data")
    hidden.sheet_state = "hidden"
    hidden.append(("Id", "Name"))
    hidden.append((1, "a"))


def _far_cell(book: Any) -> None:
    _records(book)
    book.active["XFD1048576"] = "oops"


def _footers(book: Any) -> None:
    for row in (
        ("Id", "Name"),
        (1, "a"),
        (),
        ("Grand Totals (1 records)",),
        ("Confidential Information - Do Not Distribute",),
    ):
        book.active.append(row)


def _long_cell(book: Any) -> None:
    for row in (("Id", "Name"), (1, "a" * 32_767)):
        book.active.append(row)


def _changed(data: bytes, entry: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == entry else content)
    return out.getvalue()


def _lying(data: bytes) -> bytes:
    """The same archive whose directory states a size of 100 bytes for its largest entry."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        largest = max(archive.infolist(), key=lambda info: info.file_size)
    true_size, false_size = largest.file_size.to_bytes(4, "little"), (100).to_bytes(4, "little")
    return data.replace(largest.CRC.to_bytes(4, "little") + largest.compress_size.to_bytes(4, "little") + true_size,
                        largest.CRC.to_bytes(4, "little") + largest.compress_size.to_bytes(4, "little") + false_size)  # fmt: skip


_SHEET = "xl/worksheets/sheet1.xml"
_PLAIN = xlsx(_records)
_BOMB = _changed(_PLAIN, _SHEET, lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + b" " * 300_000_000))
_ENTITIES = (
    b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]>'
)


def parquet(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file."""
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


_TYPED = parquet(
    pa.table(
        {
            "id": pa.array([1, 2]),
            "stage": pa.array(["a", None]).dictionary_encode(),
            "day": pa.array([_DAY, None]),
            "at": pa.array([_MOMENT, _MOMENT], pa.timestamp("ns")),
            "zoned": pa.array([_MOMENT, _MOMENT], pa.timestamp("ms", "Europe/Berlin")),
            "share": pa.array([1e-7, float("nan")]),
            "amount": pa.array([Decimal("45000.50"), Decimal("1234.567")], pa.decimal128(10, 3)),
            "open": pa.array([True, None]),
            "tags": pa.array([["x"], []]),
        }
    )
)

XLSX = (
    Case("xlsx", "deals.xlsx", _PLAIN, Gives(_COLUMNS, _ROWS, (2, 3), {}, _KINDS)),
    Case("xlsx called csv", "deals.csv", _PLAIN, Gives(_COLUMNS, _ROWS, (2, 3), {}, _KINDS)),
    Case("xlsx with a merged title", "deals.xlsx", xlsx(_titled), Gives(_COLUMNS, _ROWS, (5, 6), {"line above the header": 1}, _KINDS)),
    Case("xlsx with text beside numbers", "deals.xlsx", xlsx(_mixed),
         Gives(("Amount", "When"), (("1234.5e0", "2024-04-03"), ("1.234,56", "25.04.2024"), ("1000", None)), (2, 3, 4), {}, ("mixed", "mixed"))),
    Case("xlsx with errors and formulas", "deals.xlsx", xlsx(_errors),
         Gives(("Id", "Amount", "Sum"), (("1", None, None), ("2", "7", "9")), (2, 3), {"error cells": 1, "formulas without a value": 1})),
    Case("xlsx with several sheets", "deals.xlsx", xlsx(_sheets), Gives(("Id", "Name"), (("1", "a"),), (2,), {"other sheets": 2})),
    Case("xlsx with a hidden sheet only", "deals.xlsx", xlsx(_hidden), Gives(("Id", "Name"), (("1", "a"),), (2,), {"hidden sheet": 1})),
    Case("xlsx with a salesforce footer", "report.xlsx", xlsx(_footers), Gives(("Id", "Name"), (("1", "a"),), (2,), {"blank row": 1, "footer": 2})),
    Case("xlsx with a long cell", "deals.xlsx", xlsx(_long_cell), Gives(("Id", "Name"), (("1", "a" * 32_767),), (2,))),
    Case("xlsx with header only", "deals.xlsx", xlsx(lambda book: book.active.append(("Id", "Name"))), Gives(("Id", "Name"), (), ())),
    Case("xlsx with nothing", "deals.xlsx", xlsx(lambda book: None), Says(("no sheet with anything in it",))),
    Case("xlsx with a cell in the far corner", "deals.xlsx", xlsx(_far_cell), Says(("reaches over 17,179,869,184 cells", "delete the empty"))),
    Case(
        "xlsx with a far cell in single quotes",
        "deals.xlsx",
        _changed(xlsx(_far_cell), _SHEET, lambda xml: xml.replace(b'r="XFD1048576"', b"r = 'XFD1048576'")),
        Says(("reaches over 17,179,869,184 cells",)),
    ),
    Case("xlsx with a far cell in small letters", "deals.xlsx", _changed(xlsx(_far_cell), _SHEET, lambda xml: xml.replace(b'"XFD1048576"', b'"xfd1048576"')),
         Says(("reaches over 17,179,869,184 cells",))),
    Case("xlsx with a far row of cells without places", "deals.xlsx",
         _changed(xlsx(_far_cell), _SHEET, lambda xml: xml.replace(b'<c r="XFD1048576"', b"<c><v>1</v></c>" * 16_383 + b"<c")),
         Says(("reaches over 17,179,869,184 cells",))),
    Case("xlsx with a far cell beyond all columns", "deals.xlsx", _changed(xlsx(_far_cell), _SHEET, lambda xml: xml.replace(b'"XFD1048576"', b'"XFDXFDXFDXFD1048576"')),
         Says(("deals.xlsx: a sheet reaches over",))),
    Case("xlsx whose sheet is a part of another name", "deals.xlsx",
         xlsx(_far_cell).replace(b"xl/worksheets/sheet1.xml", b"xl/worksheetz/sheet1.bin"), Says(("deals.xlsx",))),
    Case("xlsx bomb", "deals.xlsx", _BOMB, Says(("deals.xlsx unpacks to",))),
    Case("xlsx bomb that lies about its size", "deals.xlsx", _lying(_BOMB), Says(("deals.xlsx unpacks to",))),
    Case("xlsx cut off", "deals.xlsx", _PLAIN[: len(_PLAIN) // 2], Says(("damaged or cut-off",))),
    Case("xlsx with broken xml", "deals.xlsx", _changed(_PLAIN, _SHEET, lambda xml: xml[: len(xml) // 2]), Says(("damaged workbook",))),
    Case("xlsx with entities", "deals.xlsx", _changed(_PLAIN, _SHEET, lambda xml: _ENTITIES + xml.replace(b"Close date", b"&c;&d;")),
         Says(("deals.xlsx",))),
    Case("old xls", "deals.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Says(("old Excel workbook", "save it as XLSX"))),
)  # fmt: skip

PARQUET = (
    Case("parquet", "deals.parquet", _TYPED,
         Gives(("id", "stage", "day", "at", "zoned", "share", "amount", "open"),
               (("1", "a", "2024-04-03", "2024-04-03T14:15:00.000000", "2024-04-03T14:15:00.000000+00:00", "0.0000001", "45000.500", "true"),
                ("2", None, None, "2024-04-03T14:15:00.000000", "2024-04-03T14:15:00.000000+00:00", None, "1234.567", None)),
               (1, 2), {"nested column": 1},
               ("number", "text", "date", "timestamp", "timestamp", "number", "number", "boolean"))),
    Case("parquet called csv", "deals.csv", parquet(pa.table({"Id": ["1"]})), Gives(("Id",), (("1",),), (1,))),
    Case("parquet without rows", "deals.parquet", parquet(pa.table({"Id": pa.array([], pa.string())})), Gives(("Id",), (), ())),
    Case("parquet with bytes that are no text", "deals.parquet", parquet(pa.table({"Id": ["MARK"] * 3})).replace(b"MARK", b"M\xff\xfeK"), Says(("damaged or cut-off Parquet",))),
    Case("parquet cut off", "deals.parquet", _TYPED[:-20], Says(("damaged or cut-off Parquet",))),
    Case("parquet with a damaged page", "deals.parquet", _TYPED[:4] + b"\xff" * 60 + _TYPED[64:], Says(("damaged or cut-off Parquet",))),
    Case("parquet with nested columns only", "deals.parquet", parquet(pa.table({"tags": [["x"]]})), Says(("no column that can be read",))),
)  # fmt: skip

CASES = XLSX + PARQUET
