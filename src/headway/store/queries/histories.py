"""The history of one deal as plain values, as it is known now or was known at some moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from headway.deals.events import EventKind, RecordedHow
from headway.deals.history import DealHistory
from headway.deals.history import Event as PlainEvent
from headway.store.models import Deal, Event

COLUMNS = (
    "id", "kind", "name", "happened_at", "recorded_at", "recorded_how", "grade", "amount", "due_on", "ref",
    "actor__text", "contact__text", "note__text",
)  # fmt: skip


def live_events(deal: Deal, known_by: datetime | None = None) -> QuerySet[Event]:
    """The events of a deal that count: not taken back, not of an undone import (as of `known_by`, else now)."""
    events = Event.objects.filter(deal=deal)
    if known_by is None:
        gone = Q(voiding__isnull=False) | (Q(batch__batchundone__isnull=False) & ~Q(batch__batchkept__deal=F("deal")))
    else:
        undone = Q(batch__batchundone__at__lte=known_by) & ~Q(batch__batchkept__deal=F("deal"))
        gone = Q(voiding__at__lte=known_by) | undone
        events = events.filter(recorded_at__lte=known_by)
    return events.exclude(pk__in=Event.objects.filter(gone, deal=deal).values("pk")).order_by("happened_at", "id")


def deal_history(deal: Deal, known_by: datetime | None = None) -> DealHistory:
    """The deal for the pure functions of `headway.evidence`."""
    rows = live_events(deal, known_by).values(*COLUMNS)
    return DealHistory(deal.key, tuple(plain_event(dict(row)) for row in rows), deal.record_type or None)


def events_of_deals(deals: Sequence[int]) -> dict[int, list[PlainEvent]]:
    """By deal's id the events that count now, in order; a deal without any is not in it. 500 deals at most."""
    undone = Q(batch__batchundone__isnull=False) & ~Q(batch__batchkept__deal=F("deal"))
    gone = set(Event.objects.filter(Q(voiding__isnull=False) | undone, deal__in=deals).values_list("pk", flat=True))
    found: dict[int, list[PlainEvent]] = {}
    for row in Event.objects.filter(deal__in=deals).order_by("happened_at", "id").values("deal_id", *COLUMNS):
        if row["id"] not in gone:
            found.setdefault(row["deal_id"], []).append(plain_event(row))
    return found


def plain_event(row: dict[str, Any]) -> PlainEvent:
    """A row of the table as the domain's event."""
    return PlainEvent(
        kind=EventKind(row["kind"]),
        happened_at=row["happened_at"],
        ordinal=row["id"],
        name=row["name"],
        recorded_at=row["recorded_at"],
        recorded_how=RecordedHow(row["recorded_how"]),
        actor=row["actor__text"],
        contact=row["contact__text"],
        grade=row["grade"],
        amount=None if row["amount"] is None else float(row["amount"]),
        due_on=row["due_on"],
        ref=row["ref"],
        note=row["note__text"],
    )
