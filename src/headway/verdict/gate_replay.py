"""The past of a log replayed through a gate: what had been recorded at the gate's moment on each deal, and no more.

An event counts from the moment at which it had both happened and been recorded. Values that only the export's last day
knows (snapshots) never count. Of what came later only the decision is read, and only to leave out deals that had been
decided by then and to say how the others ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from headway.basics.periods import naive_utc
from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.deals.event_log import EventLog, folded, sql_text
from headway.process.definition import Process, Step
from headway.verdict.gate import Asked, Gate

DAY_US = 86_400_000_000
LATE_DAYS = 7
"""What had happened by the stop and was recorded so many days later at most was only not written down in time."""
BUYER_ACT = "buyer act"


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """The deals that the gate asked, one row each in `deals` (columns of sql/gate_subjects.sql), and what it found.

    `lacked`: what each stopped deal lacked, by its number. `written_late`: stopped deals on which all of it had
    happened and was recorded within a week. `last_act_us`: the buyer's last act by the moment, NaN for none. `proven`:
    milestones proven by then. `assumed`: share of the events looked at whose time of recording is assumed.
    `snapshots_only`: every claim of a stage is known only from the export's last day.
    """

    asked: Asked
    deals: pa.Table
    stopped: BoolArray
    lacked: dict[int, tuple[str, ...]]
    written_late: frozenset[int]
    last_act_us: FloatArray
    proven: IntArray
    assumed: float
    snapshots_only: bool

    def microseconds(self, column: str) -> FloatArray:
        """Instants of a column as microseconds; NaN where there is none."""
        return instants(self.deals[column])


def instants(column: pa.ChunkedArray) -> FloatArray:
    """Timestamps as microseconds; NaN where there is none."""
    found: FloatArray = pc.cast(pc.cast(column, pa.timestamp("us")), pa.int64()).to_numpy().astype(np.float64)
    return found


def fitting(processes: Sequence[Process], gate: Gate) -> tuple[int, ...]:
    """The places of the processes that have the stage, the milestones and the steps that the gate speaks of."""
    return tuple(
        number
        for number, process in enumerate(processes)
        if (gate.stage is None or rank_of(process, gate.stage) is not None)
        and set(gate.milestones) <= {milestone.id for _, milestone in process.milestones}
        and set(gate.steps) <= {step.id for _, step in process.steps}
    )


def rank_of(process: Process, stage: str) -> int | None:
    """The rank of the stage that is called or claimed like this; None where there is none."""
    names = ((rank, label) for rank, one in enumerate(process.stages, 1) for label in one.labels)
    return next((rank for rank, label in names if folded(label) == folded(stage)), None)


def replay(log: EventLog, processes: Sequence[Process], gate: Gate) -> Replay:
    """Ask the gate of every deal of the processes it fits. The log needs the tables of `record_proof`."""
    fits = fitting(processes, gate)
    _write_gate(log, processes, gate, fits)
    moments = "gate_moments_claimed" if gate.stage else "gate_moments_aged"
    log.connection.execute(sql_text(__package__, moments), {"after_days": gate.after_days})
    log.connection.execute(sql_text(__package__, "gate_subjects"), {"at": naive_utc(log.as_of.at)})
    asked, deals = _asked(log, gate)
    _ask_at(log, deals, 0)
    lacked = _lacked(log, gate)
    numbers = deals["deal"].to_numpy()
    stopped: BoolArray = np.isin(numbers, list(lacked))
    last_acts, proven = _known_of(log, numbers)
    _ask_at(log, deals.filter(pa.array(stopped)), LATE_DAYS)
    written_late = frozenset(lacked) - frozenset(_lacked(log, gate))
    counts = log.rows(sql_text(__package__, "gate_assumed"))[0]
    return Replay(
        asked=asked,
        deals=deals,
        stopped=stopped,
        lacked=lacked,
        written_late=written_late,
        last_act_us=last_acts,
        proven=proven,
        assumed=counts["assumed"] / counts["events"] if counts["events"] else 0.0,
        snapshots_only=counts["claims"] > 0 and counts["claims"] == counts["snapshots"],
    )


def _asked(log: EventLog, gate: Gate) -> tuple[Asked, pa.Table]:
    """Counts of who was asked and who not, and the deals that were."""
    subjects = log.table("SELECT * FROM gate_subjects ORDER BY deal")
    counts = log.rows(sql_text(__package__, "gate_counts"))[0]
    open_then: BoolArray = ~subjects["decided_then"].to_numpy(zero_copy_only=False)
    kind = _of_kind(subjects, gate)
    amount = subjects["amount"].cast(pa.float64()).to_numpy()
    bound = -np.inf if gate.amount_from is None else gate.amount_from
    unknown: BoolArray = np.isnan(amount) & (gate.amount_from is not None)
    in_scope: BoolArray = kind & ((amount >= bound) | (gate.amount_from is None))
    asked = Asked(
        asked=int((open_then & in_scope).sum()),
        not_reached=int(counts["fitting"]) - subjects.num_rows,
        decided_before=int((~open_then).sum()),
        out_of_scope=int((open_then & ~in_scope & ~(kind & unknown)).sum()),
        amount_unknown=int((open_then & kind & unknown).sum()),
        other_process=int(counts["other"]),
    )
    return asked, subjects.filter(pa.array(open_then & in_scope))


def _of_kind(subjects: pa.Table, gate: Gate) -> BoolArray:
    wanted = (("pipeline", gate.pipelines), ("record_type", gate.record_types))
    fits = np.ones(subjects.num_rows, dtype=np.bool_)
    for column, names in wanted:
        if names:
            known = {folded(name) for name in names}
            fits &= np.array([folded(value or "") in known for value in subjects[column].to_pylist()], dtype=np.bool_)
    return fits


def _ask_at(log: EventLog, deals: pa.Table, late_days: int) -> None:
    """Lay out what had happened by each deal's moment and had been recorded `late_days` after it."""
    at = deals.select(["deal", "process", "moment", "amount", "record_type"])
    log.replace("gate_at", at, f"SELECT *, moment + to_days({late_days:d}) AS known_by FROM t")
    for step in ("gate_proven", "gate_last_acts"):
        log.connection.execute(sql_text(__package__, step))


def _lacked(log: EventLog, gate: Gate) -> dict[int, tuple[str, ...]]:
    """What each deal of `gate_at` lacks, in the gate's order; deals that lack nothing are not in it."""
    found: dict[int, list[str]] = {}
    for query, names in (("gate_lacking_milestones", gate.milestones), ("gate_lacking_steps", gate.steps)):
        if names:
            for row in log.rows(sql_text(__package__, query)):
                found.setdefault(row["deal"], []).append(names[row["place"]])
    if gate.buyer_act_within_days is not None:
        silent = log.table(
            "SELECT g.deal FROM gate_at AS g LEFT JOIN gate_last_acts AS a ON a.deal = g.deal"
            " WHERE a.deal IS NULL OR epoch_us(g.moment) - epoch_us(a.last_at) > $longest ORDER BY g.deal",
            {"longest": gate.buyer_act_within_days * DAY_US},
        )
        for deal in silent["deal"].to_pylist():
            found.setdefault(deal, []).append(BUYER_ACT)
    return {deal: tuple(names) for deal, names in sorted(found.items())}


def _known_of(log: EventLog, numbers: npt.NDArray[Any]) -> tuple[FloatArray, IntArray]:
    """The buyer's last act and the count of proven milestones by the moment, for each deal of `numbers` (sorted)."""
    last_acts, proven = np.full(numbers.size, np.nan), np.zeros(numbers.size, dtype=np.int64)
    acts = log.table("SELECT deal, last_at FROM gate_last_acts ORDER BY deal")
    last_acts[np.searchsorted(numbers, acts["deal"].to_numpy())] = instants(acts["last_at"])
    counts = log.table("SELECT deal, count(*) AS proven FROM gate_proven GROUP BY deal ORDER BY deal")
    proven[np.searchsorted(numbers, counts["deal"].to_numpy())] = counts["proven"].to_numpy()
    return last_acts, proven


def _write_gate(log: EventLog, processes: Sequence[Process], gate: Gate, fits: Sequence[int]) -> None:
    """The gate as tables, for each process that it fits."""
    stages = [{"process": n, "rank": rank_of(processes[n], gate.stage) if gate.stage else 0} for n in fits]
    milestones = [{"process": n, "place": place, "id": id} for n in fits for place, id in enumerate(gate.milestones)]
    asked = [
        (n, place, step)
        for n in fits
        for place, id in enumerate(gate.steps)
        for _, step in processes[n].steps
        if step.id == id
    ]
    steps = [{"process": n, "place": place, "after": step.after, "times": step.times} for n, place, step in asked]
    activities = [
        {"process": n, "place": place, "name": name}
        for n, place, step in asked
        for name in dict.fromkeys(step.activities)
    ]
    excuses = [
        {"process": n, "place": place, "kind": kind, "name": name}
        for n, place, step in asked
        for kind, name in _excuses(processes[n], step)
    ]
    log.replace("gate_stages", _table(stages, "process rank", ""))
    log.replace("gate_milestones", _table(milestones, "process place", "id"))
    log.replace("gate_steps", _table(steps, "process place times", "after"))
    log.replace("gate_activities", _table(activities, "process place", "name"))
    log.replace("gate_excuses", _table(excuses, "process place", "kind name"))


def _excuses(process: Process, step: Step) -> Iterator[tuple[str, str]]:
    """(kind, name) of the events after which a step is not asked; see `Step.unless`."""
    if step.unless is not None:
        yield "evidence_recorded", step.unless
        acts = (
            act for _, milestone in process.milestones if milestone.id == step.unless for act in milestone.proof.acts
        )
        yield from (("buyer_acted", act) for act in dict.fromkeys([step.unless, *acts]))


def _table(rows: Sequence[dict[str, Any]], whole: str, texts: str) -> pa.Table:
    types = dict.fromkeys(whole.split(), pa.int32()) | dict.fromkeys(texts.split(), pa.string())
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in types.items()})
