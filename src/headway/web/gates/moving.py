"""Set a gate, move it one rung, end it; and take each back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.reviews.gates import Rung
from headway.store.actions.gates import end_gate, lower_gate, raise_gate, resume_gate, return_gate, set_gate
from headway.store.queries.access import NotFoundError, get_gate, get_process
from headway.store.queries.gates import find_measures, list_moves
from headway.web.gates.shown import NOW, harm_shown
from headway.web.gates.views import show
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back

LONGEST = 300


@require_POST
@inside("gate")
def set_one(request: Inside) -> HttpResponse:
    """POST process (key), stage: a gate that observes."""
    access = request.access
    process = get_process(access, request.POST.get("process", ""))
    gate = set_gate(
        workspace=access.workspace, process=process, stage=request.POST.get("stage", "")[:LONGEST], by=access.person,
        at=request.now,
    )  # fmt: skip
    done(
        request, f"A gate stands before {gate.stage}. It observes.", way="moved gate", about=_newest(request, gate.key)
    )
    return redirect("gate", w=access.workspace.key, key=gate.key)


@require_POST
@inside("gate")
def move(request: Inside, key: str, how: str) -> HttpResponse:
    """POST was (the rung it stood on), why: one rung up, or down."""
    gate, person = get_gate(request.access, key), request.access.person
    was, why = request.POST.get("was"), request.POST.get("why", "")[:LONGEST]
    try:
        if how == "up":
            measure = find_measures(request.access.workspace)[1].get((gate.process_id, gate.stage))
            harm = harm_shown(gate, measure)
            gate = raise_gate(
                gate=gate, earned=measure.earned if measure else (), harms=harm.sentences if harm else (), by=person,
                at=request.now, was=was,
            )  # fmt: skip
        elif how == "down":
            gate = lower_gate(gate=gate, by=person, at=request.now, why=why, was=was)
        else:
            raise NotFoundError(how)
    except UserError as error:
        return show(request, key, problem=str(error), typed=why)
    done(request, NOW[Rung(gate.rung)], way="moved gate", about=_newest(request, key))
    return redirect("gate", w=request.access.workspace.key, key=key)


@require_POST
@inside("gate")
def end(request: Inside, key: str) -> HttpResponse:
    """No gate any more."""
    gate = end_gate(gate=get_gate(request.access, key), by=request.access.person, at=request.now)
    done(request, f"No gate stands before {gate.stage} any more.", way="ended gate", about={"gate": key})
    return redirect("gates", w=request.access.workspace.key)


def _newest(request: Inside, key: str) -> dict[str, Any]:
    gate = get_gate(request.access, key)
    return {"gate": key, "change": list_moves([gate])[gate.pk][0].id}


@way_back("moved gate")
def _moved_back(request: Inside, about: dict[str, Any]) -> str:
    request.access.need("gate")
    gate = get_gate(request.access, about["gate"])
    gate = return_gate(gate=gate, change=about["change"], by=request.access.person, at=request.now)
    return "Undone." if gate.ended_at is None else f"No gate stands before {gate.stage}."


@way_back("ended gate")
def _stands_again(request: Inside, about: dict[str, Any]) -> str:
    request.access.need("gate")
    gate = get_gate(request.access, about["gate"])
    resume_gate(gate=gate, by=request.access.person, at=request.now)
    return f"The gate before {gate.stage} stands again."
