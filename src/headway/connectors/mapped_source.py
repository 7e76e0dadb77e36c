"""Files that a mapping describes: which file is which part, and what each holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dictionary
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from headway.basics.errors import InvalidFileError, Problem, UserError
from headway.connectors.files.cells import Cells
from headway.connectors.files.lookups import cleaned, listed, with_lookups
from headway.connectors.files.mapped import stage_deals, stage_history
from headway.connectors.files.settlement import Texts, settle
from headway.connectors.files.staging import Knowledge, Staging
from headway.connectors.files.table import Table
from headway.connectors.mapping import ANY, DealsMap, Lookup, Mapping, Source
from headway.diagnosis.value import SourceFile

if TYPE_CHECKING:
    from headway.connectors.source import Reading


def read_mapped(
    paths: Sequence[Path], mapping: Mapping, reading: Reading, exported: datetime | None
) -> datetime | None:
    """Fill the log from files as a mapping says; returns the moment that snapshot values are known from (naive UTC)."""
    from headway.connectors.files.event_source import read_events

    parts = _parts(paths, mapping)
    staging = Staging(reading.log.connection)
    known_at = exported
    try:
        for number, (path, part) in enumerate(parts):
            if part == "events":
                read_events(path, mapping, reading, number)
        texts = Texts(reasons=mapping.deals.reasons if mapping.deals else None)
        for number, (path, part) in enumerate(parts):
            if part == "deals" and mapping.deals is not None:
                texts = _deals(path, paths, mapping, mapping.deals, reading, staging, number)
            elif part == "history":
                _history(path, mapping, reading, staging, number)
        if staging.has_deals or staging.has_history:
            known_at = settle(staging, texts, exported)
        names = [path.name for path, _ in parts]
        reading.repairs += [
            r if not r.file.isdigit() else type(r)(r.kind, r.what, r.count, names[int(r.file)], r.lines)
            for r in staging.repairs
        ]
    finally:
        staging.close()
    return known_at


def _parts(paths: Sequence[Path], mapping: Mapping) -> list[tuple[Path, str]]:
    """Which file is which part of the mapping, by its name; a file that is only looked up is no part."""
    named = [
        (name, part.file)
        for name, part in (("deals", mapping.deals), ("history", mapping.history), ("events", mapping.events))
        if part is not None
    ]
    found = []
    for path in paths:
        if any(fnmatchcase(path.name, lookup.file) for lookup in mapping.lookups):
            continue
        fitting = [name for name, pattern in named if fnmatchcase(path.name, pattern)]
        if not fitting and len(named) == 1 and len(paths) == 1:
            fitting = [named[0][0]]  # one file, one part: its name does not matter
        if not fitting:
            raise UserError(
                f"{path.name} is no file that {mapping.path or 'the command line'} describes: give it a `file:` there"
                f" ({', '.join(f'{name}: {pattern}' for name, pattern in named)}), or leave it out."
            )
        if len(fitting) > 1:
            raise UserError(
                f"{path.name} may be {' or '.join(f'`{name}`' for name in fitting)} of {mapping.path}: say which with"
                " `file:` in each of them."
            )
        found.append((path, fitting[0]))
    if not found:
        raise UserError(f"{mapping.path} describes none of the files named; name the file of its `{named[0][0]}`.")
    return found


def _deals(
    path: Path,
    paths: Sequence[Path],
    mapping: Mapping,
    deals: DealsMap,
    reading: Reading,
    staging: Staging,
    number: int,
) -> Texts:
    table = cleaned(reading.table(path), mapping.clean, reading.repairs)
    lookups = [
        (lookup, cleaned(reading.table(_lookup_path(lookup, path, paths, mapping)), mapping.clean, reading.repairs))
        for lookup in mapping.lookups
    ]
    table, deals = with_lookups(table, deals, lookups, mapping, reading.repairs)
    dates = {f"stage date {item.stage}": item.source for item in deals.stage_dates}
    outcome = {"outcome": deals.outcomes.source} if deals.outcomes else {}
    _require(table, mapping, {**deals.roles, **dates, **outcome})
    staging.knowledge = Knowledge(
        created="assumed",
        closed="assumed" if _known(deals, "closed") else "snapshot",
        stage_since="assumed",
        amount_known="creation" if _known(deals, "amount") else "export",
        owner_known="creation" if _known(deals, "owner") else "export",
    )
    cells = Cells(table, reading.settings)
    stage_deals(cells, deals, staging, number)
    reading.repairs += cells.repairs
    reading.files.append(SourceFile(table.name, "mapping", 1.0, len(table)))
    for _, other in lookups:
        reading.files.append(SourceFile(other.name, "mapping (lookup)", 1.0, len(other)))
    outcomes = deals.outcomes
    by_stage = outcomes and "stage" in deals.roles and outcomes.source.columns == deals.roles["stage"].columns
    return Texts(stages=outcomes.texts if outcomes and by_stage else None, reasons=deals.reasons or None)


def _history(path: Path, mapping: Mapping, reading: Reading, staging: Staging, number: int) -> None:
    history = mapping.history
    if history is None:
        return
    table = cleaned(reading.table(path), mapping.clean, reading.repairs)
    _require(table, mapping, history.roles)
    cells = Cells(table, reading.settings)
    stage_history(cells, history, staging, number)
    reading.repairs += cells.repairs
    reading.files.append(SourceFile(table.name, "mapping", 1.0, len(table)))


def _known(deals: DealsMap, role: str) -> bool:
    return role in deals.roles and deals.roles[role].known == "creation"


def _lookup_path(lookup: Lookup, deals_path: Path, paths: Iterable[Path], mapping: Mapping) -> Path:
    """The lookup file: one that was named, else the one beside the deals file."""
    for path in paths:
        if fnmatchcase(path.name, lookup.file):
            return path
    beside = deals_path.parent / lookup.file
    if ANY in lookup.file or not beside.is_file():
        raise InvalidFileError(
            mapping.path,
            (Problem(lookup.line, f"{lookup.file} stands neither beside {deals_path.name} nor on the command line."),),
        )
    return beside


def _require(table: Table, mapping: Mapping, sources: Dictionary[str, Source]) -> None:
    """All columns that the mapping names and the file lacks, at once."""
    problems = [
        Problem(source.line or 1, f"{table.name} has no column `{column}` (for `{role}`); it has {listed(table)}.")
        for role, source in sources.items()
        for column in source.columns
        if column not in table.columns
    ]
    if problems and not mapping.path:
        first = problems[0].message.rstrip(".")
        raise UserError(f"{first}: pass `--column ROLE=COLUMN` with a column that is there.")
    if problems:
        raise InvalidFileError(mapping.path, tuple(sorted(problems, key=lambda problem: problem.line)))
