"""The agenda on one sheet of paper: the leader's own promises first, room to write beside each deal."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from headway.reviews.minutes import minutes_words
from headway.store.queries.access import get_review
from headway.store.queries.agenda_page import agenda_points
from headway.web.requests import Inside, inside
from headway.web.reviews.agenda import head_of
from headway.web.reviews.points import shown_points

MOST_POINTS = 12  # what one sheet holds with room to write
MOST_PROMISES = 4
TALL = ((5, "roomy"), (7, "fair"), (9, "usual"))  # up to so many points each gets so much room; more are tight


@inside()
def printed(request: Inside, key: str) -> HttpResponse:
    """One page on A4 and Letter; what does not fit is counted."""
    review = get_review(request.access, key)
    points = agenda_points(request.access, review)
    shown = shown_points(request.access, review, points)
    open_points = [one for one in shown if not one.point.settled]
    fits = len(open_points) <= MOST_POINTS
    kept = open_points if fits else open_points[: MOST_POINTS - 1]
    cut = open_points[len(kept) :]
    context = head_of(request, review, points)
    context |= {
        "points": kept,
        "cut": len(cut),
        "cut_minutes": minutes_words(sum(one.point.item.minutes for one in cut)),
        "settled_points": [one for one in shown if one.point.settled],
        "promises": context["promises"][:MOST_PROMISES],
        "more_promises": max(0, len(context["promises"]) - MOST_PROMISES),
        "tall": next((css for most, css in TALL if len(kept) <= most), "tight"),
    }
    return render(request, "reviews/print.html", context)
