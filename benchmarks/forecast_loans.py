"""The loan log as a pipeline: applications with an offer out, at eleven Mondays, with what became of each.

A deal enters when the offer goes out, so snapshots and days before that are left out. Baselines that need a stage get
the bank's work queues (the item last scheduled or begun), which tell more than the status: that is "Offer out" for all.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from headway.cli.reading import as_of_moment
from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.connectors.mapping_file import load_mapping
from headway.connectors.source import read_sources
from headway.deals.event_log import EventLog
from headway.diagnosis.study import begin_study
from headway.forecast.known_at import Past, day_number, past_of
from headway.forecast.snapshots import OPEN, KnownAt, Snapshots
from headway.process.loader import load_process

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT.parent / "shared" / "data" / "loan_applications" / "BPI_Challenge_2012.xes.gz"
MAPPING, PROCESS = ROOT / "examples" / "loan_mapping.yaml", ROOT / "examples" / "loan_process.yaml"
OFFER_OUT = 4
HORIZON = 30
MONDAYS = tuple(date(2011, 12, 5) + timedelta(days=7 * week) for week in range(11))
TUNED = 6
"""Origins up to 9 January are those that anything may be tuned on; the other five judge."""
QUEUES = (
    "W_Afhandelen leads", "W_Completeren aanvraag", "W_Nabellen offertes", "W_Valideren aanvraag",
    "W_Nabellen incomplete dossiers", "W_Beoordelen fraude",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Monday:
    """One origin: known at the end of the Sunday before, by status and by queue; and what became of the open deals."""

    on: date
    known: KnownAt
    by_queue: KnownAt
    ended: IntArray
    to_go: FloatArray
    decided: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Loans:
    """The origins, and how many deals the log has."""

    mondays: tuple[Monday, ...]
    deals: int

    def digest(self) -> bytes:
        """All that methods are given, to tell one reading of the log from another."""
        tables = [table for one in self.mondays for table in (one.known, one.by_queue)]
        rows = [part for one in tables for part in (one.now, one.weekly, one.spans)]
        columns = [getattr(part, column.name) for part in rows for column in fields(part)]
        return b"".join(hashlib.sha256(np.ascontiguousarray(column)).digest() for column in columns)


def read_loans() -> Loans:
    """Read the log twice, once for the status and once for the queues; about a minute."""
    with tempfile.TemporaryDirectory() as folder:
        (past, ids), (queues, same_ids) = _past(MAPPING, PROCESS), _past(*_queue_files(Path(folder)))
    if ids != same_ids:
        raise ValueError("the two readings of the log number its deals differently")
    last = past.at(past.last_day).spans
    ends = last.take(last.after != OPEN)
    return Loans(tuple(_monday(past, queues, on, (ends.spell, ends.after, ends.end)) for on in MONDAYS), len(ids))


def _past(mapping: Path, process: Path) -> tuple[Past, list[str]]:
    with EventLog(in_memory=True) as log:
        report = read_sources((LOG,), log, mapping=load_mapping(mapping), columns={}, ask=None)
        log.build(as_of_moment(None, report, log))
        study = begin_study(log, [load_process(process)])
        ids: list[str] = log.table("SELECT id FROM deals ORDER BY deal").column("id").to_pylist()
        return past_of(log, study.processes), ids


def _queue_files(folder: Path) -> tuple[Path, Path]:
    """A mapping and a process in which the claimed stage is the bank's work queue."""
    mapping: dict[str, Any] = yaml.safe_load(MAPPING.read_text(encoding="utf-8"))
    events = mapping["events"]
    events["rules"] = [rule for rule in events["rules"] if rule["kind"] != "stage_claimed"] + [
        {"what": queue, "lifecycle": lifecycle, "kind": "stage_claimed", "name": queue}
        for queue in QUEUES
        for lifecycle in ("SCHEDULE", "START")
    ]
    events["ignore"] = [{"what": "W_*", "lifecycle": ["SCHEDULE", "COMPLETE"]}, *events["ignore"][1:]]
    events["ignore"].append({"what": ["A_PREACCEPTED", "A_ACCEPTED", "A_FINALIZED"]})
    process = {"headway": "process/1", "name": "Queues", "version": "1", "stages": [{"name": one} for one in QUEUES]}
    paths = folder / "mapping.yaml", folder / "process.yaml"
    heads = "headway: mapping/1\n", ""
    mapping.pop("headway")
    for path, head, text in zip(paths, heads, (mapping, process), strict=True):
        path.write_text(head + yaml.safe_dump(text, sort_keys=False), encoding="utf-8")
    return paths


def _monday(past: Past, queues: Past, on: date, ends: tuple[IntArray, IntArray, IntArray]) -> Monday:
    day = day_number(on) - 1
    known, by_queue = past.at(day), queues.at(day)
    offers = replace(
        known,
        now=_offers(known.now),
        weekly=_offers(known.weekly),
        spans=known.spans.take(known.spans.claimed >= OFFER_OUT),
    )
    had = np.unique(offers.spans.deal)
    claims = replace(
        offers,
        now=_claimed_as(offers.now, by_queue.now),
        weekly=_claimed_as(offers.weekly, by_queue.weekly),
        spans=by_queue.spans.take(np.isin(by_queue.spans.deal, had)),
    )
    exits, ended_on = _looked_up(offers.now.spell, ends)
    within = (exits != OPEN) & (ended_on - day <= HORIZON)
    to_go = np.where(exits != OPEN, ended_on - day, past.last_day - day).astype(np.float64)
    return Monday(on, _counted(offers), _counted(claims), np.where(within, exits, OPEN), to_go, exits != OPEN)


def _offers(rows: Snapshots) -> Snapshots:
    return rows.take(rows.claimed >= OFFER_OUT)


def _counted(known: KnownAt) -> KnownAt:
    return replace(known, decided=int((known.spans.after != OPEN).sum()))


def _claimed_as(rows: Snapshots, others: Snapshots) -> Snapshots:
    """The same rows with what the others claim of the same deals on the same days."""
    keys, there = (one.deal * (1 << 24) + one.day for one in (rows, others))
    order = np.argsort(there)
    place = order[np.searchsorted(there[order], keys)]
    if (there[place] != keys).any():
        raise ValueError("the two readings of the log know different deals")
    return replace(rows, claimed=others.claimed[place])


def _looked_up(spells: IntArray, ends: tuple[IntArray, IntArray, IntArray]) -> tuple[IntArray, IntArray]:
    names, exits, days = ends
    order = np.argsort(names)
    place = order[np.minimum(np.searchsorted(names[order], spells), len(names) - 1)]
    same = names[place] == spells
    return np.where(same, exits[place], OPEN), np.where(same, days[place], 0)
