"""Gates measured with every analysis: which rung their past has earned, what enforcing them costs; they step down.

What is measured stands in the analysis's summary under `gates`, a row for each stage that requires something of the
buyer, whether or not a gate stands there: so that a rung's price is known before anybody asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from headway.basics.periods import naive_utc
from headway.deals.event_log import EventLog, sql_text
from headway.deals.events import Outcome
from headway.process.definition import Process, Stage
from headway.reviews.gate_harm import Counts, HarmFacts, harm_of, junk_entries, steps_down
from headway.reviews.gates import Rung
from headway.store.actions.gates import step_down
from headway.store.queries.gates import GateRow, list_entries, list_standing
from headway.store.queries.people import WorkspaceRow
from headway.store.queries.pins import Pinned, process_ids
from headway.verdict.gate import Backtest
from headway.verdict.gate import Gate as Asking
from headway.verdict.gate_backtest import backtest
from headway.verdict.gate_replay import Replay, replay

BEFORE = timedelta(days=365)
"""What a gate is held against: the year before it went up to its rung."""


def measure_gates(log: EventLog, workspace: WorkspaceRow, pinned: Pinned, *, margin: float) -> list[dict[str, Any]]:
    """One row per stage of each process in its newest version. The log must hold the tables of `record_proof`."""
    owners = process_ids(pinned.version_ids)
    newest = {owner: number for number, owner in enumerate(owners)}
    standing = {(gate.process_id, gate.stage): (gate, since) for gate, since in list_standing(workspace)}
    rows = []
    for owner, number in newest.items():
        mine = _only(pinned.processes, owners, owner)
        for stage in pinned.processes[number].stages:
            if stage.milestones:
                found = standing.get((owner, stage.name))
                rows.append({"process": owner, "stage": stage.name} | _measured(log, mine, stage, found, margin))
    return rows


def settle_gates(workspace: WorkspaceRow, measured: Sequence[dict[str, Any]], at: datetime) -> list[GateRow]:
    """Every gate of which harm shows goes one rung down by itself; those that did."""
    told = {(row["process"], row["stage"]): row for row in measured if row.get("harm")}
    moved = []
    for gate, since in list_standing(workspace):
        row = told.get((gate.process_id, gate.stage))
        if row is None or datetime.fromisoformat(row["since"]) != since:
            continue
        harm = harm_of(HarmFacts(**{name: (counts[0], counts[1]) for name, counts in row["harm"].items()}))
        if steps_down(harm):
            down = step_down(gate=gate, since=since, why=harm.sentences[0], facts=row["harm"], at=at)
            moved += [down] if down else []
    return moved


def _only(processes: Sequence[Process], owners: Sequence[int], owner: int) -> tuple[Process, ...]:
    """The same places, but the versions of other processes are empty: no gate of this one fits them."""
    return tuple(
        process if whose == owner else replace(process, stages=())
        for process, whose in zip(processes, owners, strict=True)
    )


def _measured(
    log: EventLog, processes: Sequence[Process], stage: Stage, found: tuple[GateRow, datetime] | None, margin: float,
) -> dict[str, Any]:  # fmt: skip
    asking = Asking(name=stage.name, stage=stage.name, milestones=tuple(one.id for one in stage.milestones))
    row = _row(backtest(log, processes, asking, margin=margin))
    if found is None or found[0].rung == Rung.OBSERVE:
        return row
    gate, since = found
    past = replay(log, processes, asking)
    return row | {"since": since.isoformat(), "harm": asdict(_harm(log, past, gate, asking, since))}


def _row(past: Backtest) -> dict[str, Any]:
    effect = past.difference.adjusted or past.difference.raw
    return {
        "asked": past.asked.asked,
        "lacked": past.stopped.deals,
        "effect": asdict(effect) if effect else None,
        "horizon_days": past.difference.horizon_days,
        "supported": past.rung,
        "earned": [[rung.name, rung.supported, _whole(rung.why)] for rung in past.rungs],
        "so": past.so,
    }


def _whole(why: str) -> str:
    """A reason that goes on from the rung below, so that it can stand alone."""
    return f"as on the rung below, {why}" if why.startswith("and ") else why


def _harm(log: EventLog, past: Replay, gate: GateRow, asking: Asking, since: datetime) -> HarmFacts:
    first = log.rows(
        sql_text(__package__, "gate_first_claims"), {"since": naive_utc(since), "from": naive_utc(since - BEFORE)}
    )[0]
    entries = list_entries(gate, asking.milestones, since - BEFORE)
    before = [entry for entry in entries if entry.at < since]
    after = [entry for entry in entries if entry.at >= since]
    filled_before, filled_since, won_before, won_since = _filled(past, since)
    return HarmFacts(
        late_before=(first["late_before"], first["before"]),
        late_since=(first["late_since"], first["since"]),
        junk_before=(junk_entries(before), len(before)),
        junk_since=(junk_entries(after), len(after)),
        filled_before=filled_before,
        filled_since=filled_since,
        won_before=won_before,
        won_since=won_since,
    )


def _filled(past: Replay, since: datetime) -> tuple[Counts, Counts, Counts, Counts]:
    """Deals that had it when they reached the stage, and of those decided the won ones: before and since."""
    moment = past.microseconds("moment")
    turned, start = (np.datetime64(naive_utc(day), "us").astype(np.int64) for day in (since, since - BEFORE))
    outcomes = np.array(past.deals["outcome"].cast("string").fill_null("").to_pylist(), dtype=object)
    had, won = ~past.stopped, outcomes == Outcome.WON.value
    found: list[Counts] = []
    for window in ((moment >= start) & (moment < turned), moment >= turned):
        found.append((int((had & window).sum()), int(window.sum())))
    for window in ((moment >= start) & (moment < turned), moment >= turned):
        decided = had & window & (outcomes != "")
        found.append((int((won & decided).sum()), int(decided.sum())))
    return found[0], found[1], found[2], found[3]
