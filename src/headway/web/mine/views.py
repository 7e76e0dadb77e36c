"""My deals: where each buyer is, one question for each, what changed, the deal first where an hour changes most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.store.actions.members import link_owner
from headway.store.actions.standing import moment_of_deal
from headway.store.queries.analyses import scale_of
from headway.store.queries.clock import shown_at
from headway.store.queries.my_deals import (
    MOST_PAGES,
    DealRow,
    has_buyer_acts,
    has_deals,
    known_of,
    list_open_deals,
    processes_of,
)
from headway.store.queries.owners import OwnerRow, list_owners
from headway.store.queries.people import get_member
from headway.store.queries.trials import arms_of
from headway.web.mine.rows import MineRow, Moment, Places, mine_row
from headway.web.mine.since import new_since, since_words
from headway.web.mine.strip import LEGEND
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose deals are shown: one owner's, or everybody's where `owner` is None. `mine`: one's own."""

    owner: int | None
    name: str
    mine: bool


@inside()
def my_deals(request: Inside) -> HttpResponse:
    """GET owner (an id, or `all`), page."""
    owners = list_owners(request.access)
    whose = whose_of(request, owners)
    if whose is None:
        return render(request, "mine/who.html", {"owners": owners, "has_deals": has_deals(request.access)})
    page = _page(request)
    deals, more = list_open_deals(request.access, whose.owner, page)
    if whose.mine and not deals and request.access.role != "seller" and "owner" not in request.GET:
        whose = Whose(None, "Everyone", mine=False)
        deals, more = list_open_deals(request.access, None, page)
    at = shown_at(request.access.workspace, request.now)
    since = new_since(request, at)
    rows = rows_of(request, deals, since, page)
    context: dict[str, Any] = {
        "whose": whose, "owners": owners, "page": page, "more": more and page < MOST_PAGES, "cut": page == MOST_PAGES,
        "first": rows[0] if rows and page == 1 else None, "rows": rows[1:] if page == 1 else rows,
        "since": since_words(since, at), "legend": LEGEND, "count": len(deals), "may": request.access.may("record"),
        "news": sum(bool(row.changes) for row in rows), "own": request.access.membership.owner_id,
    }  # fmt: skip
    arms = arms_of(deals)
    context |= {"arms": arms, "first_arms": arms.get(deals[0].pk, ()) if deals else ()}
    if not deals:
        context["any"] = has_deals(request.access, whose.owner)
        context["anybody"] = context["any"] or has_deals(request.access)
    elif all(deal.last_buyer_act_at is None for deal in deals):
        context["unseen"] = not has_buyer_acts(request.access)
    return render(request, "mine/my_deals.html", context)


def rows_of(request: Inside, deals: list[DealRow], since: datetime, page: int) -> list[MineRow]:
    """The rows of one page."""
    known, processes, scale = known_of(deals), processes_of(deals), scale_of(request.access.workspace)
    places = Places.of(request.access.workspace.key)
    rows = []
    for place, deal in enumerate(deals):
        process, at = processes[deal.pk], moment_of_deal(deal, request.now)
        moment = Moment(at, since, scale.silence_limit_days(process))
        rows.append(mine_row(deal, process, known[deal.pk], moment, places, first=place == 0 and page == 1))
    return rows


def whose_of(request: Inside, owners: list[OwnerRow]) -> Whose | None:
    """From the URL; else one's own; a seller of whom it is not known who they are in the CRM is asked: None."""
    asked, member = request.GET.get("owner", ""), request.access.membership
    own = next((owner for owner in owners if owner.pk == member.owner_id), None) or member.owner  # beyond the list
    chosen = next((owner for owner in owners if str(owner.pk) == asked), None)
    if chosen is not None:
        return Whose(chosen.pk, chosen.name, mine=own is not None and chosen.pk == own.pk)
    if asked == "all" or (own is None and request.access.role != "seller"):
        return Whose(None, "Everyone", mine=False)
    return Whose(own.pk, own.name, mine=True) if own else None


def _page(request: Inside) -> int:
    asked = request.GET.get("page", "")
    return min(max(int(asked), 1), MOST_PAGES) if asked.isdecimal() and len(asked) < 6 else 1


@inside("record")
def i_am(request: Inside) -> HttpResponse:
    """POST owner: who one is in the CRM; `owner` is a name, empty for one's own."""
    access = request.access
    if request.method != "POST":
        return redirect("my_deals", w=access.workspace.key)
    name = " ".join(request.POST.get("owner", "").split()) or access.person.name
    try:
        link_owner(membership=access.membership, owner=name[:200], by=access.person, at=request.now)
    except UserError as error:
        context = {"owners": list_owners(access), "has_deals": has_deals(access), "problem": str(error), "typed": name}
        return render(request, "mine/who.html", context, status=422)
    done(request, f"You are {name} here.", way="who I am", about={"person": access.person.key})
    return redirect("my_deals", w=access.workspace.key)


@way_back("who I am")
def _not_me(request: Inside, about: dict[str, Any]) -> str:
    member = get_member(request.access, about["person"])
    link_owner(membership=member, owner="", by=request.access.person, at=request.now)
    return "Undone."
