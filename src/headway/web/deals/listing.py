"""The list of deals: filters in the URL, one page at a time, where each deal is claimed and where its buyer is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from headway.basics.figures import percent_figure
from headway.basics.language import told
from headway.basics.money import money_text
from headway.process.definition import Process
from headway.store.queries.clock import shown_at
from headway.store.queries.deal_chances import chance_of
from headway.store.queries.deal_list import GAPS, MOST_PAGES, SORTS, DealRow, Filters, list_deals
from headway.store.queries.owners import list_owners
from headway.store.queries.versions import list_published, process_of
from headway.web.deals.words import OUTCOMES, STANDINGS
from headway.web.requests import Inside, inside

TABS = {"": "Open", **OUTCOMES}
SORT_NAMES = {
    "attention": "Most worth an hour",
    "amount": "Amount",
    "silence": "Longest silent",
    "gap": "Largest gap",
    "close": "Close date",
    "name": "Name",
    "decided": "Decided last",
}
GAP_NAMES = {
    "ahead": "Claim ahead",
    "agree": "In agreement",
    "behind": "Buyer ahead",
    "unknown": "Not observed",
}
LONGEST = 120


@dataclass(frozen=True, slots=True)
class RowView:
    """A deal as its row says it."""

    deal: DealRow
    owner: str
    amount: str
    claimed: str
    evidenced: str
    gap: str
    gap_kind: str
    silence: str
    days: int | None
    late: bool  # its close date has passed
    chance: str  # to be won by the end of the period
    chance_by: str  # the same with the day, said to those who cannot see the column
    stalled: bool


@inside()
def deals(request: Inside) -> HttpResponse:
    """GET outcome, owner, stage, standing, gap, undated, q, sort, page."""
    filters = filters_of(request)
    asked = request.GET.get("page", "")
    page = min(max(int(asked), 1), MOST_PAGES) if asked.isdecimal() and len(asked) < 6 else 1
    rows, more = list_deals(request.access, filters, page)
    versions = {version.pk: process_of(version) for version in list_published(request.access.workspace)}
    at = shown_at(request.access.workspace, request.now)
    narrowed = filters != Filters(outcome=filters.outcome, sort=filters.sort)
    views = [row_view(deal, versions.get(deal.version_id or 0), at) for deal in rows]
    context = {
        "here": reverse("deals", kwargs={"w": request.access.workspace.key}),
        "filters": filters, "tabs": TABS, "owners": list_owners(request.access), "standings": STANDINGS,
        "stages": list(dict.fromkeys(stage.name for process in versions.values() for stage in process.stages)),
        "gaps": GAP_NAMES, "sorts": {k: v for k, v in SORT_NAMES.items() if (k == "decided") <= bool(filters.outcome)},
        "rows": views, "chance_by": next((view.chance_by.split(":")[0] for view in views if view.chance), ""),
        "picks": not filters.outcome and request.access.may("record"),  # one may claim for open deals
        "page": page, "more": more and page < MOST_PAGES, "narrowed": narrowed, "any": bool(rows) or narrowed,
    }  # fmt: skip
    return render(request, "deals/list.html", context)


def filters_of(request: Inside) -> Filters:
    """From the URL; what is not understood counts as not asked for."""
    asked = request.GET
    owner, outcome = asked.get("owner", ""), asked.get("outcome", "")
    usual = "decided" if outcome in OUTCOMES else "attention"
    return Filters(
        outcome=outcome if outcome in OUTCOMES else "",
        owner=int(owner) if owner.isdecimal() and len(owner) < 18 else None,
        stage=asked.get("stage", "")[:300],
        standing=asked["standing"] if asked.get("standing") in STANDINGS else "",
        gap=asked["gap"] if asked.get("gap") in GAPS else "",
        undated=bool(asked.get("undated")),
        q=asked.get("q", "")[:LONGEST].strip(),
        sort=asked["sort"] if asked.get("sort") in SORTS else usual,
    )


def row_view(deal: DealRow, process: Process | None, at: datetime) -> RowView:
    """One row. `at`: the moment shown."""
    days = None if deal.last_buyer_act_at is None else max((at - deal.last_buyer_act_at).days, 0)
    evidenced = told("not observed")
    if deal.evidenced_rank is not None:
        stages = process.stages if process else ()
        known = 0 < deal.evidenced_rank <= len(stages)
        evidenced = stages[deal.evidenced_rank - 1].name if known else told("nothing yet")
    gap, chance = deal.gap, None if deal.outcome else chance_of(deal)
    return RowView(
        deal=deal,
        owner=deal.owner.name if deal.owner else "nobody",
        amount=money_text(float(deal.amount), deal.currency) if deal.amount is not None else "–",
        claimed=deal.claimed or "nothing",
        evidenced=evidenced,
        gap="" if gap is None else f"+{gap}" if gap > 0 else "0" if gap == 0 else f"−{-gap}",
        gap_kind="" if gap is None else "ahead" if gap > 0 else "agree" if gap == 0 else "behind",
        silence="" if deal.outcome else "" if days is None else "heard today" if days == 0 else f"silent {days} d",
        days=days,
        late=not deal.outcome and deal.close_on is not None and deal.close_on < at.date(),
        chance="" if chance is None or chance.by_end is None else f"{percent_figure(chance.by_end)} %",
        chance_by=chance.words if chance else "",
        stalled=chance is not None and chance.stalled,
    )
