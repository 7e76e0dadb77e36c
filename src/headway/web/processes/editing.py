"""The editor: a draft edited in place, saved as it is typed, never overwriting what somebody else saved."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.process.definition import Process
from headway.process.expectation import GRADE_WORDS
from headway.process.form import MilestoneForm, ProcessForm, StageForm, StepForm, as_json, read_form
from headway.process.form_check import check_form
from headway.process.merging import REMOVED, Merge, merged
from headway.store.actions.processes import StaleDraftError, save_draft
from headway.store.queries.access import get_process
from headway.store.queries.processes import get_draft
from headway.web.processes.marks import marks_of, sentence_of
from headway.web.requests import Inside, inside

MOST_BYTES = 3_000_000
GRADES = [(str(grade), f"{words[0].upper()}{words[1:]}") for grade, words in enumerate(GRADE_WORDS)]
FIELD_NAMES = {
    "name": "the name",
    "buyer": "what the buyer must have done",
    "seller": "what is asked of the seller",
    "ask": "the question",
    "grade": "the proof",
    "usual_days": "the usual days",
    "limit_days": "the longest stay",
    "shelf_life_days": "how long the proof holds",
    "claims": "the names in the CRM",
    "serves": "which milestone it serves",
    "due_days": "when it is due",
    "times": "how often it is asked",
    "unless": "when it is not asked",
    REMOVED: "kept or removed",
}


@inside("process")
def edit(request: Inside, key: str) -> HttpResponse:
    """The draft, or the published version as nobody has changed it yet."""
    row = get_process(request.access, key)
    draft = get_draft(row)
    context = _document(draft.form, draft.process) | {
        "row": row,
        "revision": draft.revision,
        "draft": draft,
        "grades": GRADES,
        "blank": {"stage": StageForm(""), "milestone": MilestoneForm(""), "step": StepForm("", due_days="7")},
    }
    return render(request, "processes/edit.html", context)


@inside("process")
@require_POST
def save(request: Inside, key: str) -> JsonResponse:
    """Keep the draft. 409 with both sides' changes put together where somebody else saved since `revision`.

    JSON in: revision, form, base (the form it was typed over), render (also answer with the document as HTML).
    """
    row = get_process(request.access, key)
    try:
        given = _given(request)
        form = read_form(given.get("form"))
        revision = given.get("revision")
        by, at = request.access.person, request.now
        saved = save_draft(process=row, form=form, revision=revision if isinstance(revision, int) else -1, by=by, at=at)
    except StaleDraftError as stale:
        both = merged(read_form(given.get("base")), form, stale.form)
        return JsonResponse(_conflict(stale, both), status=409)
    except UserError as problem:
        return JsonResponse({"sentence": str(problem)}, status=422)
    context = _document(form, get_draft(row).process)
    answer = {
        "revision": saved.revision,
        "marks": [asdict(mark) | {"mended": mark.mended} for mark in context["marks"].values()],
        "problems": [asdict(problem) for problem in context["problems"]],
        "sentence": context["sentence"],
        "left": context["left"],
    }
    if given.get("render"):
        context |= {"grades": GRADES, "row": row}
        answer["html"] = render_to_string("processes/document.html", context, request=request)
    return JsonResponse(answer)


def _given(request: Inside) -> dict[str, Any]:
    try:
        if len(request.body) > MOST_BYTES:
            raise UserError("This draft is longer than a process can be: shorten it.")
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise UserError("The draft did not arrive whole: reload the page and try again.")
    return given


def _document(form: ProcessForm, published: Process | None) -> dict[str, Any]:
    """What the document shows beside the fields."""
    marks = {mark.uid: mark for mark in marks_of(form.milestones)}
    problems = check_form(form, published)[1]
    by_field: dict[str, dict[str, str]] = {}
    for problem in problems:
        by_field.setdefault(problem.uid, {}).setdefault(problem.field, problem.sentence)
    return {
        "form": form,
        "lines": {milestone.uid: milestone.buyer for milestone in form.milestones},
        "marks": marks,
        "problems": problems,
        "errors": by_field,
        "sentence": sentence_of(marks.values()),
        "left": sum(not mark.mended for mark in marks.values()),
    }


def _conflict(stale: StaleDraftError, both: Merge) -> dict[str, Any]:
    places = _places(both.form)
    by = stale.row.changed_by
    return {
        "revision": stale.revision,
        "by": by.first_name if by else "Somebody",
        "form": as_json(both.form),
        "conflicts": [
            asdict(one) | {"where": places.get(one.uid, "The process"), "what": FIELD_NAMES.get(one.field, one.field)}
            for one in both.conflicts
        ],
    }


def _places(form: ProcessForm) -> dict[str, str]:
    """Where an item stands, in words."""
    found = {}
    for stage in form.stages:
        found[stage.uid] = f"Stage “{stage.name}”"
        found |= {m.uid: f"A milestone of “{stage.name}”" for m in stage.milestones}
        found |= {s.uid: f"A step of “{stage.name}”" for s in stage.steps}
    return found
