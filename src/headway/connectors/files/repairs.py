"""What was missing, repaired or dropped while reading a file. Nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Action = Literal["dropped", "repaired", "assumed", "noted"]

LINES_KEPT = 20


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of thing that happened while reading.

    `action` says what was done: *dropped* (it is not in the table), *repaired* (it is, changed), *assumed*
    (it is, read in the likeliest of several ways), *noted* (nothing was changed). `what` is a stable key such
    as ``short row``; `why` is a sentence for people; `lines` are the first 20 lines concerned (1-based; for
    XLSX the row number; empty where a place has no meaning).
    """

    action: Action
    what: str
    why: str
    count: int
    lines: tuple[int, ...] = ()


@dataclass(slots=True)
class RepairLog:
    """Collects repairs of one file: the same kind of thing is one entry with a count."""

    _entries: dict[tuple[Action, str, str], tuple[int, list[int]]] = field(default_factory=dict)

    def add(self, action: Action, what: str, why: str, lines: Iterable[int] = (), count: int | None = None) -> None:
        """Count one more of a kind; `count` defaults to the number of lines, and to 1 without lines."""
        new = list(lines)
        old_count, old_lines = self._entries.get((action, what, why), (0, []))
        added = count if count is not None else max(1, len(new))
        self._entries[action, what, why] = (old_count + added, (old_lines + new)[:LINES_KEPT])

    def count(self, what: str) -> int:
        """How often a kind of thing was counted so far."""
        return sum(count for (_, kind, _), (count, _) in self._entries.items() if kind == what)

    def repairs(self) -> tuple[Repair, ...]:
        """All that was collected, in the order in which each kind first occurred."""
        return tuple(
            Repair(action, what, why, count, tuple(lines))
            for (action, what, why), (count, lines) in self._entries.items()
        )
