"""Columns named on the command line (`--column deal=opportunity_id`): a mapping without a file."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary

from headway.basics.errors import UserError
from headway.connectors.mapping import DEAL_ROLES, DealsMap, HistoryMap, Mapping, Source

# `deal` and `id` are one; `when` makes a table of changes of it, one row per change.
ROLES = ("deal", "when", "who", "from_stage", *DEAL_ROLES)


def mapping_of(columns: Dictionary[str, str]) -> Mapping:
    """The mapping that these roles and columns amount to; with `when` it also describes a history.

    Raises UserError for a role that is not known, or where nothing tells deals apart.
    """
    for role in columns:
        if role not in ROLES:
            raise UserError(f"`--column {role}=...` names no role; known are {', '.join(ROLES)}.")
    roles = {("id" if role == "deal" else role): Source(columns=(column,)) for role, column in columns.items()}
    if "id" not in roles and "name" not in roles:
        raise UserError("name the column that tells deals apart, as in `--column deal=COLUMN`.")
    deals = DealsMap(roles={role: source for role, source in roles.items() if role in DEAL_ROLES})
    if "when" not in roles:
        return Mapping(deals=deals)
    history = {("deal" if role == "id" else role): source for role, source in roles.items()}
    names = ("deal", "name", "stage", "from_stage", "when", "who", "amount", "expected_close", "owner", "created")
    return Mapping(history=HistoryMap(roles={role: history[role] for role in names if role in history}))
