"""The one door: files of any known kind to the two source tables of an event log."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from headway.basics.errors import UserError
from headway.connectors.event_files import is_xes
from headway.connectors.files.cells import Cells, Settings
from headway.connectors.files.export_name import end_of_day, exported_at
from headway.connectors.files.headway_events import NAME as OWN_LAYOUT
from headway.connectors.files.headway_events import holds_headway_events, read_headway_events
from headway.connectors.files.limits import COMMAND_LINE, Limits
from headway.connectors.files.settlement import Texts, settle
from headway.connectors.files.staging import Staging
from headway.connectors.mapped_source import read_mapped
from headway.connectors.mapping import Mapping
from headway.connectors.named_columns import mapping_of
from headway.connectors.question import Ask
from headway.connectors.reading import Progress, Reading
from headway.connectors.recognised import layout_of
from headway.deals.event_log import EventLog, last_event_at
from headway.diagnosis.value import Repair, SourceFile

__all__ = ["Progress", "SourceReport", "read_sources"]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What was read: each file with its layout, everything that was missing, repaired, assumed or dropped.

    `exported_at` (aware, UTC): when the export was made, if a file's name or the mapping says so. `known_at`: the
    moment that values of the export's last day are known from: `exported_at`, else the latest moment in the files.
    """

    files: tuple[SourceFile, ...]
    repairs: tuple[Repair, ...]
    exported_at: datetime | None
    known_at: datetime | None


def read_sources(
    paths: Sequence[Path],
    log: EventLog,
    *,
    mapping: Mapping | None = None,
    columns: Dictionary[str, str] | None = None,
    layout: str | None = None,
    day_order: Literal["dmy", "mdy"] | None = None,
    decimal_mark: Literal["point", "comma"] | None = None,
    zone: str | None = None,
    limits: Limits = COMMAND_LINE,
    ask: Ask | None = None,
    progress: Progress | None = None,
) -> SourceReport:
    """Fill the source tables of `log` from the files, whatever their order.

    Args:
        mapping: what the columns mean; without it (and without `columns`) the layout is recognised.
        columns: role -> column, as named on the command line (`headway.connectors.named_columns.ROLES`).
        layout: the layout to take for every file, instead of recognising it.
        day_order, decimal_mark, zone: how dates, amounts and times without a zone are written.
        ask: puts a question where something is unsure; without it UserError says what to pass.

    Raises UserError (one sentence: what, where, what to do); InvalidFileError for a mapping file that does not fit.
    """
    if not paths:
        raise UserError("no file was named: pass the export of your CRM, as in `headway diagnose deals.csv`.")
    if columns:
        if mapping is not None:
            raise UserError("`--mapping` and `--column` say the same thing in two ways: pass one of them.")
        mapping = mapping_of(columns)
    told_zone = _zone(zone or (mapping.zone if mapping else None))
    settings = Settings(day_order or (mapping.day_order if mapping else None), told_zone, decimal_mark, ask)
    reading = Reading(log, settings, limits, progress)
    exported = _exported_at(paths, mapping, told_zone)
    own = [path for path in paths if holds_headway_events(path)]
    exports = [path for path in paths if path not in own]
    if not exports:
        known_at = None
    elif mapping is not None:
        known_at = read_mapped(exports, mapping, reading, exported)
    else:
        known_at = _read_recognised(exports, reading, layout, exported)
    for path in own:
        _read_own(path, reading)
    if own:
        known_at = max(filter(None, (known_at, exported or last_event_at(log))), default=None)
    return SourceReport(tuple(reading.files), _merged(reading.repairs), _aware(exported), _aware(known_at))


def _read_own(path: Path, reading: Reading) -> None:
    table = reading.table(path)
    cells = Cells(table, reading.settings)
    read_headway_events(cells, reading.log, len(reading.files))
    reading.repairs += cells.repairs
    reading.files.append(SourceFile(table.name, OWN_LAYOUT, 1.0, len(table)))


def _read_recognised(
    paths: Sequence[Path], reading: Reading, told: str | None, exported: datetime | None
) -> datetime | None:
    for path in paths:
        if is_xes(path):
            raise UserError(
                f"{path.name} is an XES event log: pass `--mapping FILE`, which says what its events mean"
                " (docs/how-to/mapping.md)."
            )
    tables = [reading.table(path) for path in paths]
    chosen = [layout_of(table, told, reading.settings.ask) for table in tables]
    crms = sorted({found.layout.crm for found in chosen})
    if len(crms) > 1:
        raise UserError(
            f"{' and '.join(table.name for table in tables)} come from {' and '.join(crms)}: read one CRM at a time."
        )
    staging = Staging(reading.log.connection)
    try:
        for number, (table, found) in enumerate(zip(tables, chosen, strict=True)):
            cells = Cells(table, reading.settings)
            found.layout.fill(cells, staging, number)
            reading.repairs += cells.repairs
            reading.files.append(SourceFile(table.name, found.layout.name, found.certainty, len(table)))
        known_at = settle(staging, Texts(), exported)
        reading.repairs += _named(staging.repairs, [table.name for table in tables])
    finally:
        staging.close()
    return known_at


def _named(repairs: Sequence[Repair], names: Sequence[str]) -> list[Repair]:
    """Repairs found in SQL know their file by number."""
    return [
        replace(r, file=names[int(r.file)]) if r.file.isdigit() and int(r.file) < len(names) else r for r in repairs
    ]


def _merged(repairs: Sequence[Repair]) -> tuple[Repair, ...]:
    """Repairs of one kind in one file as one entry."""
    merged: dict[tuple[str, str, str], Repair] = {}
    for repair in repairs:
        key = (repair.kind, repair.what, repair.file)
        before = merged.get(key)
        merged[key] = (
            repair
            if before is None
            else replace(before, count=before.count + repair.count, lines=(before.lines + repair.lines)[:20])
        )
    return tuple(merged.values())


def _exported_at(paths: Sequence[Path], mapping: Mapping | None, zone: ZoneInfo | None) -> datetime | None:
    if mapping is not None and mapping.exported_on:
        return end_of_day(mapping.exported_on, zone)
    found = [moment for path in paths if (moment := exported_at(path.name, zone)) is not None]
    return max(found, default=None)


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UserError(f"{name!r} is no time zone; pass one such as `--zone Europe/Berlin`.") from None


def _aware(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
