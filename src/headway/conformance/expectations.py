"""What the process expects of each deal, and whether it was kept: the tables that rules and adherence rest on.

`lay_out` leaves behind: `stage_facts`, `steps`, `order_pairs`, `process_limits` (the processes as tables),
`passages` (changes of stage, winning included), `expected_stages`, `passings` (each stage a deal went beyond),
`claim_items`, `stage_limits`, `step_starts` (every deal on which a step was ever asked) and `checks` (one row per
expectation that fell due). Items are numbered over all
processes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from headway.conformance.practised import Practised
from headway.deals.event_log import EventLog, sql_text
from headway.process.definition import Process, Step

DAY_US = 86_400_000_000
LEAST_ENTERED = 0.6  # a stage that fewer of the deals going beyond it enter is no part of the process as practised
LEAST_WON_VISITS = 20  # below, a 90th percentile is one or two deals


@dataclass(frozen=True, slots=True)
class Item:
    """One expectation: a stage to enter, a claim to be backed by the buyer, or a step to do.

    `number` is its place over all processes.
    """

    number: int
    kind: str  # stage | claim | step
    process: int
    rank: int
    label: str


def items_of(processes: Sequence[Process]) -> tuple[Item, ...]:
    """Every stage, every claim of a stage that has milestones, and every step, of every process."""
    stages = [("stage", n, rank, s.name) for n, p in enumerate(processes) for rank, s in enumerate(p.stages, 1)]
    claims = [("claim", *stage[1:]) for stage in stages if processes[stage[1]].stages[stage[2] - 1].milestones]
    steps = [("step", n, rank, s.seller) for n, p in enumerate(processes) for rank, s in p.steps]
    return tuple(Item(number, *item) for number, item in enumerate(stages + claims + steps))


def lay_out(log: EventLog, processes: Sequence[Process], practised: Mapping[int, Practised]) -> tuple[Item, ...]:
    """Write the processes as tables and work out what fell due. `practised`: the inferred ones, by process number."""
    items = items_of(processes)
    _write_stages(log, processes, items)
    _write_steps(log, processes, items)
    _write_pairs(log, processes, practised)
    for name in (
        "passages",
        "expected_stages",
        "passings",
        "step_starts",
        "step_triggers",
        "step_activities",
        "checks",
    ):
        log.connection.execute(sql_text(__package__, name))
    log.connection.execute(sql_text(__package__, "stage_limits"), {"least": LEAST_WON_VISITS})
    return items


def _write_stages(log: EventLog, processes: Sequence[Process], items: Sequence[Item]) -> None:
    stages = [
        {
            "item": item.number,
            "process": item.process,
            "rank": item.rank,
            "limit_us": _us(processes[item.process].stages[item.rank - 1].limit_days),
            "least_entered": LEAST_ENTERED if processes[item.process].practised else 0.0,
        }
        for item in items
        if item.kind == "stage"
    ]
    log.replace("stage_facts", _table(stages, "item process rank", limit_us=pa.int64(), least_entered=pa.float64()))
    claims = [{"item": i.number, "process": i.process, "rank": i.rank} for i in items if i.kind == "claim"]
    log.replace("claim_items", _table(claims, "item process rank"))
    limits = [
        {
            "process": number,
            "silence_us": _us(p.limits.silence_days),
            "late_us": _us(p.limits.late_entry_days),
            "activities": p.limits.activities_without_movement,
        }
        for number, p in enumerate(processes)
    ]
    log.replace("process_limits", _table(limits, "process activities", silence_us=pa.int64(), late_us=pa.int64()))


def _write_steps(log: EventLog, processes: Sequence[Process], items: Sequence[Item]) -> None:
    asked = [step for process in processes for _, step in process.steps]
    numbers = [item for item in items if item.kind == "step"]
    steps = [
        {
            "item": item.number,
            "process": item.process,
            "rank": item.rank,
            "due_days": step.due_days,
            "after": step.after,
            "at_buyers_request": step.at_buyers_request,
            "times": step.times,
        }
        for item, step in zip(numbers, asked, strict=True)
    ]
    log.replace(
        "steps", _table(steps, "item process rank due_days times", after=pa.string(), at_buyers_request=pa.bool_())
    )
    names = [
        {"item": item.number, "name": name}
        for item, step in zip(numbers, asked, strict=True)
        for name in dict.fromkeys(step.activities)
    ]
    log.replace("step_names", _table(names, "item", name=pa.string()))
    excuses = [
        {"item": item.number, "kind": kind, "name": name}
        for item, step in zip(numbers, asked, strict=True)
        for kind, name in _excuses(processes[item.process], step)
    ]
    log.replace("step_excuses", _table(excuses, "item", kind=pa.string(), name=pa.string()))


def _excuses(process: Process, step: Step) -> list[tuple[str, str]]:
    """The events after which a step is not asked: the buyer act it names, or whatever shows the milestone it names."""
    if step.unless is None:
        return []
    acts = [act for _, m in process.milestones if m.id == step.unless for act in m.proof.acts]
    return [("buyer_acted", act) for act in dict.fromkeys([step.unless, *acts])] + [("evidence_recorded", step.unless)]


def _write_pairs(log: EventLog, processes: Sequence[Process], practised: Mapping[int, Practised]) -> None:
    pairs = [
        {"process": number, "low": low, "high": high}
        for number, process in enumerate(processes)
        for high in range(2, len(process.stages) + 2)
        for low in range(1, high)
        if number not in practised or _is_certain(practised[number], low, high)
    ]
    log.replace("order_pairs", _table(pairs, "process low high"))


def _is_certain(practised: Practised, low: int, high: int) -> bool:
    """Two stages count only where at least 60 % of deals agree on their order; winning comes after every stage.

    Where no deal was seen in two stages there is no order at all, and so nothing that could be left out of it.
    """
    stages = practised.order.stages
    if not practised.order.comparisons:
        return False
    return high > len(stages) or practised.order.is_ordered(stages[low - 1], stages[high - 1])


def _us(days: int | None) -> int | None:
    return None if days is None else days * DAY_US


def _table(rows: Sequence[dict[str, Any]], whole: str, **others: pa.DataType) -> pa.Table:
    types = dict.fromkeys(whole.split(), pa.int32()) | others
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in types.items()})
