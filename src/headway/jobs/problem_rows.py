"""The rows behind what was missing, mended or left out while reading: a few to show in place, all to download."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from headway.basics.cells import guarded
from headway.basics.errors import UserError
from headway.connectors.event_files import is_xes
from headway.connectors.files.limits import UPLOAD, Limits
from headway.connectors.files.table import Table
from headway.connectors.files.tables import read_table
from headway.diagnosis.value import Repair

WORDS = {"dropped": "left out", "repaired": "mended"}
ORDER = ("dropped", "missing", "assumed", "repaired", "kept", "noted")
WITH_ROWS = ("dropped", "missing", "assumed", "repaired")
SHOWN_ROWS = 3
SHOWN_COLUMNS = 4
SHOWN_CHARACTERS = 60
PROBLEMS = 60  # kinds told on the page; the file holds all
FILE_ROWS = 100_000
COLUMN = re.compile(r" in column '(.+?)'(?: \(|$| read | rounded | is in )")
VALUE = re.compile(r"^unreadable (?:date|amount) (['\"])(.{1,40})\1 in column ")


@dataclass(frozen=True, slots=True)
class Found:
    """A kind of problem with the lines it stands on: all where they can be told by their value, else the first 20."""

    repair: Repair
    column: str
    lines: tuple[int, ...]


def told_problems(
    repairs: Sequence[Repair], paths: Mapping[str, Path], folder: Path, limits: Limits = UPLOAD
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """What to show of each kind of problem, the worst first; and per file with problem rows the name of a CSV of them.

    `paths`: by the names of files in `repairs`. The CSV files are written into `folder`.
    """
    tables = {name: _table(paths[name], limits) for name in {r.file for r in repairs if _has_rows(r)} if name in paths}
    found = [_found(repair, tables.get(repair.file)) for repair in repairs]
    found.sort(key=lambda one: (ORDER.index(one.repair.kind) if one.repair.kind in ORDER else 9, -one.repair.count))
    files: dict[str, str] = {}
    for number, (name, table) in enumerate(sorted(tables.items())):
        mine = [one for one in found if one.repair.file == name and one.lines]
        if table is not None and mine:
            files[name] = f"problems-{number}.csv"
            write_problem_file(folder / files[name], table, mine)
    shown = [_shown(one, tables.get(one.repair.file), paths.get(one.repair.file)) for one in found[:PROBLEMS]]
    return shown, files


def _has_rows(repair: Repair) -> bool:
    return bool(repair.lines) and repair.kind in WITH_ROWS


def _table(path: Path, limits: Limits) -> Table | None:
    if is_xes(path):
        return None
    try:
        return read_table(path, limits=limits)
    except UserError:
        return None


def _found(repair: Repair, table: Table | None) -> Found:
    match = COLUMN.search(repair.what)
    column = match.group(1) if match else ""
    lines = repair.lines if _has_rows(repair) else ()
    value = VALUE.match(repair.what)
    if table is not None and column in table.columns and value and lines and repair.count > len(lines):
        cells = table.data.column(column)
        hit = pc.equal(pc.utf8_slice_codeunits(cells, 0, 40), pa.scalar(value.group(2)))
        lines = tuple(table.lines.filter(pc.fill_null(hit, False).combine_chunks()).to_pylist()) or lines
    return Found(repair, column, lines)


def _shown(found: Found, table: Table | None, path: Path | None) -> dict[str, Any]:
    repair = found.repair
    told: dict[str, Any] = {
        "kind": repair.kind, "what": repair.what, "count": repair.count, "file": repair.file,
        "lines": list(found.lines[:20]), "column": found.column, "columns": [], "rows": [],
    }  # fmt: skip
    if not found.lines or table is None:
        return told
    columns = [name for name in table.columns if name != found.column][: SHOWN_COLUMNS - 1]
    if found.column in table.columns:
        columns.insert(0, found.column)  # first, so that a phone shows it
    told["columns"] = columns
    rows = _rows(table, found.lines[:SHOWN_ROWS])
    for line in found.lines[:SHOWN_ROWS]:
        if line in rows:
            told["rows"].append({"line": line, "cells": [_short(rows[line][name]) for name in columns], "raw": ""})
        elif path is not None:
            told["rows"].append({"line": line, "cells": [], "raw": _raw_line(path, line)})
    return told


def _rows(table: Table, lines: Iterable[int]) -> dict[int, dict[str, str]]:
    """The rows that begin on these lines; a row that the reader left out is not there."""
    wanted = pa.array(sorted(set(lines)), pa.int32())
    hit = pc.is_in(table.lines, wanted)
    rows = table.data.filter(hit).to_pylist()
    return dict(zip(table.lines.filter(hit).to_pylist(), rows, strict=True))


def _short(value: str | None) -> str:
    flat = " ".join((value or "").split())
    return flat if len(flat) <= SHOWN_CHARACTERS else flat[: SHOWN_CHARACTERS - 1] + "…"


def _raw_line(path: Path, line: int) -> str:
    """A line of a text as it stands in the file; empty for packed files and workbooks."""
    with path.open("rb") as file:
        if file.read(2) in (b"PK", b"\x1f\x8b", b"PA"):
            return ""
        file.seek(0)
        for text in itertools.islice(file, line - 1, line):
            return _short(text[:400].decode("utf-8-sig", "replace"))
    return ""


def write_problem_file(path: Path, table: Table, problems: Sequence[Found]) -> None:
    """A CSV of the rows with a problem, one line per row and problem, that opens in a spreadsheet without running."""
    rows = _rows(table, itertools.islice((line for found in problems for line in found.lines), FILE_ROWS))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        path.chmod(0o600)
        writer = csv.writer(file)
        writer.writerow(["Why", "Line", *map(guarded, table.columns)])
        for found in problems:
            for line in found.lines:
                cells = rows.get(line)
                why = f"{WORDS.get(found.repair.kind, found.repair.kind)}: {found.repair.what}"
                told = [cells[name] or "" for name in table.columns] if cells else []
                writer.writerow([guarded(why), line, *map(guarded, told)])
