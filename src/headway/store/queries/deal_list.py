"""One page of a workspace's deals, filtered and sorted along the indexes of the table; no total is ever counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OrderBy, QuerySet

from headway.store.models import Deal as DealRow
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.deal_chances import with_chances
from headway.store.queries.search import find_deals

__all__ = ["DealRow", "Filters", "list_deals", "list_picked"]

PER_PAGE = 50
MOST_PAGES = 400
MOST_FOUND = 200  # deals that a search brings to be filtered
UNUSED = (  # columns that no row of the list shows: reading them takes longer than the query
    *("source_id", "pipeline", "record_type", "segment", "team", "opened_at", "last_activity_at", "agreed_act"),
    *("agreed_on", "question", "question_to", "question_about", "reasons", "standing_at", "turns_at", "last_event"),
    *("touched_at", "attention"),
)
GAPS: dict[str, dict[str, Any]] = {
    "ahead": {"gap__gt": 0},
    "agree": {"gap": 0},
    "behind": {"gap__lt": 0},
    "unknown": {"gap__isnull": True},
}
# Each sort with the order that its index has; unknown values stand last, but for silence, where unknown is worst.
SORTS: dict[str, OrderBy] = {
    "attention": F("attention").desc(),
    "amount": F("amount").desc(nulls_last=True),
    "name": F("name").asc(),
    "close": F("close_on").asc(),
    "silence": F("last_buyer_act_at").asc(nulls_first=True),
    "gap": F("gap").desc(nulls_last=True),
    "decided": F("decided_at").desc(nulls_last=True),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty means any. `owner`: an id; `outcome`: empty for open deals."""

    outcome: str = ""
    owner: int | None = None
    stage: str = ""
    standing: str = ""
    gap: str = ""
    undated: bool = False
    q: str = ""
    sort: str = "attention"


def list_deals(access: Access, filters: Filters, page: int = 1) -> tuple[list[DealRow], bool]:
    """(deals, whether there are more). Sorted by close date, deals without one are left to `undated`."""
    if filters.q.strip():
        return _found(access, filters, page)
    rows = _filtered(DealRow.objects.filter(workspace=access.workspace, is_live=True, outcome=filters.outcome), filters)
    if filters.sort == "close" and not filters.undated:
        rows = rows.filter(close_on__isnull=False)
    start = (min(max(page, 1), MOST_PAGES) - 1) * PER_PAGE
    ordered = rows.order_by(SORTS[filters.sort], "id").select_related("owner").defer(*UNUSED)
    if not filters.outcome:
        ordered = with_chances(ordered, access.workspace)
    deals = list(ordered[start : start + PER_PAGE + 1])
    return deals[:PER_PAGE], len(deals) > PER_PAGE


def _filtered(rows: QuerySet[DealRow], filters: Filters) -> QuerySet[DealRow]:
    if filters.owner is not None:
        rows = rows.filter(owner_id=filters.owner)
    if filters.stage:
        rows = rows.filter(claimed=filters.stage)
    if filters.standing:
        rows = rows.filter(standing=filters.standing)
    if filters.gap:
        rows = rows.filter(**GAPS[filters.gap])
    return rows.filter(close_on__isnull=True) if filters.undated else rows


def _found(access: Access, filters: Filters, page: int) -> tuple[list[DealRow], bool]:
    """Deals whose words begin so, the best first; the other filters narrow them, of whatever outcome."""
    ids = [deal.pk for deal in find_deals(access, filters.q, limit=MOST_FOUND).deals]
    rows = _filtered(DealRow.objects.filter(pk__in=ids), filters).select_related("owner").defer(*UNUSED)
    rows = with_chances(rows, access.workspace)
    kept = {deal.pk: deal for deal in rows}
    deals = [kept[pk] for pk in ids if pk in kept]
    start = (max(page, 1) - 1) * PER_PAGE
    return deals[start : start + PER_PAGE], len(deals) > start + PER_PAGE


def list_picked(access: Access, keys: Sequence[str]) -> list[DealRow]:
    """These deals, whole, in the order of the keys. NotFoundError unless all are there."""
    rows = DealRow.objects.filter(workspace=access.workspace, is_live=True, key__in=keys)
    found = {row.key: row for row in rows.select_related("owner", "version__process", "workspace")}
    if len(found) != len(set(keys)):
        raise NotFoundError(keys)
    return [found[key] for key in keys]


def was_dropped(access: Access, key: str) -> None:
    """Nothing where this deal was added and undone again; NotFoundError where it never was."""
    if not DealRow.objects.filter(workspace=access.workspace, key=key, is_live=False).exists():
        raise NotFoundError(key)


def has_deals(access: Access) -> bool:
    """Whether the workspace has any deal at all."""
    return DealRow.objects.filter(workspace=access.workspace, is_live=True).exists()
