"""Ask people to place deals: which version of which process, and who."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.reviews.placing import DEALS, MOST_PEOPLE
from headway.store.actions.placings import begin_placing, drop_placing
from headway.store.queries.access import get_placing
from headway.store.queries.people import MembershipRow, list_members
from headway.store.queries.placings import list_choosable
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back


@inside("placing")
def begin(request: Inside) -> HttpResponse:
    """GET; POST version (its key), people (their keys)."""
    access = request.access
    versions = list_choosable(access)
    members = [member for member in list_members(access) if member.role != "viewer"]
    chosen = set(request.POST.getlist("people")) or _proposed(request, members)
    wanted = request.POST.get("version") or request.GET.get("version", "")
    problem = ""
    if request.method == "POST":
        try:
            version = next((one for one in versions if one.key == wanted), None)
            if version is None:
                raise UserError("Choose a published version of a process.")
            asked = [member.person for member in members if member.person.key in request.POST.getlist("people")]
            made = begin_placing(
                workspace=access.workspace, version=version, people=asked, by=access.person, at=request.now
            )
        except UserError as error:
            problem = str(error)
            chosen = set(request.POST.getlist("people"))
        else:
            done(request, "The deals are chosen. Everybody asked was told.", way="placing", about={"key": made.key})
            return redirect("placing", w=access.workspace.key, key=made.key)
    context = {
        "versions": versions, "wanted": wanted or (versions[0].key if versions else ""), "members": members,
        "chosen": chosen, "problem": problem, "deals": DEALS, "most": MOST_PEOPLE,
    }  # fmt: skip
    return render(request, "placings/new.html", context, status=422 if problem else 200)


@way_back("placing")
def not_begun(request: Inside, about: dict[str, Any]) -> str:
    """Undo of asking."""
    request.access.need("placing")
    drop_placing(placing=get_placing(request.access, about["key"]), by=request.access.person, at=request.now)
    return "Nobody is asked to place deals."


def _proposed(request: Inside, members: list[MembershipRow]) -> set[str]:
    """Whoever asks, before anything was chosen."""
    mine = request.access.person.key
    return {mine} if request.method == "GET" and any(member.person.key == mine for member in members) else set()
