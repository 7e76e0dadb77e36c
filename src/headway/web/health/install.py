"""The ninety days: where they stand, what is next, and what somebody did that no record shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.reviews.install import BY_ID, LASTS_DAYS, PHASES, STEPS, Course, Standing, State
from headway.store.actions.baselines import begin_baseline, mark_step, unmark_step
from headway.store.queries.access import get_baseline
from headway.store.queries.baselines import find_baseline
from headway.store.queries.installs import course_in
from headway.web.health.before import ask_for_reading
from headway.web.health.pictures import course_picture
from headway.web.requests import Inside, inside
from headway.web.shell import find_url
from headway.web.undo import done, way_back

LONGEST = 1_000


@inside("rhythm")
def install(request: Inside) -> HttpResponse:
    """The install that runs; before the first, what it is."""
    return show(request)


@require_POST
@inside("rhythm")
def begin(request: Inside) -> HttpResponse:
    """POST: the first day is today, or the day of the comparison that runs."""
    workspace, by = request.access.workspace, request.access.person
    try:
        begin_baseline(workspace=workspace, by=by, at=request.now, guided=True)
    except UserError as error:
        return show(request, problem=str(error))
    ask_for_reading(request)
    done(request, "The ninety days have begun.")
    return redirect("install", w=workspace.key)


@require_POST
@inside("rhythm")
def mark(request: Inside) -> HttpResponse:
    """POST step, how (done, pass, undo), note."""
    found = find_baseline(request.access)
    step, how = request.POST.get("step", ""), request.POST.get("how", "")
    if found is None or found.ended_at is not None or not found.guided:
        return show(request, problem="No install runs here: begin one first.")
    who: dict[str, Any] = {"baseline": found, "step": step, "by": request.access.person, "at": request.now}
    about = {"baseline": found.key, "step": step}
    try:
        if how == "undo":
            unmark_step(**who)
            done(request, "It is open again.")
        else:
            mark_step(**who, passed=how == "pass", note=request.POST.get("note", "")[:LONGEST])
            said = "is passed over" if how == "pass" else "is done"
            done(request, f"“{BY_ID[step].what}” {said}.", way="install step", about=about)
    except UserError as error:
        return show(request, problem=str(error), failed=step, typed=request.POST.get("note", "")[:LONGEST])
    return redirect("install", w=request.access.workspace.key)


@way_back("install step")
def unmarked(request: Inside, about: dict[str, Any]) -> str:
    """Undo of a word."""
    request.access.need("rhythm")
    baseline = get_baseline(request.access, about["baseline"])
    unmark_step(baseline=baseline, step=about["step"], by=request.access.person, at=request.now)
    return "It is open again."


def show(request: Inside, problem: str = "", failed: str = "", typed: str = "") -> HttpResponse:
    """The page; what was typed for the step `failed` is kept."""
    found = find_baseline(request.access)
    runs = found is not None and found.ended_at is None and found.guided
    course = course_in(found, request.now) if found is not None and runs else None
    context: dict[str, Any] = {
        "here": "install", "course": course, "problem": problem, "failed": failed, "typed": typed,
        "phases": phases_of(request, course), "lasts": LASTS_DAYS, "steps": len(STEPS),
        "compares": found is not None and found.ended_at is None,
    }  # fmt: skip
    if course and course.next:
        context["next"] = row_of(request, course.next)
    if course:
        context["picture"] = course_picture(course)
    return render(request, "health/install.html", context, status=422 if problem else 200)


def phases_of(request: Inside, course: Course | None) -> list[dict[str, Any]]:
    """The three phases with their steps; as plain descriptions before an install runs."""
    standings = {one.step.id: one for one in course.steps} if course else {}
    return [
        {
            "id": phase, "first": first, "last": last, "name": name, "what": what,
            "current": course is not None and course.phase is phase,
            "over": sum(one.over for one in standings.values() if one.step.phase is phase),
            "of": sum(step.phase is phase for step in STEPS),
            "rows": [
                row_of(request, standings[step.id]) if course else {"step": step}
                for step in STEPS
                if step.phase is phase
            ],
        }
        for phase, (first, last, name, what) in PHASES.items()
    ]  # fmt: skip


def row_of(request: Inside, one: Standing) -> dict[str, Any]:
    """A step with its address and how it stands."""
    return {
        "step": one.step, "one": one, "url": find_url(one.step.page, w=request.access.workspace.key),
        "done": one.state is State.DONE, "passed": one.state is State.PASSED, "late": one.state is State.LATE,
    }  # fmt: skip
