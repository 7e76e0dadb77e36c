"""A small log set against processes, for tests that ask its tables: `with judged(...) as log`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from headway.conformance.checker import Asked, check
from headway.conformance.expectations import Item, lay_out
from headway.conformance.pinning import pin_deals
from headway.conformance.practised import Practised
from headway.deals.event_log import EventLog
from headway.deals.history import DealHistory, Event
from headway.evidence.many import record_proof
from headway.process.definition import Process
from tests.logs import as_of_day, fill, numbered


@dataclass(frozen=True, slots=True)
class Judged:
    """The log after every rule was asked, what it was set against, and which rules could be asked."""

    log: EventLog
    items: tuple[Item, ...]
    asked: tuple[Asked, ...]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query as tuples."""
        return self.log.connection.execute(query).fetchall()

    def findings(self, rule: str) -> list[dict[str, Any]]:
        """The rule's findings, with the deal's id as `deal`, by deal and rank."""
        return self.log.rows(
            "SELECT d.id AS deal, f.* EXCLUDE (deal) FROM findings AS f JOIN deals AS d ON d.deal = f.deal"
            f" WHERE f.rule = '{rule}' ORDER BY d.id, f.rank, f.happened_at"
        )


@contextmanager
def judged(
    processes: Sequence[Process],
    deals: Mapping[str, Sequence[Event]],
    *,
    at: float = 100,
    practised: Mapping[int, Practised] | None = None,
    about: Mapping[str, dict[str, Any]] | None = None,
) -> Iterator[Judged]:
    """`about`: columns of source_deals (pipeline, record_type ...) by deal."""
    with EventLog(memory_mib=256) as log:
        histories = [
            DealHistory(name, tuple(events), (about or {}).get(name, {}).get("record_type"))
            for name, events in deals.items()
        ]
        fill(log, numbered(histories), **(about or {}))
        log.build(as_of_day(at))
        pin_deals(log, processes)
        record_proof(log, processes)
        items = lay_out(log, processes, practised or {})
        yield Judged(log, items, check(log))
