"""The process as practised: one per pipeline, with the order of stages inferred from the moves in the log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.conformance.order import StageOrder, stage_order
from headway.deals.event_log import EventLog, sql_text
from headway.process.definition import Process, Stage

MOST_STAGES = 100  # beyond, the names are not those of stages; the most common are kept


@dataclass(frozen=True, slots=True)
class Practised:
    """A process inferred from the log, and how far the deals agree with its order."""

    process: Process
    order: StageOrder


def practised_processes(log: EventLog) -> tuple[Practised, ...]:
    """One per pipeline that claims any stage, in the order of their names."""
    stages: dict[str | None, list[tuple[int, str]]] = {}
    for row in log.rows(sql_text(__package__, "stage_deals")):
        stages.setdefault(row["pipeline"], []).append((-row["deals"], row["name"]))
    counts: dict[str | None, list[tuple[str, str, int]]] = {}
    for row in log.rows(sql_text(__package__, "order_counts")):
        counts.setdefault(row["pipeline"], []).append((row["earlier"], row["later"], row["deals"]))
    return tuple(
        _practised(pipeline, sorted(names)[:MOST_STAGES], counts.get(pipeline, []), only=len(stages) == 1)
        for pipeline, names in stages.items()
    )


def _practised(
    pipeline: str | None, stages: list[tuple[int, str]], counts: list[tuple[str, str, int]], *, only: bool
) -> Practised:
    names = sorted(name for _, name in stages)
    place = {name: index for index, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names)), dtype=np.int64)
    for earlier, later, deals in counts:
        if earlier in place and later in place:
            matrix[place[earlier], place[later]] = deals
    order = stage_order(names, matrix)
    process = Process(
        name=pipeline or "your process as practised",
        stages=tuple(Stage(name) for name in order.stages),
        pipelines=(pipeline,) if pipeline and not only else (),
        practised=True,
    )
    return Practised(process, order)
