"""A team without a CRM: name, account, amount, close date, owner and claim, edited in place; and how the deal ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.basics.money import money_text
from headway.deals.events import Outcome
from headway.store.actions.deals import (
    ChangedMeanwhileError,
    add_deal,
    claim_stage,
    decide_deal,
    drop_deal,
    field_text,
    name_deal,
    reopen_deal,
    set_amount,
    set_close_date,
    set_owner,
)
from headway.store.gating import GateAsksError, GateError, warning_of
from headway.store.queries.access import NotFoundError, get_deal
from headway.store.queries.deal_page import DealRow
from headway.store.queries.events import EventRow
from headway.store.queries.owners import list_owner_names
from headway.store.queries.versions import process_of
from headway.web.deals.moment import moment_on, today_of
from headway.web.deals.sheets import open_deal, sheet, to_deal
from headway.web.deals.words import OUTCOMES
from headway.web.requests import Inside, inside
from headway.web.typed import amount_of, day_of
from headway.web.undo import done, way_back

FIELDS = {
    "name": "name",
    "account": "account",
    "amount": "amount",
    "close": "close date",
    "owner": "owner",
    "stage": "stage",
    "outcome": "outcome",
}
LONGEST = 300
Edit = Callable[[Inside, DealRow, str, str | None], EventRow]


def _amount(request: Inside, deal: DealRow, value: str, was: str | None) -> EventRow:
    return set_amount(deal=deal, amount=amount_of(value), by=request.access.person, at=request.now, was=was)


def _close(request: Inside, deal: DealRow, value: str, was: str | None) -> EventRow:
    return set_close_date(deal=deal, due_on=day_of(value), by=request.access.person, at=request.now, was=was)


def _owner(request: Inside, deal: DealRow, value: str, was: str | None) -> EventRow:
    return set_owner(deal=deal, owner=value, by=request.access.person, at=request.now, was=was)


def _stage(request: Inside, deal: DealRow, value: str, was: str | None) -> EventRow:
    stages = [stage.name for stage in process_of(deal.version).stages] if deal.version else []
    if stages and value not in stages:
        raise UserError(f"“{value[:40]}” is no stage of this process: choose one of {', '.join(stages)}.")
    if not value.strip():
        raise UserError("Write the stage that you take the deal to be in.")
    reason = request.POST.get("reason", "")[:LONGEST]
    return claim_stage(deal=deal, stage=value.strip(), by=request.access.person, at=request.now, was=was, reason=reason)


EDITS: dict[str, Edit] = {"amount": _amount, "close": _close, "owner": _owner, "stage": _stage}


@inside()
def edit_deal(request: Inside, key: str, field: str) -> HttpResponse:
    """POST value, and was: what the form was opened with. 409 with both where it changed meanwhile."""
    if field not in FIELDS or field == "outcome":
        raise NotFoundError(field)
    deal = open_deal(request, key)
    if request.method != "POST":
        return sheet(request, "deals/edit.html", deal, _edit_context(request, deal, field))
    value, was = request.POST.get("value", "")[:LONGEST], request.POST.get("was")
    if was is not None and value == was:
        return to_deal(request, deal)
    try:
        if field in EDITS:
            event = EDITS[field](request, deal, value, was)
            deal.refresh_from_db()
            warned = warning_of(event) if field == "stage" else ""
            done(request, warned or _said(deal, field), event)
        else:
            before = name_deal(deal=deal, field=field, value=value, by=request.access.person, at=request.now, was=was)
            about = {"deal": deal.key, "field": field, "value": before, "was": field_text(deal, field)}
            done(request, _said(deal, field), way="deal words", about=about)
    except ChangedMeanwhileError as error:
        return _conflict(request, deal, field, value, error)
    except UserError as error:
        context = _edit_context(request, deal, field) | {"value": value, "was": was, "problem": str(error)}
        if isinstance(error, GateError):
            context |= {"held": error, "asks": isinstance(error, GateAsksError)}
            context["reason"] = request.POST.get("reason", "")[:LONGEST]
        return sheet(request, "deals/edit.html", deal, context, status=422)
    return to_deal(request, deal)


def _edit_context(request: Inside, deal: DealRow, field: str) -> dict[str, Any]:
    text = field_text(deal, FIELDS[field])
    stages = [stage.name for stage in process_of(deal.version).stages] if deal.version and field == "stage" else []
    owners = list_owner_names(request.access) if field == "owner" else []
    return {"field": field, "label": FIELDS[field], "value": text, "was": text, "stages": stages, "owners": owners}


def _conflict(request: Inside, deal: DealRow, field: str, mine: str, error: ChangedMeanwhileError) -> HttpResponse:
    def told(value: str) -> str:
        return OUTCOMES.get(value, "Open") if field == "outcome" else value or "nothing"

    context = {
        "field": field, "label": FIELDS[field], "mine": mine, "theirs": error.now, "posted": request.POST,
        "mine_told": told(mine), "theirs_told": told(error.now),
    }  # fmt: skip
    return sheet(request, "deals/conflict.html", deal, context, status=409)


def _said(deal: DealRow, field: str) -> str:
    money = money_text(float(deal.amount), deal.currency) if deal.amount is not None else "unknown"
    return {
        "amount": f"Amount: {money}.",
        "close": f"Close date: {deal.close_on.day} {deal.close_on:%b %Y}." if deal.close_on else "Close date cleared.",
        "owner": f"{deal.owner} owns this deal now.",
        "stage": f"Claimed {deal.claimed}.",
        "name": "Name changed.",
        "account": "Account changed.",
    }[field]


@way_back("deal words")
def _words_back(request: Inside, about: dict[str, Any]) -> str:
    request.access.need("record")
    deal = open_deal(request, about["deal"])
    name_deal(
        deal=deal,
        field=about["field"],
        value=about["value"],
        by=request.access.person,
        at=request.now,
        was=about["was"],
    )
    return "Undone."


@inside()
def decide(request: Inside, key: str) -> HttpResponse:
    """POST outcome, reason, on: won, lost, no decision or withdrawn."""
    deal = open_deal(request, key)
    today = today_of(request).isoformat()
    chosen = request.GET.get("outcome", "")
    context: dict[str, Any] = {
        "outcomes": OUTCOMES, "was": deal.outcome, "outcome": chosen, "on": today, "today": today, "reason": "",
    }  # fmt: skip
    if request.method != "POST":
        return sheet(request, "deals/decide.html", deal, context)
    posted = request.POST
    context |= {name: posted.get(name, "")[:2000] for name in ("outcome", "reason", "on", "was")}
    if posted.get("outcome") not in OUTCOMES:
        return sheet(request, "deals/decide.html", deal, context | {"problem": "Choose how it ended."}, status=422)
    try:
        day = day_of(context["on"])
        event = decide_deal(
            deal=deal, outcome=Outcome(context["outcome"]), reason=context["reason"], by=request.access.person,
            at=request.now, happened_at=moment_on(request, day) if day else None, was=context["was"],
        )  # fmt: skip
    except ChangedMeanwhileError as error:
        return _conflict(request, deal, "outcome", context["outcome"], error)
    except UserError as error:
        return sheet(request, "deals/decide.html", deal, context | {"day_problem": str(error)}, status=422)
    done(request, f"{OUTCOMES[context['outcome']]}. The deal stands as it is from now on.", event)
    return to_deal(request, deal)


@inside()
def reopen(request: Inside, key: str) -> HttpResponse:
    """POST: the deal is open again."""
    deal = open_deal(request, key)
    if request.method == "POST" and deal.outcome:
        event = reopen_deal(deal=deal, by=request.access.person, at=request.now)
        done(request, "Open again.", event)
    return to_deal(request, deal)


@inside("record")
def add(request: Inside) -> HttpResponse:
    """POST name: the deal, and straight to its page."""
    if request.method != "POST":
        return render(request, "deals/add.html", {"value": request.GET.get("name", "")[:LONGEST]})
    value, access = request.POST.get("name", ""), request.access
    try:
        owner = access.membership.owner.name if access.membership.owner else access.person.name
        made = add_deal(
            workspace=access.workspace, name=value[:LONGEST], by=access.person, at=request.now,
            owner=owner, adopter=access.membership,
        )  # fmt: skip
    except UserError as error:
        return render(request, "deals/add.html", {"value": value, "problem": str(error)}, status=422)
    done(request, f"{made.name} added.", way="added deal", about={"deal": made.key})
    return redirect("deal", w=access.workspace.key, key=made.key)


@way_back("added deal")
def _added_back(request: Inside, about: dict[str, Any]) -> str:
    deal = get_deal(request.access, about["deal"])
    request.access.need("record")
    drop_deal(deal=deal, by=request.access.person, at=request.now)
    return f"{deal.name} is gone again."
