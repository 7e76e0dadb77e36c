"""Days on which nothing is held, as people write them: one a line, the day first, then its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from headway.basics.errors import UserError

AT_MOST = 400  # in one go
LONGEST_NAME = 120
WRITTEN = (
    (re.compile(r"(\d{4}-\d{2}-\d{2})(?:[\s,;:]+(.*))?"), "%Y-%m-%d"),
    (re.compile(r"(\d{1,2}\.\d{1,2}\.\d{4})(?:[\s,;:]+(.*))?"), "%d.%m.%Y"),
    (re.compile(r"(\d{1,2} [A-Za-z]{3} \d{4})(?:[\s,;:]+(.*))?"), "%d %b %Y"),
)


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day on which nothing is held."""

    on: date
    name: str = ""


def read_holidays(text: str) -> tuple[FreeDay, ...]:
    """The days of a text, in order, each once (the last name counts). Empty lines are left out.

    A day is written 2026-12-25, 25.12.2026 or 25 Dec 2026. UserError names the first line that begins with none.
    """
    found: dict[date, FreeDay] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            day = _read_line(line.strip(), number)
            found[day.on] = day
    if len(found) > AT_MOST:
        raise UserError(f"These are {len(found)} days: add at most {AT_MOST} at once.")
    return tuple(found[on] for on in sorted(found))


def _read_line(line: str, number: int) -> FreeDay:
    for pattern, form in WRITTEN:
        matched = pattern.fullmatch(line)
        if matched:
            try:
                on = datetime.strptime(matched[1], form).replace(tzinfo=UTC).date()
            except ValueError:
                break
            return FreeDay(on, " ".join((matched[2] or "").split())[:LONGEST_NAME])
    raise UserError(f"Line {number} begins with no day: write it as in 2026-12-25 Christmas Day.")
