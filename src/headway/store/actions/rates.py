"""State what another currency is worth in the workspace's own, or say that it is not stated any more."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from headway.basics.errors import UserError
from headway.deals.amounts import check_rate
from headway.store.actions.audit import append_entry
from headway.store.actions.wordings import find_wording
from headway.store.models import CurrencyRate, Person, Workspace
from headway.store.queries.rates import rates_in_force

PLACES = Decimal("0.00000001")


@transaction.atomic
def state_rate(
    *, workspace: Workspace, currency: str, rate: Decimal, valid_on: date, by: Person, at: datetime, source: str = ""
) -> CurrencyRate | None:
    """From `valid_on` on one of `currency` is worth `rate` of the workspace's own; the newest statement counts.

    Returns what held on that day before, for the undo. UserError for what is no rate, and for the own currency.
    """
    currency = currency.strip().upper()
    check_rate(currency, float(rate))
    if currency == workspace.currency:
        raise UserError(f"Amounts are summed in {currency} already: choose another currency.")
    return _append(workspace, currency, rate.quantize(PLACES), valid_on, by, at, source)


@transaction.atomic
def withdraw_rate(
    *, workspace: Workspace, currency: str, valid_on: date, by: Person, at: datetime
) -> CurrencyRate | None:
    """From `valid_on` on no rate of `currency` is stated: its amounts are in no sum. Returns what held before."""
    return _append(workspace, currency, Decimal(0), valid_on, by, at, "")


def _append(
    workspace: Workspace, currency: str, rate: Decimal, valid_on: date, by: Person, at: datetime, source: str
) -> CurrencyRate | None:
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    before = {one.currency: one for one in rates_in_force(workspace, valid_on)}.get(currency)
    source = " ".join(source.split())[:200]
    CurrencyRate.objects.create(
        workspace=workspace, currency=currency, rate=rate, valid_on=valid_on, by=by, at=at,
        source_id=find_wording(workspace, source) if source else None,
    )  # fmt: skip
    verb = "state rate" if rate else "withdraw rate"
    detail = {"currency": currency, "rate": str(rate.normalize()), "valid_on": valid_on.isoformat()}
    append_entry(workspace=workspace, by=by, at=at, verb=verb, detail=detail)
    return before
