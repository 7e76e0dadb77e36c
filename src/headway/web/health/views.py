"""Rhythm health, for whoever leads; and what stands behind each of its figures."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from headway.reviews.health import is_looked_at
from headway.store.queries.health import HealthFacts, health_facts
from headway.web.health import pictures, shown
from headway.web.requests import Inside, inside

WINDOWS = (30, 90, 365)
USUAL = 90
A_PAGE = 50
STATES = {
    "reviews": ("Reviews", None), "on_time": ("Reviews held on time", "held"), "late": ("Reviews held late", "late"),
    "empty": ("Reviews without a decision", "empty"), "skipped": ("Reviews skipped", "skipped"),
}  # fmt: skip
DEALS = {
    "deals": "Open deals in no review for 30 days", "looked": "Open deals in a review of the last 30 days",
    "unnamed": "Deals with deviations that no review named",
}  # fmt: skip
DEVIATIONS = {"named": "Deviations that a review named", "standing": "Named, and not corrected yet"}


@inside("rhythm")
def health(request: Inside) -> HttpResponse:
    """GET days (30, 90, 365)."""
    facts = health_facts(request.access, request.now)
    days = asked_days(request)
    found = facts.health(days)
    context: dict[str, Any] = {
        "here": "health", "days": days, "windows": WINDOWS, "facts": facts, "health": found,
        "is_new": not facts.rhythms and not facts.occurrences, "own": request.access.person.name in facts.whose,
    }  # fmt: skip
    if not context["is_new"]:
        context |= figures_of(facts, days)
    return render(request, "health/health.html", context)


def figures_of(facts: HealthFacts, days: int) -> dict[str, Any]:
    """Pictures and figures of the page."""
    found = facts.health(days)
    money = found.looked_money
    drawn = pictures.share_picture
    return {
        "advice": shown.advice_for(facts, found), "strips": shown.strips_of(facts, days),
        "kept": shown.said_kept(found), "on_time": shown.said_share(found.on_time),
        "states": [
            (words, key, getattr(found, key).done)
            for key, words in (
                ("on_time", "on time"), ("late", "late"), ("empty", "without a decision"), ("skipped", "skipped"),
            )
        ],
        "looked": shown.said_share(found.looked), "looked_money": shown.said_money(found, facts.currency),
        "looked_mark": drawn(found.looked.value or 0, found.looked.low, found.looked.high),
        "money_mark": drawn(money.value or 0, money.low, money.high),
        "decisions": shown.said_rate(found.decisions), "months": pictures.months_picture(found.months),
        "named": shown.said_share(found.named), "of_agenda": shown.said_share(found.named_of_agenda),
        "named_mark": drawn(found.named.value or 0, found.named.low, found.named.high),
        "agenda_mark": drawn(
            found.named_of_agenda.value or 0, found.named_of_agenda.low, found.named_of_agenda.high
        ),
        "corrected": shown.said_correction(found.correction),
        "curve": pictures.correction_picture(found.correction), "curve_rows": curve_rows(found),
        "reinforcement": facts.reinforcement,
        "reinforced": pictures.reinforcement_picture(facts.reinforcement) if facts.reinforcement else "",
    }  # fmt: skip


def curve_rows(found: Any) -> list[tuple[int, str, int]]:
    """(days, share corrected, still followed) at round days, as the twin of the curve."""
    curve = found.correction.curve
    if curve is None:
        return []
    rows = []
    for day in (7, 14, 30, 60, 90, 180):
        if day <= curve.followed_days:
            one = curve.at(day)
            rows.append(
                (day, f"{100 * (1 - one.value):.0f} % ({100 * (1 - one.high):.0f} to {100 * (1 - one.low):.0f})", one.n)
            )
    return rows


@inside("rhythm")
def behind(request: Inside, behind: str) -> HttpResponse:
    """GET days, page: what a figure rests on."""
    facts = health_facts(request.access, request.now)
    days = asked_days(request)
    found = facts.health(days)
    context: dict[str, Any] = {"here": "health", "days": days, "facts": facts, "what": behind}
    if behind in STATES:
        title, state = STATES[behind]
        rows: list[Any] = [
            one
            for one in sorted(facts.occurrences, key=lambda one: one.due_at, reverse=True)
            if (facts.as_of - one.due_at).days < days and state in (None, one.state.value)
        ]
        context |= {"title": f"{title} in {days} days", "kind": "reviews", "held_words": pictures.HELD_WORDS}
    elif behind in DEALS:
        looked = [deal for deal in facts.deals if is_looked_at(deal, facts.as_of)]
        rows = {"deals": list(found.overlooked), "unnamed": list(found.unnamed), "looked": looked}[behind]
        context |= {"title": DEALS[behind], "kind": "deals"}
    elif behind in DEVIATIONS:
        rows = [
            one
            for one in facts.deviations
            if (facts.as_of - one.named_at).days < days and (behind == "named" or one.corrected_at is None)
        ]
        context |= {"title": DEVIATIONS[behind], "kind": "deviations"}
    else:
        raise Http404(behind)
    page = asked_page(request)
    start = (page - 1) * A_PAGE
    context |= {"rows": rows[start : start + A_PAGE], "n": len(rows), "page": page, "more": len(rows) > start + A_PAGE}
    return render(request, "health/behind.html", context)


def asked_days(request: Inside) -> int:
    """The window asked for; 90 days for none that there is."""
    given = request.GET.get("days", "")
    return int(given) if given.isascii() and given.isdigit() and int(given) in WINDOWS else USUAL


def asked_page(request: Inside) -> int:
    """From 1, at most 1,000."""
    given = request.GET.get("page", "1")
    return min(max(int(given), 1), 1_000) if given.isascii() and given.isdigit() and len(given) < 6 else 1
