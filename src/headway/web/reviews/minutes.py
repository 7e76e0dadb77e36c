"""The minutes of a review on a page: the same content as the mail, and what was corrected since."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.reviews.kinds import Held
from headway.reviews.minutes import how_held, minutes_paper, minutes_words
from headway.reviews.paper import as_text
from headway.store.queries.access import get_review
from headway.store.queries.minutes import minutes_of
from headway.web.requests import Inside, inside
from headway.web.reviews.listing import HELD_MARKS, HELD_WORDS, kind_words


@inside()
def minutes(request: Inside, key: str) -> HttpResponse:
    """Of a review that was closed; one that was not leads to its agenda."""
    review = get_review(request.access, key)
    if review.state in (Held.DUE, Held.RUNNING):
        return redirect("review_agenda", w=request.access.workspace.key, key=review.key)
    zone, found = request.access.person.zone, minutes_of(review)
    address = request.build_absolute_uri()
    context = {
        "review": review,
        "m": found,
        "held": how_held(found, zone),
        "kind": kind_words(review),
        "state_words": HELD_WORDS[Held(review.state)],
        "state_mark": HELD_MARKS.get(Held(review.state), ""),
        "skipped_minutes": minutes_words(sum(point.minutes for point in found.skipped)),
        "zone": zone,
        "text": as_text(minutes_paper(found, zone, address)),
    }
    return render(request, "reviews/minutes.html", context)
