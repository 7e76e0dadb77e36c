"""The deals behind the number: each one's chance, when it is decided, and what moves it most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from headway.basics.money import money_text
from headway.forecast.forecast_json import deal_from_json
from headway.forecast.value import DealForecast, Forecast, Total
from headway.store.queries.calls import OWNER, Scope, list_own_calls, scopes_of
from headway.store.queries.forecasts import MOST_PAGES, PER_PAGE, DealForecastRow, list_deal_forecasts
from headway.web.forecast import pictures
from headway.web.forecast.asked import SEGMENT, query_of, scope_text
from headway.web.forecast.head import asked_choice, head_of, nothing_of, today_of
from headway.web.forecast.opening import is_asked, read_forecast
from headway.web.forecast.shown import total_of
from headway.web.requests import Inside, inside

FILTERS = {OWNER: "Any owner", "team": "Any team", SEGMENT: "Any segment"}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One deal. `week`: the likely one, `week_range` its 80 % range; `why`: the first fact."""

    key: str
    name: str
    about: str
    amount: str
    chance: str
    chance_range: str
    mark: SafeString
    week: str
    week_range: str
    why: str
    limits: str
    stalled: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice above the list."""

    name: str
    any: str
    chosen: str
    values: tuple[str, ...]


@inside()
def deals(request: Inside) -> HttpResponse:
    """GET owner, team, segment, stalled, page."""
    found = read_forecast(request)
    if found is None:
        return render(request, "forecast/nothing.html", nothing_of(request, "deals"))
    chosen = {name: request.GET.get(name, "")[:LONGEST] for name in FILTERS}
    stalled, page = bool(request.GET.get("stalled")), page_of(request.GET.get("page", ""))
    narrowed = {name: value for name, value in chosen.items() if value}
    rows, more = list_deal_forecasts(request.access, **narrowed, stalled=stalled, page=page, whole=True)
    context = {
        **head_of(request, asked_choice(request, ""), "deals"), "forecast": found,
        "rows": [row_of(row, found) for row in rows], "page": page, "more": more and page < MOST_PAGES,
        "deals_at": reverse("deals", kwargs={"w": request.access.workspace.key}), "first": (page - 1) * PER_PAGE,
        "stalled": stalled, "narrowed": bool(narrowed) or stalled,
        "filters": [Filter(name, words, chosen[name], names_of(found, name)) for name, words in FILTERS.items()],
        **group_of(request, found, narrowed, stalled=stalled),
    }  # fmt: skip
    return render(request, "forecast/deals.html", context)


def group_of(request: Inside, found: Forecast, narrowed: dict[str, str], *, stalled: bool) -> dict[str, Any]:
    """The total of the deals listed, where it is one that is known and may be shown already."""
    if len(narrowed) > 1 or stalled:
        return {}
    scope = Scope(*next(iter(narrowed.items()))) if narrowed else Scope("all")
    access, choice = request.access, asked_choice(request, "")
    total: Total | None = total_of(found, scope)
    own = list_own_calls(access, period=choice.key)
    if total is None or is_asked(request, found, choice, today_of(request), own, scopes_of(access)):
        return {}
    return {"total": total, "number_query": query_of(of=scope_text(scope))}


def row_of(row: DealForecastRow, found: Forecast) -> Row:
    """One row, from what is stored of the deal; its name and owner are of today."""
    said = deal_from_json(row.text)
    deal, by_end = row.deal, said.by_end
    about = [deal.account if deal.account not in deal.name else "", deal.owner.name if deal.owner else ""]
    likely = said.likely
    return Row(
        key=deal.key, name=deal.name, about=" · ".join(filter(None, about)),
        amount="–" if said.amount is None else money_text(said.amount, found.currency),
        chance="–" if by_end is None else percent_text(by_end.value),
        chance_range="" if by_end is None else f"{100 * by_end.low:.0f}–{100 * by_end.high:.0f} %",
        mark=SafeString("") if by_end is None else pictures.chance_mark(by_end),
        week="" if likely is None else near_text(likely.middle_on, found),
        week_range="" if likely is None else f"{near_text(likely.low_on, found)} – {near_text(likely.high_on, found)}",
        why=why_of(said), limits="; ".join(said.limits), stalled=said.stalled,
    )  # fmt: skip


def why_of(said: DealForecast) -> str:
    """The fact that moves the chance most, as a sentence."""
    sentence = said.facts[0].sentence if said.facts else ""
    return sentence[:1].upper() + sentence[1:]


def percent_text(share: float) -> str:
    """`34 %`; what is not quite none or all is not rounded to it."""
    if 0 < share < 0.005:
        return "< 1 %"
    return "> 99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"


def near_text(on: date, found: Forecast) -> str:
    """`13 Jul`, with the year where it is another than that of the forecast."""
    return f"{on.day} {on:%b}" if on.year == found.as_of.year else f"{on.day} {on:%b %Y}"


def names_of(found: Forecast, kind: str) -> tuple[str, ...]:
    """The owners, teams or segments of the forecast, by name."""
    return tuple(sorted(one.name for one in found.groups if one.kind == kind))


def page_of(asked: str) -> int:
    """The page asked for, at least the first."""
    return min(max(int(asked), 1), MOST_PAGES) if asked.isdecimal() and len(asked) < 6 else 1
