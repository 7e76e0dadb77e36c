"""The text of a mapping file from what somebody chose per column."""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from headway.connectors.mapping_file import FORMAT
from headway.connectors.preview import outcome_values

Use = Literal["deals", "history", "out"]

# What a column may be chosen to mean. `close` is both: when a deal is expected to close, and when it did.
DEAL_CHOICES = ("id", "name", "account", "owner", "stage", "amount", "currency", "created", "close", "stage_since",
                "modified", "outcome", "reason", "pipeline", "record_type", "segment", "team")  # fmt: skip
DATED = {"created", "close", "stage_since", "modified"}
HISTORY_CHOICES = ("id", "name", "when", "stage", "from_stage", "who", "owner", "amount", "close", "created")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for one table: `roles` by column; `few`: all values of columns that hold few."""

    file: str
    use: Use
    roles: Mapping[str, str] = field(default_factory=dict)
    few: Mapping[str, Sequence[str]] = field(default_factory=dict)


def problems_of(chosen: Sequence[Chosen]) -> dict[tuple[str, str], str]:
    """What does not fit yet: (file, column or empty) -> one sentence. Empty where a mapping can be written."""
    problems: dict[tuple[str, str], str] = {}
    for use, words in (("deals", "deals"), ("history", "changes")):
        for second in [table for table in chosen if table.use == use][1:]:
            problems[second.file, ""] = f"One file of {words} is read at a time: leave this one out, import it next."
    for table in chosen:
        if table.use == "out":
            continue
        taken: dict[str, str] = {}
        for column, role in table.roles.items():
            if role in taken:
                problems[table.file, column] = f"“{taken[role]}” means this already: choose one of the two."
            taken.setdefault(role, column)
        if "id" not in taken and "name" not in taken:
            problems.setdefault((table.file, ""), "Choose the column that tells deals apart: its id or its name.")
        elif table.use == "history" and "when" not in taken:
            problems.setdefault((table.file, ""), "Choose the column that says when the change was made.")
        elif table.use == "deals" and not DATED & taken.keys():
            problems.setdefault((table.file, ""), "Choose a column with a date: when deals were created or closed.")
    if all(table.use == "out" for table in chosen):
        problems[chosen[0].file, ""] = "Nothing is left to read: say of one file what it holds."
    return problems


def mapping_text(chosen: Sequence[Chosen]) -> str:
    """A mapping file. Ask `problems_of` first."""
    told: dict[str, Any] = {"headway": FORMAT}
    for table in chosen:
        if table.use == "deals":
            told["deals"] = {"file": glob.escape(table.file), **_deals(table)}
        elif table.use == "history":
            told["history"] = {"file": glob.escape(table.file), **_history(table)}
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=10_000)


def _deals(table: Chosen) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, role in table.roles.items():
        if role == "close":
            found |= {"expected_close": column, "closed": column}
        elif role == "outcome":
            listed = outcome_values(table.few.get(column, ())) or {"won": ["won", "yes", "true"], "lost": ["lost"]}
            found["outcome"] = {"column": column, **listed}
        elif role in DEAL_CHOICES:
            found[role] = column
    return found


def _history(table: Chosen) -> dict[str, Any]:
    found = {}
    for column, role in table.roles.items():
        if role in HISTORY_CHOICES:
            found[{"id": "deal", "close": "expected_close"}.get(role, role)] = column
    if "deal" not in found and "name" in found:
        found["deal"] = found.pop("name")
    return found
