"""The rows of all deals at once, from the tables of an event log; `store.actions.standing` says the same of one.

SQL over the events, then per open deal the same pure functions; of decided deals the facts alone, which SQL has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from headway.deals.event_log import EventLog, sql_text
from headway.evidence.deal_about import AgreedAct, DealAbout, LastAct
from headway.evidence.kinds import State
from headway.evidence.known_about import contacts_about, first_name, is_awaited, topic_of
from headway.evidence.many import STATE_NUMBERS
from headway.evidence.proof import MilestoneProof, required_milestones
from headway.process.definition import Milestone, Process
from headway.store.analysis_plan import JSON, ROW_SCHEMA, json_column
from headway.store.deal_row import Facts, Measured, deal_row

AT_ONCE = 5_000
Written = Mapping[str, list[tuple[str, str, str]]]
"""Per deal's key: name, part and address of the contacts that people wrote down."""


@dataclass(slots=True)
class OpenDeals:
    """What the log knows of open deals beside their facts, by the log's number of the deal."""

    last: dict[int, dict[str, Any]] = field(default_factory=dict)
    people: dict[int, dict[str, tuple[datetime, str | None]]] = field(default_factory=dict)
    named: dict[int, list[str]] = field(default_factory=dict)
    shown: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)


def rows_of_deals(
    log: EventLog, processes: tuple[Process, ...], measured: Mapping[int | None, Measured], written: Written
) -> Iterator[pa.RecordBatch]:
    """Batches of `ROW_SCHEMA`: the row of every deal of a log that was studied.

    `measured`: by the number of a process, None for deals without one.
    """
    log.connection.execute(_sql("deal_facts"))
    if not processes:  # then the log was set against the practised ones, which no deal belongs to
        log.connection.execute("UPDATE deal_facts SET process = NULL, claimed_rank = NULL, evidenced_rank = NULL")
    yield from log.connection.cursor().execute(_sql("decided_rows")).to_arrow_reader(AT_ONCE)
    known = _open_deals(log)
    required: dict[Any, list[tuple[int, Milestone]]] = {}
    query = "SELECT * FROM deal_facts WHERE outcome = '' ORDER BY deal"
    for batch in log.connection.cursor().execute(query).to_arrow_reader(AT_ONCE):
        rows = [_open_row(found, processes, measured, written, known, required) for found in batch.to_pylist()]
        yield pa.RecordBatch.from_pylist(rows, schema=ROW_SCHEMA)


def _open_row(
    found: dict[str, Any], processes: tuple[Process, ...], measured: Mapping[int | None, Measured], written: Written,
    known: OpenDeals, required: dict[Any, list[tuple[int, Milestone]]],
) -> dict[str, Any]:  # fmt: skip
    facts, by = _facts(found), measured[found["process"]]
    about = _about(found, facts, known, by.as_of.at, written.get(found["id"], []))
    proofs = _proofs(found, facts, processes, known, required)
    row = deal_row(facts, by, about, found["claimed_rank"], found["evidenced_rank"], proofs)
    row |= {name: json_column(row[name]) for name in JSON}
    return row | {"key": found["id"], "owner": facts.owner[:200], "last_event": found["last_event"]}


def _sql(name: str) -> str:
    return sql_text(__package__, name)


def _open_deals(log: EventLog) -> OpenDeals:
    known = OpenDeals()
    log.connection.execute(_sql("told"))
    known.last = {row["deal"]: row for row in log.rows(_sql("last_acts"))}
    for row in log.rows(_sql("people")):
        known.named.setdefault(row["deal"], []).append(row["contact"])
        if row["happened_at"] is not None:
            last = (_utc(row["happened_at"]), row["name"])
            known.people.setdefault(row["deal"], {})[row["contact"]] = last
    ids = {row["milestone"]: row["id"] for row in log.rows("SELECT milestone, id FROM milestones")}
    for row in log.rows(_sql("open_proofs")):
        known.shown.setdefault(row["deal"], {})[ids[row["milestone"]]] = row
    return known


def _facts(row: dict[str, Any]) -> Facts:
    return Facts(
        amount=row["amount"],
        currency=row["currency"],
        close_on=row["close_on"],
        claimed=row["claimed"],
        owner=row["owner"],
        opened_at=_utc(row["created_at"]),
        outcome=row["outcome"],
        decided_at=_utc(row["decided_at"]),
        last_buyer_act_at=_utc(row["last_buyer_act_at"]),
        last_activity_at=_utc(row["last_activity_at"]),
        agreed_act=row["agreed_act"],
        agreed_on=row["agreed_on"],
    )


def _utc(moment: datetime | None) -> Any:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _about(
    row: dict[str, Any], facts: Facts, known: OpenDeals, at: datetime, written: list[tuple[str, str, str]]
) -> DealAbout:
    deal = row["deal"]
    told = known.last.get(deal, {})
    act, agreed = told.get("act"), None
    if row["agreed_at"] and is_awaited(_utc(row["agreed_at"]), facts.agreed_on, facts.last_buyer_act_at, at):
        agreed = AgreedAct(facts.agreed_act, facts.agreed_on, row["agreed_who"] or None)
    return DealAbout(
        name=row["name"],
        account=row["account"],
        contacts=contacts_about(written, known.named.get(deal, ()), known.people.get(deal, {})),
        agreed=agreed,
        last_act=LastAct(topic_of(act["name"]), _utc(act["at"]), act["who"]) if act else None,
        last_quote=told.get("quote") or None,
        owner=first_name(facts.owner),
    )


def _proofs(
    row: dict[str, Any], facts: Facts, processes: tuple[Process, ...], known: OpenDeals,
    required: dict[Any, list[tuple[int, Milestone]]],
) -> tuple[MilestoneProof, ...]:  # fmt: skip
    if row["process"] is None:
        return ()
    process = processes[row["process"]]
    amount = None if facts.amount is None else float(facts.amount)
    bounds = tuple(
        amount is not None and amount >= m.amount_from for _, m in process.milestones if m.amount_from is not None
    )
    key = (row["process"], row["record_type"], bounds)
    if key not in required:
        required[key] = required_milestones(process, amount, row["record_type"])
    shown = known.shown.get(row["deal"], {})
    return tuple(_proof(rank, milestone, shown.get(milestone.id)) for rank, milestone in required[key])


def _proof(rank: int, milestone: Milestone, row: dict[str, Any] | None) -> MilestoneProof:
    if row is None:
        return MilestoneProof(milestone, rank, State.OPEN)
    state, at = State(STATE_NUMBERS[row["state"]]), _utc(row["shown_at"])
    return MilestoneProof(milestone, rank, state, at, row["reconfirm"], contact=row["contact"])
