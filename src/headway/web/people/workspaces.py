"""The workspaces of a person, a new one, what is set for a workspace, and what somebody sets for themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from headway.store.actions.members import change_person
from headway.store.actions.workspaces import make_workspace as make
from headway.store.actions.workspaces import set_margin, show_day
from headway.store.actions.workspaces import show_today as show_now
from headway.store.queries.access import NotAllowedError, list_memberships
from headway.store.queries.people import PersonRow, may_make_workspace
from headway.web.people.forms import Margin, NewWorkspace, PersonSettings
from headway.web.requests import Inside, Request, inside
from headway.web.undo import done, way_back


@login_required
def workspaces(request: HttpRequest) -> HttpResponse:
    """Every workspace of this person, the last visited first."""
    person = cast(PersonRow, request.user)
    context = {"list": list_memberships(person), "may_make": may_make_workspace(person)}
    return render(request, "people/workspaces.html", context)


@login_required
def make_workspace(request: HttpRequest) -> HttpResponse:
    """A new workspace, whose first leader is whoever makes it."""
    person = cast(PersonRow, request.user)
    if not may_make_workspace(person):
        raise NotAllowedError("To make a workspace, ask somebody who leads one or runs its operations.")
    form = NewWorkspace(request.POST or None, initial={"zone": person.zone, "currency": "EUR"})
    if request.method == "POST" and form.is_valid():
        made = make(by=person, at=cast(Request, request).now, **form.cleaned_data)
        messages.success(request, f"{made.name} is ready: bring in its deals, or add the first one.")
        return redirect("home", w=made.key)
    return render(request, "people/make_workspace.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def person_settings(request: HttpRequest) -> HttpResponse:
    """Name, time zone, language, appearance, keys."""
    person = cast(PersonRow, request.user)
    now = {name: getattr(person, name) for name in ("name", "zone", "language", "theme", "keys_on")}
    form = PersonSettings(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        change_person(person=person, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("person_settings")
    return render(request, "people/person_settings.html", {"form": form}, status=422 if form.errors else 200)


@inside("workspace")
def margin(request: Inside) -> HttpResponse:
    """From how many points on a cost matters: for verdicts and trials of the whole workspace."""
    workspace = request.access.workspace
    form = Margin(request.POST or None, initial={"points": workspace.margin_points})
    if request.method == "POST" and form.is_valid():
        points = form.cleaned_data["points"]
        was = set_margin(workspace=workspace, points=points, by=request.access.person, at=request.now)
        if was != points:
            sentence = f"The margin is {points} point{'s'[: points != 1]}: the next analysis goes by it."
            done(request, sentence, way="margin", about={"points": was})
        return redirect("margin", w=workspace.key)
    return render(request, "people/margin.html", {"form": form}, status=422 if form.errors else 200)


@way_back("margin")
def margin_as_before(request: Inside, about: dict[str, Any]) -> str:
    """Undo of another margin."""
    request.access.need("workspace")
    points = int(about["points"])
    set_margin(workspace=request.access.workspace, points=points, by=request.access.person, at=request.now)
    return f"The margin is {points} again."


@require_POST
@inside("workspace")
def show_today(request: Inside) -> HttpResponse:
    """Show today instead of the day of the newest data."""
    was = show_now(workspace=request.access.workspace, by=request.access.person, at=request.now)
    if was:
        done(request, "Pages show today.", way="shown day", about={"day": was.isoformat()})
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("home", w=request.access.workspace.key)


@way_back("shown day")
def show_that_day_again(request: Inside, about: dict[str, Any]) -> str:
    """Undo of `show_today`."""
    request.access.need("workspace")
    shows_at = datetime.fromisoformat(about["day"])
    show_day(workspace=request.access.workspace, shows_at=shows_at, by=request.access.person, at=request.now)
    return "Pages show the day of the newest data again."
