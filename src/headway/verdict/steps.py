"""Each step the process asks of sellers, at the moment it fell due: the deals still open then, done or left out.

Method page: docs/methods/signal.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headway.conformance.arrays import BoolArray, IntArray
from headway.conformance.expectations import Item
from headway.deals.event_log import EventLog, folded, sql_text
from headway.process.definition import Process, Step
from headway.process.expectation import days_words
from headway.verdict.covariates import OtherStep
from headway.verdict.known import NEVER, Known
from headway.verdict.question import (
    Fallen,
    Naive,
    Question,
    comparable,
    followed,
    horizons_of,
    landmark_of,
    leaving_aside,
    together,
)


@dataclass(frozen=True, slots=True)
class AskedStep:
    """A step as one or more versions of a process ask it: `items` are its numbers, `step` the latest wording."""

    step: Step
    items: tuple[int, ...]
    process: str
    versions: tuple[str, ...]
    stage: str
    label: str


def asked_steps(processes: Sequence[Process], items: Sequence[Item]) -> tuple[AskedStep, ...]:
    """Every step of every process; versions of one process that ask the same, due at the same time, are one.

    Where versions ask differently under one id or in the same words, the version stands in the label: judged apart.
    """
    steps = [(process, rank, step) for process in processes for rank, step in process.steps]
    numbered = zip((item for item in items if item.kind == "step"), steps, strict=True)
    same: dict[tuple[object, ...], list[tuple[Item, Process, int, Step]]] = {}
    for item, (process, rank, step) in numbered:
        same.setdefault(_alike(process, step), []).append((item, process, rank, step))
    latest = [versions[-1] for versions in same.values()]
    ids = Counter((process.name, step.id) for _, process, _, step in latest)
    texts = Counter((process.name, folded(step.seller)) for _, process, _, step in latest)
    found = []
    for versions in same.values():
        _, process, rank, step = versions[-1]
        named = tuple(dict.fromkeys(version.version for _, version, _, _ in versions))
        apart = ids[process.name, step.id] > 1 or texts[process.name, folded(step.seller)] > 1
        label = f"{step.seller} (version {', '.join(named)})" if apart else step.seller
        stage = process.stages[rank - 1].name
        found.append(AskedStep(step, tuple(v[0].number for v in versions), process.name, named, stage, label))
    return tuple(found)


def _alike(process: Process, step: Step) -> tuple[object, ...]:
    acts = frozenset(folded(name) for name in step.activities)
    asked = (folded(step.seller), step.due_days, step.after, step.unless, step.times, step.at_buyers_request)
    return (folded(process.name), *asked, acts)


def step_questions(
    log: EventLog, processes: Sequence[Process], items: Sequence[Item], known: Known
) -> tuple[Question, ...]:
    """One question per step, in the order of the processes; those at the buyer's request too, which get no verdict."""
    steps = asked_steps(processes, items)
    rows = _fallen_by_item(log)
    naive = _naive_by_item(log)
    fallen = [together([rows[item] for item in step.items if item in rows]) for step in steps]
    horizons = horizons_of(known, [step.process for step in steps], fallen)
    return tuple(
        _question(known, step, one, horizons[step.process], _others(known, place, steps, fallen), naive)
        for place, (step, one) in enumerate(zip(steps, fallen, strict=True))
    )


def _question(
    known: Known,
    step: AskedStep,
    fallen: Fallen,
    horizon: float,
    others: Sequence[tuple[str, IntArray, BoolArray]],
    naive: Mapping[int, Naive],
) -> Question:
    chosen, not_followed, decided_before = followed(known, fallen, horizon)
    chosen, aside = comparable(known, chosen)
    then = [OtherStep(name, due[chosen.deals], left[chosen.deals]) for name, due, left in others]
    landmark, adjusted_for, seen = landmark_of(
        known, chosen, horizon, then, at_buyers_request=step.step.at_buyers_request
    )
    when = leaving_aside(when_due(step.step, step.stage), aside)
    ever = _added([naive[i] for i in step.items if i in naive])
    return Question(
        "step", step.step.id, step.label, step.process, step.stage, when, landmark, horizon,
        not_followed, decided_before, adjusted_for, ever, seen,
        unseen=not ever.done and bool(fallen.left_out.all()),
    )  # fmt: skip


def when_due(step: Step, stage: str) -> str:
    """The landmark in words: `5 days after “Offer out” was claimed`."""
    start = f"the buyer's “{step.after}”" if step.after else f"“{stage}” was claimed"
    text = f"when {start}" if not step.after else f"at the end of the day of {start}"
    if step.due_days:
        text = f"{days_words(step.due_days)} after {start}"
    return f"{text}, unless the buyer's “{step.unless}” came first" if step.unless else text


def _others(
    known: Known, place: int, steps: Sequence[AskedStep], fallen: Sequence[Fallen]
) -> list[tuple[str, IntArray, BoolArray]]:
    """The seller's other steps of the same process, by deal; not those that the same activity fulfils.

    A call within five days and one within seven are largely the same thing: to hold one still would hide the other.
    """
    own = {folded(name) for name in steps[place].step.activities}
    found = []
    for other, rows in zip(steps, fallen, strict=True):
        same = own & {folded(name) for name in other.step.activities}
        if other is steps[place] or other.process != steps[place].process or same or other.step.at_buyers_request:
            continue
        due = np.full(known.created.size, NEVER)
        due[rows.deals] = rows.due
        left_out = np.zeros(known.created.size, dtype=np.bool_)
        left_out[rows.deals] = rows.left_out
        found.append((other.label, due, left_out))
    return found


def _fallen_by_item(log: EventLog) -> dict[int, Fallen]:
    table = log.table(sql_text(__package__, "step_landmarks"))
    item, deals, started, due = (
        table.column(name).to_numpy().astype(np.int64) for name in ("item", "deal", "started_us", "due_us")
    )
    left_out = ~table.column("done").to_numpy(zero_copy_only=False).astype(np.bool_)
    return {int(one): Fallen(deals, started, due, left_out).only(item == one) for one in np.unique(item)}


def _naive_by_item(log: EventLog) -> dict[int, Naive]:
    found: dict[int, Naive] = {}
    for row in log.rows(sql_text(__package__, "step_naive")):
        done = {"done": row["deals"], "done_won": row["won"]}
        never = {"never": row["deals"], "never_won": row["won"]}
        found[row["item"]] = _added([found.get(row["item"], Naive()), Naive(**(done if row["done"] else never))])
    return found


def _added(parts: Sequence[Naive]) -> Naive:
    return Naive(
        sum(part.done for part in parts),
        sum(part.done_won for part in parts),
        sum(part.never for part in parts),
        sum(part.never_won for part in parts),
    )
