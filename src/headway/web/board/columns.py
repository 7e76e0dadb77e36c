"""Which boards there are, and the columns of one: how many deals stand there, worth what, and how many claim it.

Versions of a process whose stages have the same names in the same order share a board: there a rank means the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from headway.basics.money import money_text
from headway.process.definition import Process
from headway.store.queries.board import Tally, VersionRow
from headway.store.queries.versions import process_of
from headway.web.board.asked import UNSEEN

Rank = int | None  # of the evidenced stage; None: not observed


@dataclass(frozen=True, slots=True)
class Board:
    """One choice. `slug`: in addresses; `versions`: ids; `deals`: how many open ones; `newest`: in force now."""

    slug: str
    name: str
    versions: tuple[int, ...]
    stages: tuple[str, ...]
    deals: int
    newest: bool

    def stage(self, rank: int | None) -> str:
        """The name of the stage of this rank; empty where there is none."""
        return self.stages[rank - 1] if rank and rank <= len(self.stages) else ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `slug`: in addresses; `worth`: as text, empty where no amount is known; `claimed`: deals that claim it.

    `further`: how many of its deals claim a later stage.
    """

    rank: Rank
    slug: str
    name: str
    deals: int
    worth: str
    claimed: int
    claimed_worth: str
    further: int

    @property
    def is_stage(self) -> bool:
        """Whether one can claim it."""
        return bool(self.rank)


class Sums:
    """Deals and their worth, added up in the workspace's currency; others without a rate stand beside it."""

    def __init__(self, currency: str, rates: Mapping[str, Decimal]) -> None:
        self._currency, self._rates = currency, rates
        self._worth: dict[str, Decimal] = {}
        self.deals = 0

    def add(self, tally: Tally) -> None:
        """Count these deals in."""
        self.deals += tally.deals
        if tally.worth is None:
            return
        rate = Decimal(1) if tally.currency in ("", self._currency) else self._rates.get(tally.currency)
        currency = self._currency if rate is not None else tally.currency
        self._worth[currency] = self._worth.get(currency, Decimal(0)) + tally.worth * (rate or 1)

    @property
    def text(self) -> str:
        """`€1.2 M`, or `€1.2 M + SEK 300 k` where no rate is stated for one."""
        first = sorted(self._worth.items(), key=lambda item: (item[0] != self._currency, item[0]))
        return " + ".join(money_text(float(worth), currency) for currency, worth in first)


def boards_of(versions: Sequence[VersionRow], tallies: Iterable[Tally]) -> list[Board]:
    """The boards to choose from: of each process in use the newest one, and those that still have open deals."""
    deals: dict[int | None, int] = defaultdict(int)
    for tally in tallies:
        deals[tally.version] += tally.deals
    found: dict[tuple[int, tuple[str, ...]], list[VersionRow]] = defaultdict(list)
    newest: dict[int, VersionRow] = {}
    for version in versions:
        found[version.process_id, tuple(stage.name for stage in process_of(version).stages)].append(version)
        if version.process.archived_at is None and version.withdrawn_at is None:
            newest[version.process_id] = version
    boards = []
    for (process, stages), rows in found.items():
        last, here = rows[-1], sum(deals[row.pk] for row in rows)
        current = newest.get(process) in rows
        name = last.process.name if current else f"{last.process.name}, version {last.number}"
        slug = last.process.key if current else f"{last.process.key}.{last.number}"
        board = Board(slug, name, tuple(row.pk for row in rows), stages, here, current)
        if current or here:
            boards.append(board)
    return sorted(boards, key=lambda board: (-board.deals, not board.newest, board.name))


def columns_of(board: Board, tallies: Iterable[Tally], currency: str, rates: Mapping[str, Decimal]) -> list[Column]:
    """All its stages; before them what is not observed and what has shown nothing yet, where there are such deals."""
    here = [tally for tally in tallies if tally.version in board.versions]
    columns = []
    for rank in (None, 0, *range(1, len(board.stages) + 1)):
        shown, claimed = Sums(currency, rates), Sums(currency, rates)
        further = 0
        for tally in here:
            if tally.evidenced == rank:
                shown.add(tally)
                further += tally.deals if rank is not None and (tally.claimed or 0) > rank else 0
            if rank and tally.claimed == rank:
                claimed.add(tally)
        name = "Not observed" if rank is None else "Nothing shown yet" if rank == 0 else board.stages[rank - 1]
        slug = UNSEEN if rank is None else str(rank)
        if rank or shown.deals:
            columns.append(Column(rank, slug, name, shown.deals, shown.text, claimed.deals, claimed.text, further))
    return columns


def whole_of(board: Board, tallies: Iterable[Tally], currency: str, rates: Mapping[str, Decimal]) -> tuple[Sums, Sums]:
    """(all open deals, those that claim more than is shown; of which a claim is known and a buyer was observed)."""
    every, ahead = Sums(currency, rates), Sums(currency, rates)
    for tally in tallies:
        if tally.version in board.versions:
            every.add(tally)
            if tally.evidenced is not None and (tally.claimed or 0) > tally.evidenced:
                ahead.add(tally)
    return every, ahead


def versions_at(board: Board, tallies: Iterable[Tally]) -> dict[Rank, tuple[int, ...]]:
    """Of each column the versions that have deals there."""
    found: dict[Rank, set[int]] = defaultdict(set)
    for tally in tallies:
        if tally.version in board.versions and tally.version is not None:
            found[tally.evidenced].add(tally.version)
    return {rank: tuple(sorted(versions)) for rank, versions in found.items()}


def process_in(versions: Iterable[VersionRow], pk: int | None) -> Process | None:
    """The process of this version; None where a deal matches none."""
    return next((process_of(version) for version in versions if version.pk == pk), None)
