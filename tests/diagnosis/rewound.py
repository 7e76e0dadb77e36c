"""What the pure functions say of open deals on past days, and a rewind of the same deals, for tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from headway.basics.periods import AsOf
from headway.conformance.pinning import pin_deals
from headway.deals.amounts import lay_out_money
from headway.deals.event_log import EventLog
from headway.deals.history import DealHistory
from headway.diagnosis.rewind import rewind
from headway.diagnosis.rewind_value import STANDS, Level, Part, Rewind
from headway.evidence.many import record_proof
from headway.evidence.standing import deal_standing
from headway.process.definition import Milestone, Process, Proof, Stage
from tests.logs import fill

SALES = Process(
    "Sales",
    (
        Stage(
            "One", (Milestone("a", "A", proof=Proof(grade=1, acts=("reply",))), Milestone("b", "B", amount_from=50.0))
        ),
        Stage("Two", (Milestone("c", "C", proof=Proof(grade=2, shelf_life_days=10)),)),
        Stage("Three"),
        Stage("Four", (Milestone("d", "D", proof=Proof(grade=1, shelf_life_days=4, acts=("signed", "reply"))),)),
        Stage("Five", (Milestone("e", "E", record_types=("Lease",)),)),
    ),
    pipelines=("Sales",),
)
RENEWAL = Process("Renewal", (Stage("One", (Milestone("a", "A"),)),), pipelines=("Renewal",))
PROCESSES = (SALES, RENEWAL)
BY_DEAL = """
    SELECT n.fell_on, d.id, r.process, r.claimed, r.evidenced, r.observed,
        CASE WHEN m.counted THEN CAST(r.amount AS DOUBLE) END AS amount, r.stands
    FROM rewind_ranks AS r JOIN rewind_days AS n ON n.day >= r.day AND n.day < r.until JOIN deals AS d USING (deal)
    JOIN money AS m USING (deal)
"""
ABOUT = """
    SELECT d.id, p.process, m.counted FROM deals AS d JOIN money AS m USING (deal)
    LEFT JOIN deal_processes AS p USING (deal)
"""


@dataclass(frozen=True)
class Seen:
    """One open deal on one day."""

    fell_on: date
    id: str
    process: int | None
    claimed: int | None
    evidenced: int | None
    observed: bool
    amount: float | None
    stands: str

    def part(self, rank: int) -> str | None:
        if (self.claimed or 0) < rank:
            return "sandbagged" if (self.evidenced or 0) >= rank else None
        if self.evidenced is None:
            return "unobserved"
        return "evidenced" if self.evidenced >= rank else "unproven"


def truth_of(history: DealHistory, on: date, log_as_of: AsOf, process: int | None, counted: bool) -> Seen | None:
    """What the pure functions say; None where the deal was not known yet, or decided, at the end of the day."""
    as_of = AsOf.moment(min(AsOf.end_of(on).at, log_as_of.at, log_as_of.known_by))
    known = history.known(as_of)
    if not known.events or known.decision:
        return None
    standing = deal_standing(history, PROCESSES[process or 0], as_of, silence_limit_days=7.0)
    now = history.known(log_as_of).decision
    return Seen(
        on,
        history.id,
        process,
        None if process is None else standing.claimed_rank,
        None if process is None else standing.evidenced_rank,
        standing.silence_days is not None,
        known.amount if counted else None,
        now[0].value if now else "open",
    )


def level_of(deals: Sequence[Seen], rank: int) -> Level:
    return Level(
        **{
            name: part_of([one for one in deals if one.part(rank) == name])
            for name in ("evidenced", "unproven", "unobserved", "sandbagged")
        }
    )


def part_of(deals: Sequence[Seen]) -> Part:
    counts = Counter(one.stands for one in deals)
    amounts = [sum(one.amount or 0.0 for one in deals if one.stands == stands) for stands in STANDS]
    known = tuple(counts[stands] for stands in STANDS), tuple(amounts)
    return Part(*known, sum(one.amount is None for one in deals))  # type: ignore[arg-type]


def rewound(
    histories: Sequence[DealHistory], about: dict[str, dict[str, Any]], as_of: AsOf, days: Sequence[date]
) -> tuple[Rewind, list[Seen], dict[str, dict[str, Any]]]:
    """The rewind, the same deal by deal, and how each deal is pinned and counted."""
    with EventLog(memory_mib=256, in_memory=True) as log:
        fill(log, histories, **about)
        log.build(as_of)
        lay_out_money(log)
        pin_deals(log, PROCESSES)
        record_proof(log, PROCESSES)
        found = rewind(log, PROCESSES, days)
        rows = [Seen(**row) for row in log.rows(BY_DEAL)] if days else []
        return found, rows, {row["id"]: row for row in log.rows(ABOUT)}
