"""What a kind of job is given to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from headway.store.queries.people import PersonRow, WorkspaceRow

Told = Callable[[int, int, str], None]
"""Hears how far a job is: done, of how many (0: unknown), and a word on what is being done."""


@dataclass(frozen=True, slots=True)
class Task:
    """One job. `clock` tells the time when it ends; `at` is when it was taken up."""

    workspace: WorkspaceRow
    by: PersonRow | None
    at: datetime
    clock: Callable[[], datetime]
    about: dict[str, Any] = field(default_factory=dict)
    told: Told = lambda *_: None
