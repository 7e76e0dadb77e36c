"""The placings of a workspace, and one of them: waiting, placed, or opened."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from headway.reviews.placing import results_of
from headway.store.queries.access import get_placing
from headway.store.queries.placings import (
    PlacingRow,
    Standing,
    convicted_stages,
    list_choosable,
    list_items,
    list_placings,
    opened,
    own_places,
    standing_of,
)
from headway.web.placings.shown import choices_of, shown_results, unclear
from headway.web.requests import Inside, inside


@inside()
def placings(request: Inside) -> HttpResponse:
    """Those that wait for this person, those under way, those with results; stages known to be unclear."""
    access = request.access
    found = list_placings(access)
    context = {
        "waiting": [one for one in found if one.waits_for_me],
        "under_way": [one for one in found if one.row.closed_at is None and not one.waits_for_me],
        "closed": [one for one in found if one.row.closed_at],
        "convicted": [unclear(one) for one in convicted_stages(access.workspace)],
        "found": found,
        "may": access.may("placing"),
        "may_rewrite": access.may("process"),
        "has_process": bool(found) or bool(list_choosable(access)),
    }
    return render(request, "placings/list.html", context)


@inside()
def placing(request: Inside, key: str) -> HttpResponse:
    """One of them."""
    row = get_placing(request.access, key)
    standing = standing_of(request.access, row)
    return _results(request, row, standing) if row.closed_at else _before(request, row, standing)


def _before(request: Inside, row: PlacingRow, standing: Standing) -> HttpResponse:
    """Before the results: how far everybody is, and one's own places alone."""
    places = own_places(row, request.access.person.pk)
    names = {choice.stage: choice.name for choice in choices_of(row.version) if choice.stage or choice.value == "0"}
    items = list_items(row)
    own = []
    for item in items if standing.mine is not None else []:
        place = places.get(item.pk)
        where = "" if place is None else "Cannot tell" if place.unsure else names.get(place.stage, place.stage)
        own.append((item, where))
    context = {
        "row": row, "one": standing, "own": own, "left": len(items) - len(places),
        "next": next((item for item, where in own if not where), None),
        "may_open": request.access.may("placing") and standing.done > 1,
    }  # fmt: skip
    return render(request, "placings/placing.html", context)


def _results(request: Inside, row: PlacingRow, standing: Standing) -> HttpResponse:
    found = opened(row)
    results = results_of(found.placed, found.names)
    together = results_of(found.together, found.names) if found.together else None
    context = {
        "row": row, "one": standing, "p": shown_results(found, results, together), "people": len(found.people),
        "may": request.access.may("placing"), "may_rewrite": request.access.may("process"),
    }  # fmt: skip
    return render(request, "placings/results.html", context)
