"""A small firm of plain histories, for tests of the whole forecast: buyers who return something early are won."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from headway.basics.periods import AsOf
from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.many import record_proof
from headway.process.definition import Milestone, Process, Proof, Stage
from tests.logs import claims, decided, event, fill, numbered

PROCESS = Process(
    "Sales",
    (
        Stage("Need", (Milestone("need", "The buyer says what the matter costs them", proof=Proof(grade=1)),)),
        Stage("Offer", (Milestone("budget", "The buyer names who signs", proof=Proof(grade=1), usual_days=10),)),
        Stage("Close", (Milestone("signed", "The buyer signs", proof=Proof(grade=1), usual_days=10),)),
    ),
    pipelines=("Sales",),
)


def firm(deals: int = 90, *, seed: int = 0, weeks: int = 40) -> list[DealHistory]:
    """`deals` histories over `weeks`; what is won shows it, what goes quiet ends in no decision."""
    random = np.random.default_rng(seed)
    return [_deal(f"D{number}", float(random.uniform(0, 7 * weeks)), random) for number in range(deals)]


def _deal(name: str, start: float, random: np.random.Generator) -> DealHistory:
    eager = random.random() < 0.45
    found = [
        event(EventKind.DEAL_CREATED, start),
        *claims((start, "Need"), (start + 5, "Offer")),
        event(EventKind.OWNER_SET, start, str(random.choice(["Ana", "Ben", "Cem"]))),
        event(EventKind.AMOUNT_SET, start, amount=float(random.integers(2, 60) * 1000)),
        event(EventKind.CLOSE_DATE_SET, start, due=start + 40),
        shown("need", start + 1, "Jan Ito"),
        event(EventKind.ACTIVITY_DONE, start + 6, "call"),
    ]
    if eager:
        found += [shown("budget", start + float(random.uniform(6, 18)), "Maria Ito")]
    won = random.random() < (0.85 if eager else 0.1)
    ends = start + float(random.uniform(20, 45) if won else random.uniform(25, 70))
    how = "won" if won else str(random.choice(["lost", "no_decision"]))
    return DealHistory(name, (*found, decided(ends, how)))


def shown(milestone: str, at: float, contact: str) -> Event:
    return event(EventKind.EVIDENCE_RECORDED, at, milestone, grade=2, contact=contact)


@contextmanager
def studied(histories: Sequence[DealHistory], as_of: AsOf, **about: Any) -> Iterator[EventLog]:
    """A log of them, built as of a moment, pinned and proven. `about`: columns of source_deals, or of a deal's."""
    plain = {name: value for name, value in about.items() if not isinstance(value, dict)}
    columns = {one.id: {"pipeline": "Sales", "currency": "EUR", **plain, **about.get(one.id, {})} for one in histories}
    with EventLog(memory_mib=256, in_memory=True) as log:
        fill(log, numbered(histories), **columns)
        log.build(as_of)
        pin_deals(log, [PROCESS])
        record_proof(log, [PROCESS])
        yield log
