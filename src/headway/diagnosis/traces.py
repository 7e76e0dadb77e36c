"""The events behind every deal that is named: what a reader can trace a figure to, with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from headway.basics.money import money_text
from headway.diagnosis.study import Study
from headway.diagnosis.value import DealTrace, EventRef, SourceFile
from headway.diagnosis.what_was_read import aware

MOST_DEALS = 60
MOST_EVENTS = 80
WORDS = {
    "deal_created": "created",
    "stage_claimed": "claimed {name}",
    "amount_set": "amount set to {amount}",
    "close_date_set": "close date set to {due_on}",
    "owner_set": "owner {name}",
    "activity_done": "{name}",
    "buyer_acted": "{name}",
    "act_agreed": "agreed: {name}, due {due_on}",
    "evidence_recorded": "evidence for {name}",
    "evidence_retracted": "evidence for {name} retracted",
    "evidence_disputed": "evidence for {name} disputed",
    "deal_decided": "decided: {name}",
    "deal_reopened": "reopened",
    "review_held": "review held: {name}",
    "review_missed": "review missed: {name}",
    "deal_inspected": "looked at in {name}",
    "exception_allowed": "exception allowed: {name}",
    "trial_assigned": "assigned to trial {name}",
}


def traces(study: Study, named: Iterable[str], sources: Sequence[SourceFile]) -> tuple[DealTrace, ...]:
    """One per deal id in `named`, in that order, the first `MOST_DEALS` of them."""
    ids = list(dict.fromkeys(named))[:MOST_DEALS]
    events: dict[str, list[dict[str, Any]]] = {}
    for row in study.rows("trace_events", deals=ids, most=MOST_EVENTS):
        events.setdefault(row["id"], []).append(row)
    about = {row["id"]: row for row in study.rows("trace_deals", deals=ids)}
    return tuple(
        DealTrace(
            deal=id_,
            name=about[id_]["name"],
            amount=about[id_]["amount"],
            currency=about[id_]["currency"] or study.currency,
            owner=about[id_]["owner"],
            outcome=about[id_]["outcome"],
            events=tuple(_event(row, study.currency, sources) for row in events.get(id_, [])),
            more=max(0, events[id_][0]["events"] - MOST_EVENTS) if events.get(id_) else 0,
        )
        for id_ in ids
        if id_ in about
    )


def _event(row: dict[str, Any], currency: str | None, sources: Sequence[SourceFile]) -> EventRef:
    words = WORDS[row["kind"]].format(
        name=(row["name"] or "").replace("_", " ") if row["kind"] != "stage_claimed" else row["name"],
        amount=money_text(float(row["amount"]), currency) if row["amount"] is not None else "",
        due_on=row["due_on"] or "an unknown day",
    )
    happened_at = aware(row["happened_at"])
    assert happened_at is not None
    file = sources[row["file"]].name if row["file"] is not None and row["file"] < len(sources) else None
    return EventRef(row["kind"], words, happened_at, row["who"], file, row["line"])
