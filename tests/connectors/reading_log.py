"""Reads files into a log and says what is in it, as figures that a test can write down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from headway.basics.periods import AsOf
from headway.connectors.source import SourceReport, read_sources
from headway.deals.event_log import EventLog

Events = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Found:
    """`events`: (deal, kind, name, happened_at, how, amount, due_on), sorted; `deals`: id -> row of the deals table."""

    report: SourceReport
    events: Events
    deals: dict[str, dict[str, Any]]

    def kinds(self, **wanted: str) -> dict[str, int]:
        """How many events of each kind; `how=snapshot` only those."""
        counts: dict[str, int] = {}
        for event in self.events:
            if "how" not in wanted or event[4] == wanted["how"]:
                counts[event[1]] = counts.get(event[1], 0) + 1
        return dict(sorted(counts.items()))

    @property
    def outcomes(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for deal in self.deals.values():
            name = deal["outcome"] or "open"
            counts[name] = counts.get(name, 0) + 1
        return dict(sorted(counts.items()))

    @property
    def span(self) -> tuple[datetime, datetime]:
        return min(event[3] for event in self.events), max(event[3] for event in self.events)

    def claims(self, deal: str) -> list[tuple[str, datetime]]:
        return sorted(
            ((e[2], e[3]) for e in self.events if e[0] == deal and e[1] == "stage_claimed"), key=lambda c: c[1]
        )

    def repairs(self) -> dict[str, int]:
        return {repair.what: repair.count for repair in self.report.repairs}


def read(paths: Sequence[Path], **options: Any) -> Found:
    """Everything in the log as of the end of what was read."""
    with EventLog() as log:
        report = read_sources(list(paths), log, **options)
        events = log.connection.execute(
            "SELECT deal, CAST(kind AS VARCHAR), name, happened_at, CAST(recorded_how AS VARCHAR), amount, due_on"
            " FROM source_events ORDER BY deal, happened_at, kind, name, ordinal"
        ).fetchall()
        ordinals = log.value("SELECT count(*) = count(DISTINCT ordinal) FROM source_events")
        assert ordinals, "ordinals must be unique"
        assert report.known_at is not None
        log.build(AsOf.moment(report.known_at))
        deals = {row["id"]: row for row in log.rows("SELECT * FROM deals ORDER BY deal")}
    return Found(report, events, deals)
