"""Findings, by rule: how many deals, how much money, where, and which to look at first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headway.conformance.checker import Asked
from headway.conformance.finding import Facts, Rule, mark_of
from headway.deals.event_log import sql_text
from headway.diagnosis.study import Study
from headway.diagnosis.value import Finding, RuleResult, StageCount
from headway.diagnosis.what_was_read import aware

MOST_EXAMPLES = 10
MOVES = ("jump", "regression")  # rules of which one deal may hold several at the same stage: each move is one


@dataclass(frozen=True, slots=True)
class Departure:
    """A finding with what corrections need. `mark`: as `mark_of`; `stands`: something is left to mend.

    `since`: when it began to hold, whenever it is asked; `acted_at`: when it was last done (None: it only goes on).
    """

    finding: Finding
    mark: str
    stands: bool
    since: datetime | None
    acted_at: datetime | None


def rule_results(study: Study) -> tuple[RuleResult, ...]:
    """One per rule, in the order of the rules; a rule that could not be asked says why."""
    totals = {row["rule"]: row for row in study.rows("rule_totals")}
    stages = study.rows("rule_stages")
    examples = study.rows("examples", most=MOST_EXAMPLES)
    milestones = {row["milestone"]: row for row in study.log.rows("SELECT milestone, process, id FROM milestones")}
    asks = _first_open_asks(study, [row["deal"] for row in examples])
    return tuple(
        _result(
            study,
            asked,
            totals.get(asked.rule.name, {}),
            [row for row in stages if row["rule"] == asked.rule.name],
            [_finding(study, asked.rule, row, milestones, asks) for row in examples if row["rule"] == asked.rule.name],
        )
        for asked in study.asked
    )


def all_findings(study: Study) -> Iterator[Departure]:
    """Every departure of every deal, in words; deals in the order of the log, for each the first departure first."""
    rules = {asked.rule.name: asked.rule for asked in study.asked}
    milestones = {row["milestone"]: row for row in study.log.rows("SELECT milestone, process, id FROM milestones")}
    asks = _first_open_asks(study, None)
    reader = study.log.connection.cursor().execute(sql_text(__package__, "all_findings")).to_arrow_reader(20_000)
    for batch in reader:
        for row in batch.to_pylist():
            found = _finding(study, rules[row["rule"]], row, milestones, asks)
            again = _again(study, row, milestones)
            yield Departure(
                found, mark_of(found.rule, found.stage or "", again), row["stands"], aware(row["since"]),
                aware(row["acted_at"]),
            )  # fmt: skip


def _again(study: Study, row: dict[str, Any], milestones: dict[int, dict[str, Any]]) -> str:
    """What tells this finding from others of its rule at its stage; never its wording, nor what moves with the day."""
    if row["rule"] in MOVES:
        return f"{study.stage_name(row['process'], row['other'])} {row['happened_at']:%Y-%m-%dT%H:%M:%S.%f}"
    return milestones[row["other"]]["id"] if row["rule"] == "lapsed_evidence" else ""


def _result(
    study: Study, asked: Asked, total: dict[str, Any], stages: list[dict[str, Any]], examples: list[Finding]
) -> RuleResult:
    rule = asked.rule
    return RuleResult(
        rule=rule.name,
        title=rule.title,
        meaning=rule.meaning,
        findings=total.get("findings", 0),
        deals=total.get("deals", 0),
        amount=total.get("amount", 0.0),
        open_deals=total.get("open_deals", 0),
        open_amount=total.get("open_amount", 0.0),
        allowed=total.get("allowed", 0),
        stages=tuple(
            StageCount(
                study.processes[row["process"]].name,
                row["rank"],
                study.stage_name(row["process"], row["rank"]),
                row["deals"],
                row["amount"],
            )
            for row in stages
        ),
        examples=tuple(examples),
        reason=asked.reason,
    )


def _finding(
    study: Study, rule: Rule, row: dict[str, Any], milestones: dict[int, dict[str, Any]], asks: dict[int, str]
) -> Finding:
    process = study.processes[row["process"]]
    ask = asks.get(row["deal"], "")
    if rule.other_is == "milestone":
        wanted = milestones[row["other"]]["id"]
        milestone = next(m for _, m in process.milestones if m.id == wanted)
        other, ask = milestone.buyer, milestone.ask
    else:
        other = study.stage_name(row["process"], row["other"])
    facts = Facts(
        deal=row["name"],
        stage=study.stage_name(row["process"], row["rank"]),
        happened_at=aware(row["happened_at"]),
        measure=row["measure"] or 0.0,
        count=row["count"] or 0,
        other=other,
        ask=ask if row["open"] else "",
    )
    return Finding(
        rule=rule.name,
        deal=row["id"],
        name=row["name"],
        amount=row["amount"],
        process=process.name,
        version=process.version,
        stage=facts.stage or None,
        happened_at=facts.happened_at,
        what=rule.what(facts),
        mend=rule.mend(facts) if row["open"] else "Decided; nothing to mend on this deal.",
        open=row["open"],
        allowed=row["allowed"],
    )


def _first_open_asks(study: Study, deals: list[int] | None) -> dict[int, str]:
    """The question of the first milestone, in the order of the process, that does not hold on each of these deals.

    None: on every open deal.
    """
    if deals is not None and not deals:
        return {}
    asks = {
        (row["process"], row["id"]): next(
            m.ask for _, m in study.processes[row["process"]].milestones if m.id == row["id"]
        )
        for row in study.log.rows("SELECT process, id FROM milestones")
    }
    numbers = "SELECT deal FROM deals WHERE outcome IS NULL"
    chosen = numbers if deals is None else ", ".join(str(int(deal)) for deal in sorted(set(deals)))
    rows = study.log.rows(
        f"""
        SELECT s.deal, m.process, m.id FROM milestone_states AS s JOIN milestones AS m ON m.milestone = s.milestone
        WHERE NOT s.holds AND s.deal IN ({chosen}) ORDER BY s.deal, s.rank DESC, s.milestone DESC
        """
    )
    return {row["deal"]: asks[row["process"], row["id"]] for row in rows}
