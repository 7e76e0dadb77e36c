"""Open deals by evidenced stage: how many and worth what, and of each column the first cards by attention.

Both go along one index of the deal's table (`deal_by_board`): counting never reads the table, and a column's first
twenty are read from its top, so that 100,000 deals cost what 1,000 do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from headway.store.models import Deal as DealRow
from headway.store.models import ProcessVersion as VersionRow
from headway.store.queries.access import Access
from headway.store.queries.versions import list_published

__all__ = ["Card", "DealRow", "Filters", "Tally", "VersionRow", "list_cards", "list_tallies", "list_versions"]

PER_PAGE = 20  # cards of a column that one looks at before asking for more
COLUMNS = (
    *("id", "key", "name", "account", "owner__name", "amount", "currency", "claimed", "claimed_rank"),
    *("evidenced_rank", "gap", "standing", "last_buyer_act_at", "attention", "version_id", "outcome"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the board is narrowed to; empty means any. `owner`: an id."""

    owner: int | None = None
    team: str = ""
    standing: str = ""


class Tally(NamedTuple):
    """So many open deals of one version stand at `evidenced` (None: not observed), claim `claimed`, are worth `worth`.

    `worth`: the sum of the known amounts in `currency`; None where no amount is known.
    """

    version: int | None
    evidenced: int | None
    claimed: int | None
    currency: str
    deals: int
    worth: Decimal | None


class Card(NamedTuple):
    """What a card shows of a deal. `gap`: claimed minus evidenced; None where either is unknown."""

    id: int
    key: str
    name: str
    account: str
    owner: str | None
    amount: Decimal | None
    currency: str
    claimed: str
    claimed_rank: int | None
    evidenced_rank: int | None
    gap: int | None
    standing: str
    last_buyer_act_at: datetime | None
    attention: float
    version: int | None
    outcome: str


def list_tallies(access: Access, filters: Filters) -> list[Tally]:
    """Every combination there is, each once; as many as versions, stages squared and currencies allow. One query."""
    rows = _open_deals(access, filters).values_list("version_id", "evidenced_rank", "claimed_rank", "currency")
    counted = rows.annotate(Count("id"), Sum("amount")).order_by("version_id", "evidenced_rank", "claimed_rank")
    return [Tally(*row) for row in counted]


def list_versions(access: Access, tallies: Iterable[Tally]) -> list[VersionRow]:
    """The published versions, oldest first, and those that open deals are still set against. At most two queries."""
    found = list_published(access.workspace)
    other = {tally.version for tally in tallies if tally.version} - {version.pk for version in found}
    if other:
        found += VersionRow.objects.filter(pk__in=other).select_related("process").order_by("process_id", "number")
    return found


def list_cards(
    access: Access, filters: Filters, places: Mapping[int | None, tuple[Sequence[int], int, int]]
) -> dict[int | None, list[Card]]:
    """The cards of some columns, most worth an hour first. Two queries.

    `places`: evidenced rank -> (versions that have deals there, how many cards to leave out, how many to show).
    """
    asked = [(rank, one, skip + limit) for rank, (versions, skip, limit) in places.items() for one in versions]
    ids = _first_ids(_open_deals(access, filters), asked)
    found: dict[int | None, list[Card]] = {rank: [] for rank in places}
    for row in DealRow.objects.filter(pk__in=ids).values_list(*COLUMNS):
        card = Card(*row)
        found[card.evidenced_rank].append(card)
    for rank, (_, skip, limit) in places.items():
        found[rank].sort(key=lambda card: (-card.attention, card.id))
        found[rank] = found[rank][skip : skip + limit]
    return found


def card_of(deal: DealRow) -> Card:
    """The card of a deal that was loaded whole, with its owner."""
    return Card(
        deal.pk, deal.key, deal.name, deal.account, deal.owner.name if deal.owner else None, deal.amount, deal.currency,
        deal.claimed, deal.claimed_rank, deal.evidenced_rank, deal.gap, deal.standing, deal.last_buyer_act_at,
        deal.attention, deal.version_id, deal.outcome,
    )  # fmt: skip


def _open_deals(access: Access, filters: Filters) -> QuerySet[DealRow]:
    rows = DealRow.objects.filter(workspace=access.workspace, is_live=True, outcome="")
    if filters.owner is not None:
        rows = rows.filter(owner_id=filters.owner)
    if filters.team:
        rows = rows.filter(team=filters.team)
    return rows.filter(standing=filters.standing) if filters.standing else rows


def _first_ids(base: QuerySet[DealRow], asked: Sequence[tuple[int | None, int, int]]) -> list[int]:
    """The first so many, per (evidenced rank, version, how many), in one query.

    As text: SQLite takes no limit inside a union that Django writes, and the same condition is written out once for
    all parts. Ordered by the rank too, else PostgreSQL sorts all that were never observed.
    """
    if not asked:
        return []
    rows, condition = base.order_by().values_list("pk").query.sql_with_params()
    parts, values = [], []
    for place, (rank, version, most) in enumerate(asked):
        here = "IS NULL" if rank is None else "= %s"
        parts.append(
            f"SELECT * FROM ({rows} AND version_id = %s AND evidenced_rank {here}"
            f" ORDER BY evidenced_rank, attention DESC, id LIMIT {int(most)}) AS top{place}"
        )
        values += [*condition, version, *([] if rank is None else [rank])]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return [row[0] for row in cursor.fetchall()]
