"""The agenda of a review: whose promises are broken, the deals with their minutes, and what is settled already."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from headway.charts.minutes_bar import Share, figure, minutes_bar
from headway.reviews.kinds import Held, Promise
from headway.reviews.minutes import Promised, how_held, minutes_words, moment_words
from headway.store.actions.agendas import MOST_FOR_LEADER
from headway.store.queries.access import get_review
from headway.store.queries.agenda_facts import find_empty_reason
from headway.store.queries.agenda_page import AgendaPoint, agenda_points, leader_promises
from headway.store.queries.minutes import held_of
from headway.store.queries.reviews import ReviewRow
from headway.web.requests import Inside, inside
from headway.web.reviews.listing import HELD_MARKS, HELD_WORDS, SOON, doors_of, kind_words
from headway.web.reviews.points import PERCENTS, shown_points


@inside()
def agenda(request: Inside, key: str) -> HttpResponse:
    """GET mine=1: only one's own deals."""
    return show(request, get_review(request.access, key))


def show(
    request: Inside, review: ReviewRow, refused: dict[str, dict[str, Any]] | None = None, status: int = 200
) -> HttpResponse:
    """The page; `refused`: what was typed into a form that could not be taken, by the item's key."""
    access, zone = request.access, request.access.person.zone
    points = agenda_points(access, review)
    shown = shown_points(access, review, points, refused)
    only_mine = request.GET.get("mine") == "1"
    mine = [one for one in shown if one.point.mine]
    state = Held(review.state)
    open_url, room_url = doors_of(request, review)
    place = review.rhythm.place if review.rhythm else ""
    context = head_of(request, review, points)
    shares = shares_of(review, points, context["own_minutes"])
    if review.prepared_at and not points:
        context["empty"] = find_empty_reason(review, request.now)
    context |= {
        "points": mine if only_mine and mine else shown,
        "mine": mine,
        "only_mine": only_mine and bool(mine),
        "waiting": sum(one.may_answer and one.point.mine and not one.point.said for one in mine),
        "bar": SafeString(minutes_bar(shares, review.minutes, title=bar_title(review, points))),
        "shares": [(share.name, figure(share.minutes), share.settled) for share in shares],
        "percents": PERCENTS,
        "place": place,
        "place_url": place if place.startswith(("https://", "http://")) else "",
        "due": state is Held.DUE,
        "over": review.closed_at is not None,
        "held": how_held(held_of(review), zone) if state not in (Held.DUE, Held.RUNNING) else "",
        "open_url": open_url,
        "room_url": room_url,
        "near": review.due_at - SOON <= request.now,
        "may_prepare": state is Held.DUE and access.may("rhythm"),
    }
    return render(request, "reviews/agenda.html", context, status=status)


def head_of(request: Inside, review: ReviewRow, points: list[AgendaPoint]) -> dict[str, Any]:
    """What the agenda and its print begin with."""
    zone = request.access.person.zone
    promises = leader_promises(review, request.now)
    own = leader_minutes(promises)
    given = own + sum(point.item.minutes for point in points)
    settled = sum(point.item.minutes for point in points if point.settled)
    return {
        "review": review,
        "when": moment_words(review.due_at, zone),
        "zone": zone,
        "kind": kind_words(review),
        "state_words": HELD_WORDS[Held(review.state)],
        "state_mark": HELD_MARKS.get(Held(review.state), ""),
        "promises": promises,
        "own_minutes": own,
        "leads": request.access.person.pk == review.leader_id,
        "given": figure(given),
        "settled": figure(settled) if settled else "",
        "left": minutes_words(given - settled),
        "spare": figure(max(0.0, review.minutes - given)),
        "over_time": given > review.minutes,
    }


def leader_minutes(promises: list[Promised]) -> int:
    """What the leader's own broken promises take of the meeting, before any deal."""
    return min(MOST_FOR_LEADER, sum(one.state == Promise.BROKEN for one in promises))


def shares_of(review: ReviewRow, points: list[AgendaPoint], own: int) -> list[Share]:
    """Who gets which minutes."""
    first = [Share(f"What {review.leader.name} promised", own)] if own else []
    return first + [Share(point.title, point.item.minutes, point.settled) for point in points]


def bar_title(review: ReviewRow, points: list[AgendaPoint]) -> str:
    """What the picture of the minutes shows."""
    return f"How {minutes_words(review.minutes)} are spread over {len(points)} points"
