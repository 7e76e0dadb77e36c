"""The screen of a review while it is held: shared in a call, and worked with by everybody at once."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.reviews.kinds import Held, ReviewKind
from headway.store.actions.reviews import close_review, join_review, open_review, turn_to
from headway.store.queries.access import get_item, get_review
from headway.store.queries.review_room import ReviewRow, review_counts, room_of
from headway.web.requests import Inside, inside, saw
from headway.web.reviews.screen import screen_of
from headway.web.shell import find_url
from headway.web.undo import done

LIVE = "X-Live"


@inside()
def room(request: Inside, key: str) -> HttpResponse:
    """GET item: another item than the one everybody looks at. With `X-Live: yes` only the part that changes."""
    review = get_review(request.access, key)
    elsewhere = process_url(request, review)
    if elsewhere:
        return redirect(elsewhere)
    state = Held(review.state)
    if state in (Held.DUE, Held.SKIPPED):
        context = {"review": review, "late": state is Held.SKIPPED, "may": request.access.may("review")}
        return render(request, "reviews/room_door.html", context)
    if state is not Held.RUNNING:
        return redirect(minutes_url(request, review))
    live = request.headers.get(LIVE) == "yes"
    found = room_of(review, request.GET.get("item", "")[:12], request.now)
    context = screen_of(request, found)
    if not live:
        saw(request, f"review {review.key}")
    return render(request, "reviews/room_body.html" if live else "reviews/room.html", context)


@inside("review")
def begin(request: Inside, key: str) -> HttpResponse:
    """POST: it begins; whoever presses where it runs already is in it."""
    review = get_review(request.access, key)
    if request.method != "POST":
        return redirect("review_room", w=request.access.workspace.key, key=review.key)
    runs = review.state == Held.RUNNING
    review = open_review(review=review, by=request.access.person, at=request.now)
    if runs:
        join_review(review=review, by=request.access.person, at=request.now)
    return redirect("review_room", w=request.access.workspace.key, key=review.key)


@inside("review")
def turn(request: Inside, key: str, item: str) -> HttpResponse:
    """POST: everybody looks at this one."""
    row = get_item(request.access, key, item)
    if request.method == "POST":
        turn_to(review=row.review, item=row, by=request.access.person, at=request.now)
        if request.headers.get(LIVE) == "yes":
            return HttpResponse(status=204)
    return redirect("review_room", w=request.access.workspace.key, key=key)


@inside("review")
def close(request: Inside, key: str) -> HttpResponse:
    """GET: what was decided, and what closing does. POST: close; the minutes go out."""
    review = get_review(request.access, key)
    if review.state != Held.RUNNING:
        over = review.closed_at is not None
        return redirect(minutes_url(request, review) if over else _room(request, review))
    if request.method != "POST":
        return render(request, "reviews/room_close.html", {"review": review, "counts": review_counts(review)})
    review = close_review(review=review, by=request.access.person, at=request.now)
    done(request, "Closed. The minutes are on their way to everybody.")
    return redirect(minutes_url(request, review))


def minutes_url(request: Inside, review: ReviewRow) -> str:
    """Where its minutes are."""
    return find_url("review_minutes", w=request.access.workspace.key, key=review.key)


def process_url(request: Inside, review: ReviewRow) -> str:
    """Where topics of a process review are decided; empty for every other kind."""
    if review.kind != ReviewKind.PROCESS:
        return ""
    return find_url("process_review", w=request.access.workspace.key, key=review.key)


def _room(request: Inside, review: ReviewRow) -> str:
    return find_url("review_room", w=request.access.workspace.key, key=review.key)
