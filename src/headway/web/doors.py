"""The way in: the start page, and from there to the workspace last visited."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from headway.store.queries.access import list_memberships
from headway.store.queries.people import PersonRow
from headway.web.requests import last_workspace


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """To the workspace last visited, or to the list of them: a seller who owns deals there to these, others home."""
    found = {one.workspace.key: one for one in list_memberships(cast(PersonRow, request.user))}
    if not found:
        return redirect("workspaces")
    here = found.get(last_workspace(request)) or next(iter(found.values()))
    sells = here.role == "seller" and here.owner_id is not None
    return redirect("my_deals" if sells else "home", w=here.workspace.key)


def healthy(request: HttpRequest) -> HttpResponse:
    """For whoever watches over the server."""
    return HttpResponse("ok", content_type="text/plain")
