"""What every rule's test needs: a process, a few deals, and the findings of one rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headway.conformance.checker import check
from headway.conformance.expectations import lay_out
from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.deals.history import DealHistory, Event
from headway.evidence.many import record_proof
from headway.process.definition import Process
from tests.logs import as_of_day, fill, numbered


def findings(rule: str, process: Process, deals: dict[str, Sequence[Event]], at: float = 100) -> list[dict[str, Any]]:
    """The rule's findings, with the deal's id as `deal`, ordered by deal and rank."""
    with EventLog(memory_mib=256) as log:
        fill(log, numbered([DealHistory(name, tuple(events)) for name, events in deals.items()]))
        log.build(as_of_day(at))
        pin_deals(log, [process])
        record_proof(log, [process])
        lay_out(log, [process], {})
        check(log)
        return log.rows(
            "SELECT d.id AS deal, f.* EXCLUDE (deal) FROM findings AS f JOIN deals AS d ON d.deal = f.deal"
            f" WHERE f.rule = '{rule}' ORDER BY d.id, f.rank"
        )


def brief(found: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """(deal, and the named columns) of each finding."""
    return [(row["deal"], *(row[name] for name in names)) for row in found]
