"""Set a rhythm from a starter, change it from now on, end it; and the ways back."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.reviews.recurrence import read_rule, rule_words
from headway.reviews.starters import STARTERS, find_starter, starter_of
from headway.store.actions.rhythms import Terms, change_rhythm, end_rhythm, resume_rhythm, set_rhythm
from headway.store.queries.access import get_rhythm
from headway.store.queries.people import get_member
from headway.store.queries.rhythms import RhythmRow
from headway.web.requests import Inside, inside
from headway.web.rhythm.forms import RhythmForm, as_it_is, filled_in
from headway.web.undo import done, way_back


@inside("rhythm")
def new(request: Inside) -> HttpResponse:
    """A form that is filled in already. `starter` in the address says with what; the first without one."""
    access = request.access
    starter = find_starter(request.GET.get("starter", "")) or STARTERS[0]
    initial = filled_in(access, starter, request.now)
    form = RhythmForm(access, starter.kind, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = set_rhythm(
                workspace=access.workspace, kind=starter.kind, terms=form.terms(), by=access.person, at=request.now
            )
        except UserError as problem:
            form.add_error(None, str(problem))
        else:
            done(request, f"{made.name} is set: {said(made)}.", way="rhythm set", about={"key": made.key})
            return redirect("rhythm_one", w=access.workspace.key, key=made.key)
    context = {"form": form, "starter": starter}
    return render(request, "rhythm/new.html", context, status=422 if form.errors else 200)


@inside("rhythm")
def change(request: Inside, key: str) -> HttpResponse:
    """The same form; what is saved holds from now on."""
    access = request.access
    rhythm = get_rhythm(access, key)
    if rhythm.ended_at is not None:
        raise UserError("This rhythm has ended: set a new one.")
    before = remembered(rhythm)
    form = RhythmForm(access, rhythm.kind, request.POST or None, rhythm=rhythm, initial=as_it_is(rhythm, request.now))
    if request.method == "POST" and form.is_valid():
        try:
            now = change_rhythm(rhythm=rhythm, terms=form.terms(), by=access.person, at=request.now)
        except UserError as problem:
            form.add_error(None, str(problem))
        else:
            if remembered(now) != before:
                sentence = f"From now on: {now.name}, {said(now)}. Everybody gets the new invitation."
                done(request, sentence, way="rhythm changed", about={"key": key, "was": before})
            return redirect("rhythm_one", w=access.workspace.key, key=key)
    context = {"form": form, "starter": starter_of(rhythm.kind), "rhythm": rhythm}
    return render(request, "rhythm/change.html", context, status=422 if form.errors else 200)


@require_POST
@inside("rhythm")
def end(request: Inside, key: str) -> HttpResponse:
    """It is no longer held."""
    rhythm = end_rhythm(rhythm=get_rhythm(request.access, key), by=request.access.person, at=request.now)
    done(request, f"{rhythm.name} is no longer held.", way="rhythm ended", about={"key": key})
    return redirect("rhythm", w=request.access.workspace.key)


def said(rhythm: RhythmRow) -> str:
    """every Tuesday at 10:00."""
    words = rule_words(read_rule(rhythm.rule))
    return f"{words[0].lower()}{words[1:]} at {rhythm.starts:%H:%M}"


def remembered(rhythm: RhythmRow) -> dict[str, Any]:
    """Its terms, for the way back."""
    return {
        "name": rhythm.name, "leader": rhythm.leader.key, "first_on": rhythm.first_on.isoformat(),
        "people": sorted(rhythm.people.values_list("person__key", flat=True)), "starts": rhythm.starts.isoformat(),
        "zone": rhythm.zone, "rule": rhythm.rule, "minutes": rhythm.minutes, "team": rhythm.team,
        "place": rhythm.place,
    }  # fmt: skip


@way_back("rhythm set")
def unset(request: Inside, about: dict[str, Any]) -> str:
    """Undo of setting one."""
    request.access.need("rhythm")
    rhythm = get_rhythm(request.access, about["key"])
    end_rhythm(rhythm=rhythm, by=request.access.person, at=request.now)
    return f"{rhythm.name} is not held."


@way_back("rhythm ended")
def resume(request: Inside, about: dict[str, Any]) -> str:
    """Undo of ending one."""
    request.access.need("rhythm")
    rhythm = get_rhythm(request.access, about["key"])
    resume_rhythm(rhythm=rhythm, by=request.access.person, at=request.now)
    return f"{rhythm.name} is held as before."


@way_back("rhythm changed")
def change_back(request: Inside, about: dict[str, Any]) -> str:
    """Undo of a change: its former terms, from now on."""
    request.access.need("rhythm")
    access, was = request.access, about["was"]
    terms = Terms(
        name=was["name"], leader=get_member(access, was["leader"]).person,
        people=tuple(get_member(access, key).person for key in was["people"]),
        first_on=date.fromisoformat(was["first_on"]), starts=time.fromisoformat(was["starts"]), zone=was["zone"],
        rule=was["rule"], minutes=was["minutes"], team=was["team"], place=was["place"],
    )  # fmt: skip
    rhythm = change_rhythm(rhythm=get_rhythm(access, about["key"]), terms=terms, by=access.person, at=request.now)
    return f"{rhythm.name} is as it was: {said(rhythm)}."
