"""Findings that wait for somebody: the queue by rule, and how many of which age. What ended stands in `ended_findings`.

Sellers are shown their own deals' findings, everybody else all. Totals come from the newest analysis, without what has
left the queue since, so that a page costs the same at any size; of one owner's deals they are counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from headway.conformance.rules import RULES
from headway.reviews.correction import AGE_EDGES
from headway.store.models import Analysis, DealFinding, Owner
from headway.store.models import DealFinding as FindingRow
from headway.store.models.people import Role
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.clock import shown_at

__all__ = ["AGES", "AgeBand", "Filters", "FindingRow", "Queue", "count_ages", "get_open_finding", "list_queue"]

PER_RULE, PER_PAGE, MOST_PAGES = 5, 40, 50
MOST_OWN = 2_000
MOST_LEFT = 5_000
ORDER = {rule.name: place for place, rule in enumerate(RULES)}
TITLES = {rule.name: rule.title for rule in RULES}


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Open findings of one age. `days_to`: None for the last. `amount`: each deal's once, in the main currency."""

    words: str
    days_from: int
    days_to: int | None
    count: int = 0
    amount: float = 0.0


AGES = tuple(
    AgeBand(words, low, high)
    for words, low, high in zip(
        ("under a week", "1 to 2 weeks", "2 to 4 weeks", "1 to 3 months", "over 3 months"),
        (0, *AGE_EDGES),
        (*AGE_EDGES, None),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; empty means any. `age`: number of a band; `mine`: on my own deals."""

    rule: str = ""
    team: str = ""
    age: int | None = None
    mine: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Total:
    """So many findings on so many deals, with their money, each deal's once, in the main currency."""

    findings: int = 0
    deals: int = 0
    amount: float = 0.0


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


@dataclass(frozen=True, slots=True)
class Counts:
    """By rule, and by number of band."""

    by_rule: dict[str, Total]
    by_age: dict[int, Total]

    def of_all(self) -> int:
        """How many findings."""
        return sum(total.findings for total in self.by_rule.values())


def sees_all(access: Access) -> bool:
    """Whether this person is shown every deal's findings; else those of their own deals."""
    return access.role != Role.SELLER


def may_correct(access: Access, finding: DealFinding) -> bool:
    """Whether this person may end it: who leads any, a seller those of their own deals."""
    return access.may("correct") and (sees_all(access) or access.owns(finding.deal))


def count_ages(access: Access, team: str = "", owner: Owner | None = None) -> tuple[AgeBand, ...]:
    """Open findings by how long they have been open, youngest first; always all five bands. At most two queries.

    `team`: of its deals; `owner`: of theirs. As of the newest analysis, without what has been ended since.
    """
    if owner is not None:
        return _banded(_counted(list(_owned(access, owner.pk)[:MOST_OWN]), _today(access, None)))
    return _banded(_counts_of(access, team, _newest(access)))


def list_queue(access: Access, filters: Filters, now: datetime) -> Queue:
    """The open findings: grouped by rule in the order of the rules, the oldest first in each.

    With a rule one page of its findings, else the first few of each. At most six queries at any size.
    """
    newest = _newest(access)
    summary = newest[3] if newest else {}
    own = filters.mine or not sees_all(access)
    today = _today(access, now)
    if own:
        every = list(_owned(access, access.membership.owner_id)[:MOST_OWN])
        counts = _counted(every, today)
        groups, more = _own_groups([row for row in every if _fits(row, filters, today)], filters, today)
    else:
        counts = _counts_of(access, filters.team, newest)
        groups, more = _all_groups(access, filters, counts, today)
    teams = () if own else tuple(sorted({row[0] for row in _open_in(summary, "rule") if row[0]}))
    as_of = newest[0] if newest else None
    return Queue(groups, counts.of_all(), _banded(counts), teams, summary.get("currency") or "", as_of, more)


def get_open_finding(access: Access, deal: str, mark: str) -> FindingRow:
    """A finding this person may see, whatever its state. NotFoundError where there is none, or it is not theirs."""
    rows = _with(DealFinding.objects.filter(workspace=access.workspace, deal__key=deal, deal__is_live=True, mark=mark))
    found = rows.order_by("state", "pk").first()
    if found is None or not (sees_all(access) or access.owns(found.deal)):
        raise NotFoundError(mark)
    return found


def band_of(first_seen_at: datetime | None, today: datetime) -> int:
    """Number of its band of age."""
    days = (today - first_seen_at).days if first_seen_at else 0
    return sum(days >= edge for edge in AGE_EDGES)


def _today(access: Access, now: datetime | None) -> datetime:
    """The moment that ages are told at: the one shown; without `now` that of the newest analysis."""
    if now is not None:
        return shown_at(access.workspace, now)
    newest = _newest(access)
    return newest[0] if newest else access.workspace.created_at


def _newest(access: Access) -> tuple[datetime, datetime, datetime, dict[str, Any]] | None:
    """(as of, begun, finished, summary) of the newest analysis."""
    rows = Analysis.objects.filter(workspace=access.workspace).order_by("-finished_at", "-id")
    return rows.values_list("as_of", "started_at", "finished_at", "summary").first()


def _with(rows: QuerySet[DealFinding]) -> QuerySet[DealFinding]:
    needed = ("name", "key", "amount", "currency", "outcome", "is_live", "owner", "workspace", "team")
    return rows.select_related("deal__owner").only(
        "rule", "stage", "happened_at", "what", "mend", "mark", "first_seen_at", "state", "left_at", "workspace",
        "deal__owner__name", *(f"deal__{name}" for name in needed),
    )  # fmt: skip


def _open(access: Access) -> QuerySet[DealFinding]:
    return DealFinding.objects.filter(workspace=access.workspace, state="open", deal__is_live=True, deal__outcome="")


def _owned(access: Access, owner: int | None) -> QuerySet[DealFinding]:
    rows = _open(access).filter(mark__isnull=False, deal__owner=owner)
    return _with(rows if owner is not None else rows.none()).order_by("first_seen_at", "pk")


def _fits(row: DealFinding, filters: Filters, today: datetime) -> bool:
    wanted = (not filters.rule or row.rule == filters.rule) and (not filters.team or row.deal.team == filters.team)
    return wanted and (filters.age is None or band_of(row.first_seen_at, today) == filters.age)


def _own_groups(rows: Sequence[DealFinding], filters: Filters, today: datetime) -> tuple[tuple[Group, ...], bool]:
    by_rule: dict[str, list[DealFinding]] = defaultdict(list)
    for row in rows:
        by_rule[row.rule].append(row)
    totals = _counted(rows, today).by_rule
    start, most = _span(filters)
    groups = tuple(
        Group(rule, TITLES.get(rule, rule), totals[rule], tuple(found[start : start + most]), len(found) > start + most)
        for rule, found in sorted(by_rule.items(), key=lambda item: ORDER.get(item[0], 99))
        if found[start : start + most]
    )
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


def _counted(rows: Iterable[DealFinding], today: datetime) -> Counts:
    by_rule: dict[str, list[DealFinding]] = defaultdict(list)
    by_age: dict[int, list[DealFinding]] = defaultdict(list)
    for row in rows:
        by_rule[row.rule].append(row)
        by_age[band_of(row.first_seen_at, today)].append(row)
    return Counts({k: _total(v) for k, v in by_rule.items()}, {k: _total(v) for k, v in by_age.items()})


def _total(rows: Sequence[DealFinding]) -> Total:
    amounts = {row.deal_id: float(row.deal.amount or 0) for row in rows}
    return Total(len(rows), len(amounts), sum(amounts.values()))


def _open_in(summary: dict[str, Any], what: str) -> list[list[Any]]:
    rows: list[list[Any]] = (summary.get("open_findings") or {}).get(what, [])
    return rows


def _counts_of(access: Access, team: str, newest: tuple[datetime, datetime, datetime, dict[str, Any]] | None) -> Counts:
    """Of the newest analysis, of a team or (empty) all, without what has left the queue since."""
    if newest is None:
        return Counts({}, {})
    as_of, began, _, summary = newest

    def said(what: str) -> dict[str, Total]:
        return {row[1]: Total(*row[2:]) for row in _open_in(summary, what) if (row[0] or "") == team}

    by_rule, by_age = said("rule"), {int(band): total for band, total in said("age").items()}
    left = DealFinding.objects.filter(Q(team=team) if team else Q(), workspace=access.workspace, left_at__gt=began)
    for rule, first_seen_at, amount in left.exclude(state="open").values_list("rule", "first_seen_at", "deal__amount")[
        :MOST_LEFT
    ]:
        _take_off(by_rule, rule, float(amount or 0))
        _take_off(by_age, band_of(first_seen_at, as_of), float(amount or 0))
    return Counts({k: v for k, v in by_rule.items() if v.findings}, by_age)


def _take_off(totals: dict[Any, Total], key: Any, amount: float) -> None:
    """One finding less; its deal's money too, which is a little too much where that deal holds another alike."""
    old = totals.get(key, Total())
    left = max(0, old.findings - 1)
    totals[key] = Total(left, min(old.deals, left), max(0.0, old.amount - amount) if left else 0.0)


def _banded(counts: Counts) -> tuple[AgeBand, ...]:
    return tuple(
        replace(
            band, count=counts.by_age.get(number, Total()).findings, amount=counts.by_age.get(number, Total()).amount
        )
        for number, band in enumerate(AGES)
    )
