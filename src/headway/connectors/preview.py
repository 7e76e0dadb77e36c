"""What the columns of a file mean, with samples, before anything is done with it. Reads; changes nothing."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow.compute as pc

from headway.connectors.files.closing import outcome_of_stage
from headway.connectors.files.distinct import is_missing
from headway.connectors.files.headway_events import NAME as OWN_LAYOUT
from headway.connectors.files.layout import columns_by_role, folded_label
from headway.connectors.files.layouts.hubspot_deals import entered_columns
from headway.connectors.files.limits import UPLOAD, Limits
from headway.connectors.files.table import Table
from headway.connectors.files.tables import read_table
from headway.connectors.mapping import Mapping, Source
from headway.connectors.recognised import LAYOUTS, POSSIBLE

HEAD_BYTES = 1 << 20
SAMPLES = 3
SAMPLE_CHARACTERS = 80
FEW = 12  # a column with at most as many different values may say how deals ended
LOOKED_AT = 2_000  # rows
MAPPED = "mapping"


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """A column, the role it plays (empty: not used), and values from its beginning; `few`: all there are, if few."""

    name: str
    role: str
    samples: tuple[str, ...]
    few: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableShown:
    """A file and its columns. `layout` is empty where none is known; `header` tells tables with equal columns."""

    file: str
    layout: str
    certainty: float
    header: str
    columns: tuple[ColumnShown, ...]


def head_of(path: Path, limits: Limits = UPLOAD) -> Table:
    """The first rows of a table: a megabyte of a text, all of a workbook. UserError as `read_table`."""
    try:
        with path.open("rb") as file:
            packed = file.read(4).startswith(b"\x1f\x8b")
        if not packed and (path.stat().st_size <= HEAD_BYTES or _is_binary(path)):
            return read_table(path, limits=limits)
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except (OSError, EOFError, zlib.error):
        return read_table(path, limits=limits)  # says what is wrong
    if len(head) < HEAD_BYTES or head.startswith((b"PK", b"PAR1")):
        return read_table(path, limits=limits)
    cut = head.rfind(b"\n") + 1
    with tempfile.TemporaryDirectory(prefix="headway-head-") as folder:
        beginning = Path(folder) / path.name.removesuffix(".gz")
        beginning.write_bytes(head[: cut + cut % 2 if b"\x00" in head[:64] else cut])
        return read_table(beginning, limits=limits)


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4).startswith((b"PK", b"PAR1"))


def shown_table(table: Table, mapping: Mapping | None = None, *, name: str = "", own: bool = False) -> TableShown:
    """What was understood of a table: by the mapping where one is given, else by the layout that fits best."""
    name = name or table.name
    if own:
        return _shown(table, name, OWN_LAYOUT, 1.0, {column: column for column in table.columns})
    if mapping is not None:
        return _shown(table, name, MAPPED, 1.0, _mapped_roles(name, table.columns, mapping))
    certainty, layout = max(((layout.certainty(table), layout) for layout in LAYOUTS), key=lambda pair: pair[0])
    if certainty < POSSIBLE:
        return _shown(table, name, "", 0.0, guessed_roles(table.columns))
    roles = {column: role for role, column in columns_by_role(table.columns, layout.aliases).items()}
    if layout.name == "hubspot_deals":
        roles |= {found.column: f"entered:{found.stage}" for found in entered_columns(table.columns)}
    return _shown(table, name, layout.name, certainty, roles)


def _shown(table: Table, name: str, layout: str, certainty: float, roles: dict[str, str]) -> TableShown:
    columns = []
    for column in table.columns:
        values = [value for value in pc.unique(table.data.column(column).slice(0, LOOKED_AT)).to_pylist() if value]
        told = [_short(value) for value in values if not is_missing(value)]
        few = tuple(told) if len(told) <= FEW else ()
        columns.append(ColumnShown(column, roles.get(column, ""), tuple(told[:SAMPLES]), few))
    return TableShown(name, layout, certainty, header_digest(table.columns), tuple(columns))


def _short(value: str) -> str:
    flat = " ".join(value.split())
    return flat if len(flat) <= SAMPLE_CHARACTERS else flat[: SAMPLE_CHARACTERS - 1] + "…"


def header_digest(columns: Iterable[str]) -> str:
    """The same for two tables with the same columns, in whatever order."""
    folded = sorted({folded_label(column) or column for column in columns})
    return hashlib.sha256("\x1f".join(folded).encode()).hexdigest()[:24]


def _mapped_roles(file: str, columns: Sequence[str], mapping: Mapping) -> dict[str, str]:
    roles: dict[str, str] = {}

    def take(sources: Iterable[tuple[str, Source]]) -> None:
        for role, source in sources:
            for column in source.columns:
                roles[column] = f"{roles[column]}+{role}" if column in roles else role

    parts = [part for part in (mapping.deals, mapping.history, mapping.events) if part is not None]
    fitting = [part for part in parts if fnmatchcase(file, part.file)] or (parts if len(parts) == 1 else [])
    for lookup in mapping.lookups:
        if fnmatchcase(file, lookup.file):
            return {column: role for role, column in lookup.take.items()} | {lookup.key: "key"}
    for part in fitting:
        take(part.roles.items())
        if part is mapping.deals and mapping.deals is not None:
            take((f"entered:{item.stage}", item.source) for item in mapping.deals.stage_dates)
            take([("outcome", mapping.deals.outcomes.source)] if mapping.deals.outcomes else [])
    return {column: role for column, role in roles.items() if column in columns}


_MORE_LABELS = {
    "id": ("opportunity_id", "deal_id", "opp no", "number", "deal no", "id", "key", "ref", "reference"),
    "name": ("deal", "title", "opportunity", "subject", "deal title", "project"),
    "account": ("account", "account name", "customer", "company", "client", "organisation", "organization", "buyer"),
    "owner": ("sales agent", "sales rep", "salesperson", "seller", "rep", "owner name", "account executive", "agent"),
    "stage": ("deal stage", "status", "phase", "step", "pipeline stage", "sales stage"),
    "amount": ("value", "close value", "deal value", "revenue", "price", "total", "volume"),
    "created": ("created at", "created on", "opened", "open date", "start date", "engage date", "date created"),
    "close": ("closed at", "closed on", "closed", "end date", "close_date", "decision date", "expected close date"),
    "when": ("changed at", "change date", "timestamp", "modified at", "date changed", "edit date"),
    "from_stage": ("old stage", "previous stage"),
    "stage_new": ("new stage", "to stage"),
    "who": ("changed by", "modified by", "edited by"),
    "segment": ("sector", "market", "vertical"),
    "team": ("region", "regional office", "office"),
    "reason": ("reason", "lost because", "why lost"),
    "outcome": ("outcome", "result", "won", "won lost"),
}


def guessed_roles(columns: Sequence[str]) -> dict[str, str]:
    """Column -> role, by the labels that exports and people use; only a first proposal. No role twice."""
    roles: dict[str, str] = {}
    labels: dict[str, list[str]] = {}
    for layout in LAYOUTS:
        for role, known in layout.aliases.items():
            role = {"expected_close": "close", "closed": "close", "expected_on": "close"}.get(role, role)
            labels.setdefault(role, []).extend(known)
    for role, more in _MORE_LABELS.items():
        target = "stage" if role == "stage_new" else role
        found = columns_by_role(columns, {target: (*labels.get(target, ()), *more)})
        for column in found.values():
            if column not in roles and target not in roles.values():
                roles[column] = target
    return roles


def outcome_values(values: Iterable[str]) -> dict[str, list[str]]:
    """Outcome -> which of these texts state it, by their words (`Won`, `Closed Lost`); the rest mean open."""
    found: dict[str, list[str]] = {}
    for value in values:
        outcome = outcome_of_stage(value)
        if outcome is not None:
            found.setdefault(outcome.value, []).append(value)
    return found
