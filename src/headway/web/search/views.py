"""Find a deal by a few letters, on a page of its own or in the palette; and what changed since."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from headway.basics.money import money_text
from headway.evidence.kinds import Standing
from headway.store.queries.changes import find_changes, seen_from
from headway.store.queries.search import DealRow, Narrowing, find_deals, search_deals
from headway.web.requests import Inside, inside
from headway.web.shell import find_url

PER_PAGE = 50
LONGEST = 120
STATES = {"": "All", "open": "Open", "decided": "Decided"}
STANDINGS = tuple(str(standing.value) for standing in Standing if standing is not Standing.DECIDED)


@inside()
def search(request: Inside) -> HttpResponse:
    """GET q, state, standing, mine, page: whatever the URL says, so that a link shows the same."""
    text = request.GET.get("q", "")[:LONGEST].strip()
    narrowing = Narrowing(
        state=request.GET["state"] if request.GET.get("state") in STATES else "",
        standing=request.GET["standing"] if request.GET.get("standing") in STANDINGS else "",
        mine=bool(request.GET.get("mine")),
    )
    page = min(max(int(request.GET["page"]), 1), 1_000) if request.GET.get("page", "").isdecimal() else 1
    found = find_deals(request.access, text, narrowing, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    if page > 1 and not found.deals:
        page, found = 1, find_deals(request.access, text, narrowing, limit=PER_PAGE)
    first = (page - 1) * PER_PAGE
    context = {
        "q": text, "narrowing": narrowing, "found": found, "page": page, "first": first + 1,
        "last": first + len(found.deals), "more": first + len(found.deals) < found.total,
        "states": STATES, "standings": STANDINGS, "has_own": request.access.membership.owner_id is not None,
        "rows": [(deal, deal_url(request, deal)) for deal in found.deals],
        "narrowed": narrowing != Narrowing(),
    }  # fmt: skip
    return render(request, "search/search.html", context)


@inside()
def palette(request: Inside) -> HttpResponse:
    """GET q: at most eight deals as JSON, `{"deals": [{"name", "sub", "url", "standing"}]}`."""
    deals = search_deals(request.access, request.GET.get("q", "")[:LONGEST])
    return JsonResponse({"deals": [palette_entry(request, deal) for deal in deals]})


@inside()
def changes(request: Inside) -> HttpResponse:
    """GET after, and deal: 204 when nothing is newer, else `{"last": "812.3", "deals": [keys]}`."""
    found = find_changes(request.access, seen_from(request.GET.get("after", "")), request.GET.get("deal", "")[:12])
    if found is None:
        return HttpResponse(status=204)
    return JsonResponse({"last": str(found.last), "deals": list(found.deals)})


def deal_url(request: Inside, deal: DealRow) -> str:
    """Where the deal's page is; without one, nowhere."""
    return find_url("deal", w=request.access.workspace.key, key=deal.key)


def palette_entry(request: Inside, deal: DealRow) -> dict[str, str]:
    """One deal, in the few words that tell it from its neighbours."""
    amount = "" if deal.amount is None else money_text(float(deal.amount), deal.currency or None)
    about = ["" if deal.account in deal.name else deal.account, amount, deal.owner.name if deal.owner else ""]
    return {
        "name": deal.name,
        "sub": " · ".join(filter(None, about)),
        "url": deal_url(request, deal),
        "standing": deal.standing,
    }
