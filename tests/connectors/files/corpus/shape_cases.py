# ruff: noqa: E501 - a case is easier to read on one line
"""Separators, quotes, ragged rows, headers, lines above the table and footers below it, long cells."""

from __future__ import annotations

from tests.connectors.files.corpus.case import HEADER, PLAIN, TWO, Case, Gives, Says, two

_MEGABYTE = 1 << 20
_FOOTER = (
    b'"Grand Totals (2 records)"\n"Confidential Information - Do Not Distribute"\n'
    b'"Copyright (c) 2000-2024 salesforce.com, inc. All rights reserved."\n'
)
_REPORT = b'"Id","Name","Amount"\n"1","M\xc3\xbcller","5"\n"2","Beta","7"\n'
_QUOTED = (("1", "a,b", "5"), ("2", 'say "hi"', "7"))


def _gives(rows: tuple[tuple[str | None, ...], ...], lines: tuple[int, ...], repairs: dict[str, int] | None = None,
           columns: tuple[str, ...] = HEADER) -> Gives:  # fmt: skip
    return Gives(columns, rows, lines, repairs or {})


SEPARATORS = (
    *(Case(f"separator {name}", "deals.csv", PLAIN.replace(",", mark).encode(), two())
      for name, mark in (("semicolon", ";"), ("tab", "\t"), ("bar", "|"))),
    Case("sep= line", "deals.csv", b"sep=;\r\nId;Name;Amount\r\n1;M\xc3\xbcller;5\r\n2;Beta;7\r\n", two({"sep= line": 1}, (3, 4))),
    Case("sep= line against the evidence", "deals.csv", b"sep=|\nId|Name|Amount\n1|a,b,c|5\n2|Beta|7\n",
         _gives((("1", "a,b,c", "5"), TWO[1]), (3, 4), {"sep= line": 1})),
    Case("decimal commas between semicolons", "deals.csv", b"Id;Amount\n1;1,50\n2;2,50\n3;3,50\n",
         _gives((("1", "1,50"), ("2", "2,50"), ("3", "3,50")), (2, 3, 4), columns=("Id", "Amount"))),
    Case("decimal commas in one column", "deals.csv", b"Amount\n1,50\n2,50\n3,50\n", Says(("most rows have more values", "header"))),
    Case("one column", "deals.csv", b"Name\nAlpha\nBeta\n", _gives((("Alpha",), ("Beta",)), (2, 3), columns=("Name",))),
    Case("commas in the free text of a tab file", "deals.csv", b"Id\tName\tAmount\n1\ta, b, c\t5\n2\ta, b, d\t7\n",
         _gives((("1", "a, b, c", "5"), ("2", "a, b, d", "7")), (2, 3))),
    Case("separator decided beyond the first thousand rows", "deals.csv",
         b"Id;Name;Amount\n" + b"".join(b"%d;a,b,c;5\n" % number for number in range(1500)) + b"x;y,z,w;1,5\n",
         _gives((*((str(number), "a,b,c", "5") for number in range(1500)), ("x", "y,z,w", "1,5")), tuple(range(2, 1503)))),
    Case("single quotes", "deals.csv", b"'Id','Name','Amount'\n'1','a,b','5'\n'2','it''s','7'\n",
         _gives((("1", "a,b", "5"), ("2", "it's", "7")), (2, 3))),
    Case("apostrophes are no quotes", "deals.csv", b"Id,Name,Amount\n1,O'Neil,5\n2,'t Hof,7\n",
         _gives((("1", "O'Neil", "5"), ("2", "'t Hof", "7")), (2, 3))),
)  # fmt: skip

QUOTES = (
    Case("quoted", "deals.csv", b'Id,Name,Amount\n1,"a,b",5\n2,"say ""hi""",7\n', _gives(_QUOTED, (2, 3))),
    Case("quotes after a space", "deals.csv", b'"Id", "Name", "Amount"\n"1", "a,b", "5"\n"2", "Beta", "7"\n',
         _gives((("1", "a,b", "5"), TWO[1]), (2, 3))),
    Case("quotes escaped by a backslash", "deals.csv", b'Id,Name,Amount\n1,"a,b",5\n2,"say \\"hi\\"",7\n', _gives(_QUOTED, (2, 3))),
    Case("quotes not doubled", "deals.csv", b'Id,Name,Amount\n1,"a,b",5\n2,"say "hi"",7\n', _gives(_QUOTED, (2, 3), {"stray quote": 1})),
    Case("inch mark in an unquoted cell", "deals.csv", b'Id,Name,Amount\n1,5" pipe,5\n2,Beta,7\n',
         _gives((("1", '5" pipe', "5"), TWO[1]), (2, 3))),
    Case("quote never closed", "deals.csv", b'Id,Name,Amount\n1,Alpha,5\n2,"Beta,7\n3,Gamma,9\n',
         Says(("deals.csv", "quote opened on line 3 is never closed"))),
    Case("quote never closed among quoted cells", "deals.csv", b'Id,Name,Amount\n"1","Alpha","5"\n"2","Beta,"7"\n"3","Gamma","9"\n',
         Says(("quote opened on line 3 is never closed",))),
    Case("quote never closed in the second line of a record", "deals.csv", b'Id,Name,Amount\n1,"two\nlines","five\n2,Beta,7\n',
         Says(("quote opened on line 3 is never closed",))),
    Case("quote never closed in the last cell", "deals.csv", b'Id,Name,Amount\n1,Alpha,"5', Says(("line 2",))),
)  # fmt: skip

RAGGED = (
    Case("short row", "deals.csv", b"Id,Name,Amount\n1,M\xc3\xbcller,5\n2,Beta\n", _gives((TWO[0], ("2", "Beta", None)), (2, 3), {"short row": 1})),
    Case("long row", "deals.csv", b"Id,Name,Amount\n1,M\xc3\xbcller,5\n2,Beta,7\n3,a,b,c\n", two({"long row": 1})),
    Case("trailing separators", "deals.csv", b"Id,Name,Amount\n1,M\xc3\xbcller,5,,\n2,Beta,7\n", two({"trailing separators": 1})),
    Case("trailing separator in each line", "deals.csv", b"Id,Name,Amount,\n1,M\xc3\xbcller,5,\n2,Beta,7,\n", two({"unnamed column": 1, "empty column": 1})),
    Case("most rows too long", "deals.csv", b"Id,Name\n1,a,x\n2,b,y\n3,c,z\n", Says(("header names 2 columns", "3 of 3"))),
    Case("ragged among quoted multi-line cells", "deals.csv", b'Id,Name,Amount\n1,"a\nb",5\n2\n3,"c\nd",7,9\n4,"e\nf",1\n',
         _gives((("1", "a\nb", "5"), ("2", None, None), ("4", "e\nf", "1")), (2, 4, 7), {"short row": 1, "long row": 1})),
)  # fmt: skip

HEADERS = (
    Case("repeated header", "deals.csv", b"Id,Stage,Stage,Stage (2)\n1,a,b,c\n",
         _gives((("1", "a", "b", "c"),), (2,), {"repeated column name": 1}, ("Id", "Stage", "Stage (3)", "Stage (2)"))),
    Case("unnamed column", "deals.csv", b"Id,,Amount\n1,x,5\n", _gives((("1", "x", "5"),), (2,), {"unnamed column": 1}, ("Id", "column 2", "Amount"))),
    Case("blanks around names and cells", "deals.csv", b" Id , Name ,\xc2\xa0Amount\n 1 , M\xc3\xbcller ,5\n2,Beta,7\n", two()),
    Case("title and filters above the header", "deals.csv",
         b"Open deals\nAs of,2024-03-04\n\nId,Name,Amount,Owner,Stage\n1,a,5,Bob,New\n2,b,7,Bob,Won\n",
         _gives((("1", "a", "5", "Bob", "New"), ("2", "b", "7", "Bob", "Won")), (5, 6), {"line above the header": 2},
                ("Id", "Name", "Amount", "Owner", "Stage"))),
    Case("padded title above the header", "deals.csv", b"Open deals,,\nId,Name,Amount\n1,M\xc3\xbcller,5\n2,Beta,7\n",
         two({"line above the header": 1}, (3, 4))),
    Case("one record", "deals.csv", b"Id,Name,Amount\n1,M\xc3\xbcller,5\n", _gives((TWO[0],), (2,))),
)  # fmt: skip

FOOTERS = (
    Case("salesforce footer", "report.csv", _REPORT + _FOOTER, two({"footer": 3})),
    Case("salesforce footer after blank lines", "report.csv", _REPORT + b"\n\n\n" + _FOOTER, two({"footer": 3, "blank row": 3})),
    Case("salesforce footer with the sign", "report.csv", _REPORT + "\"Copyright © 2000-2024 salesforce.com, inc. All rights reserved.\"".encode(), two({"footer": 1})),
    Case("salesforce footer padded", "report.csv", _REPORT + b'"Grand Totals (2 records)","","12"\n', two({"footer": 1})),
    Case("salesforce footer in windows-1252", "report.csv", _REPORT.replace(b"M\xc3\xbcller", b"M\xfcller") + b'"Copyright \xa9 2000-2024 salesforce.com, inc. All rights reserved."\n',
         two({"footer": 1, "encoding": 1})),
    Case("a deal called like a footer", "report.csv", b"Id,Name,Amount\n1,M\xc3\xbcller,5\n2,Copyright 2000 salesforce.com,7\n",
         _gives((TWO[0], ("2", "Copyright 2000 salesforce.com", "7")), (2, 3))),
    Case("no records but a footer", "report.csv", b'"Id","Name","Amount"\n' + _FOOTER, Gives(HEADER, (), (), {"footer": 3})),
)  # fmt: skip

LONG_CELLS = (
    Case("cell of a megabyte", "deals.csv", b"Id,Name,Amount\n1," + b"x" * _MEGABYTE + b",5\n", _gives((("1", "x" * _MEGABYTE, "5"),), (2,))),
    Case("cell over a megabyte", "deals.csv", b"Id,Name,Amount\n1,a,5\n2," + b"x" * (_MEGABYTE + 1) + b",5\n",
         Says(("line 3", "'Name'", "1.0 MB"))),
    Case("too many columns", "deals.csv", b",".join(b"c%d" % place for place in range(20_000)) + b"\n", Says(("20,000 columns",))),
)  # fmt: skip

CASES = SEPARATORS + QUOTES + RAGGED + HEADERS + FOOTERS + LONG_CELLS
