"""Erase a person: found by name, looked for everywhere, confirmed by typing; there is no way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.store.actions.looking import ask_to_erase, ask_to_look
from headway.store.queries.access import NotFoundError
from headway.store.queries.erasures import find_whom, get_look, get_whom, list_candidates
from headway.web.requests import Inside, inside

WHERE = {
    "wording": "In somebody’s words", "deal": "Name of a deal", "event": "On a time line", "file": "In a file",
    "attachment": "Name of a file", "processversion": "In a process", "trial": "In a trial", "rhythm": "In the rhythm",
    "holiday": "Name of a holiday", "process": "Name of a process", "gatechange": "At a gate",
}  # fmt: skip


@inside("keep")
def search(request: Inside) -> HttpResponse:
    """GET q: members and contacts of that name."""
    asked = " ".join(request.GET.get("q", "").split())[:200]
    found = list_candidates(request.access, asked) if asked else []
    return render(request, "keeping/erase.html", {"asked": asked, "found": found})


@require_POST
@inside("keep")
def look_for_member(request: Inside, key: str) -> HttpResponse:
    """Look for a member everywhere."""
    return _looking(request, "member", key)


@require_POST
@inside("keep")
def look_for_contact(request: Inside, key: str) -> HttpResponse:
    """Look for somebody at a buyer everywhere."""
    return _looking(request, "contact", key)


def _looking(request: Inside, kind: str, key: str) -> HttpResponse:
    get_whom(request.access, kind, key)
    also = tuple(text for text in request.POST.get("also", "").split(",") if text.strip())
    job = ask_to_look(
        workspace=request.access.workspace, kind=kind, key=key, also=also, by=request.access.person, at=request.now
    )
    return redirect("look", w=request.access.workspace.key, key=job.key)


@inside("keep")
def look(request: Inside, key: str) -> HttpResponse:
    """What would go. POST typed, and the marks of texts that go too: erase."""
    job = get_look(request.access, key)
    whom = find_whom(request.access.workspace, job.about)
    if whom is None:
        raise NotFoundError(key)
    name = whom.names[0]
    found = job.about.get("found")
    typed = request.POST.get("typed", "")
    problem = ""
    if request.method == "POST" and found is not None:
        if " ".join(typed.split()).casefold() == " ".join(name.split()).casefold():
            gone = set(request.POST.getlist("gone"))
            kept = [place["mark"] for place in found["places"] if place["mark"] not in gone]
            taken = [one["mark"] for one in found["shared"] if one["mark"] in gone]
            ask_to_erase(look=job, kept=(*kept, *taken), by=request.access.person, at=request.now)
            messages.success(request, "Being erased: in a minute or two it is done, and stands in the list below.")
            return redirect("data", w=request.access.workspace.key)
        problem = "That is not the name: type it as it stands above."
    ticked = set(request.POST.getlist("gone")) if request.method == "POST" else None
    places = [
        {**place, "where": WHERE.get(place["where"], "Elsewhere"),
         "gone": ticked is None or place["mark"] in ticked} for place in (found or {}).get("places", ())
    ]  # fmt: skip
    shared = [{**one, "gone": ticked is not None and one["mark"] in ticked} for one in (found or {}).get("shared", ())]
    context = {
        "job": job, "name": name, "whom": whom, "found": found, "others": places, "shared": shared, "typed": typed,
        "problem": problem, "own": whom.person is not None and whom.person.pk == request.access.person.pk,
    }  # fmt: skip
    return render(request, "keeping/look.html", context, status=422 if problem else 200)
