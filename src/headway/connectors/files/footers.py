"""The lines that Salesforce puts below a report, which are no records."""

from __future__ import annotations

import re
from collections.abc import Sequence

FOOTER = re.compile(
    r"^\s*(?:Grand Totals?\s*\(\s*[\d.,\s]+records?\s*\)"
    r"|Confidential Information - Do Not Distribute"
    r"|Copyright (?:\(c\)|©|\ufffd)?\s*(?:2000|\d{4})\s*[-–]\s*\d{2,4}\s+salesforce(?:\.com)?,? inc\.?.*)\s*$",
)
# What must occur in the bytes of a file for a footer to be possible.
MARKS = (b"Grand Total", b"Confidential Information - Do Not", b"salesforce")
# How the first cell of a footer can begin, for a quick check row by row.
STARTS = frozenset(" \t\xa0GC")
WHY = "Summary lines below a Salesforce report (totals, confidentiality, copyright) are no records."


def is_footer(row: Sequence[str]) -> bool:
    """Whether the first filled cell of a row is one of the three lines below a Salesforce report."""
    for cell in row:
        if cell.strip():
            return FOOTER.match(cell) is not None
    return False
