"""Hand the workspace to another member: offered, accepted or declined, given back within a week."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.store.actions.hand_overs import accept_workspace, end_offer, offer_workspace, take_back_hand_over
from headway.store.queries.access import NotFoundError
from headway.store.queries.hand_overs import HandOver, find_offer, get_offer, list_heirs
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back


@inside("keep")
def hand_over(request: Inside) -> HttpResponse:
    """GET: to whom. POST to, leaves: offer it."""
    access = request.access
    heirs = list_heirs(access)
    typed = {"to": request.POST.get("to", ""), "leaves": request.POST.get("leaves") == "1"}
    problem = ""
    if request.method == "POST":
        chosen = next((row.person for row in heirs if row.person.key == typed["to"]), None)
        try:
            if chosen is None:
                raise UserError("Choose who is to lead it.")
            made = offer_workspace(
                workspace=access.workspace, to=chosen, leaves=bool(typed["leaves"]), by=access.person, at=request.now
            )
        except UserError as error:
            problem = str(error)
        else:
            done(request, f"Offered to {chosen}.", way="offer", about={"offer": made.key})
            return redirect("offer", w=access.workspace.key, key=made.key)
    context = {"heirs": heirs, "typed": typed, "problem": problem, "offer": find_offer(access)}
    return render(request, "keeping/hand_over.html", context, status=422 if problem else 200)


@inside()
def offer(request: Inside, key: str) -> HttpResponse:
    """One offer, for who made it and for whom it is made."""
    return render(request, "keeping/offer.html", {"offer": _mine(request, key), "keeps": request.access.may("keep")})


@require_POST
@inside()
def accept(request: Inside, key: str) -> HttpResponse:
    """From now on they lead it."""
    accept_workspace(offer=_mine(request, key), by=request.access.person, at=request.now)
    done(request, f"You lead {request.access.workspace.name} from now on.", way="hand over", about={"offer": key})
    return redirect("data", w=request.access.workspace.key)


@require_POST
@inside()
def end(request: Inside, key: str) -> HttpResponse:
    """Declined, or withdrawn."""
    found = _mine(request, key)
    end_offer(offer=found, by=request.access.person, at=request.now)
    declined = found.to_id == request.access.person.pk
    messages.success(request, "Declined." if declined else "The offer is withdrawn.")
    return redirect("home" if not request.access.may("keep") else "data", w=request.access.workspace.key)


@require_POST
@inside()
def give_back(request: Inside, key: str) -> HttpResponse:
    """Everybody is again what they were."""
    found = _mine(request, key)
    take_back_hand_over(offer=found, by=request.access.person, at=request.now)
    messages.success(request, f"{found.by} leads it again.")
    return redirect("home", w=request.access.workspace.key)


def _mine(request: Inside, key: str) -> HandOver:
    """An offer is nobody's business but of the two."""
    found = get_offer(request.access, key)
    if request.access.person.pk not in (found.by_id, found.to_id):
        raise NotFoundError(key)
    return found


@way_back("offer")
def withdrawn(request: Inside, about: dict[str, Any]) -> str:
    """Undo of an offer."""
    end_offer(offer=_mine(request, about["offer"]), by=request.access.person, at=request.now)
    return "The offer is withdrawn."


@way_back("hand over")
def given_back(request: Inside, about: dict[str, Any]) -> str:
    """Undo of an acceptance."""
    found = _mine(request, about["offer"])
    take_back_hand_over(offer=found, by=request.access.person, at=request.now)
    return f"{found.by} leads it again."
