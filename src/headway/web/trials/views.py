"""The trials of a workspace, and one of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from headway.store.queries.trials import (
    StepRow,
    TrialRow,
    assignments_of,
    get_trial,
    list_steps,
    list_trials,
    pace_of,
)
from headway.web.requests import Inside, inside
from headway.web.trials.shown import TrialShown, announced, shown_trial

PROPOSED = ("unknown", "helps")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A step that could be put on trial; `proposed`: the analysis asks for it."""

    one: StepRow
    why: str
    proposed: bool


@inside()
def trials(request: Inside) -> HttpResponse:
    """The list."""
    access = request.access
    steps = list_steps(access)
    shown = all_shown(request, steps)
    context = {
        "running": [one for one in shown if one.runs],
        "ended": [one for one in shown if not one.runs],
        "proposals": sorted((proposal(step) for step in steps if not step.runs), key=lambda one: not one.proposed),
        "takes": announced(pace_of(access.workspace, request.now), access.workspace.margin_points / 100),
        "may": access.may("trial"),
        "may_margin": access.may("workspace"),
    }
    return render(request, "trials/list.html", context)


@inside()
def trial(request: Inside, key: str) -> HttpResponse:
    """One trial."""
    return show(request, get_trial(request.access, key))


def show(request: Inside, row: TrialRow, *, problem: str = "", typed: str = "") -> HttpResponse:
    """The page of a trial; with a problem of the form that ends it, what was typed is kept."""
    deals = assignments_of(request.access.workspace).get(row.name, [])
    context = {
        "one": shown_trial(request.access.workspace, row, row.label, deals, request.now),
        "may": request.access.may("trial"),
        "problem": problem,
        "typed": typed,
    }
    return render(request, "trials/trial.html", context, status=422 if problem else 200)


def all_shown(request: Inside, steps: list[StepRow]) -> list[TrialShown]:
    """Every trial, those that came with an import too; of one step the newest stands for all: their deals count
    together, so that beginning anew is no second try."""
    workspace = request.access.workspace
    found = assignments_of(workspace)
    labels = {step.step.id: step.step.seller for step in steps}
    newest: dict[str, TrialRow] = {}
    for row in sorted(list_trials(request.access), key=lambda row: row.pk):
        newest[row.name] = row
    names = [*sorted(newest, key=lambda name: -newest[name].pk), *(name for name in found if name not in newest)]
    return [
        shown_trial(
            workspace, newest.get(name), newest[name].label if name in newest else labels.get(name, name),
            found.get(name, []), request.now,
        )
        for name in names
    ]  # fmt: skip


def proposal(one: StepRow) -> Proposal:
    """Whether the newest analysis asks for a trial of this step, and why."""
    why = {
        "unknown": "Not known yet: a trial would tell.",
        "helps": "Deals without it seem to do better: a trial would make sure.",
    }.get(one.verdict, "")
    return Proposal(one, why, one.verdict in PROPOSED)
