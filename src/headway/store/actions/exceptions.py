"""Allow a departure from the process: for one rule, on one deal, with a reason, an owner, an end and a prediction."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from headway.basics.errors import UserError
from headway.deals.events import EventKind
from headway.deals.predictions import Predicted, ref_of
from headway.store.actions.audit import append_entry
from headway.store.actions.events import append_event
from headway.store.actions.standing import refresh
from headway.store.actions.wordings import wordings
from headway.store.models import AllowedException, Deal, Event, Person

__all__ = ["Predicted", "allow_exception"]


@transaction.atomic
def allow_exception(
    *, deal: Deal, rule: str, reason: str, owner: str, expires_on: date, predicted: Predicted, by: Person, at: datetime
) -> Event:
    """From now on findings of `rule` on this deal are allowed, for those that happened until `expires_on`.

    `rule`: the rule's name, or a step's id where a step is left out. The prediction goes into the event's `ref`, so
    that the event log alone is enough to score it (`headway.verdict.own_ways`).
    """
    if not reason.strip():
        raise UserError("An exception needs a reason: write why the buyer goes another way.")
    owner = " ".join(owner.split())
    if not owner:
        raise UserError("An exception needs somebody who answers for it: write a name.")
    if expires_on < at.date():
        raise UserError("An exception ends in the future: give a day from today on.")
    event = append_event(
        deal=deal, kind=EventKind.EXCEPTION_ALLOWED, by=by, at=at, name=rule, due_on=expires_on, note=reason,
        actor=by.name, ref=ref_of(predicted),
    )  # fmt: skip
    AllowedException.objects.create(
        workspace=deal.workspace, deal=deal, event=event, owner_id=wordings(deal.workspace, [owner])[owner],
        predicted=predicted.value,
    )  # fmt: skip
    append_entry(
        workspace=deal.workspace, by=by, at=at, verb="allow exception", target=f"deal {deal.key}",
        detail={"event": event.pk, "rule": rule},
    )  # fmt: skip
    refresh(deal=deal, at=at)
    return event
