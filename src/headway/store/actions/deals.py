"""Add a deal and record what is claimed of it: name, amount, close date, owner, stage, outcome."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from headway.basics.errors import UserError
from headway.deals.events import EventKind, Outcome
from headway.store.actions.audit import append_entry
from headway.store.actions.events import append_event
from headway.store.actions.search import index_deal
from headway.store.actions.standing import refresh
from headway.store.models import Deal, Event, Person, Workspace
from headway.store.queries.versions import find_version_for


@transaction.atomic
def add_deal(
    *, workspace: Workspace, name: str, by: Person, at: datetime, owner: str | None = None, account: str = ""
) -> Deal:
    """A deal with nothing but a name; it belongs to `owner` where given, and to the process in force."""
    name = " ".join(name.split())
    if not name:
        raise UserError("A deal needs a name: write who buys what, in a few words.")
    deal = Deal(workspace=workspace, name=name[:300], account=account.strip()[:300], currency=workspace.currency)
    deal.version = find_version_for(workspace, pipeline="", record_type="", created_on=at.date())
    deal.save()
    append_event(deal=deal, kind=EventKind.DEAL_CREATED, by=by, at=at)
    if owner:
        append_event(deal=deal, kind=EventKind.OWNER_SET, by=by, at=at, name=owner)
    index_deal(deal=deal)
    append_entry(workspace=workspace, by=by, at=at, verb="add deal", target=f"deal {deal.key}")
    return refresh(deal=deal, at=at)


@transaction.atomic
def claim_stage(*, deal: Deal, stage: str, by: Person, at: datetime) -> Event:
    """Say where the seller takes the deal to be. Nothing blocks; the evidenced stage stays what it is."""
    return _record(deal, by, at, "claim stage", kind=EventKind.STAGE_CLAIMED, name=stage)


@transaction.atomic
def set_amount(*, deal: Deal, amount: Decimal, by: Person, at: datetime) -> Event:
    """Set the amount, in the deal's currency."""
    if amount < 0:
        raise UserError("An amount below zero says nothing here: write what the deal is worth, or leave it empty.")
    return _record(deal, by, at, "set amount", kind=EventKind.AMOUNT_SET, amount=amount)


@transaction.atomic
def set_close_date(*, deal: Deal, due_on: date, by: Person, at: datetime) -> Event:
    """Set the day on which the deal is expected to be decided."""
    return _record(deal, by, at, "set close date", kind=EventKind.CLOSE_DATE_SET, due_on=due_on)


@transaction.atomic
def set_owner(*, deal: Deal, owner: str, by: Person, at: datetime) -> Event:
    """Give the deal to somebody."""
    return _record(deal, by, at, "set owner", kind=EventKind.OWNER_SET, name=owner)


@transaction.atomic
def decide_deal(
    *, deal: Deal, outcome: Outcome, by: Person, at: datetime, reason: str = "", happened_at: datetime | None = None
) -> Event:
    """Won, lost, no decision or withdrawn. From then on the deal is frozen until it is reopened."""
    return _record(
        deal, by, at, "decide deal", kind=EventKind.DEAL_DECIDED, name=outcome.value, note=reason,
        happened_at=happened_at,
    )  # fmt: skip


@transaction.atomic
def reopen_deal(*, deal: Deal, by: Person, at: datetime) -> Event:
    """The deal is open again."""
    return _record(deal, by, at, "reopen deal", kind=EventKind.DEAL_REOPENED)


def _record(deal: Deal, by: Person, at: datetime, verb: str, **event: object) -> Event:
    made = append_event(deal=deal, by=by, at=at, **event)  # type: ignore[arg-type]
    append_entry(
        workspace=deal.workspace, by=by, at=at, verb=verb, target=f"deal {deal.key}", detail={"event": made.pk}
    )
    refresh(deal=deal, at=at)
    return made
