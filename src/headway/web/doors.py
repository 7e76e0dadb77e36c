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
    """To the workspace last visited, or to the list of them."""
    memberships = list_memberships(cast(PersonRow, request.user))
    keys = [membership.workspace.key for membership in memberships]
    if not keys:
        return redirect("workspaces")
    last = last_workspace(request)
    return redirect("home", w=last if last in keys else keys[0])


def healthy(request: HttpRequest) -> HttpResponse:
    """For whoever watches over the server."""
    return HttpResponse("ok", content_type="text/plain")
