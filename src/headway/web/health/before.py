"""Before and after: freeze the start, see what has changed since, and what it would take to tell."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.basics.figures import points_said
from headway.reviews.embedding import DAYS, MEASURES, OUTCOME_WORDS, Change, Measure, Reading, Verdict, changes_of
from headway.reviews.embedding import verdict_of as outcome_verdict
from headway.store.actions.baselines import begin_baseline, end_baseline, resume_baseline
from headway.store.actions.jobs import ask_for
from headway.store.queries.access import get_baseline
from headway.store.queries.baselines import days_of, find_baseline, list_readings
from headway.web.health import pictures
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back

VERDICT_WORDS = {Verdict.BETTER: "Better", Verdict.WORSE: "Worse", Verdict.UNKNOWN: "Cannot tell yet"}
VERDICT_CSS = {Verdict.BETTER: "good", Verdict.WORSE: "bad", Verdict.UNKNOWN: ""}


@inside("rhythm")
def before_after(request: Inside) -> HttpResponse:
    """The four outcomes on day 0, 30, 60 and 90."""
    return show(request)


@require_POST
@inside("rhythm")
def begin(request: Inside) -> HttpResponse:
    """POST: day 0 is today."""
    try:
        made = begin_baseline(workspace=request.access.workspace, by=request.access.person, at=request.now)
    except UserError as error:
        return show(request, str(error))
    ask_for_reading(request)
    done(request, "The start is frozen.", way="baseline begun", about={"baseline": made.key})
    return redirect("before_after", w=request.access.workspace.key)


@require_POST
@inside("rhythm")
def end(request: Inside) -> HttpResponse:
    """POST: no further reading is made."""
    found = find_baseline(request.access)
    if found is not None and found.ended_at is None:
        end_baseline(baseline=found, by=request.access.person, at=request.now)
        done(request, "The comparison has ended.", way="baseline ended", about={"baseline": found.key})
    return redirect("before_after", w=request.access.workspace.key)


def ask_for_reading(request: Inside) -> None:
    """Day 0 is read in the background, at once."""
    workspace = request.access.workspace
    once = f"baselines {workspace.key}"
    ask_for(kind="baselines", workspace=workspace, by=request.access.person, at=request.now, once=once)


@way_back("baseline begun")
def not_begun(request: Inside, about: dict[str, Any]) -> str:
    """Undo of a beginning: it ends; what was read by then stays."""
    request.access.need("rhythm")
    end_baseline(baseline=get_baseline(request.access, about["baseline"]), by=request.access.person, at=request.now)
    return "Nothing is compared."


@way_back("baseline ended")
def goes_on(request: Inside, about: dict[str, Any]) -> str:
    """Undo of an end."""
    request.access.need("rhythm")
    resume_baseline(baseline=get_baseline(request.access, about["baseline"]), by=request.access.person, at=request.now)
    return "The comparison goes on."


def show(request: Inside, problem: str = "") -> HttpResponse:
    """The page; `problem`: what a press could not do."""
    found = find_baseline(request.access)
    rows = list_readings(found) if found else []
    readings = [reading for reading, _ in rows]
    on = {reading.day: day for reading, day in rows}
    context: dict[str, Any] = {
        "here": "before", "baseline": found, "problem": problem, "read": bool(readings),
        "days": [(day, date, on.get(day)) for day, date in days_of(found)] if found else [],
        "outcomes": [outcome_of(outcome, words, readings) for outcome, words in OUTCOME_WORDS.items()],
        "last": max(on, default=None),
        "next": next((date for day, date in days_of(found) if day not in on), None) if found else None,
    }  # fmt: skip
    return render(request, "health/before_after.html", context, status=422 if problem else 200)


def outcome_of(outcome: str, words: str, readings: list[Reading]) -> dict[str, Any]:
    """One of the four: its measures with their pictures, and what can be said on the last day."""
    measures = [measure for measure in MEASURES if measure.outcome == outcome]
    shown = [measure_of(measure, readings) for measure in measures]
    newest = [one["changes"][-1] for one in shown if one["changes"]]
    verdict = outcome_verdict(newest) if newest else None
    return {
        "words": words, "measures": shown, "verdict": VERDICT_WORDS[verdict] if verdict else "",
        "css": VERDICT_CSS[verdict] if verdict else "",
        "provisional": verdict in (Verdict.BETTER, Verdict.WORSE)
        and not any(one.stays for one in newest if one.verdict == verdict),
    }  # fmt: skip


def measure_of(measure: Measure, readings: list[Reading]) -> dict[str, Any]:
    """A measure with its picture, its twin and what it would take to tell."""
    changes = changes_of(readings, measure.id)
    by_day = {reading.day: reading.figure(measure.id) for reading in readings}
    known = any(one.value is not None for one in by_day.values())
    return {
        "measure": measure, "changes": changes, "known": known,
        "picture": pictures.outcome_picture(measure, readings, changes) if known else "",
        "reason": next((one.reason for one in reversed(by_day.values()) if one.reason), ""),
        "rows": [
            {
                "day": day, "figure": figure_words(by_day.get(day)),
                "n": by_day[day].n if day in by_day and by_day[day].value is not None else None,
                "change": change_words(next((one for one in changes if one.day == day), None)),
            }
            for day in DAYS
        ],
        "said": last_words(measure, changes[-1]) if changes else "",
    }  # fmt: skip


def figure_words(one: Any) -> str:
    """`47 % (43 to 51)`; a dash where nothing was read, the reason where nothing is known."""
    if one is None:
        return "–"
    if one.value is None:
        return f"unknown: {one.reason}"
    if one.low is None or one.high is None:
        return f"{100 * one.value:.0f} %"
    return f"{100 * one.value:.0f} % ({100 * one.low:.0f} to {100 * one.high:.0f})"


def change_words(one: Change | None) -> str:
    """`+5 points (−2 to 12): cannot tell yet`."""
    if one is None:
        return ""
    if one.value is None or one.low is None or one.high is None:
        return VERDICT_WORDS[one.verdict].lower()
    low, high = (f"{'−' if round(100 * end) < 0 else ''}{abs(round(100 * end))}" for end in (one.low, one.high))
    return f"{points_said(one.value)} ({low} to {high}): {VERDICT_WORDS[one.verdict].lower()}"


def last_words(measure: Measure, one: Change) -> str:
    """What is said under the picture: the change, and what it would take."""
    if one.value is None:
        return f"Cannot be compared. {one.reason[:1].upper()}{one.reason[1:]}."
    said = change_words(one)
    if one.verdict is Verdict.UNKNOWN and one.needed:
        return f"{said}. It takes about {one.needed:,} {measure.of} in each reading to tell."
    if one.verdict is Verdict.UNKNOWN and one.is_small:
        return f"{said}, but a change of ten points can be ruled out."
    return f"{said}."
