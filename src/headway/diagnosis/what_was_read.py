"""The log and the processes: what was read, and what it is set against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from headway.conformance.estimate import Estimate
from headway.diagnosis.study import Study, share_of
from headway.diagnosis.value import (
    CurrencyRead,
    LogSummary,
    OrderPair,
    ProcessSummary,
    Repair,
    SourceFile,
    StageSummary,
)


def log_summary(study: Study, sources: Sequence[SourceFile], repairs: Sequence[Repair]) -> LogSummary:
    """Counts of the log as of its moment."""
    facts = study.rows("log")[0]
    facts.pop("lost_with_reason")
    for key in ("first_at", "last_at"):
        facts[key] = aware(facts[key])
    unknown = tuple((row["name"], row["deals"]) for row in study.rows("unknown_claims"))
    currencies = tuple(CurrencyRead(**row) for row in study.rows("currencies"))
    return LogSummary(
        **facts, currency=study.currency, unknown_claims=unknown, sources=tuple(sources), repairs=tuple(repairs),
        currencies=currencies,
    )  # fmt: skip


def process_summaries(study: Study) -> tuple[ProcessSummary, ...]:
    """One per process, with the open deals that claim each of its stages."""
    rows = study.rows("stages")
    deals = Counter({row["process"]: row["n"] for row in study.rows("process_deals")})
    return tuple(
        ProcessSummary(
            name=process.name,
            version=process.version,
            practised=process.practised,
            certainty=_certainty(study, number),
            deals=deals[number],
            stages=tuple(
                StageSummary(
                    rank=row["rank"],
                    name=study.stage_name(number, row["rank"]),
                    entered=row["entered"],
                    open_deals=row["open_deals"],
                    open_amount=row["open_amount"],
                    milestones=tuple(m.buyer for m in process.stages[row["rank"] - 1].milestones),
                )
                for row in rows
                if row["process"] == number
            ),
            pairs=_pairs(study, number),
        )
        for number, process in enumerate(study.processes)
    )


def aware(instant: datetime | None) -> datetime | None:
    """An instant of the event log with its zone, UTC."""
    return instant.replace(tzinfo=UTC) if instant else None


def _certainty(study: Study, number: int) -> float | None:
    practised = study.practised.get(number)
    if practised is None or not isinstance(practised.order.certainty, Estimate):
        return None
    return practised.order.certainty.value


def _pairs(study: Study, number: int) -> tuple[OrderPair, ...]:
    practised = study.practised.get(number)
    if practised is None:
        return ()
    found = []
    for pair in practised.order.pairs:
        n = pair.agree.n
        share = share_of(round((pair.agree.value or 0) * n), n)
        if share is not None:
            found.append(OrderPair(pair.before, pair.after, share, pair.ordered))
    return tuple(found)
