"""What is said on an item of a running review: answers, blind calls, and that it is passed over."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.store.actions.deal_calls import open_calls, record_deal_call
from headway.store.actions.reviews import answer, pass_over, take_up
from headway.store.queries.access import get_item
from headway.store.queries.review_room import ItemRow
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back

LONGEST = 4_000


@inside("review")
def say(request: Inside, key: str, item: str) -> HttpResponse:
    """POST question, text: saved as it is typed. For htmx `{"answer": id, "last": revision}`."""
    row = get_item(request.access, key, item)
    if request.method != "POST":
        return to_room(request, row)
    question, text = request.POST.get("question", "")[:20], request.POST.get("text", "")[:LONGEST]
    try:
        made = answer(item=row, question=question, text=text, by=request.access.person, at=request.now)
    except UserError as error:
        if request.htmx:
            return JsonResponse({"problem": str(error)}, status=409)
        raise
    if request.htmx:
        return JsonResponse({"answer": made.pk, "question": question})
    return to_room(request, row, f"q-{question}")


@inside("review")
def call(request: Inside, key: str, item: str) -> HttpResponse:
    """POST percent: 10, 30, 50, 70 or 90 that the buyer says yes by the end of the period."""
    row = get_item(request.access, key, item)
    if request.method != "POST" or row.deal is None:
        return to_room(request, row)
    text = request.POST.get("percent", "")
    chance = int(text) / 100 if text.isascii() and text.isdecimal() and len(text) < 4 else -1.0
    row.deal.workspace = request.access.workspace
    record_deal_call(deal=row.deal, review=row.review, chance=chance, by=request.access.person, at=request.now)
    row.refresh_from_db(fields=["calls_opened_at"])
    if not request.htmx:  # the screen says so itself, beside the buttons
        done(request, "All calls are open." if row.calls_opened_at else "Your call is kept. Nobody sees it yet.")
    return acted(request, row)


@inside("review")
def show_calls(request: Inside, key: str, item: str) -> HttpResponse:
    """POST: show them to everybody, knowing that none made afterwards would be blind."""
    row = get_item(request.access, key, item)
    if request.method == "POST":
        open_calls(item=row, by=request.access.person, at=request.now)
    return acted(request, row)


@inside("review")
def skip(request: Inside, key: str, item: str) -> HttpResponse:
    """POST: not today."""
    row = get_item(request.access, key, item)
    if request.method == "POST":
        passed = pass_over(item=row, by=request.access.person, at=request.now)
        if passed.state == "passed":
            done(request, "Passed over.", way="pass over", about={"review": key, "item": row.key})
    return acted(request, row)


@inside("review")
def unskip(request: Inside, key: str, item: str) -> HttpResponse:
    """POST: today after all."""
    row = get_item(request.access, key, item)
    if request.method == "POST":
        take_up(item=row, by=request.access.person, at=request.now)
    return acted(request, row)


@way_back("pass over")
def _take_up_again(request: Inside, about: dict[str, Any]) -> str:
    request.access.need("review")
    row = get_item(request.access, about["review"], about["item"])
    take_up(item=row, by=request.access.person, at=request.now)
    return "Back on the agenda."


def acted(request: Inside, row: ItemRow) -> HttpResponse:
    """Back to the screen; where it asked by htmx it stays, is told to look for what is new, and shows the toast."""
    if not request.htmx:
        return to_room(request, row)
    response = render(request, "reviews/room_acted.html", {"oob": True})
    response["HX-Trigger"] = "headway:acted"
    return response


def to_room(request: Inside, row: ItemRow, part: str = "") -> HttpResponse:
    """The screen, at a part of it."""
    response = redirect("review_room", w=request.access.workspace.key, key=row.review.key)
    if part:
        response["Location"] += f"#{part}"
    return response
