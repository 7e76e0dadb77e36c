"""From which day on everybody in the workspace needs a second factor; and who has none yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.store.actions.second_factor import ask_for_second_factor
from headway.store.queries.people import WorkspaceRow
from headway.store.queries.second_factor import has_second_factor, list_without_second_factor
from headway.web.requests import Inside, inside
from headway.web.second_factor import has_passed
from headway.web.undo import done, way_back

NOTICE = timedelta(days=7)  # what is offered: time to set one up
LATEST = timedelta(days=366)
OWN_FIRST = "Set up your own second factor first: from that day on you need it here too."


class SecondFactorFrom(forms.Form):
    """The day; empty: nobody is asked."""

    since = forms.DateField(
        label="Needed from",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Until then, who has none sees a notice. Empty: nobody is asked.",
        error_messages={"invalid": "This is no day: write it as in 2026-09-30."},
    )

    def __init__(self, *given: Any, today: date, **named: Any) -> None:
        super().__init__(*given, **named)
        self.today = today

    def clean_since(self) -> date | None:
        """Today at the earliest, within a year."""
        day: date | None = self.cleaned_data["since"]
        if day is not None and day < self.today:
            raise forms.ValidationError("This day is over: choose today or a later one.")
        if day is not None and day > self.today + LATEST:
            raise forms.ValidationError("This is more than a year away: choose a nearer day.")
        return day


@inside("people")
def second_factor(request: Inside) -> HttpResponse:
    """POST since: a day, or nothing."""
    workspace, person = request.access.workspace, request.access.person
    today = request.now.astimezone(ZoneInfo(workspace.zone)).date()
    own = has_passed(request) or has_second_factor(person)
    held = day_of(workspace)
    form = SecondFactorFrom(request.POST or None, today=today, initial={"since": held or today + NOTICE})
    if request.method == "POST" and (held is None or request.POST.get("since") != held.isoformat()):
        if form.is_valid() and form.cleaned_data["since"] is not None and not own:
            form.add_error("since", OWN_FIRST)
        if form.is_valid():
            return change(request, form.cleaned_data["since"])
    elif request.method == "POST":
        return redirect("second_factor", w=workspace.key)
    context = {
        "form": form, "own": own, "held": held, "asks": held is not None and held <= today,
        "without": list_without_second_factor(request.access), "today": today,
    }  # fmt: skip
    return render(request, "people/second_factor.html", context, status=422 if form.errors else 200)


def change(request: Inside, day: date | None) -> HttpResponse:
    """From the beginning of that day, where the workspace is."""
    workspace = request.access.workspace
    since = datetime.combine(day, time(), ZoneInfo(workspace.zone)).astimezone(UTC) if day else None
    was = ask_for_second_factor(workspace=workspace, since=since, by=request.access.person, at=request.now)
    if was != since:
        words = (
            f"Everybody here needs a second factor from {day.day} {day:%B %Y}." if day else "Nobody is asked for one."
        )
        about = {"since": was.isoformat() if was else ""}
        done(request, words, way="second factor", about=about)
    return redirect("second_factor", w=workspace.key)


def day_of(workspace: WorkspaceRow) -> date | None:
    """The local day from which it is asked for."""
    since = workspace.second_factor_from
    return since.astimezone(ZoneInfo(workspace.zone)).date() if since else None


@way_back("second factor")
def as_before(request: Inside, about: dict[str, Any]) -> str:
    """Undo of another day."""
    request.access.need("people")
    since = datetime.fromisoformat(about["since"]) if about["since"] else None
    ask_for_second_factor(
        workspace=request.access.workspace, since=since, by=request.access.person, at=request.now
    )  # fmt: skip
    return "As before."
