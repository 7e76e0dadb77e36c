"""What a layout is, and how sure it can be that a table is one of its kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from headway.connectors.files.cells import Cells
from headway.connectors.files.distinct import is_missing
from headway.connectors.files.staging import Staging
from headway.connectors.files.table import Table
from headway.connectors.mapping import Source

Aliases = Mapping[str, Sequence[str]]
SAMPLE = 200
_PREFIX = re.compile(
    r"^\s*(deal|opportunity|geschäft|affaire|opportunité|trato|negocio|oportunidad)(?:\s+[-–]\s+|\s*:\s+)", re.I
)


class Layout(Protocol):
    """One kind of export. `name` is what `--layout` takes; `aliases`: role -> labels, the best first."""

    @property
    def name(self) -> str:
        """What `--layout` takes."""

    @property
    def crm(self) -> str:
        """The CRM it comes from: files of one reading come from one."""

    @property
    def aliases(self) -> Aliases:
        """Role -> the labels a column of this role may have, the best first."""

    def certainty(self, table: Table) -> float:
        """How sure it is, 0 to 1, that the table is of this layout, by headers and values."""

    def fill(self, cells: Cells, staging: Staging, file: int) -> None:
        """Stage the rows."""


def folded_label(label: str) -> str:
    """A column's label without case, accents, spaces, punctuation, `*` and the `Deal - ` in front of it."""
    bare = _PREFIX.sub("", label)
    decomposed = unicodedata.normalize("NFKD", bare.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def columns_by_role(columns: Iterable[str], aliases: Aliases) -> dict[str, str]:
    """Which column plays which role; of several the one whose label stands first in the aliases. No column twice."""
    by_label: dict[str, str] = {}
    for column in columns:
        by_label.setdefault(folded_label(column), column)
    found: dict[str, str] = {}
    for role, labels in aliases.items():
        for label in labels:
            fitting = by_label.get(folded_label(label))
            if fitting is not None and fitting not in found.values():
                found[role] = fitting
                break
    return found


def sources_of(roles: Mapping[str, str], wanted: Iterable[str]) -> dict[str, Source]:
    """Roles as a mapping would name them."""
    return {role: Source(columns=(roles[role],)) for role in wanted if role in roles}


def sample_of(table: Table, column: str) -> list[str]:
    """Up to 200 values of a column from its beginning, without missing ones."""
    values = table.data.column(column).slice(0, 5 * SAMPLE).to_pylist()
    return [value for value in values if value and not is_missing(value)][:SAMPLE]


def share_that(values: Sequence[str], test: Callable[[str], object]) -> float:
    """The share of values that pass a test; 0.5 where there are none, which speaks neither way."""
    return sum(1 for value in values if test(value)) / len(values) if values else 0.5


def certainty_of(
    roles: Mapping[str, str], needed: Sequence[str], telling: Sequence[str], checks: Sequence[float], base: float = 0.55
) -> float:
    """How sure, from headers and values: nothing without all `needed` roles; `base` with them, up to 0.3 more for
    three or more of the `telling` ones, and up to 0.14 for values that look as they should (`checks`, shares);
    values that do not look so take away as much again."""
    if any(role not in roles for role in needed):
        return 0.0
    told = min(1.0, sum(role in roles for role in telling) / min(3, max(1, len(telling))))
    looks = sum(checks) / len(checks) if checks else 0.5
    return round(max(0.0, base + 0.3 * told + 0.28 * (looks - 0.5)), 2)
