"""Foretell one deal, blind, before what others or the model say is shown; and show all calls."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from headway.basics.errors import UserError
from headway.forecast.period import key_of, period_of
from headway.reviews.decisions import CHANCES
from headway.store.actions.audit import append_entry
from headway.store.actions.reviews import changed, hold
from headway.store.models import AgendaItem, Deal, DealCall, Person, Review
from headway.store.queries.clock import shown_at
from headway.store.queries.deal_chances import newest_period


@transaction.atomic
def record_deal_call(*, deal: Deal, review: Review | None, chance: float, by: Person, at: datetime) -> DealCall:
    """What they foretell, blind: that the buyer says yes by the end of the period. Another press replaces it.

    In a review calls open by themselves as soon as its leader and the deal's owner have both made one; none is made
    after that. UserError where they are open, the deal is decided, or `chance` is none of `CHANCES`.
    """
    if chance not in CHANCES:
        raise UserError("Choose one of 10, 30, 50, 70 and 90 %.")
    if deal.outcome:
        raise UserError("This deal is decided: there is nothing left to foretell.")
    held = hold(review) if review is not None else None
    item = AgendaItem.objects.filter(review=held, deal=deal).first() if held else None
    if item is not None and item.calls_opened_at is not None:
        raise UserError("The calls on this deal are open already, so another would not be blind: wait for the next.")
    shown = shown_at(deal.workspace, at)
    call = DealCall.objects.create(
        workspace=deal.workspace, deal=deal, review=held, by=by, chance=chance,
        period=newest_period(deal.workspace) or key_of(period_of(shown.date())), happened_at=shown, recorded_at=at,
    )  # fmt: skip
    append_entry(
        workspace=deal.workspace, by=by, at=at, verb="call deal", target=f"deal {deal.key}", detail={"call": call.pk}
    )
    if held is not None:
        if item is not None and _all_called(held, deal):
            _open(item, at)
        changed(held)
    return call


@transaction.atomic
def open_calls(*, item: AgendaItem, by: Person, at: datetime) -> AgendaItem:
    """Show every call and the model's chance to everybody, knowing that nobody can make a blind one afterwards."""
    review = hold(item.review)
    item.refresh_from_db()
    if item.calls_opened_at is None:
        _open(item, at)
        append_entry(
            workspace=review.workspace, by=by, at=at, verb="open calls", target=f"review {review.key}",
            detail={"item": item.key},
        )  # fmt: skip
        changed(review)
    return item


def _all_called(review: Review, deal: Deal) -> bool:
    """Whether the leader and whoever owns the deal have both made their call."""
    called = DealCall.objects.filter(review=review, deal=deal)
    if not called.filter(by=review.leader).exists():
        return False
    seller = Person.objects.filter(
        memberships__workspace=review.workspace, memberships__ended_at=None, memberships__owner__isnull=False,
        memberships__owner=deal.owner_id,
    )  # fmt: skip
    return called.filter(by__in=seller).exists()


def _open(item: AgendaItem, at: datetime) -> None:
    item.calls_opened_at = at
    item.save(update_fields=["calls_opened_at"])
