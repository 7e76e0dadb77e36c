"""Begin a trial of a step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.store.actions.trials import drop_trial, start_trial
from headway.store.queries.access import NotFoundError, get_process
from headway.store.queries.trials import StepRow, get_trial, horizon_of, list_steps, pace_of
from headway.web.requests import Inside, inside
from headway.web.trials.shown import announced
from headway.web.undo import done, way_back

LEAVE, WORDS = "leave", "words"


class Beginning(forms.Form):
    """What the other half of the deals does."""

    how = forms.ChoiceField(choices=((LEAVE, "Leave it out"), (WORDS, "Ask for it in other words")), initial=LEAVE)
    other = forms.CharField(label="The other words", max_length=500, required=False, widget=forms.Textarea)

    def clean(self) -> dict[str, Any]:
        """The other words are there where they are tried."""
        given = super().clean() or {}
        if given.get("how") == WORDS and not given.get("other", "").strip():
            self.add_error("other", "Write the words that the other half is asked in.")
        return given


@inside("trial")
def new_trial(request: Inside) -> HttpResponse:
    """GET or POST process (key), step (id): one step that is to be tried; without one, back to where it is chosen."""
    access = request.access
    if request.method == "GET" and "step" not in request.GET:
        return redirect("trials", w=access.workspace.key)
    one = get_step(request)
    form = Beginning(request.POST or None, initial={"how": LEAVE})
    problem = ""
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["other"] if form.cleaned_data["how"] == WORDS else ""
        try:
            trial = start_trial(
                workspace=access.workspace, process=get_process(access, one.process_key), step=one.step.id,
                other=other, by=access.person, at=request.now,
            )  # fmt: skip
        except UserError as error:
            problem = str(error)
        else:
            does = "is asked in other words" if other else "is left out"
            done(request, f"From now on it {does} on half of the new deals.", way="trial", about={"trial": trial.key})
            return redirect("trial", w=access.workspace.key, key=trial.key)
    context = {
        "one": one,
        "form": form,
        "problem": problem,
        "takes": announced(pace_of(access.workspace, request.now), access.workspace.margin_points / 100),
        "follows": horizon_of(access.workspace),
    }
    return render(request, "trials/new.html", context, status=422 if problem or form.errors else 200)


def get_step(request: Inside) -> StepRow:
    """The step asked for. NotFoundError where no published process asks for it."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted = asked.get("process", ""), asked.get("step", "")
    found = next((one for one in list_steps(request.access) if (one.process_key, one.step.id) == wanted), None)
    if found is None:
        raise NotFoundError(wanted)
    return found


@way_back("trial")
def not_begun(request: Inside, about: dict[str, Any]) -> str:
    """Undo of beginning."""
    request.access.need("trial")
    drop_trial(trial=get_trial(request.access, about["trial"]), by=request.access.person, at=request.now)
    return "The trial was not begun."
