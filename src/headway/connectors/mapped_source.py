"""Files that a mapping describes: which file is which part, and what each holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from headway.basics.errors import InvalidFileError, Problem, UserError
from headway.connectors.event_files import is_xes, read_event_table, read_xes_log
from headway.connectors.files.cells import Cells
from headway.connectors.files.lookups import cleaned, listed, with_lookups
from headway.connectors.files.mapped import stage_deals, stage_history
from headway.connectors.files.settlement import Texts, settle
from headway.connectors.files.staging import Knowledge, Staging
from headway.connectors.files.table import Table
from headway.connectors.mapping import ANY, DealsMap, HistoryMap, Lookup, Mapping, Source
from headway.connectors.reading import Reading
from headway.diagnosis.value import SourceFile


def read_mapped(
    paths: Sequence[Path], mapping: Mapping, reading: Reading, exported: datetime | None
) -> datetime | None:
    """Fill the log from files as a mapping says; returns the moment that snapshot values are known from (naive UTC)."""
    parts = _parts(paths, mapping)
    staging = Staging(reading.log.connection)
    texts = Texts(reasons=mapping.deals.reasons if mapping.deals else None)
    try:
        for number, (path, part) in enumerate(parts):
            if part == "xes":
                traces = read_xes_log(path, mapping, reading, number)
                if mapping.deals is not None:
                    texts = _deals(traces, path, paths, mapping, mapping.deals, reading, staging, number)
            elif part == "events" and mapping.events is not None:
                read_event_table(path, mapping, mapping.events, reading, number)
        for number, (path, part) in enumerate(parts):
            if part == "deals" and mapping.deals is not None:
                table = reading.table(path)
                texts = _deals(table, path, paths, mapping, mapping.deals, reading, staging, number)
                reading.files.append(SourceFile(table.name, "mapping", 1.0, len(table)))
            elif part == "history" and mapping.history is not None:
                _history(reading.table(path), mapping, mapping.history, reading, staging, number)
        known_at = settle(staging, texts, exported)
        names = [path.name for path, _ in parts]
        reading.repairs += [
            replace(repair, file=names[int(repair.file)]) if repair.file.isdecimal() else repair
            for repair in staging.repairs
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
        if mapping.events is not None and is_xes(path):
            found.append((path, "xes"))
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
    table: Table,
    path: Path,
    paths: Sequence[Path],
    mapping: Mapping,
    deals: DealsMap,
    reading: Reading,
    staging: Staging,
    number: int,
) -> Texts:
    table = cleaned(table, mapping.clean, reading.repairs)
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
    for _, other in lookups:
        reading.files.append(SourceFile(other.name, "mapping (lookup)", 1.0, len(other)))
    outcomes = deals.outcomes
    by_stage = outcomes and "stage" in deals.roles and outcomes.source.columns == deals.roles["stage"].columns
    return Texts(stages=outcomes.texts if outcomes and by_stage else None, reasons=deals.reasons or None)


def _history(
    table: Table, mapping: Mapping, history: HistoryMap, reading: Reading, staging: Staging, number: int
) -> None:
    table = cleaned(table, mapping.clean, reading.repairs)
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
