"""One's own blind calls on deals, with what became of them. Nobody else's are ever read here."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform

from headway.basics.errors import UserError
from headway.forecast.period import parsed
from headway.reviews.deal_calls import DealCalled, came_true
from headway.store.models import AgendaItem, DealCall
from headway.store.queries.access import Access
from headway.store.queries.clock import shown_at

MOST = 5_000


def list_own_deal_calls(access: Access, now: datetime) -> list[DealCalled]:
    """The calls of this person that count, the newest first; at most 5,000. One query.

    Of several on one deal in one review, or outside any, in one period, the last that was made while it was blind.
    """
    workspace, zone = access.workspace, ZoneInfo(access.workspace.zone or "UTC")
    shown_on = shown_at(workspace, now).astimezone(zone).date()
    item = AgendaItem.objects.filter(review=OuterRef("review"), deal=OuterRef("deal"))
    rows = (
        DealCall.objects.filter(workspace=workspace, by=access.person, deal__is_live=True)
        .annotate(
            opened=Subquery(item.values("calls_opened_at")[:1]),
            model=Subquery(item.annotate(chance=KeyTextTransform("chance", "facts")).values("chance")[:1]),
        )
        .filter(Q(opened=None) | Q(recorded_at__lte=F("opened")))
        .order_by("-recorded_at", "-pk")
        .values_list(
            "deal__key", "deal__name", "deal__outcome", "deal__decided_at", "review_id", "period", "chance",
            "happened_at", "model",
        )
    )  # fmt: skip
    found: dict[tuple[str, int | None, str], DealCalled] = {}
    for key, name, outcome, decided_at, review, period, chance, happened_at, model in rows[:MOST]:
        ends_on = _ends_on(period)
        if ends_on is None or (key, review, period) in found:
            continue
        decided_on = decided_at.astimezone(zone).date() if decided_at else None
        found[key, review, period] = DealCalled(
            deal=key, name=name, period=period, said_on=happened_at.astimezone(zone).date(), chance=chance,
            model=None if model in (None, "null") else float(model),  # JSON null is text on SQLite
            came=came_true(outcome, decided_on, ends_on, shown_on),
        )  # fmt: skip
    return list(found.values())


@lru_cache(maxsize=256)
def _ends_on(period: str) -> date | None:
    try:
        return parsed(period).ends_on
    except UserError:
        return None
