"""Data: what happens to a workspace as a whole, in one place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from headway.store.queries.erasures import list_erasures
from headway.store.queries.exports import can_be_fetched, list_exports
from headway.store.queries.hand_overs import find_offer, find_returnable
from headway.web.requests import Inside, inside


@inside("keep")
def data(request: Inside) -> HttpResponse:
    """Exports, erasures, how long words are kept, and who it can be handed to. GET take: the export to download now."""
    exports = [(one, can_be_fetched(one, request.now)) for one in list_exports(request.access)]
    context = {
        "exports": exports,
        "take": request.GET.get("take", ""),
        "underway": next((one for one, _ in exports if one.finished_at is None), None),
        "erasures": list_erasures(request.access),
        "offer": find_offer(request.access),
        "returnable": find_returnable(request.access, request.now),
    }
    return render(request, "keeping/data.html", context)
