"""The closed list of what can happen to a deal, and the two tables that every reader fills.

A reader (connector, simulator, store) fills `source_deals` and `source_events`; everything else is
derived from them by `headway.deals.event_log`. Instants are UTC without zone (`TIMESTAMP`), lengths
are microseconds unless a name ends in `_days`.
"""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """What happened. The order here is the order in which simultaneous kinds are stored."""

    DEAL_CREATED = "deal_created"
    STAGE_CLAIMED = "stage_claimed"  # name: the stage, as the CRM calls it
    AMOUNT_SET = "amount_set"  # amount
    CLOSE_DATE_SET = "close_date_set"  # due_on: the expected close date
    OWNER_SET = "owner_set"  # name: the owner
    ACTIVITY_DONE = "activity_done"  # name: what the seller did; actor: who
    BUYER_ACTED = "buyer_acted"  # name: what the buyer did; contact: who; grade by provenance
    ACT_AGREED = "act_agreed"  # name: what the buyer agreed to do; due_on
    EVIDENCE_RECORDED = "evidence_recorded"  # name: the milestone's id; grade; ref; note: the quote
    EVIDENCE_RETRACTED = "evidence_retracted"  # name: the milestone's id; ref of the evidence, or all of it
    EVIDENCE_DISPUTED = "evidence_disputed"  # likewise
    DEAL_DECIDED = "deal_decided"  # name: an Outcome; note: the reason
    DEAL_REOPENED = "deal_reopened"
    REVIEW_HELD = "review_held"  # name: the review; deal may be missing
    REVIEW_MISSED = "review_missed"
    DEAL_INSPECTED = "deal_inspected"  # name: the review that looked at this deal
    EXCEPTION_ALLOWED = "exception_allowed"  # name: the rule; due_on: expiry; note: the reason
    TRIAL_ASSIGNED = "trial_assigned"  # name: the trial and arm


class Outcome(StrEnum):
    """How a deal ended. Open deals have none."""

    WON = "won"
    LOST = "lost"
    NO_DECISION = "no_decision"
    WITHDRAWN = "withdrawn"


class RecordedHow(StrEnum):
    """How the time of recording is known; no late-entry finding rests on an assumed one."""

    HISTORY = "history"  # stamped by the source's own history: counts as recorded then
    ASSUMED = "assumed"  # taken to be the moment it happened
    SNAPSHOT = "snapshot"  # a value of the export's last day: known only from then


def enum_ddl(name: str, members: type[StrEnum]) -> str:
    """`CREATE TYPE` for a closed list, so that the tables refuse anything else."""
    values = ", ".join(f"'{member.value}'" for member in members)
    return f"CREATE TYPE {name} AS ENUM ({values})"


SOURCE_DDL = (
    enum_ddl("event_kind", EventKind),
    enum_ddl("outcome", Outcome),
    enum_ddl("recorded_how", RecordedHow),
    """
    CREATE TABLE source_deals (
        deal VARCHAR NOT NULL,      -- the id in the source
        name VARCHAR, account VARCHAR, pipeline VARCHAR, record_type VARCHAR, segment VARCHAR, team VARCHAR,
        currency VARCHAR,           -- ISO 4217
        file UTINYINT, line INTEGER -- where it stands, line 1-based
    )""",
    """
    CREATE TABLE source_events (
        deal VARCHAR,               -- NULL only for reviews that concern no single deal
        kind event_kind NOT NULL,
        name VARCHAR,
        happened_at TIMESTAMP NOT NULL,
        recorded_at TIMESTAMP,      -- NULL: the same as happened_at
        recorded_how recorded_how NOT NULL,
        actor VARCHAR,              -- who at the seller
        contact VARCHAR,            -- who at the buyer
        grade UTINYINT,             -- 0..4, by provenance
        amount DECIMAL(18, 2),
        due_on DATE,
        ref VARCHAR,                -- id of a piece of evidence, or the one retracted or disputed
        note VARCHAR,               -- a quote, a reason
        file UTINYINT, line INTEGER,
        ordinal BIGINT NOT NULL     -- place in the source, unique: settles the order of simultaneous events
    )""",
    """
    CREATE TABLE source_rates (     -- stated exchange rates (`headway.deals.amounts`); empty: none is known
        currency VARCHAR PRIMARY KEY,
        rate DOUBLE NOT NULL,       -- one unit is worth so much of the main currency; of that one itself 1
        is_main BOOLEAN NOT NULL,
        valid_on DATE               -- since when it holds, where that was said
    )""",
)
