"""The first page, the diagnosis and the rewind: they read what the analysis job has stored."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe

from headway.basics.language.markup import told_page
from headway.jobs.importing import ask_for_analysis
from headway.store.queries.analyses import find_newest, find_waiting, get_report, get_sections
from headway.store.queries.deal_list import has_deals
from headway.web.overview.rewinding import shown, told_days
from headway.web.requests import Inside, inside


@inside()
def home(request: Inside) -> HttpResponse:
    """The five sentences and what to do next. An empty workspace says how to begin."""
    workspace = request.access.workspace
    analysis = find_newest(workspace)
    context: dict[str, object] = {"analysis": analysis, "job": find_waiting(workspace)}
    if analysis is None:
        context["has_deals"] = has_deals(request.access)
        return render(request, "overview/begin.html", context)
    # Our own templates made this text, escaping everything that came from outside, when the analysis ran.
    context["short"] = mark_safe(analysis.short)  # noqa: S308
    return render(request, "overview/home.html", context)


@inside()
def diagnosis(request: Inside) -> HttpResponse:
    """Every section of the diagnosis, each deal a link to its page."""
    sections = get_sections(request.access.workspace)
    if sections is None:
        return redirect("home", w=request.access.workspace.key)
    analysis, text = sections
    context = {"analysis": analysis, "sections": mark_safe(text), "job": find_waiting(request.access.workspace)}  # noqa: S308
    return render(request, "overview/diagnosis.html", context)


@inside()
def report_file(request: Inside) -> HttpResponse:
    """The whole diagnosis as one file to keep or to send: `?as=html` or `?as=json`."""
    kind = "json" if request.GET.get("as") == "json" else "html"
    text = get_report(request.access.workspace, kind)
    if text is None:
        return redirect("home", w=request.access.workspace.key)
    text = text if kind == "json" else told_page(text)
    response = HttpResponse(text, content_type="application/json" if kind == "json" else "text/html; charset=utf-8")
    name = f"Headway diagnosis {request.access.workspace.name} {request.now:%Y-%m-%d}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@inside()
def rewind(request: Inside) -> HttpResponse:
    """Claimed and evidenced pipeline on a past day (`?on=`), at a stage (`?at=`), and how those deals ended."""
    workspace, level = request.access.workspace, request.GET.get("at", "")[:12]
    analysis = find_newest(workspace)
    told = told_days(workspace, workspace.key, analysis.finished_at, level) if analysis else None
    if told is None:
        return render(request, "overview/no_rewind.html", {"job": find_waiting(workspace)})
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = None
    return render(request, "overview/rewind.html", {"r": shown(*told, on, level)})


@inside("record")
def analyse(request: Inside) -> HttpResponse:
    """POST: work everything out anew."""
    workspace = request.access.workspace
    if request.method == "POST":
        ask_for_analysis(workspace, request.access.person, request.now)
    return redirect("home", w=workspace.key)


@inside()
def analysis_state(request: Inside) -> HttpResponse:
    """For the page that waits: 204 while the analysis is on its way, else that there is something new."""
    if find_waiting(request.access.workspace) is not None:
        return HttpResponse(status=204)
    return JsonResponse({"ready": True})
