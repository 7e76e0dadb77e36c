"""Place one deal after the other, be done, open the results early."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.store.actions.placings import close_placing, finish_placing, place_deal, resume_placing
from headway.store.queries.access import NotFoundError, get_placing, get_placing_deal
from headway.store.queries.placings import PlacementRow, list_items, own_places, standing_of
from headway.web.placings.shown import UNSURE, Choice, choices_of, lines_of
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back


@inside()
def place(request: Inside, key: str, item: str) -> HttpResponse:
    """GET the evidence of one deal; POST place: a rank, 0 for before the first, `unsure` for cannot tell."""
    access = request.access
    row = get_placing(access, key)
    one = get_placing_deal(access, key, item)
    standing = standing_of(access, row)
    if standing.mine is None:
        raise NotFoundError(key)  # who is not asked sees no deal of it before the results
    if standing.finished or row.closed_at:
        return redirect("placing", w=access.workspace.key, key=key)
    items, places = list_items(row), own_places(row, access.person.pk)
    choices = choices_of(row.version)
    problem, typed = "", _typed(places.get(one.pk), choices)
    if request.method == "POST":
        typed = request.POST.get("place", "")
        picked = next((choice for choice in choices if choice.value == typed), None)
        try:
            if picked is None:
                raise UserError("Choose a stage, or say that you cannot tell.")
            place_deal(item=one, stage=picked.stage, unsure=typed == UNSURE, by=access.person, at=request.now)
        except UserError as error:
            problem = str(error)
        else:
            onward = [*items[one.number :], *items[: one.number - 1]]
            after = next((each.key for each in onward if each.pk not in places), "")
            if after:
                return redirect("placing_deal", w=access.workspace.key, key=key, item=after)
            return redirect("placing", w=access.workspace.key, key=key)
    lines = lines_of(one)
    context = {
        "row": row, "one": one, "lines": lines, "asked_on": one.shown.get("asked_on", 0),
        "quiet": one.shown.get("asked_on", 0) - max((line.day for line in lines), default=0),
        "items": [(each, each.pk in places) for each in items], "many": len(items), "choices": choices,
        "typed": typed, "problem": problem, "placed": sum(each.pk in places for each in items),
        "before": items[one.number - 2] if one.number > 1 else None,
    }  # fmt: skip
    return render(request, "placings/place.html", context, status=422 if problem else 200)


@require_POST
@inside()
def done_with(request: Inside, key: str) -> HttpResponse:
    """Be done; with the last of all asked the results open."""
    row = finish_placing(placing=get_placing(request.access, key), by=request.access.person, at=request.now)
    if row.closed_at:
        done(request, "Everybody is done: here are the results.")
    else:
        done(request, "You are done. The results open when the others are.", way="placed", about={"key": key})
    return redirect("placing", w=request.access.workspace.key, key=key)


@require_POST
@inside("placing")
def open_results(request: Inside, key: str) -> HttpResponse:
    """Without those who are not done."""
    close_placing(placing=get_placing(request.access, key), by=request.access.person, at=request.now)
    done(request, "The results are open.")
    return redirect("placing", w=request.access.workspace.key, key=key)


@way_back("placed")
def not_done(request: Inside, about: dict[str, Any]) -> str:
    """Undo of being done."""
    resume_placing(placing=get_placing(request.access, about["key"]), by=request.access.person, at=request.now)
    return "You can place on."


def _typed(place: PlacementRow | None, choices: Sequence[Choice]) -> str:
    """The choice that is pressed already; empty where the deal is not placed."""
    if place is None:
        return ""
    if place.unsure:
        return UNSURE
    return next((choice.value for choice in choices if choice.stage == place.stage), "")
