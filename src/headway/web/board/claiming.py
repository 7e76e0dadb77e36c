"""Claim a stage on the board: by a drag, a key or the menu. The card stays where its evidence puts it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.store.actions.deals import ChangedMeanwhileError, claim_stage
from headway.store.gating import GateAsksError, GateBlocksError, warning_of
from headway.store.queries.access import get_deal
from headway.store.queries.board import DealRow, card_of
from headway.store.queries.clock import shown_at
from headway.store.queries.events import EventRow
from headway.store.queries.versions import process_of
from headway.web.board.asked import Asked, asked_of
from headway.web.board.cards import card_view
from headway.web.board.panel import NOTHING, Told, panel_context, panel_of
from headway.web.board.scene import draw_cards, scene_of
from headway.web.requests import Inside, inside
from headway.web.shell import find_url
from headway.web.undo import done

LONGEST = 300
LONGEST_REASON = 2_000


@inside()
def claim(request: Inside, key: str) -> HttpResponse:
    """GET: the card, open; a page of its own without JavaScript. POST value (a stage), was, reason: claims it.

    409 where somebody else claimed meanwhile; 422 where a gate asks for a reason or holds the claim back. The board's
    own address parameters go along, so that one comes back to the same board.
    """
    deal = get_deal(request.access, key)
    asked = asked_of(request.GET, request.access)
    if request.method != "POST":
        return _shown(request, deal, asked, NOTHING, 200)
    request.access.need("record")
    wanted, was = request.POST.get("value", "")[:LONGEST], request.POST.get("was")
    reason = request.POST.get("reason", "")[:LONGEST_REASON]
    if wanted and wanted == deal.claimed and was in (None, deal.claimed):
        return _shown(request, deal, asked, NOTHING, 200, moved=True)
    try:
        event = _claim(request, deal, wanted, was, reason)
    except ChangedMeanwhileError as error:
        deal.refresh_from_db()
        sentence = f"Somebody else claimed {error.now or 'nothing'} meanwhile. Claim {wanted} all the same?"
        return _shown(request, deal, asked, Told("changed", sentence, wanted, reason, now=error.now), 409)
    except GateAsksError as error:
        return _shown(request, deal, asked, Told("asks", str(error), wanted, reason, error.missing), 422)
    except GateBlocksError as error:
        return _shown(request, deal, asked, Told("blocks", str(error), wanted, reason, error.missing), 422)
    except UserError as error:
        return _shown(request, deal, asked, Told("refused", str(error), wanted, reason), 422)
    deal.refresh_from_db()
    warning = warning_of(event)
    told = Told("warned", warning, wanted) if warning else NOTHING
    part = _is_part(request)
    done(request, _said(deal) if part or not warning else f"{_said(deal)} {warning}", event)
    return _shown(request, deal, asked, told, 200, moved=True)


def _claim(request: Inside, deal: DealRow, wanted: str, was: str | None, reason: str) -> EventRow:
    stages = [stage.name for stage in process_of(deal.version).stages] if deal.version else []
    if deal.outcome:
        raise UserError("This deal is decided and stands as it was that day: reopen it first.")
    if not stages:
        raise UserError("No process applies to this deal, so it has no stage to claim: publish one for it first.")
    if not wanted.strip():
        raise UserError(f"No stage was chosen: choose one of {', '.join(stages)}.")
    if wanted not in stages:
        raise UserError(f"“{wanted[:40]}” is no stage of this process: choose one of {', '.join(stages)}.")
    return claim_stage(
        deal=deal, stage=wanted, by=request.access.person, at=request.now, was=was, path="board", reason=reason
    )


def _said(deal: DealRow) -> str:
    """`Fleet renewal claims Proposal now, 2 ahead of what its buyer has shown.`"""
    words = f"{deal.name} claims {deal.claimed} now"
    if not deal.gap:
        return f"{words}." if deal.gap is None else f"{words}, as its buyer has shown."
    return f"{words}, {abs(deal.gap)} {'ahead of' if deal.gap > 0 else 'behind'} what its buyer has shown."


def _is_part(request: Inside) -> bool:
    return request.headers.get("X-Part") == "yes"


def _shown(
    request: Inside, deal: DealRow, asked: Asked, told: Told, status: int, *, moved: bool = False
) -> HttpResponse:
    """Part: the open card, after a claim with the heads of the columns. Page: the same, or back to the board."""
    if not _is_part(request):
        if moved:
            response = redirect("board", w=request.access.workspace.key)
            response["Location"] += f"{asked.query(opened=deal.key)}#card-{deal.key}"
            return response
        return render(request, "board/claim.html", panel_context(request, deal, asked, told), status=status)
    stages = tuple(stage.name for stage in process_of(deal.version).stages) if deal.version else ()
    view = card_view(card_of(deal), stages, shown_at(request.access.workspace, request.now))
    panel = panel_of(request, deal, asked, told)
    context = {
        "card": draw_cards(request, asked, [view], deal.key, panel),
        "columns": scene_of(request, asked, deal.version_id).columns if moved else (),
        "board_url": find_url("board", w=request.access.workspace.key),
    }
    return render(request, "board/_claimed.html", context, status=status)
