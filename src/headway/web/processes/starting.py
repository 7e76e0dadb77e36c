"""A new process: from a starter, from the stages the CRM knows, or from text that somebody has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.process.document import MAX_CHARACTERS
from headway.process.draft import process_from_stages
from headway.process.form import ProcessForm, form_of
from headway.process.pasted import form_from_text
from headway.process.starters import list_starters
from headway.store.actions.processes import make_process
from headway.store.queries.processes import list_pipelines, list_processes, list_stages_practised
from headway.store.queries.versions import process_of
from headway.web.processes.spoken import starter_spoken
from headway.web.requests import Inside, inside
from headway.web.undo import done

STARTERS = {
    "buyer_terms": "For a buying group: several people must agree, over weeks or months.",
    "short_cycle": "For one or two people who decide within days or weeks.",
}
MOST_KNOWN = 5


@dataclass(frozen=True, slots=True)
class Known:
    """A pipeline of the CRM with its stages as practised."""

    pipeline: str
    deals: int
    stages: tuple[str, ...]


@inside("process")
def new_process(request: Inside) -> HttpResponse:
    """Choose where to begin; POST makes the draft and goes to the editor."""
    error = ""
    if request.method == "POST":
        try:
            form, said = _form(request)
            row = make_process(workspace=request.access.workspace, form=form, by=request.access.person, at=request.now)
        except UserError as problem:
            error = str(problem)
        else:
            done(request, said, way="process made", about={"process": row.key})
            return redirect("process_edit", w=request.access.workspace.key, key=row.key)
    starters = [
        {"name": name, "title": process.name, "said": STARTERS.get(name, ""), "process": process}
        for name, process in ((name, starter_spoken(name)) for name in list_starters())
    ]
    pipelines = list_pipelines(request.access)[:MOST_KNOWN]
    known = [Known(name, deals, tuple(list_stages_practised(request.access, name))) for name, deals in pipelines]
    context = {"starters": starters, "known": known, "error": error, "text": request.POST.get("text", "")}
    return render(request, "processes/new.html", context, status=422 if error else 200)


def _form(request: Inside) -> tuple[ProcessForm, str]:
    """What was asked for, and the sentence to say about it."""
    if name := request.POST.get("starter"):
        return _for_same_deals(request, form_of(starter_spoken(name))), "Here is a draft in buyer terms. Make it yours."
    if "pipeline" in request.POST:
        pipeline = request.POST["pipeline"]
        stages = list_stages_practised(request.access, pipeline)
        process = process_from_stages(stages, name=pipeline or "Our process", pipeline=pipeline or None)
        return form_of(process), "These are your stages as practised. Say under each what the buyer has done."
    text = request.POST.get("text", "")
    if len(text) > MAX_CHARACTERS:
        raise UserError(f"This is longer than {MAX_CHARACTERS:,} characters: paste the part with the stages.")
    return _for_same_deals(
        request, form_from_text(text)
    ), "Your stages are a draft now. Nothing is published until you say so."


def _for_same_deals(request: Inside, form: ProcessForm) -> ProcessForm:
    """Where nothing is said, a new process is for the deals of the only one there is: those it is meant to follow."""
    published = [one.published for one in list_processes(request.access) if one.published]
    if form.pipelines or form.record_types or len(published) != 1:
        return form
    only = form_of(process_of(published[0]))
    return replace(form, pipelines=only.pipelines, record_types=only.record_types)
