"""One occurrence of a rhythm: skipped with a reason, or moved to another time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.reviews.rhythm import local_instant, zone_of
from headway.store.actions.rhythms import move_review, restore_review, skip_review
from headway.store.queries.access import NotFoundError, get_review, get_rhythm
from headway.store.queries.rhythms import ReviewRow, RhythmRow
from headway.web.requests import Inside, inside
from headway.web.rhythm.forms import MoveOne
from headway.web.rhythm.shown import moment_words, zone_words
from headway.web.undo import done, way_back


@inside("rhythm")
def skip(request: Inside, key: str, review: str) -> HttpResponse:
    """POST reason: it is not held, and counts as skipped."""
    rhythm, one = _find(request, key, review)
    typed, problem = request.POST.get("reason", ""), ""
    if request.method == "POST":
        try:
            skip_review(review=one, reason=typed, by=request.access.person, at=request.now)
        except UserError as error:
            problem = str(error)
        else:
            done(request, f"{one.name} on {_on(one, rhythm, request.now)} is skipped.", way="review skipped",
                 about={"key": one.key})  # fmt: skip
            return redirect("rhythm_one", w=request.access.workspace.key, key=key)
    context = _context(request, rhythm, one) | {"typed": typed, "problem": problem}
    return render(request, "rhythm/skip.html", context, status=422 if problem else 200)


@inside("rhythm")
def move(request: Inside, key: str, review: str) -> HttpResponse:
    """POST on, at: this one is at another time."""
    rhythm, one = _find(request, key, review)
    there, was = zone_of(rhythm.zone), one.due_at
    local = was.astimezone(there)
    form = MoveOne(request.POST or None, initial={"on": local.date(), "at": local.time()})
    if request.method == "POST" and form.is_valid():
        due_at = local_instant(form.cleaned_data["on"], form.cleaned_data["at"], there)
        try:
            moved = move_review(review=one, due_at=due_at, by=request.access.person, at=request.now)
        except UserError as error:
            form.add_error("on", str(error))
        else:
            if moved.due_at != was:
                sentence = f"{one.name} is on {_on(moved, rhythm, request.now)}. Everybody is told."
                done(request, sentence, way="review moved", about={"key": one.key, "was": was.isoformat()})
            return redirect("rhythm_one", w=request.access.workspace.key, key=key)
    context = _context(request, rhythm, one) | {"form": form, "zone": zone_words(rhythm.zone)}
    return render(request, "rhythm/move.html", context, status=422 if form.errors else 200)


@way_back("review skipped")
def restore(request: Inside, about: dict[str, Any]) -> str:
    """Undo of skipping one."""
    request.access.need("rhythm")
    one = restore_review(review=get_review(request.access, about["key"]), by=request.access.person, at=request.now)
    return f"{one.name} is due again."


@way_back("review moved")
def move_back(request: Inside, about: dict[str, Any]) -> str:
    """Undo of moving one."""
    request.access.need("rhythm")
    one = get_review(request.access, about["key"])
    move_review(review=one, due_at=datetime.fromisoformat(about["was"]), by=request.access.person, at=request.now)
    return f"{one.name} is back at its time."


def _find(request: Inside, key: str, review: str) -> tuple[RhythmRow, ReviewRow]:
    """The rhythm and its occurrence. NotFoundError where it is of another one."""
    rhythm, one = get_rhythm(request.access, key), get_review(request.access, review)
    if one.rhythm_id != rhythm.pk:
        raise NotFoundError(review)
    return rhythm, one


def _context(request: Inside, rhythm: RhythmRow, one: ReviewRow) -> dict[str, Any]:
    return {"rhythm": rhythm, "review": one, "on": _on(one, rhythm, request.now)}


def _on(one: ReviewRow, rhythm: RhythmRow, now: datetime) -> str:
    there = zone_of(rhythm.zone)
    return f"{moment_words(one.due_at, there, now)} at {one.due_at.astimezone(there):%H:%M}"
