"""Which row of a table names its columns, and what each column is called."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headway.basics.errors import UserError
from headway.connectors.files.limits import Limits
from headway.connectors.files.repairs import RepairLog

SAMPLE_ROWS = 1_000
_LOOKED_AT = 100
_LETTER = re.compile(r"[^\W\d_]")


def header_index(rows: Sequence[Sequence[str]]) -> int | None:
    """The index of the header among the first rows, or None where no row holds anything.

    The header is the first row with more than half as many filled cells as rows usually have at their fullest
    (95th percentile of the sample), so that titles, filters and blank lines above it are passed over.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    if not any(filled):
        return None
    full = sorted(count for count in filled if count)
    most = full[min(len(full) - 1, int(len(full) * 0.95))]
    first = next(index for index, count in enumerate(filled) if count)
    found = next((index for index, count in enumerate(filled[:_LOOKED_AT]) if count * 2 > most), first)
    if not any(map(_LETTER.search, rows[found])):
        # Numbers below a row with names: the header is there, and too short (`Amount` above `1,50`).
        return next((index for index in range(found - 1, -1, -1) if any(map(_LETTER.search, rows[index]))), found)
    return found


def column_names(cells: Sequence[str], name: str, line: int, limits: Limits, log: RepairLog) -> tuple[str, ...]:
    """The names of the columns: trimmed, unnamed ones called by their place, repeated ones numbered.

    Raises UserError where there are more columns than the limit, or where no cell reads like a name.
    """
    if len(cells) > limits.columns:
        raise UserError(
            f"{name} has {len(cells):,} columns in line {line}, more than the {limits.columns:,} that are read:"
            " check the separator, or export fewer columns."
        )
    if not any(_LETTER.search(cell) for cell in cells):
        raise UserError(f"{name} has no header: line {line} should name the columns, put their names there.")
    trimmed = [" ".join(cell.strip("\ufeff \t\r\n\xa0").split()) for cell in cells]
    taken = {cell for cell in trimmed if cell}
    seen: set[str] = set()
    names: list[str] = []
    for place, cell in enumerate(trimmed, start=1):
        wanted = cell
        if not cell:
            wanted = _free(f"column {place}", taken | seen)
            log.add("repaired", "unnamed column", "Columns without a name are called by their place.", [line])
        elif cell in seen:
            wanted = _free(f"{cell} (2)", taken | seen, cell)
            why = f"Several columns are called {cell!r}; the later ones are numbered."
            log.add("repaired", "repeated column name", why, [line])
        seen.add(wanted)
        names.append(wanted)
    return tuple(names)


def _free(wanted: str, taken: set[str], stem: str | None = None) -> str:
    number = 2
    stem = wanted if stem is None else stem
    while wanted in taken:
        number += 1
        wanted = f"{stem} ({number})"
    return wanted
