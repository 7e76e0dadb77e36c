"""What other currencies are worth in the workspace's own: the rates in force, and amounts by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Case, DecimalField, F, Q, Value, When
from django.db.models.expressions import Combinable

from headway.deals.amounts import Rate, state_rates
from headway.deals.event_log import EventLog
from headway.store.models import CurrencyRate, Workspace
from headway.store.queries.access import Access

__all__ = ["RateRow", "Stated", "list_rates", "rates_in_force", "state_in", "worth_of"]
RateRow = CurrencyRate
Stated = tuple[CurrencyRate, ...]
MOST = 500
MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=30, decimal_places=10)


def rates_in_force(workspace: Workspace, on: date) -> Stated:
    """The newest statement of each currency that holds on that day; none for those withdrawn. One query."""
    newest: dict[str, CurrencyRate] = {}
    rows = CurrencyRate.objects.filter(workspace=workspace, valid_on__lte=on).order_by("valid_on", "pk")
    for row in rows[:MOST]:
        newest[row.currency] = row
    return tuple(newest[currency] for currency in sorted(newest) if newest[currency].rate)


def list_rates(access: Access) -> list[CurrencyRate]:
    """Everything that was stated, the newest first; at most 500."""
    rows = CurrencyRate.objects.select_related("by", "source").filter(workspace=access.workspace)
    return list(rows.order_by("-valid_on", "-pk")[:MOST])


def worth_of(currency: str, stated: Iterable[CurrencyRate]) -> Combinable:
    """A deal's amount in `currency`, which the rates are in, as an expression; null where no rate is stated."""
    own = When(Q(currency="") | Q(currency=currency), then=F("amount"))
    others = [When(currency=one.currency, then=F("amount") * Value(one.rate)) for one in stated]
    return Case(own, *others, default=None, output_field=MONEY)


def state_in(log: EventLog, workspace: Workspace, on: date) -> None:
    """Sum the log's amounts by the rates in force; where none was ever stated the log goes by its own main currency."""
    stated: Sequence[CurrencyRate] = rates_in_force(workspace, on)
    if stated:
        rates = [Rate(one.currency, float(one.rate), one.valid_on) for one in stated]
        state_rates(log, workspace.currency, rates)
