"""How many findings wait, by rule and by age, and what their deals are worth in the main currency.

Of a workspace or a team as the newest analysis counted them, without what has left the queue since; of one owner's
deals they are counted one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from headway.reviews.correction import AGE_EDGES
from headway.store.models import Analysis, DealFinding
from headway.store.queries.access import Access
from headway.store.queries.rates import rates_in_force

__all__ = [
    "AGES",
    "AgeBand",
    "Counts",
    "Newest",
    "Total",
    "Waiting",
    "Worth",
    "band_of",
    "banded",
    "counted",
    "counts_of",
    "find_newest",
]
MOST_LEFT = 5_000


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
class Total:
    """So many findings on so many deals, with their money, each deal's once, in the main currency."""

    findings: int = 0
    deals: int = 0
    amount: float = 0.0


class Waiting(NamedTuple):
    """As much of an open finding and its deal as counting takes. `pk`: of the finding; `deal`: of its deal."""

    pk: int
    rule: str
    first_seen_at: datetime | None
    deal: int
    amount: Decimal | None
    currency: str
    team: str


@dataclass(frozen=True, slots=True)
class Counts:
    """By rule, and by number of band."""

    by_rule: dict[str, Total]
    by_age: dict[int, Total]

    def of_all(self) -> int:
        """How many findings."""
        return sum(total.findings for total in self.by_rule.values())


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest analysis. `open`: what its summary says of open findings."""

    as_of: datetime
    began_at: datetime
    finished_at: datetime
    currency: str
    open: Mapping[str, list[list[Any]]]

    @property
    def teams(self) -> tuple[str, ...]:
        """Those that have any."""
        return tuple(sorted({row[0] for row in self.open.get("rule", []) if row[0]}))


def find_newest(access: Access) -> Newest | None:
    """None before the first analysis."""
    rows = Analysis.objects.filter(workspace=access.workspace).order_by("-finished_at", "-id")
    found = rows.values_list(
        "as_of", "started_at", "finished_at", "summary__currency", "summary__open_findings"
    ).first()  # of the summary no more than these: it is long
    return Newest(*found[:3], found[3] or "", found[4] or {}) if found else None


class Worth:
    """Amounts in the currency that totals are in; the rates are asked for with the first amount in another."""

    def __init__(self, access: Access, currency: str, on: datetime) -> None:
        self._workspace, self._on = access.workspace, on.date()
        self.currency = currency or self._workspace.currency
        self._rates: dict[str, Decimal] | None = None

    def of(self, amount: Decimal | None, currency: str) -> float:
        """Nothing where the amount is not known, or no rate is stated for its currency."""
        if amount is None:
            return 0.0
        if currency in ("", self.currency):
            return float(amount)
        if self._rates is None:
            known = self.currency == self._workspace.currency  # which rates are stated in
            stated = rates_in_force(self._workspace, self._on) if known else ()
            self._rates = {one.currency: one.rate for one in stated}
        return float(amount * self._rates.get(currency, Decimal(0)))


def band_of(first_seen_at: datetime | None, today: datetime) -> int:
    """Number of its band of age."""
    days = (today - first_seen_at).days if first_seen_at else 0
    return sum(days >= edge for edge in AGE_EDGES)


def counted(rows: Iterable[Waiting], today: datetime, worth: Worth) -> Counts:
    """Of these rows."""
    by_rule: dict[str, list[Waiting]] = defaultdict(list)
    by_age: dict[int, list[Waiting]] = defaultdict(list)
    for row in rows:
        by_rule[row.rule].append(row)
        by_age[band_of(row.first_seen_at, today)].append(row)
    return Counts({k: _total(v, worth) for k, v in by_rule.items()}, {k: _total(v, worth) for k, v in by_age.items()})


def _total(rows: Sequence[Waiting], worth: Worth) -> Total:
    amounts = {row.deal: worth.of(row.amount, row.currency) for row in rows}
    return Total(len(rows), len(amounts), sum(amounts.values()))


def counts_of(access: Access, team: str, newest: Newest | None, worth: Worth) -> Counts:
    """Of the newest analysis, of a team or (empty) all, without what has left the queue since."""
    if newest is None:
        return Counts({}, {})

    def said(what: str) -> dict[Any, Total]:
        return {row[1]: Total(*row[2:]) for row in newest.open.get(what, []) if (row[0] or "") == team}

    by_rule, by_age = said("rule"), {int(band): total for band, total in said("age").items()}
    left = DealFinding.objects.filter(
        Q(team=team) if team else Q(), workspace=access.workspace, left_at__gt=newest.began_at
    ).exclude(state="open")
    fields = ("rule", "first_seen_at", "deal__amount", "deal__currency")
    for rule, first_seen_at, amount, currency in left.values_list(*fields)[:MOST_LEFT]:
        _take_off(by_rule, rule, worth.of(amount, currency))
        _take_off(by_age, band_of(first_seen_at, newest.as_of), worth.of(amount, currency))
    return Counts({k: v for k, v in by_rule.items() if v.findings}, by_age)


def _take_off(totals: dict[Any, Total], key: Any, amount: float) -> None:
    """One finding less; its deal's money too, which is a little too much where that deal holds another alike."""
    old = totals.get(key, Total())
    left = max(0, old.findings - 1)
    totals[key] = Total(left, min(old.deals, left), max(0.0, old.amount - amount) if left else 0.0)


def banded(counts: Counts) -> tuple[AgeBand, ...]:
    """All bands of age, youngest first."""
    return tuple(
        replace(
            band, count=counts.by_age.get(number, Total()).findings, amount=counts.by_age.get(number, Total()).amount
        )
        for number, band in enumerate(AGES)
    )
