"""Installs over all companies that somebody leads: where each stands, and what is next there."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from headway.reviews.install import LASTS_DAYS
from headway.store.queries.installs import list_installs
from headway.store.queries.people import PersonRow
from headway.web.health.pictures import course_picture
from headway.web.requests import Request
from headway.web.second_factor import closed_keys


@login_required
def installs(request: HttpRequest) -> HttpResponse:
    """Every workspace that this person leads or runs."""
    now = cast(Request, request).now
    found = list_installs(cast(PersonRow, request.user), now)
    closed = closed_keys(request, [one.workspace for one in found], now)
    rows = [(one, course_picture(one.course) if one.course else "") for one in found if one.workspace.key not in closed]
    return render(request, "health/installs.html", {"rows": rows, "lasts": LASTS_DAYS})
