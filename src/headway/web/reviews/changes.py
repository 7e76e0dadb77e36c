"""What is new in a review, asked once a second by every page that is in it; and that a page is still open."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from headway.store.actions.reviews import see_review
from headway.store.guards import enter
from headway.store.queries.access import get_review
from headway.store.queries.review_room import find_revision, people_in
from headway.web.requests import Inside, Request, inside
from headway.web.reviews.entering import pass_for, passed


def changes(request: HttpRequest, w: str, key: str) -> HttpResponse:
    """GET after, pass: 204 when nothing is newer, else `{"last": 13}`. With a pass it costs two queries."""
    found = passed(cast(Request, request), w, key)
    if found is None:
        return _at_the_door(request, w=w, key=key)
    enter(found.workspace)
    return _news(cast(Request, request), find_revision(found.workspace, found.review))


@inside()
def _at_the_door(request: Inside, key: str) -> HttpResponse:
    return _news(request, get_review(request.access, key).revision)


def _news(request: Request, revision: int | None) -> HttpResponse:
    after = request.GET.get("after", "")
    seen = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else -1
    if revision is None or revision <= seen:
        return HttpResponse(status=204)
    return JsonResponse({"last": revision})


@inside()
def here(request: Inside, key: str) -> HttpResponse:
    """POST, every fifteen seconds: `{"pass": ..., "last": 13, "here": ["Lena", ...]}`."""
    review = get_review(request.access, key)
    if request.method != "POST":
        return redirect("review_room", w=request.access.workspace.key, key=review.key)
    if request.access.may("review"):
        see_review(review=review, by=request.access.person, at=request.now)
    names = [one.name for one in people_in(review, request.now) if one.here]
    return JsonResponse({"pass": pass_for(request.access, review), "last": review.revision, "here": names})
