"""Claim one stage for several deals at once, from the list. Each deal by itself: one that is refused stops no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from headway.basics.errors import UserError
from headway.store.actions.deals import ChangedMeanwhileError, claim_stage
from headway.store.gating import GateAsksError, GateBlocksError
from headway.store.queries.deal_list import DealRow, list_picked
from headway.store.queries.events import EventRow
from headway.store.queries.versions import process_of
from headway.web.requests import Inside, inside
from headway.web.undo import done

MOST = 200
LONGEST = 300
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Refused:
    """A deal whose claim stayed as it was. `why`: a sentence; `again`: it may be tried again; `asks`: with a reason."""

    deal: DealRow
    why: str
    again: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. `events`: the claims made; `already`: how many claimed that stage before."""

    events: tuple[EventRow, ...]
    already: int
    refused: tuple[Refused, ...]


@inside("record")
def claim_many(request: Inside) -> HttpResponse:
    """POST deal (`KEY CLAIM`: a key and what the page showed as claimed; several), value: a stage, reason, back.

    Back to the list where all went through; else 422 with the deals that were refused, and why.
    """
    if request.method != "POST":
        return redirect("deals", w=request.access.workspace.key)
    picked = _picked(request.POST.getlist("deal"))
    stage, reason = request.POST.get("value", "")[:LONGEST].strip(), request.POST.get("reason", "")[:LONGEST_REASON]
    deals = list_picked(request.access, list(picked))
    if not deals:
        raise UserError("No deal is selected: tick the deals whose claim is to change.")
    if not stage:
        raise UserError("No stage is chosen: say which one these deals are in, then claim it.")
    result = _claimed(request, [(deal, picked[deal.key]) for deal in deals], stage, reason)
    if result.events:
        done(request, _said(result, stage), *result.events)
    back = request.POST.get("back", "")
    context: dict[str, Any] = {
        "result": result, "stage": stage, "reason": reason, "back": back if _is_ours(request, back) else "",
        "asks": any(one.asks for one in result.refused), "again": any(one.again for one in result.refused),
        "said": _said(result, stage),
    }  # fmt: skip
    if result.refused:
        return render(request, "deals/bulk.html", context, status=422)
    if not result.events:
        done(request, _said(result, stage))
    return redirect(context["back"] or reverse("deals", kwargs={"w": request.access.workspace.key}))


def _picked(values: list[str]) -> dict[str, str]:
    """Key -> what the page showed as claimed. At most 200; UserError beyond."""
    picked = {}
    for value in values:
        key, _, was = value.partition(" ")
        picked[key[:12]] = was[:LONGEST]
    if len(picked) > MOST:
        raise UserError(f"At most {MOST} deals at once: {len(picked):,} are selected; take fewer.")
    return picked


def _claimed(request: Inside, picked: list[tuple[DealRow, str]], stage: str, reason: str) -> Result:
    events, refused, already = [], [], 0
    for deal, was in picked:
        stages = [one.name for one in process_of(deal.version).stages] if deal.version else []
        if deal.outcome:
            refused.append(Refused(deal, "It is decided and stands as it was that day: reopen it first."))
        elif stage not in stages:
            refused.append(Refused(deal, f"Its process has no stage {stage}." if stages else "It matches no process."))
        elif deal.claimed == stage:
            already += 1
        else:
            try:
                events.append(
                    claim_stage(
                        deal=deal, stage=stage, by=request.access.person, at=request.now, was=was, path="bulk",
                        reason=reason,
                    )
                )  # fmt: skip
            except ChangedMeanwhileError as error:
                deal.claimed = error.now
                refused.append(Refused(deal, f"Somebody claimed {error.now or 'nothing'} meanwhile.", again=True))
            except GateAsksError as error:
                refused.append(Refused(deal, str(error), again=True, asks=True))
            except GateBlocksError as error:
                refused.append(Refused(deal, str(error)))
    return Result(tuple(events), already, tuple(refused))


def _said(result: Result, stage: str) -> str:
    """`Claimed Proposal for 12 deals; 2 claimed it before.`"""
    made, before = len(result.events), result.already
    words = f"Claimed {stage} for {made} deal{'s' if made != 1 else ''}" if made else "Nothing changed"
    return f"{words}; {before} claimed it before." if before else f"{words}."


def _is_ours(request: Inside, address: str) -> bool:
    return bool(address) and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
