# ruff: noqa: E501 - a case is easier to read on one line
"""Encodings, byte order marks, NUL bytes, line ends, gzip, and files that are not what they are called."""

from __future__ import annotations

import gzip
import io
import zipfile

from tests.connectors.files.corpus.case import PLAIN, TWO, Case, Gives, Says, two

_GZIPPED = gzip.compress(PLAIN.encode() * 200)
_DAMAGED = bytearray(gzip.compress(PLAIN.encode()))
_DAMAGED[-6] ^= 0xFF  # in the check sum
_MIXED = "Id,Name,Amount\n1,Müller,5\n".encode() + b"2,Caf\xe9,7\n" + b"3,\x80uro,9\n"


def _zip(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


ENCODINGS = (
    Case("utf-8", "deals.csv", PLAIN.encode(), two()),
    Case("utf-8 with bom", "deals.csv", PLAIN.encode("utf-8-sig"), two()),
    Case("utf-8 with bom, all quoted", "deals.csv", b'\xef\xbb\xbf"Id","Name","Amount"\n"1","M\xc3\xbcller","5"\n"2","Beta","7"', two()),
    Case("utf-16 le with bom", "deals.csv", b"\xff\xfe" + PLAIN.encode("utf-16-le"), two()),
    Case("utf-16 be with bom", "deals.csv", b"\xfe\xff" + PLAIN.encode("utf-16-be"), two()),
    Case("utf-16 le without bom", "deals.csv", PLAIN.encode("utf-16-le"), two()),
    Case("utf-16 be without bom", "deals.csv", PLAIN.encode("utf-16-be"), two()),
    Case("utf-16 tab, as HubSpot", "deals.csv", b"\xff\xfe" + PLAIN.replace(",", "\t").encode("utf-16-le"), two()),
    Case("utf-16 cut in a character", "deals.csv", b"\xff\xfe" + PLAIN.encode("utf-16-le")[:-1], two({"cut-off character": 1})),
    Case("utf-32 with bom", "deals.csv", b"\xff\xfe\0\0" + PLAIN.encode("utf-32-le"), two()),
    Case("windows-1252", "deals.csv", PLAIN.encode("cp1252"), two({"encoding": 1})),
    Case("mixed utf-8 and windows-1252", "deals.csv", _MIXED,
         Gives(("Id", "Name", "Amount"), (TWO[0], ("2", "Café", "7"), ("3", "€uro", "9")), (2, 3, 4), {"mixed encodings": 2})),
    Case("byte that means nothing", "deals.csv", b"Id,Name,Amount\n1,M\xc3\xbcller,5\n2,Be\x81,7\n",
         Gives(("Id", "Name", "Amount"), (TWO[0], ("2", "Be�", "7")), (2, 3), {"mixed encodings": 1, "unreadable character": 1})),
    Case("nul bytes", "deals.csv", PLAIN.replace("Beta", "Be\0\0ta").encode(), two({"NUL bytes": 2})),
    Case("nul padding at the end", "deals.csv", PLAIN.encode() + b"\0" * 50, two({"NUL bytes": 50})),
)  # fmt: skip

LINE_ENDS = (
    Case("cr lf", "deals.csv", PLAIN.replace("\n", "\r\n").encode(), two()),
    Case("cr only", "deals.csv", PLAIN.replace("\n", "\r").encode(), two()),
    Case("cr, lf and cr lf", "deals.csv", b"Id,Name,Amount\r1,M\xc3\xbcller,5\r\n2,Beta,7\n", two()),
    Case("no line end at the end", "deals.csv", PLAIN.rstrip().encode(), two()),
    Case("line end inside a cell", "deals.csv", b'Id,Name,Amount\n1,"a\r\nb",5\n2,Beta,7\n',
         Gives(("Id", "Name", "Amount"), (("1", "a\r\nb", "5"), ("2", "Beta", "7")), (2, 4))),
    Case("blank lines", "deals.csv", b"\n\nId,Name,Amount\n\n1,M\xc3\xbcller,5\n,,\n2,Beta,7\n\n", two({"blank row": 3}, (5, 7))),
)  # fmt: skip

NOT_WHAT_IT_SAYS = (
    Case("xlsx that is csv", "deals.xlsx", PLAIN.encode(), two()),
    Case("parquet that is csv", "deals.parquet", PLAIN.encode(), two()),
    Case("csv that is gzip", "deals.csv", _GZIPPED[:0] + gzip.compress(PLAIN.encode()), two()),
    Case("gzip of utf-16", "deals.csv.gz", gzip.compress(PLAIN.encode("utf-16")), two()),
    Case("gzip in two members", "deals.csv.gz", gzip.compress(PLAIN[:20].encode()) + gzip.compress(PLAIN[20:].encode()), two()),
    Case("gzip cut off", "deals.csv.gz", _GZIPPED[: len(_GZIPPED) // 2], Says(("deals.csv.gz is cut off", "download it again"))),
    Case("gzip damaged", "deals.csv.gz", bytes(_DAMAGED), Says(("damaged", "gzip"))),
    Case("gzip of gzip", "deals.csv.gz", gzip.compress(_GZIPPED), Says(("gzip packed by gzip",))),
    Case("gzip of nothing", "deals.csv.gz", gzip.compress(b""), Says(("empty once unpacked",))),
    Case("gzip header only", "deals.csv.gz", b"\x1f\x8b\x08", Says(("deals.csv.gz", "again"))),
    Case("empty", "deals.csv", b"", Says(("deals.csv is empty",))),
    Case("blank", "deals.csv", b" \n\n \r\n", Says(("nothing but blanks",))),
    Case("byte order mark only", "deals.csv", b"\xef\xbb\xbf", Says(("nothing but blanks",))),
    Case("header only", "deals.csv", b"Id,Name,Amount\n", Gives(("Id", "Name", "Amount"), (), ())),
    Case("header only, no line end", "deals.csv", b"Id;Name;Amount", Gives(("Id", "Name", "Amount"), (), ())),
    Case("no header", "deals.csv", b"1,2.50,2024-03-04\n2,7.10,2024-03-05\n", Says(("no header", "line 1"))),
    Case("pdf", "deals.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Says(("is a PDF document",))),
    Case("png", "deals.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Says(("is a picture",))),
    Case("jpeg", "deals.xlsx", b"\xff\xd8\xff\xe0\0\x10JFIF", Says(("is a picture",))),
    Case("html", "deals.xls", b"<html><table><tr><td>Id</td></tr></table></html>", Says(("is a web page", "CSV"))),
    Case("html after blanks and bom", "deals.csv", b"\xef\xbb\xbf\n <!DOCTYPE html><html>", Says(("is a web page",))),
    Case("html in utf-16", "deals.csv", b"\xff\xfe" + "<html><body>".encode("utf-16-le"), Says(("is a web page",))),
    Case("xml", "deals.csv", b'<?xml version="1.0"?><Workbook/>', Says(("is an XML file",))),
    Case("xes", "log.csv", b'<?xml version="1.0"?>\n<log xes.version="1.0">', Says(("XES event log",))),
    Case("json", "deals.csv", b'[{"id": 1}]', Says(("is a JSON file",))),
    Case("sqlite", "deals.csv", b"SQLite format 3\0" + b"\0" * 100, Says(("SQLite",))),
    Case("random bytes", "deals.csv", bytes(range(1, 32)) * 40, Says(("binary file",))),
    Case("zip of csv", "deals.csv", _zip({"deals.csv": PLAIN.encode()}), Says(("zip archive with 1 file", "unpack it"))),
    Case("zip of nothing", "deals.zip", _zip({}), Says(("zip archive with 0 files",))),
    Case("word document", "deals.xlsx", _zip({"word/document.xml": b"<a/>"}), Says(("Word document",))),
    Case("opendocument", "deals.xlsx", _zip({"content.xml": b"<a/>", "mimetype": b"x"}), Says(("OpenDocument",))),
    Case("zip cut off", "deals.xlsx", _zip({"xl/workbook.xml": b"<a/>" * 999})[:60], Says(("cut-off",))),
)  # fmt: skip

CASES = ENCODINGS + LINE_ENDS + NOT_WHAT_IT_SAYS
