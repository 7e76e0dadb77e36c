"""End a trial, with a reason."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.store.actions.trials import end_trial, resume_trial
from headway.store.queries.trials import get_trial
from headway.web.requests import Inside, inside
from headway.web.trials.views import show
from headway.web.undo import done, way_back

LONGEST = 1_000


@require_POST
@inside("trial")
def end(request: Inside, key: str) -> HttpResponse:
    """POST reason."""
    row = get_trial(request.access, key)
    typed = request.POST.get("reason", "")[:LONGEST]
    try:
        end_trial(trial=row, reason=typed, by=request.access.person, at=request.now)
    except UserError as error:
        return show(request, row, problem=str(error), typed=typed)
    done(request, "The trial has ended: new deals are asked as usual.", way="ended trial", about={"trial": key})
    return redirect("trial", w=request.access.workspace.key, key=key)


@way_back("ended trial")
def goes_on(request: Inside, about: dict[str, Any]) -> str:
    """Undo of an end."""
    request.access.need("trial")
    resume_trial(trial=get_trial(request.access, about["trial"]), by=request.access.person, at=request.now)
    return "The trial goes on."
