"""Everything that the board's page shows, gathered in few queries: the choices, the columns, the first cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.safestring import SafeString

from headway.store.queries.board import (
    PER_PAGE,
    DealRow,
    Tally,
    VersionRow,
    card_of,
    list_cards,
    list_tallies,
    list_versions,
)
from headway.store.queries.clock import shown_at
from headway.store.queries.rates import rates_in_force
from headway.web.badges import standing_badge
from headway.web.board.asked import MOST_PAGES, Asked
from headway.web.board.cards import CardView, card_view
from headway.web.board.columns import Board, Column, Sums, boards_of, columns_of, versions_at, whole_of
from headway.web.parts import draw
from headway.web.requests import Inside
from headway.web.shell import find_url


@dataclass(frozen=True, slots=True)
class Scene:
    """`board` None: the workspace has no process. `unmatched`: open deals that match none."""

    at: datetime
    boards: tuple[Board, ...]
    board: Board | None
    columns: tuple[Column, ...]
    versions: tuple[VersionRow, ...]
    tallies: tuple[Tally, ...]
    unmatched: int
    whole: Sums
    ahead: Sums


@dataclass(frozen=True, slots=True)
class Pile:
    """The cards of one column, as HTML. `more`: address of the next ones; `whole`: of the page that shows them too.

    `left`: how many more there are; with no `more` the board has to be narrowed to see them.
    """

    column: Column
    cards: SafeString
    shown: int
    left: int
    more: str
    whole: str
    page: int


def scene_of(request: Inside, asked: Asked, version: int | None = None) -> Scene:
    """What stands where. `version`: of the deal that is open, whose board is shown unless another is asked for."""
    access = request.access
    at = shown_at(access.workspace, request.now)
    tallies = list_tallies(access, asked.filters)
    versions = list_versions(access, tallies)
    boards = boards_of(versions, tallies)
    chosen = next((board for board in boards if board.slug == asked.process), None)
    if chosen is None and version is not None:
        chosen = next((board for board in boards if version in board.versions), None)
    board = chosen or next(iter(boards), None)
    own, rates = access.workspace.currency, _rates(request, tallies)
    empty = Sums(own, rates)
    return Scene(
        at, tuple(boards), board, tuple(columns_of(board, tallies, own, rates)) if board else (), tuple(versions),
        tuple(tallies), sum(tally.deals for tally in tallies if tally.version is None),
        *(whole_of(board, tallies, own, rates) if board else (empty, empty)),
    )  # fmt: skip


def _rates(request: Inside, tallies: list[Tally]) -> Mapping[str, Decimal]:
    """What other currencies are worth; asked for only where there are any."""
    workspace = request.access.workspace
    if all(tally.currency in ("", workspace.currency) for tally in tallies):
        return {}
    stated = rates_in_force(workspace, request.now.date())
    return {one.currency: one.rate for one in stated}


def piles_of(request: Inside, asked: Asked, scene: Scene, opened: DealRow | None, panel: str) -> list[Pile]:
    """The cards of every column, as many pages of each as asked for; the open one among them, wherever it stands."""
    board = scene.board
    if board is None:
        return []
    there = versions_at(board, scene.tallies)
    pages = {column.slug: asked.pages.get(column.slug, 1) for column in scene.columns}
    found = list_cards(
        request.access, asked.filters,
        {column.rank: (there[column.rank], 0, pages[column.slug] * PER_PAGE)
         for column in scene.columns if column.rank in there},
    )  # fmt: skip
    piles = []
    for column in scene.columns:
        cards = found.get(column.rank, [])
        shown = len(cards)
        if opened is not None and opened.evidenced_rank == column.rank and opened.pk not in {card.id for card in cards}:
            cards = [card_of(opened), *cards]
        views = [card_view(card, board.stages, scene.at) for card in cards]
        drawn = draw_cards(request, asked, views, opened.key if opened else "", panel)
        piles.append(_pile(request, asked, column, drawn, shown, pages[column.slug]))
    return piles


def next_pile(request: Inside, asked: Asked, scene: Scene, slug: str, page: int) -> Pile | None:
    """One page of one column; None where there is no such column."""
    board, column = scene.board, next((column for column in scene.columns if column.slug == slug), None)
    if board is None or column is None:
        return None
    there = versions_at(board, scene.tallies).get(column.rank, ())
    places = {column.rank: (there, (page - 1) * PER_PAGE, PER_PAGE)}
    cards = list_cards(request.access, asked.filters, places)[column.rank]
    views = [card_view(card, board.stages, scene.at) for card in cards]
    shown = (page - 1) * PER_PAGE + len(cards)
    return _pile(request, asked, column, draw_cards(request, asked, views), shown, page)


def _pile(request: Inside, asked: Asked, column: Column, drawn: SafeString, shown: int, page: int) -> Pile:
    left, following = max(column.deals - shown, 0), page + 1
    may = left > 0 and page < MOST_PAGES
    here = find_url("board", w=request.access.workspace.key)
    part = find_url("board_cards", w=request.access.workspace.key)
    query = asked.query(**{"column": column.slug, f"page-{column.slug}": str(following)})
    return Pile(column, drawn, shown, left, f"{part}{query}" if may else "", f"{here}{query}", page)


def draw_cards(
    request: Inside, asked: Asked, cards: list[CardView], opened: str = "", panel: str = ""
) -> SafeString:  # fmt: skip
    """Cards as HTML; below the one that is `opened` stands the panel."""
    workspace = request.access.workspace.key
    return draw(
        "board/_cards", cards=cards, opened=opened, panel=panel, badge=standing_badge, query=asked.query(),
        deals=find_url("deals", w=workspace), claims=f"{find_url('board', w=workspace)}deals/",
        edits=request.access.may("record"),
    )  # fmt: skip
