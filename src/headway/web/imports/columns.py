"""The selects by which somebody says what the columns of a table mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from headway.connectors.mapping_text import DEAL_CHOICES, HISTORY_CHOICES, Chosen
from headway.web.imports.words import ROLES

USES = {"deals": "One row per deal", "history": "One row per change of a deal", "out": "Leave it out"}


def column_forms(
    question: dict[str, Any],
    chosen: Sequence[Chosen] = (),
    refused: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """What the page needs for its selects: proposals at first, afterwards what was chosen, with its errors."""
    forms: list[dict[str, Any]] = []
    choices = list(dict.fromkeys((*DEAL_CHOICES, *HISTORY_CHOICES)))
    for number, table in enumerate(question["tables"]):
        proposed = {column["name"]: column["role"] for column in table["columns"]}
        use = proposed_use(proposed)
        if any(value == use for form in forms for value, _, is_it in form["uses"] if is_it):
            use = "out"  # one file of each is read at a time
        if chosen:
            proposed, use = dict(chosen[number].roles), chosen[number].use
        columns = [
            {
                "field": f"role-{number}-{place}", "name": column["name"],
                "samples": column["samples"], "error": refused.get((table["file"], column["name"]), ""),
                "options": [(role, ROLES[role], proposed.get(column["name"]) == role) for role in choices],
            }
            for place, column in enumerate(table["columns"])
        ]  # fmt: skip
        forms.append(
            {
                "file": table["file"], "field": f"use-{number}", "error": refused.get((table["file"], ""), ""),
                "uses": [(value, words, value == use) for value, words in USES.items()], "columns": columns,
            }
        )  # fmt: skip
    return forms


def proposed_use(roles: dict[str, str]) -> str:
    """A table with a stage tells of deals, or with the moment of change too, of changes; any other is left out."""
    held = set(roles.values())
    if {"when", "stage"} <= held and held & {"id", "name"}:
        return "history"
    return "deals" if "stage" in held or {"id", "amount"} <= held else "out"
