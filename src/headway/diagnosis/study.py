"""One diagnosis being made: the log, the processes it is set against, and the few facts every section needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from headway.conformance.checker import Asked, check
from headway.conformance.expectations import Item, lay_out
from headway.conformance.pinning import pin_deals
from headway.conformance.practised import Practised, practised_processes
from headway.conformance.shares import share as counted_share
from headway.deals.amounts import lay_out_money
from headway.deals.event_log import EventLog, sql_text
from headway.diagnosis.value import Share
from headway.evidence.many import record_proof
from headway.process.definition import Process

LEAST_OBSERVED = 0.30  # of open deals with any buyer act; below it the team's buyers are not observed


@dataclass(frozen=True, slots=True)
class Study:
    """What every section of the diagnosis is made from. `currency`: the main one, None where none is named."""

    log: EventLog
    processes: tuple[Process, ...]
    practised: dict[int, Practised]
    items: tuple[Item, ...]
    asked: tuple[Asked, ...]
    currency: str | None
    open_deals: int
    observed_open: int

    @property
    def observed(self) -> bool:
        """Whether buyer acts are observed widely enough to speak of the whole pipeline."""
        return self.open_deals > 0 and self.observed_open >= LEAST_OBSERVED * self.open_deals

    def rows(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of `sql/NAME.sql`."""
        return self.log.rows(sql_text(__package__, name), parameters)

    def stage_name(self, process: int, rank: int | None) -> str:
        """The name of a stage; `won` beyond the last, `creation` before the first."""
        if rank is None:
            return ""
        stages = self.processes[process].stages
        return "creation" if rank < 1 else "won" if rank > len(stages) else stages[rank - 1].name


def begin_study(log: EventLog, processes: Sequence[Process], pins: pa.Table | None = None) -> Study:
    """Pin deals, place stages, prove milestones, check every rule; without processes, against the practised ones.

    `pins`: processes that were settled deal by deal, see `headway.conformance.pinning`.
    """
    inferred = () if processes else practised_processes(log)
    chosen = tuple(processes) or tuple(one.process for one in inferred)
    practised = dict(enumerate(inferred))
    lay_out_money(log)
    pin_deals(log, chosen, pins if processes else None)
    record_proof(log, chosen)
    items = lay_out(log, chosen, practised)
    asked = check(log)
    facts = log.rows(sql_text(__package__, "study"))[0]
    return Study(
        log, chosen, practised, items, asked, facts["currency"], facts["open_deals"] or 0, facts["observed_open"] or 0
    )


def share_of(done: int, n: int) -> Share | None:
    """A counted share with its interval; None where nothing was counted."""
    found = counted_share(done, n)
    if found.value is None or found.low is None or found.high is None:
        return None
    return Share(found.value, found.low, found.high, n)
