"""What the page of a deal says of exceptions: what was left out, why, what was expected, and whether it came true."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from headway.conformance.rules import RULES
from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.deals.predictions import Predicted, predicted_in, ref_of
from headway.process.definition import Process
from headway.store.queries.deal_page import DealFacts, Record
from headway.verdict.own_way_of_deal import came_true
from headway.web.deals.moment import Moment
from headway.web.exception_words import KEPT_TO, PREDICTIONS

TITLES = {rule.name: rule.title for rule in RULES}


@dataclass(frozen=True, slots=True)
class OwnWayView:
    """An exception. `came_true`: None while it cannot be told; `kept_to`: what it leaves out, after `Instead of`."""

    rule: str
    kept_to: str
    until: date
    reason: str
    owner: str
    predicted: str
    came_true: bool | None

    @property
    def for_step(self) -> bool:
        """Whether it leaves out a step, whose text stands in quotes."""
        return self.rule not in KEPT_TO

    @property
    def for_good(self) -> bool:
        """Whether it never ends."""
        return self.until == date.max


def own_way_views(
    facts: DealFacts, known: DealHistory, process: Process | None, moment: Moment
) -> tuple[tuple[Record, OwnWayView], ...]:
    """Every exception of the deal, in the order in which they were allowed."""
    steps = {step.id: step.seller for _, step in process.steps} if process else {}
    return tuple(
        (record, _view(record, facts, known, process, moment, steps))
        for record in facts.records
        if record.event.kind is EventKind.EXCEPTION_ALLOWED and record.event.happened_at <= moment.at
    )


def _view(
    record: Record,
    facts: DealFacts,
    known: DealHistory,
    process: Process | None,
    moment: Moment,
    steps: dict[str, str],
) -> OwnWayView:
    event = record.event
    owner, noted = facts.exceptions.get(record.id, ("", ""))
    # Exceptions of before predictions stood in the event have theirs beside it only.
    if event.ref is None and noted in PREDICTIONS:
        event = replace(event, ref=ref_of(Predicted(noted)))
    predicted = predicted_in(event.ref)
    name = event.name or ""
    return OwnWayView(
        rule=name,
        kept_to=KEPT_TO.get(name) or steps.get(name) or name,
        until=event.due_on or date.max,
        reason=event.note or "",
        owner=owner,
        predicted=PREDICTIONS[predicted.value] if predicted else "",
        came_true=came_true(known, process, event, moment.as_of),
    )
