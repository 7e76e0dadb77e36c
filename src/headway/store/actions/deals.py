"""Add a deal and record what is claimed of it: name, amount, close date, owner, stage, outcome."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from headway.basics.errors import UserError
from headway.deals.events import EventKind, Outcome
from headway.store.actions.audit import append_entry
from headway.store.actions.events import append_event
from headway.store.actions.passings import record_passings
from headway.store.actions.search import index_deal
from headway.store.actions.standing import refresh
from headway.store.actions.trials import assign_deal
from headway.store.gating import gates_met, refusal_of
from headway.store.models import Deal, Event, Membership, Person, SearchWord, Voiding, Workspace
from headway.store.queries.versions import find_version_for

LARGEST_AMOUNT = Decimal("1e13")  # beyond it a number is a slip of the finger


class ChangedMeanwhileError(UserError):
    """Somebody else changed the field since the form was opened. `now`: its value, as `field_text` writes it."""

    def __init__(self, field: str, now: str) -> None:
        super().__init__(f"Somebody else changed the {field} while you were typing: choose which one holds.")
        self.field, self.now = field, now


def field_text(deal: Deal, field: str) -> str:
    """A field as forms carry it (`""` for none), to see whether it changed meanwhile."""
    values: dict[str, object] = {
        "name": deal.name,
        "account": deal.account,
        "amount": "" if deal.amount is None else f"{deal.amount:.2f}".removesuffix(".00"),
        "close date": deal.close_on or "",
        "owner": deal.owner.name if deal.owner else "",
        "stage": deal.claimed,
        "outcome": deal.outcome,
    }
    return str(values[field])


@transaction.atomic
def add_deal(
    *,
    workspace: Workspace,
    name: str,
    by: Person,
    at: datetime,
    owner: str | None = None,
    account: str = "",
    adopter: Membership | None = None,
) -> Deal:
    """A deal with nothing but a name; it belongs to `owner` where given, and to the process in force.

    Every running trial of that process takes it into one of its arms.
    `adopter`: the member who adds it. One who is nobody in the CRM yet is `owner` from now on: their deals are theirs.
    """
    name = " ".join(name.split())
    if not name:
        raise UserError("A deal needs a name: write who buys what, in a few words.")
    deal = Deal(workspace=workspace, name=name[:300], account=account.strip()[:300], currency=workspace.currency)
    deal.version = find_version_for(workspace, pipeline="", record_type="", created_on=at.date())
    deal.save()
    append_event(deal=deal, kind=EventKind.DEAL_CREATED, by=by, at=at)
    if owner:
        append_event(deal=deal, kind=EventKind.OWNER_SET, by=by, at=at, name=owner)
    assign_deal(deal=deal, owner=owner or "", by=by, at=at)
    index_deal(deal=deal)
    append_entry(workspace=workspace, by=by, at=at, verb="add deal", target=f"deal {deal.key}")
    deal = refresh(deal=deal, at=at)
    if adopter is not None and adopter.owner_id is None and deal.owner is not None:
        adopter.owner = deal.owner
        adopter.save(update_fields=["owner"])
    return deal


@transaction.atomic
def drop_deal(*, deal: Deal, by: Person, at: datetime) -> None:
    """Undo of adding: the deal is gone from every page, and none of its events counts from now on."""
    if deal.source_id is not None:
        raise UserError("This deal came with an import: undo the import as a whole, or close the deal.")
    live = Event.objects.filter(deal=deal, voiding=None)
    Voiding.objects.bulk_create(Voiding(workspace=deal.workspace, event=event, at=at, by=by) for event in live)
    SearchWord.objects.filter(deal=deal).delete()
    Deal.objects.filter(pk=deal.pk).update(is_live=False, touched_at=at)
    append_entry(workspace=deal.workspace, by=by, at=at, verb="drop deal", target=f"deal {deal.key}")


@transaction.atomic
def name_deal(*, deal: Deal, field: str, value: str, by: Person, at: datetime, was: str | None = None) -> str:
    """Give the deal another name, or its account; returns what it was. Neither is history: only the audit knows."""
    _check(deal, field, was)
    before, value = field_text(deal, field), " ".join(value.split())[:300]
    if field == "name" and not value:
        raise UserError("A deal needs a name: write who buys what, in a few words.")
    setattr(deal, field, value)
    Deal.objects.filter(pk=deal.pk).update(**{field: value, "touched_at": at})
    index_deal(deal=deal)
    append_entry(workspace=deal.workspace, by=by, at=at, verb=f"change {field}", target=f"deal {deal.key}")
    return before


def claim_stage(
    *, deal: Deal, stage: str, by: Person, at: datetime, was: str | None = None, path: str = "form", reason: str = ""
) -> Event:
    """Say where the seller takes the deal to be; the evidenced stage stays what it is.

    `path`: form, board, bulk or import; all end alike. `reason`: why, where a gate asks (`GateAsksError` says so).
    GateBlocksError where a gate holds the claim back: what met which gate is kept even so. Nothing blocks by default.
    """
    with transaction.atomic():
        deal.claimed = _check(deal, "stage", was).claimed  # as it stands now, not when a page was opened
        met = gates_met(deal, stage, at)
        refused = refusal_of(met, reason)
        event = None if refused else _record(deal, by, at, "claim stage", kind=EventKind.STAGE_CLAIMED, name=stage)
        record_passings(met, deal=deal, event=event, path=path, reason=reason, by=by, at=at)
    if event is None:
        assert refused is not None
        raise refused
    return event


@transaction.atomic
def set_amount(*, deal: Deal, amount: Decimal | None, by: Person, at: datetime, was: str | None = None) -> Event:
    """Set the amount, in the deal's currency; None: nobody knows it."""
    _check(deal, "amount", was)
    if amount is not None and amount < 0:
        raise UserError("An amount below zero says nothing here: write what the deal is worth, or leave it empty.")
    if amount is not None and amount >= LARGEST_AMOUNT:
        raise UserError("That is more money than there is: check the amount for a digit too many.")
    return _record(deal, by, at, "set amount", kind=EventKind.AMOUNT_SET, amount=amount)


@transaction.atomic
def set_close_date(*, deal: Deal, due_on: date | None, by: Person, at: datetime, was: str | None = None) -> Event:
    """Set the day on which the deal is expected to be decided; None: nobody knows it."""
    _check(deal, "close date", was)
    return _record(deal, by, at, "set close date", kind=EventKind.CLOSE_DATE_SET, due_on=due_on)


@transaction.atomic
def set_owner(*, deal: Deal, owner: str, by: Person, at: datetime, was: str | None = None) -> Event:
    """Give the deal to somebody."""
    _check(deal, "owner", was)
    owner = " ".join(owner.split())
    if not owner:
        raise UserError("A deal needs somebody who owns it: choose a name, or write one.")
    return _record(deal, by, at, "set owner", kind=EventKind.OWNER_SET, name=owner[:200])


@transaction.atomic
def decide_deal(
    *,
    deal: Deal,
    outcome: Outcome,
    by: Person,
    at: datetime,
    reason: str = "",
    happened_at: datetime | None = None,
    was: str | None = None,
) -> Event:
    """Won, lost, no decision or withdrawn. From then on the deal is frozen until it is reopened."""
    _check(deal, "outcome", was)
    return _record(
        deal, by, at, "decide deal", kind=EventKind.DEAL_DECIDED, name=outcome.value, note=reason,
        happened_at=happened_at,
    )  # fmt: skip


@transaction.atomic
def reopen_deal(*, deal: Deal, by: Person, at: datetime, was: str | None = None) -> Event:
    """The deal is open again."""
    _check(deal, "outcome", was)
    return _record(deal, by, at, "reopen deal", kind=EventKind.DEAL_REOPENED)


def _check(deal: Deal, field: str, was: str | None) -> Deal:
    """The row, held; nobody may have changed the field since a form was opened with `was` (None: not asked)."""
    held = Deal.objects.select_for_update(of=("self",)).select_related("owner").get(pk=deal.pk)
    if was is not None and field_text(held, field) != was:
        raise ChangedMeanwhileError(field, field_text(held, field))
    return held


def _record(deal: Deal, by: Person, at: datetime, verb: str, **event: object) -> Event:
    made = append_event(deal=deal, by=by, at=at, **event)  # type: ignore[arg-type]
    append_entry(
        workspace=deal.workspace, by=by, at=at, verb=verb, target=f"deal {deal.key}", detail={"event": made.pk}
    )
    refresh(deal=deal, at=at)
    return made
