"""The twelve cells of simulated firms, those of the second generator, and their two blocks of seeds."""

from __future__ import annotations

from dataclasses import dataclass

from headway.demo.firms import Firm

BLOCKS = {"tune": 1_000_000, "publish": 2_000_000}
"""Where the seeds of each block begin; nothing that was tuned has seen the second."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Firms that differ in their seed alone. `theatre`: whether it is also asked if the process is played."""

    name: str
    firm: Firm
    theatre: bool = False


@dataclass(frozen=True, slots=True)
class SecondCell:
    """Teams of the second generator: `n` deals, four harmless steps and four that cost `cost` points each.

    `hidden`: readiness can hardly be seen in what is recorded of buyers; `dated`: whether anything is recorded of them.
    """

    name: str
    n: int
    cost: int
    hidden: bool = False
    dated: bool = True


def _cell(name: str, cause: str, decided: int, *, hidden: bool = False, theatre: bool = False) -> Cell:
    sellers = {100: 7, 200: 10, 500: 16}[decided]
    return Cell(name, Firm(cause, "hidden" if hidden else "recorded", decided, sellers), theatre)


CELLS = (
    _cell("bad process, 100", "bad process", 100),
    _cell("bad process, 200", "bad process", 200, theatre=True),
    _cell("bad process, 500", "bad process", 500),
    _cell("no rhythm, 100", "no rhythm", 100),
    _cell("no rhythm, 200", "no rhythm", 200, theatre=True),
    _cell("no rhythm, 500", "no rhythm", 500),
    _cell("bad practice, 200", "bad practice", 200, theatre=True),
    _cell("bad practice, 500", "bad practice", 500),
    _cell("mixed, 500", "mixed", 500, theatre=True),
    _cell("healthy, 200", "healthy", 200, theatre=True),
    _cell("theatre, 200", "theatre", 200, theatre=True),
    _cell("readiness hidden, 500", "bad process", 500, hidden=True),
)
SECOND = (
    *(SecondCell(f"second, {n}, {cost} points", n, cost) for n in (100, 200, 500) for cost in (20, 10)),
    SecondCell("second, 500, readiness hidden", 500, 20, hidden=True, dated=False),
    SecondCell("second, 500, evidence tells nothing", 500, 20, hidden=True),
)


def seed_of(block: str, cell: str, number: int) -> int:
    """The seed of a cell's firm with this number; every cell has its own."""
    place = [*(one.name for one in CELLS), *(one.name for one in SECOND)].index(cell)
    return BLOCKS[block] + 10_000 * place + number
