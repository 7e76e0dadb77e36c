"""What is being read into which log, and how the user wants it read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from headway.connectors.files.cells import Settings
from headway.connectors.files.limits import COMMAND_LINE, Limits
from headway.connectors.files.repairs import Repair as FileRepair
from headway.connectors.files.table import Table
from headway.connectors.files.tables import read_table
from headway.deals.event_log import EventLog
from headway.diagnosis.value import Repair, SourceFile

Progress = Callable[[str, int, int, int], None]
"""Called now and then with: name of the file, bytes of it read, its bytes in all, events read so far."""


@dataclass(slots=True)
class Reading:
    """The log that is filled, how its files are read, and what has been read of them so far."""

    log: EventLog
    settings: Settings
    limits: Limits = COMMAND_LINE
    progress: Progress | None = None
    files: list[SourceFile] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    def table(self, path: Path) -> Table:
        """The table of a file; what was repaired in reading it is kept."""
        if self.progress:
            size = path.stat().st_size if path.is_file() else 0
            self.progress(path.name, 0, size, 0)
        table = read_table(path, limits=self.limits)
        self.note(table.repairs, table.name)
        if self.progress:
            self.progress(path.name, size, size, len(table))
        return table

    def note(self, repairs: tuple[FileRepair, ...], name: str) -> None:
        """Keep what a reader of files repaired."""
        self.repairs += [
            Repair(r.action, r.why if r.action == "noted" else r.what, r.count, name, r.lines) for r in repairs
        ]
