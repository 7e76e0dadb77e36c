"""Typed cells (of XLSX and Parquet) as strings that read one way only."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa

from headway.connectors.files.table import Kind

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
_MIDNIGHT = dt.time()


def as_strings(cells: Sequence[Cell]) -> tuple[pa.Array, Kind]:
    """A column of typed cells as strings (blank text cells stay blank), and its kind. See `Table` for the forms."""
    types = {type(cell) for cell in cells if cell != ""}
    if types <= {str}:
        return pa.array(cells, pa.string()), "text"
    kind: Kind = "mixed"
    if types <= {int, float}:
        kind = "number"
    elif types <= {bool}:
        kind = "boolean"
    elif types <= {dt.date, dt.datetime}:
        timed = any(isinstance(cell, dt.datetime) and cell.time() != _MIDNIGHT for cell in cells)
        kind = "timestamp" if timed else "date"
    known: dict[tuple[type, Cell], str] = {}
    strings: list[str] = []
    for cell in cells:
        if type(cell) is str:
            strings.append(cell)
            continue
        key = (type(cell), cell)
        if key not in known:
            known[key] = _as_string(cell, kind)
        strings.append(known[key])
    return pa.array(strings, pa.string()), kind


def _as_string(cell: Cell, kind: Kind) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return number_text(cell, exponent=kind == "mixed")
    if isinstance(cell, dt.datetime):
        moment = _to_millisecond(cell)
        return moment.date().isoformat() if kind == "date" else moment.isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat() + ("T00:00:00" if kind == "timestamp" else "")
    if isinstance(cell, dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        return number_text(cell.total_seconds() / 86_400, exponent=kind == "mixed")
    return str(cell)


def number_text(number: float, *, exponent: bool) -> str:
    """A number as a spreadsheet means it: plain, no grouping; `1234.5e0` where an exponent is asked for.

    Whole numbers are exact. Others have the 15 significant digits that a spreadsheet keeps, so that a stored
    0.30000000000000004 is the 0.3 that people see. NaN and infinity are blank.
    """
    if not math.isfinite(number):
        return ""
    exact = Decimal(int(number)) if number == int(number) else Decimal(f"{number:.15g}")
    text = format(exact, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text}e0" if exponent and "." in text else text


def _to_millisecond(moment: dt.datetime) -> dt.datetime:
    # A serial day is a float: 14:15 may come out as 14:14:59.999999.
    rounded = round(moment.microsecond / 1000) * 1000
    return moment.replace(microsecond=0) + dt.timedelta(microseconds=rounded)
