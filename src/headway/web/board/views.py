"""The board: each open deal in the column of its evidenced stage, with its claim as a marker."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from headway.store.queries.access import NotFoundError, get_deal
from headway.store.queries.board import PER_PAGE, DealRow
from headway.store.queries.calls import list_teams
from headway.store.queries.changes import last_seen
from headway.store.queries.owners import list_owners
from headway.web.board.asked import MOST_PAGES, STANDINGS, Asked, asked_of
from headway.web.board.panel import panel_of
from headway.web.board.scene import Pile, Scene, next_pile, piles_of, scene_of
from headway.web.requests import Inside, inside
from headway.web.shell import find_url


@inside()
def board(request: Inside) -> HttpResponse:
    """GET process, owner, mine, team, standing, page-COLUMN, column (on a phone), open (a deal's key)."""
    asked = asked_of(request.GET, request.access)
    opened = _opened(request, asked)
    scene = scene_of(request, asked, opened.version_id if opened else None)
    if opened is not None and (scene.board is None or opened.version_id not in scene.board.versions):
        opened = None
    panel = panel_of(request, opened, asked) if opened else ""
    piles = piles_of(request, asked, scene, opened, panel)
    return render(request, "board/board.html", _context(request, asked, scene, piles))


def _opened(request: Inside, asked: Asked) -> DealRow | None:
    """The deal whose card is open. One that is decided, or is not there, leaves the board as it is."""
    if not asked.opened:
        return None
    try:
        deal = get_deal(request.access, asked.opened)
    except NotFoundError:
        return None
    return None if deal.outcome else deal


def _context(request: Inside, asked: Asked, scene: Scene, piles: list[Pile]) -> dict[str, Any]:
    workspace = request.access.workspace.key
    here = find_url("board", w=workspace)
    fullest = max(scene.columns, key=lambda column: column.deals, default=None)
    known = any(column.slug == asked.column for column in scene.columns)
    return {
        "here": here,
        "asked": asked,
        "scene": scene,
        "piles": piles,
        "current": asked.column if known else fullest.slug if fullest else "",
        "switch": [(column, f"{here}{asked.query(column=column.slug)}") for column in scene.columns],
        "stages": json.dumps(scene.board.stages if scene.board else ()),
        "owners": list_owners(request.access),
        "teams": list_teams(request.access),
        "standings": STANDINGS,
        "edits": request.access.may("record"),
        "has_own": request.access.membership.owner_id is not None,
        "seen": last_seen(request.access),
        "per_page": PER_PAGE,
    }


@inside()
def more_cards(request: Inside) -> HttpResponse:
    """GET column, page-COLUMN and the board's filters: the next cards of that column, a part of the page."""
    asked = asked_of(request.GET, request.access)
    page = min(asked.pages.get(asked.column, 2), MOST_PAGES)
    pile = next_pile(request, asked, scene_of(request, asked), asked.column, page)
    if pile is None:
        if re.fullmatch(r"unseen|\d*", asked.column):
            return HttpResponse("")
        raise NotFoundError(asked.column)
    return render(request, "board/_pile.html", {"pile": pile, "per_page": PER_PAGE})
