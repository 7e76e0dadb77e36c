"""One table as it stands in a file: the value that every reader gives and every layout takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from headway.connectors.files.repairs import Repair

Kind = Literal["text", "number", "date", "timestamp", "boolean", "mixed"]


@dataclass(frozen=True, slots=True)
class Table:
    """One table as it stands in a file.

    `columns` are the header texts, trimmed and made distinct; `data` has one string column per name, blank
    cells null, outer blanks trimmed. `kinds` says per column how its strings came about: *text* (as typed:
    CSV, or text cells), or from typed cells of XLSX and Parquet: *date* (`2024-03-04`), *timestamp*
    (`2024-03-04T14:15:00`, with `+00:00` if the file knows the zone), *number* (plain, decimal point, no
    grouping), *boolean* (`true`/`false`). *mixed* is text beside typed cells: those are written as above, and
    a number with a fraction gets an exponent (`1234.5e0`), so that its point cannot be taken for a thousands
    sign. Pass the kind on to `parse_dates` and `parse_amounts`.

    `lines` (int32) holds per row the 1-based line of a text file on which the record starts, or the row number
    of the sheet. `repairs` is all that was missing, repaired or dropped. `source` says what was read
    (``CSV, separator ';', UTF-8``; ``XLSX, sheet 'Deals'``).
    """

    name: str
    columns: tuple[str, ...]
    kinds: tuple[Kind, ...]
    data: pa.Table
    lines: pa.Array
    repairs: tuple[Repair, ...]
    source: str

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def kind(self, column: str) -> Kind:
        """How the strings of a column came about. Raises KeyError for a name that is no column."""
        return dict(zip(self.columns, self.kinds, strict=True))[column]
