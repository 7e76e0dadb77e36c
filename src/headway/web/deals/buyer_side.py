"""The people at the buyer, what they agreed to do next, and what else happened on a deal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse

from headway.basics.errors import UserError
from headway.store.actions.contacts import PARTS, add_contact, change_contact, remove_contact
from headway.store.actions.evidence import agree_act, record_activity, record_buyer_act
from headway.store.queries.access import NotFoundError, get_contact
from headway.store.queries.deal_page import ContactRow, DealRow, deal_facts
from headway.web.deals.moment import moment_on, today_of
from headway.web.deals.sheets import frozen, open_deal, sheet, to_deal
from headway.web.requests import Inside, inside
from headway.web.typed import day_of
from headway.web.undo import done, way_back

LONGEST = 300
DONE_BY_US = ("call", "mail", "meeting", "demo", "proposal sent")
DONE_BY_THEM = ("replied", "called", "attended a meeting", "sent a document", "asked a question")


@inside()
def contact(request: Inside, key: str, contact: str = "") -> HttpResponse:
    """A new contact (`name` may come with the URL), or one to change. POST name, part, email."""
    deal = open_deal(request, key)
    row = _contact_of(request, deal, contact) if contact else None
    context: dict[str, Any] = {
        "row": row, "parts": PARTS, "name": row.name if row else request.GET.get("name", "")[:200],
        "part": row.part if row else "", "email": row.email if row else "",
    }  # fmt: skip
    if request.method != "POST":
        return sheet(request, "deals/contact.html", deal, context)
    context |= {name: request.POST.get(name, "")[:LONGEST] for name in ("name", "part", "email")}
    by, at = request.access.person, request.now
    problems = {}
    if context["email"].strip():
        try:
            validate_email(context["email"].strip())
        except ValidationError:
            problems["email"] = "That is no mail address: write it as in name@example.com."
    if not problems:
        try:
            if row is None:
                made = add_contact(
                    deal=deal, name=context["name"], part=context["part"], email=context["email"], by=by, at=at
                )
                done(request, f"{made.name} added.", way="contact", about={"contact": made.key, "remove": True})
            else:
                before = {"contact": row.key, "name": row.name, "part": row.part, "email": row.email}
                change_contact(
                    contact=row, name=context["name"], part=context["part"], email=context["email"], by=by, at=at
                )
                done(request, f"{row.name} changed.", way="contact", about=before)
            return to_deal(request, deal, "contacts")
        except UserError as error:
            problems["name"] = str(error)
    return sheet(request, "deals/contact.html", deal, context | {"problems": problems}, status=422)


@inside()
def contact_gone(request: Inside, key: str, contact: str) -> HttpResponse:
    """POST: no longer among the contacts; what they did stays."""
    deal = open_deal(request, key)
    row = _contact_of(request, deal, contact)
    if request.method == "POST":
        about = {"deal": deal.key, "restore": row.name, "part": row.part, "email": row.email}
        remove_contact(contact=row, by=request.access.person, at=request.now)
        done(request, f"{row.name} removed.", way="contact", about=about)
    return to_deal(request, deal, "contacts")


def _contact_of(request: Inside, deal: DealRow, key: str) -> ContactRow:
    row = get_contact(request.access, key)
    if row.deal_id != deal.pk:
        raise NotFoundError(key)
    return row


@way_back("contact")
def _contact_back(request: Inside, about: dict[str, Any]) -> str:
    by, at = request.access.person, request.now
    request.access.need("record")
    if "restore" in about:
        deal = open_deal(request, about["deal"])
        add_contact(deal=deal, name=about["restore"], part=about["part"], email=about["email"], by=by, at=at)
        return f"{about['restore']} is back."
    row = get_contact(request.access, about["contact"])
    if about.get("remove"):
        remove_contact(contact=row, by=by, at=at)
    else:
        change_contact(contact=row, name=about["name"], part=about["part"], email=about["email"], by=by, at=at)
    return "Undone."


@inside()
def agree(request: Inside, key: str) -> HttpResponse:
    """POST what, due_on, contact: what the buyer agreed to do next."""
    deal = open_deal(request, key)
    frozen(deal)
    context: dict[str, Any] = {"people": _people(deal), "today": today_of(request).isoformat()}
    context |= {name: request.POST.get(name, "")[:LONGEST] for name in ("what", "due_on", "contact")}
    if request.method != "POST":
        return sheet(request, "deals/agree.html", deal, context)
    problems = {}
    if not context["what"].strip():
        problems["what"] = "Write what they agreed to do, in a few words."
    try:
        due_on = day_of(context["due_on"])
        if due_on is None:
            problems["due_on"] = "Pick the day by which they will do it."
        elif due_on < today_of(request):
            problems["due_on"] = "That day is over: pick one from today on."
    except UserError as error:
        due_on, problems["due_on"] = None, str(error)
    if problems or due_on is None:
        return sheet(request, "deals/agree.html", deal, context | {"problems": problems}, status=422)
    event = agree_act(
        deal=deal, what=context["what"].strip(), due_on=due_on, contact=context["contact"].strip() or None,
        by=request.access.person, at=request.now,
    )  # fmt: skip
    done(request, f"Agreed for {due_on.day} {due_on:%b}.", event)
    return to_deal(request, deal, "next-act")


@inside()
def happening(request: Inside, key: str) -> HttpResponse:
    """POST side, what, contact, on: something that proves no milestone; it moves that side's clock."""
    deal = open_deal(request, key)
    frozen(deal)
    context: dict[str, Any] = {
        "people": _people(deal), "today": today_of(request).isoformat(), "by_us": DONE_BY_US, "by_them": DONE_BY_THEM,
        "side": request.GET.get("side", "buyer"), "on": today_of(request).isoformat(), "what": "", "contact": "",
    }  # fmt: skip
    if request.method != "POST":
        return sheet(request, "deals/happening.html", deal, context)
    context |= {name: request.POST.get(name, "")[:LONGEST] for name in ("side", "what", "contact", "on")}
    what, problems, day = context["what"].strip(), {}, None
    if not what:
        problems["what"] = "Write what was done, in a few words."
    try:
        day = day_of(context["on"]) or today_of(request)
        if day > today_of(request):
            problems["on"] = "That lies in the future: give the day on which it happened, today at the latest."
    except UserError as error:
        problems["on"] = str(error)
    if problems or day is None:
        return sheet(request, "deals/happening.html", deal, context | {"problems": problems}, status=422)
    by, at, happened_at = request.access.person, request.now, moment_on(request, day)
    if context["side"] == "seller":
        event = record_activity(deal=deal, what=what, by=by, at=at, happened_at=happened_at)
    else:
        who = context["contact"].strip() or None
        event = record_buyer_act(deal=deal, what=what, contact=who, by=by, at=at, happened_at=happened_at)
    done(request, "Recorded.", event)
    return to_deal(request, deal, "histories")


def _people(deal: DealRow) -> list[str]:
    """Who is known at the buyer, for the lists that fields offer."""
    facts = deal_facts(deal)
    told = [row.name for row in facts.contacts]
    return list(dict.fromkeys([*told, *(r.event.contact for r in facts.records if r.event.contact)]))[:50]
