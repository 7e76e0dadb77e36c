"""The room of a process review: one topic after the other, evidence first, a clock; opened, followed, closed."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from headway.reviews.kinds import Held, ReviewKind
from headway.store.actions.reviews import close_review, join_review, open_review, pass_over, take_up, turn_to
from headway.store.queries.access import NotFoundError, get_item, get_review
from headway.store.queries.process_topics import ReviewRow, RoomTopic, get_topic, room_topics
from headway.web.process_review.forms import Ending
from headway.web.process_review.shown import shown_topic
from headway.web.requests import Inside, inside
from headway.web.shell import find_url
from headway.web.undo import done, way_back

OVER = (Held.HELD.value, Held.LATE.value, Held.EMPTY.value)


@inside()
def process_review(request: Inside, key: str) -> HttpResponse:
    """GET topic: which one is shown; without it the one that is talked about, else the first that waits."""
    return show(request, review_of(request, key), request.GET.get("topic", ""))


def review_of(request: Inside, key: str) -> ReviewRow:
    """The process review with this key; NotFoundError for a review of deals."""
    review = get_review(request.access, key)
    if review.kind != ReviewKind.PROCESS:
        raise NotFoundError(key)
    return review


def show(request: Inside, review: ReviewRow, topic: str = "", form: Ending | None = None) -> HttpResponse:
    """The page; with a form that could not be taken, everything typed is kept."""
    topics = room_topics(review)
    chosen = _chosen(review, topics, topic)
    place = topics.index(chosen) if chosen else 0
    access, running = request.access, review.state == Held.RUNNING
    after = next((one for one in [*topics[place + 1 :], *topics[:place]] if _waits(one) and one is not chosen), None)
    context: dict[str, Any] = {
        "review": review,
        "topics": [(number, shown_topic(one)) for number, one in enumerate(topics, 1)],
        "one": shown_topic(chosen) if chosen else None,
        "number": place + 1,
        "before": topics[place - 1].item.key if chosen and place else "",
        "following": topics[place + 1].item.key if chosen and place + 1 < len(topics) else "",
        "next_open": after.item.key if after else "",
        "running": running,
        "over": review.state in OVER,
        "decided": sum(one.decision is not None for one in topics),
        "may": access.may("review"),
        "may_open": access.may("review") and review.state in (Held.DUE, Held.SKIPPED),
        "may_change": access.may("process"),
        "may_try": access.may("trial"),
        "minutes_url": find_url("review_minutes", w=access.workspace.key, key=review.key),
        "reviews_url": find_url("reviews", w=access.workspace.key),
        "server_now": request.now.astimezone(UTC).isoformat(),
        "form": form or Ending(chosen.topic if chosen else None, access),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "process_review/room.html", context, status=status)


@inside("review")
def open_room(request: Inside, key: str) -> HttpResponse:
    """POST: it begins."""
    review = review_of(request, key)
    if request.method == "POST":
        open_review(review=review, by=request.access.person, at=request.now)
    return _back(request, key)


@inside("review")
def close_room(request: Inside, key: str) -> HttpResponse:
    """POST: it is over; the minutes go out."""
    review = review_of(request, key)
    if request.method != "POST":
        return _back(request, key)
    closed = close_review(review=review, by=request.access.person, at=request.now)
    empty = closed.state == Held.EMPTY
    done(request, "Closed without a decision." if empty else "Closed. The minutes are on their way.")
    minutes = find_url("review_minutes", w=request.access.workspace.key, key=key)
    return redirect(minutes) if minutes else _back(request, key)


@inside("review")
def turn(request: Inside, key: str, item: str) -> HttpResponse:
    """POST: everybody looks at this topic now."""
    review = review_of(request, key)
    row = get_item(request.access, key, item)
    if request.method == "POST" and review.state == Held.RUNNING:
        join_review(review=review, by=request.access.person, at=request.now)
        turn_to(review=review, item=row, by=request.access.person, at=request.now)
        return _back(request, key)
    return _back(request, key, row.key)


@inside("review")
def pass_topic(request: Inside, key: str, item: str) -> HttpResponse:
    """POST: not today."""
    review_of(request, key)
    row = get_item(request.access, key, item)
    if request.method == "POST":
        pass_over(item=row, by=request.access.person, at=request.now)
        done(request, "Passed over.", way="topic passed", about={"review": key, "item": item})
    return _back(request, key)


@way_back("topic passed")
def taken_up(request: Inside, about: dict[str, Any]) -> str:
    """Undo of passing over."""
    request.access.need("review")
    take_up(item=get_item(request.access, about["review"], about["item"]), by=request.access.person, at=request.now)
    return "It is talked about after all."


@inside()
def changes(request: Inside, key: str) -> HttpResponse:
    """GET after: the review's revision that the page shows. 204 while it is the newest, else {"last": revision}."""
    review = review_of(request, key)
    after = request.GET.get("after", "0")
    if review.revision <= (int(after) if after.isdecimal() and len(after) < 18 else 0):
        return HttpResponse(status=204)
    return JsonResponse({"last": review.revision})


def topic_of(request: Inside, review: ReviewRow, item: str) -> RoomTopic:
    """The topic with this key. NotFoundError where the review has none."""
    return get_topic(request.access, review, item)


def _chosen(review: ReviewRow, topics: list[RoomTopic], wanted: str) -> RoomTopic | None:
    by_key = {one.item.key: one for one in topics}
    if wanted in by_key:
        return by_key[wanted]
    talked = next((one for one in topics if one.item.pk == review.at_item_id), None)
    return talked or next((one for one in topics if _waits(one)), None) or next(iter(topics), None)


def _waits(one: RoomTopic) -> bool:
    return one.decision is None and one.item.state == "waiting"


def _back(request: Inside, key: str, topic: str = "") -> HttpResponse:
    answer = redirect("process_review", w=request.access.workspace.key, key=key)
    if topic:
        answer["Location"] += f"?{urlencode({'topic': topic})}"
    return answer
