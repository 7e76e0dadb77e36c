"""Say how a promise ended: kept or broken by word, or let go with a reason; and take that back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.reviews.kinds import Promise
from headway.store.actions.commitments import end_commitment, take_back_commitment, take_back_end
from headway.store.queries.access import get_commitment
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back

LONGEST = 1_000
SAID = {
    Promise.KEPT.value: "Kept, by word.",
    Promise.LATE.value: "Kept after its day, by word.",
    Promise.BROKEN.value: "Not kept. It comes onto the next agenda.",
    Promise.LET_GO.value: "Let go.",
}


@inside("review")
def end(request: Inside, key: str) -> HttpResponse:
    """GET how: the form of one way; POST how, note, back."""
    promise = get_commitment(request.access, key)
    given = request.POST if request.method == "POST" else request.GET
    how, note = given.get("how", Promise.LET_GO.value), given.get("note", "")[:LONGEST]
    problem = ""
    if request.method == "POST":
        try:
            end = end_commitment(
                commitment=promise, how=_known(how), by=request.access.person, at=request.now, note=note
            )
        except UserError as error:
            problem = str(error)
        else:
            done(request, SAID[end.how], way="end of promise", about={"key": key})
            return _back(request)
    context = {"promise": promise, "how": how, "note": note, "problem": problem, "back": given.get("back", "")}
    return render(request, "promises/end.html", context, status=422 if problem else 200)


@require_POST
@inside("review")
def open_again(request: Inside, key: str) -> HttpResponse:
    """What was said of it counts no more."""
    promise = get_commitment(request.access, key)
    take_back_end(commitment=promise, by=request.access.person, at=request.now)
    done(request, "It is owed again.")
    return _back(request)


@way_back("end of promise")
def not_ended(request: Inside, about: dict[str, Any]) -> str:
    """Undo of saying how it ended."""
    request.access.need("review")
    promise = get_commitment(request.access, about["key"])
    take_back_end(commitment=promise, by=request.access.person, at=request.now)
    return "It is owed again."


@way_back("promise")
def not_made(request: Inside, about: dict[str, Any]) -> str:
    """Undo of making it."""
    request.access.need("review")
    promise = get_commitment(request.access, about["key"])
    take_back_commitment(commitment=promise, by=request.access.person, at=request.now)
    return "It was not promised."


def _known(how: str) -> str:
    if how not in SAID:
        raise UserError("Say whether it was kept, broken, or is let go.")
    return how


def _back(request: Inside) -> HttpResponse:
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("promises", w=request.access.workspace.key)
