"""XLSX workbooks to a table: the first visible sheet that holds anything."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

from headway.basics.errors import UserError
from headway.connectors.files.delimited import finished, fit, too_many_rows
from headway.connectors.files.header import SAMPLE_ROWS, column_names, header_index
from headway.connectors.files.limits import Limits
from headway.connectors.files.repairs import RepairLog
from headway.connectors.files.table import Table
from headway.connectors.files.typed import Cell, as_strings
from headway.connectors.files.workbook_guard import guard_workbook


def read_workbook(data: bytes, name: str, limits: Limits, log: RepairLog) -> Table:
    """The first visible sheet with anything in it. Raises UserError as `read_table` does."""
    guard_workbook(data, name, limits, log)
    try:
        sheet, rows, first_row = _first_sheet(data, name, log)
    except PasswordError:
        raise UserError(f"{name} is protected by a password: save it without one and try again.") from None
    except (CalamineError, ValueError, OverflowError, OSError) as error:
        raise _damaged(name, str(error)) from error
    except MemoryError:
        raise UserError(f"{name} needs more memory than there is: save the sheet as CSV.") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what pyo3 raises when the reader itself fails
            raise
        raise _damaged(name, "its content is not as it should be") from error
    return _table(sheet, rows, first_row, name, limits, log)


def _damaged(name: str, why: str) -> UserError:
    detail = " ".join(why.split())[:120].rstrip(".")
    return UserError(f"{name} is a damaged workbook ({detail}): open it in a spreadsheet and save it again, or as CSV.")


def _first_sheet(data: bytes, name: str, log: RepairLog) -> tuple[str, list[list[Cell]], int]:
    with load_workbook(io.BytesIO(data)) as workbook:
        chosen: tuple[str, list[list[Cell]], int] | None = None
        others: list[str] = []
        hidden: list[Any] = []
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if about.visible != SheetVisibleEnum.Visible:
                hidden.append(about)
            elif chosen is not None:
                others.append(about.name)
            else:
                chosen = _rows_of(workbook, about.name)
        for about in hidden:
            if chosen is None and (chosen := _rows_of(workbook, about.name)) is not None:
                log.add("assumed", "hidden sheet", f"Only the hidden sheet {about.name!r} holds anything; it was read.")
            else:
                others.append(about.name)
    if chosen is None:
        raise UserError(f"{name} has no sheet with anything in it: save the sheet with the deals as CSV or XLSX.")
    if others:
        listed = ", ".join(repr(other) for other in others[:5]) + (" ..." if len(others) > 5 else "")
        why = f"Only sheet {chosen[0]!r} was read; not read: {listed}."
        log.add("noted", "other sheets", why, count=len(others))
    return chosen


def _rows_of(workbook: Any, sheet_name: str) -> tuple[str, list[list[Cell]], int] | None:
    sheet = workbook.get_sheet_by_name(sheet_name)
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=True)
    if not any(cell != "" for row in rows for cell in row):
        return None
    first = sheet.start[0] + 1 if sheet.start else 1
    return sheet_name, rows, first


def _table(sheet: str, rows: list[list[Cell]], first_row: int, name: str, limits: Limits, log: RepairLog) -> Table:
    sample = [[str(cell) for cell in row] for row in rows[:SAMPLE_ROWS]]
    index = header_index(sample)
    if index is None:
        raise UserError(f"{name}, sheet {sheet!r}, holds nothing but blank cells: save the right sheet.")
    for place in range(index):
        if any(cell.strip() for cell in sample[place]):
            log.add("dropped", "line above the header", "Rows above the header are no records.", [first_row + place])
    header_line = first_row + index
    columns = column_names(sample[index], name, header_line, limits, log)
    kept: list[list[Cell]] = []
    lines: list[int] = []
    for line, row in enumerate(rows[index + 1 :], start=header_line + 1):
        if (row[0] == "" or isinstance(row[0], str)) and fit(
            [str(cell) for cell in row], len(columns), line, log
        ) is None:
            continue
        kept.append(row)
        lines.append(line)
    if len(kept) > limits.row_count():
        raise too_many_rows(name, limits.row_count())
    typed = [as_strings([row[place] for row in kept]) for place in range(len(columns))]
    arrays = [pa.chunked_array([array], pa.string()) for array, _ in typed]
    kinds = tuple(column_kind for _, column_kind in typed)
    source = f"XLSX, sheet {sheet!r}"
    return finished(name, columns, arrays, pa.array(lines, pa.int32()), source, limits, log, kinds)
