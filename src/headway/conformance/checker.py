"""Runs every rule over the log: `findings`, one row per departure, and per rule what it adds up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.conformance.finding import Rule
from headway.conformance.rules import RULES
from headway.deals.event_log import EventLog, sql_text

ABSENT = {
    "claims": "no stage was ever claimed, so there is nothing to set against the process",
    "evidence": "no buyer act was observed, so claims cannot be set against what buyers did",
    "history": "the source does not stamp when things were recorded",
    "close dates": "the source holds no history of expected close dates",
    "activities": "the source holds no activities of sellers",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule, and why it could not be asked of this log (None where it was)."""

    rule: Rule
    reason: str | None


def check(log: EventLog) -> tuple[Asked, ...]:
    """Fill the table `findings` (see `Rule` for its columns, with `rule` before and `allowed` after them).

    `allowed`: someone allowed the exception and it had not expired when the deal departed.
    """
    log.connection.execute(sql_text(__package__, "findings"))
    absent = missing_in(log)
    asked = tuple(Asked(rule, ABSENT.get(rule.needs) if rule.needs in absent else None) for rule in RULES)
    for one in asked:
        if one.reason is None:
            query = sql_text(f"{__package__}.rules", one.rule.name)
            log.connection.execute(
                f"INSERT INTO raw_findings BY NAME SELECT '{one.rule.name}' AS rule, * FROM ({query})"
            )
    log.connection.execute(sql_text(__package__, "allowed_findings"))
    return asked


def missing_in(log: EventLog) -> Sequence[str]:
    """Which of the things that rules need this log does not hold."""
    has = log.rows(sql_text(__package__, "holdings"))[0]
    return [need.replace("_", " ") for need, present in has.items() if not present]
