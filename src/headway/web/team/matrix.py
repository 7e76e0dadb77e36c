"""Open deals by claimed and by evidenced stage, as a table whose cells are the picture and its figures alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headway.basics.language import told
from headway.basics.money import money_text
from headway.web.team.shown import Link

STEPS = 4  # of shade: so many that neighbours can be told apart


@dataclass(frozen=True, slots=True)
class CellView:
    """`css`: ahead, agree, behind or unseen, and how strongly shaded; `said`: for who does not see where it stands."""

    deals: int
    money: str
    css: str
    url: str
    said: str


@dataclass(frozen=True, slots=True)
class RowView:
    """Deals evidenced at one stage: its number and name, a cell per claimed stage, and all together."""

    number: str
    name: str
    cells: tuple[CellView | None, ...]
    total: CellView | None


@dataclass(frozen=True, slots=True)
class MatrixView:
    """`heads`: (number, name) of the claimed stages; the last row of totals stands in `foot`."""

    process: str
    deals: int
    heads: tuple[tuple[str, str], ...]
    rows: tuple[RowView, ...]
    foot: tuple[CellView | None, ...]
    wide: bool


def matrix_view(matrix: Mapping[str, Any], currency: str | None, link: Link) -> MatrixView:
    """Columns: the claim, from left to right; rows: the buyer, from not observed down to the last stage."""
    stages = matrix["stages"]
    cells = {(cell["claimed"], cell["evidenced"]): cell for cell in matrix["cells"]}
    has_none = any(claimed == 0 for claimed, _ in cells)
    columns = [*([0] if has_none else []), *range(1, len(stages) + 1)]
    top = max((cell["deals"] for cell in cells.values()), default=1)
    rows = []
    for evidenced in (None, 0, *range(1, len(stages) + 1)):
        name = (
            told("Not observed") if evidenced is None else stages[evidenced - 1] if evidenced else told("Nothing yet")
        )
        mine = [_cell(cells.get((column, evidenced)), column, evidenced, top, currency, link) for column in columns]
        total = _total([c for c in cells.values() if c["evidenced"] == evidenced], currency)
        rows.append(RowView(str(evidenced) if evidenced else "", name, tuple(mine), total))
    heads = tuple(("–", "No stage") if column == 0 else (str(column), stages[column - 1]) for column in columns)
    foot = tuple(_total([c for c in cells.values() if c["claimed"] == column], currency) for column in columns)
    return MatrixView(matrix["process"], matrix["deals"], heads, tuple(rows), foot, len(columns) > 8)


def _cell(
    cell: Mapping[str, Any] | None, claimed: int, evidenced: int | None, top: int, currency: str | None, link: Link
) -> CellView | None:
    if cell is None:
        return None
    kind = "unseen" if evidenced is None else (
        "ahead" if claimed > evidenced else "agree" if claimed == evidenced else "behind"
    )  # fmt: skip
    said = {"unseen": "buyer not observed", "ahead": "claim ahead", "agree": "in agreement", "behind": "buyer ahead"}[
        kind
    ]
    shade = max(1, -(-STEPS * cell["deals"] // top))
    money = money_text(cell["amount"], currency)
    return CellView(cell["deals"], money, f"{kind} shade-{shade}", link(cell["behind"]), said)


def _total(cells: list[Mapping[str, Any]], currency: str | None) -> CellView | None:
    deals = sum(cell["deals"] for cell in cells)
    return CellView(deals, money_text(sum(cell["amount"] for cell in cells), currency), "", "", "") if deals else None
