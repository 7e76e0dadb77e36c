"""Which process each deal is set against: chosen by pipeline and record type, pinned by the day it was created."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from headway.deals.event_log import EventLog, Place, folded
from headway.process.definition import Process

NO_PINS = pa.table({"deal": pa.array([], pa.string()), "process": pa.array([], pa.int32())})
FAR_PAST, FAR_FUTURE = date(1, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Choice:
    """Deals of this pipeline and record type, created from `start` until before `end`, belong to this process."""

    pipeline: str | None
    record_type: str | None
    process: int
    start: date
    end: date


def pin_deals(log: EventLog, processes: Sequence[Process], pins: pa.Table | None = None) -> None:
    """Give each deal its process and each claim its rank. Deals that match none stay without; they are counted.

    `pins`: columns `deal` (id in the source) and `process` (int32, its place in `processes`): what somebody settled
    outranks choosing by the day of creation. NULL: without a process. Deals that `pins` does not name are chosen for.
    """
    kinds = log.rows("SELECT DISTINCT pipeline, record_type FROM deals ORDER BY ALL")
    choices = [c for kind in kinds for c in choices_for(kind["pipeline"], kind["record_type"], processes)]
    log.replace(
        "choices",
        pa.table(
            {
                "pipeline": pa.array([c.pipeline for c in choices], pa.string()),
                "record_type": pa.array([c.record_type for c in choices], pa.string()),
                "process": pa.array([c.process for c in choices], pa.int32()),
                "starts_on": pa.array([c.start for c in choices], pa.date32()),
                "ends_on": pa.array([c.end for c in choices], pa.date32()),
            }
        ),
    )
    log.replace("pins", NO_PINS if pins is None else pins)
    pinned = log.table(
        """
        SELECT d.deal, c.process FROM deals AS d
        ANTI JOIN pins AS p ON p.deal = d.id
        JOIN choices AS c ON c.pipeline IS NOT DISTINCT FROM d.pipeline
            AND c.record_type IS NOT DISTINCT FROM d.record_type
            AND CAST(d.created_at AS DATE) >= c.starts_on AND CAST(d.created_at AS DATE) < c.ends_on
        UNION ALL
        SELECT d.deal, p.process FROM deals AS d JOIN pins AS p ON p.deal = d.id AND p.process IS NOT NULL
        ORDER BY 1
        """
    )
    places = [
        Place(number, label, rank)
        for number, process in enumerate(processes)
        for rank, stage in enumerate(process.stages, 1)
        for label in stage.labels
    ]
    log.place_stages(pinned, places)


def choices_for(pipeline: str | None, record_type: str | None, processes: Sequence[Process]) -> list[Choice]:
    """The processes for one kind of deal, each with the span of creation days in which it was in force.

    The most particular match wins: pipeline and record type before either alone before neither. A process without
    `valid_from` is in force from the beginning; deals created before the first version belong to that first version.
    None where no process names this kind of deal.
    """
    matching = [
        (score, number)
        for number, process in enumerate(processes)
        if (score := _match(process, pipeline, record_type)) is not None
    ]
    if not matching:
        return []
    best = max(score for score, _ in matching)
    versions = sorted(
        ((processes[number].valid_from or FAR_PAST, number) for score, number in matching if score == best),
    )
    starts = [FAR_PAST, *(start for start, _ in versions[1:])][: len(versions)]
    ends = [*starts[1:], FAR_FUTURE]
    return [
        Choice(pipeline, record_type, number, start, end)
        for (_, number), start, end in zip(versions, starts, ends, strict=True)
        if start < end
    ]


def _match(process: Process, pipeline: str | None, record_type: str | None) -> int | None:
    score = 0
    for wanted, value, weight in ((process.pipelines, pipeline, 2), (process.record_types, record_type, 1)):
        if not wanted:
            continue
        if folded(value or "") not in {folded(name) for name in wanted}:
            return None
        score += weight
    return score
