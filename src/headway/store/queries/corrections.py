"""Findings that wait for somebody: the queue by rule, and how many of which age. What ended stands in `ended_findings`.

Sellers are shown their own deals' findings, everybody else all. Totals come from the newest analysis, without what has
left the queue since, so that a page costs the same at any size; of one owner's deals they are counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from headway.conformance.rules import RULES
from headway.store.models import DealFinding
from headway.store.models import DealFinding as FindingRow
from headway.store.models.people import Role
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.clock import shown_at
from headway.store.queries.finding_counts import (
    AGES,
    AgeBand,
    Counts,
    Total,
    Waiting,
    Worth,
    band_of,
    banded,
    counted,
    counts_of,
    find_newest,
)

__all__ = ["Filters", "FindingRow", "Queue", "get_open_finding", "list_queue"]

PER_RULE, PER_PAGE, MOST_PAGES = 5, 40, 50
MOST_OWN = 2_000
ORDER = {rule.name: place for place, rule in enumerate(RULES)}
TITLES = {rule.name: rule.title for rule in RULES}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; empty means any. `age`: number of a band; `mine`: on my own deals."""

    rule: str = ""
    team: str = ""
    age: int | None = None
    mine: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Open findings of one rule: the oldest of them. `total`: None where the filters leave it uncounted."""

    rule: str
    title: str
    total: Total | None
    rows: tuple[FindingRow, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of it. `waiting`: findings open for this team or owner; `currency`: of amounts."""

    groups: tuple[Group, ...]
    waiting: int
    ages: tuple[AgeBand, ...]
    teams: tuple[str, ...]
    currency: str
    analysed_at: datetime | None
    more: bool


def sees_all(access: Access) -> bool:
    """Whether this person is shown every deal's findings; else those of their own deals."""
    return access.role != Role.SELLER


def may_correct(access: Access, finding: DealFinding) -> bool:
    """Whether this person may end it: who leads any, a seller those of their own deals."""
    return access.may("correct") and (sees_all(access) or access.owns(finding.deal))


def list_queue(access: Access, filters: Filters, now: datetime) -> Queue:
    """The open findings: grouped by rule in the order of the rules, the oldest first in each.

    With a rule one page of its findings, else the first few of each. At most six queries at any size.
    """
    newest = find_newest(access)
    own = filters.mine or not sees_all(access)
    today = shown_at(access.workspace, now)
    worth = Worth(access, newest.currency if newest else "", today)
    if own:
        every = _owned(access, access.membership.owner_id)
        counts = counted(every, today, worth)
        fitting = [row for row in every if _fits(row, filters, today)]
        groups, more = _own_groups(fitting, counted(fitting, today, worth), filters)
    else:
        counts = counts_of(access, filters.team, newest, worth)
        groups, more = _all_groups(access, filters, counts, today)
    teams = newest.teams if newest and not own else ()
    as_of = newest.as_of if newest else None
    return Queue(groups, counts.of_all(), banded(counts), teams, worth.currency, as_of, more)


def get_open_finding(access: Access, deal: str, mark: str) -> FindingRow:
    """A finding this person may see, whatever its state. NotFoundError where there is none, or it is not theirs."""
    rows = _with(DealFinding.objects.filter(workspace=access.workspace, deal__key=deal, deal__is_live=True, mark=mark))
    found = rows.order_by("state", "pk").first()
    if found is None or not (sees_all(access) or access.owns(found.deal)):
        raise NotFoundError(mark)
    return found


def _with(rows: QuerySet[DealFinding]) -> QuerySet[DealFinding]:
    needed = ("name", "key", "amount", "currency", "outcome", "is_live", "owner", "workspace", "team")
    return rows.select_related("deal__owner").only(
        "rule", "stage", "happened_at", "what", "mend", "mark", "first_seen_at", "state", "left_at", "workspace",
        "deal__owner__name", *(f"deal__{name}" for name in needed),
    )  # fmt: skip


def _open(access: Access) -> QuerySet[DealFinding]:
    return DealFinding.objects.filter(workspace=access.workspace, state="open", deal__is_live=True, deal__outcome="")


def _owned(access: Access, owner: int | None) -> list[Waiting]:
    """What waits on one's own deals, the oldest first."""
    if owner is None:
        return []
    rows = _open(access).filter(mark__isnull=False, deal__owner=owner).order_by("first_seen_at", "pk")
    fields = ("pk", "rule", "first_seen_at", "deal_id", "deal__amount", "deal__currency", "deal__team")
    return [Waiting(*row) for row in rows.values_list(*fields)[:MOST_OWN]]


def _fits(row: Waiting, filters: Filters, today: datetime) -> bool:
    wanted = (not filters.rule or row.rule == filters.rule) and (not filters.team or row.team == filters.team)
    return wanted and (filters.age is None or band_of(row.first_seen_at, today) == filters.age)


def _own_groups(rows: Sequence[Waiting], counts: Counts, filters: Filters) -> tuple[tuple[Group, ...], bool]:
    """Of many, only those that are shown are read whole."""
    by_rule: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_rule[row.rule].append(row.pk)
    start, most = _span(filters)
    ids = [pk for found in by_rule.values() for pk in found[start : start + most]]
    whole = {row.pk: row for row in _with(DealFinding.objects.filter(pk__in=ids))} if ids else {}
    groups = tuple(
        Group(
            rule, TITLES.get(rule, rule), counts.by_rule[rule],
            tuple(whole[pk] for pk in found[start : start + most] if pk in whole), len(found) > start + most,
        )
        for rule, found in sorted(by_rule.items(), key=lambda item: ORDER.get(item[0], 99))
        if found[start : start + most]
    )  # fmt: skip
    return groups, bool(filters.rule) and any(group.more for group in groups)


def _all_groups(access: Access, filters: Filters, counts: Counts, today: datetime) -> tuple[tuple[Group, ...], bool]:
    rules = [filters.rule] if filters.rule else sorted(counts.by_rule, key=lambda rule: ORDER.get(rule, 99))
    start, most = _span(filters)
    ids = _first_ids(access, filters, rules, start, most + 1, today)
    by_rule: dict[str, list[DealFinding]] = defaultdict(list)
    for row in _with(DealFinding.objects.filter(pk__in=ids)).order_by("first_seen_at", "pk") if ids else ():
        by_rule[row.rule].append(row)
    groups = tuple(
        Group(
            rule, TITLES.get(rule, rule), counts.by_rule.get(rule) if filters.age is None else None,
            tuple(by_rule[rule][:most]), len(by_rule[rule]) > most,
        )
        for rule in rules
        if by_rule[rule]
    )  # fmt: skip
    return groups, bool(filters.rule) and any(group.more for group in groups)


def _span(filters: Filters) -> tuple[int, int]:
    """(first row, how many) of each rule."""
    if not filters.rule:
        return 0, PER_RULE
    return (min(max(filters.page, 1), MOST_PAGES) - 1) * PER_PAGE, PER_PAGE


def _first_ids(
    access: Access, filters: Filters, rules: Sequence[str], start: int, most: int, today: datetime
) -> list[int]:
    """The oldest of each rule, each read along its index; one statement for all, which the ORM cannot say on SQLite."""
    if not rules:
        return []
    about = "f.workspace_id = %s AND f.state = 'open' AND f.rule = %s"
    values: list[Any] = []
    parts: list[str] = []
    team = " AND f.team = %s" if filters.team else ""
    span, edges = _between(filters.age, today)
    for rule in rules:
        parts.append(
            f"SELECT id FROM (SELECT f.id FROM store_dealfinding AS f JOIN store_deal AS d ON d.id = f.deal_id"
            f" WHERE {about}{team}{span} AND f.mark IS NOT NULL AND d.is_live AND d.outcome = ''"
            f" ORDER BY f.first_seen_at, f.id LIMIT {int(most)} OFFSET {int(start)}) AS part"
        )
        values += [access.workspace.pk, rule, *([filters.team] if filters.team else []), *edges]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return [row[0] for row in cursor.fetchall()]


def _between(age: int | None, today: datetime) -> tuple[str, list[datetime]]:
    """The condition on `first_seen_at` of a band, and its values."""
    if age is None:
        return "", []
    band = AGES[age]
    newest, oldest = today - timedelta(days=band.days_from), band.days_to
    if oldest is None:
        return " AND f.first_seen_at <= %s", [newest]
    return " AND f.first_seen_at <= %s AND f.first_seen_at > %s", [newest, today - timedelta(days=oldest)]
