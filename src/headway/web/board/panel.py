"""The panel below an open card: the stages to claim, what is missing for the claim, and what a gate said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from headway.store.queries.board import DealRow
from headway.store.queries.versions import process_of
from headway.web.board.asked import Asked
from headway.web.board.proof import proof_of
from headway.web.requests import Inside
from headway.web.shell import find_url


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a claim. `kind`: warned, asks, blocks, changed, refused, or empty; `stage`: which was wanted.

    `missing`: what the gate misses, in words; `reason`: as typed; `now`: what somebody else claimed meanwhile.
    """

    kind: str = ""
    sentence: str = ""
    stage: str = ""
    reason: str = ""
    missing: tuple[str, ...] = ()
    now: str = ""


NOTHING = Told()


def panel_context(request: Inside, deal: DealRow, asked: Asked, told: Told = NOTHING) -> dict[str, Any]:
    """For `board/_panel.html`."""
    workspace = request.access.workspace.key
    return {
        "deal": deal,
        "proof": proof_of(deal, process_of(deal.version) if deal.version else None, workspace),
        "told": told,
        "action": f"{find_url('claim_on_board', w=workspace, key=deal.key)}{asked.query()}",
        "close": f"{find_url('board', w=workspace)}{asked.query()}#card-{deal.key}",
        "page": find_url("deal", w=workspace, key=deal.key),
        "edits": request.access.may("record") and not deal.outcome,
        "choosing": not told.kind and request.GET.get("choose") == "1",
    }


def panel_of(request: Inside, deal: DealRow, asked: Asked, told: Told = NOTHING) -> str:
    """The panel as HTML."""
    return render_to_string("board/_panel.html", panel_context(request, deal, asked, told), request)
