"""Days on which nothing is held."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.reviews.holidays import FreeDay, read_holidays
from headway.store.actions.holidays import add_holidays, remove_holiday
from headway.store.queries.access import NotFoundError
from headway.store.queries.rhythms import list_holidays
from headway.web.requests import Inside, inside
from headway.web.rhythm.shown import today_in
from headway.web.undo import done, way_back


@inside()
def holidays(request: Inside) -> HttpResponse:
    """The list. POST days: one a line; adds them."""
    access = request.access
    typed, problem = request.POST.get("days", ""), ""
    if request.method == "POST":
        access.need("rhythm")
        try:
            days = read_holidays(typed)
            if not days:
                raise UserError("Write at least one day, as in 2026-12-25 Christmas Day.")
            new = add_holidays(workspace=access.workspace, days=days, by=access.person, at=request.now)
        except UserError as error:
            problem = str(error)
        else:
            count = f"{len(new)} day{'s'[: len(new) != 1]}"
            done(request, f"Nothing is held on {count} more.", way="holidays added",
                 about={"days": [day.isoformat() for day in new]})  # fmt: skip
            return redirect("rhythm_holidays", w=access.workspace.key)
    today = today_in(access.workspace.zone, request.now)
    listed = list_holidays(access)
    context = {
        "coming": [row for row in listed if row.on >= today],
        "past": sum(row.on < today for row in listed),
        "typed": typed,
        "problem": problem,
        "may": access.may("rhythm"),
    }
    return render(request, "rhythm/holidays.html", context, status=422 if problem else 200)


@require_POST
@inside("rhythm")
def remove(request: Inside) -> HttpResponse:
    """POST on: something may be held that day."""
    access = request.access
    row = next((one for one in list_holidays(access) if one.on.isoformat() == request.POST.get("on")), None)
    if row is None:
        raise NotFoundError("holiday")
    remove_holiday(workspace=access.workspace, on=row.on, by=access.person, at=request.now)
    sentence = f"{row.name or row.on.isoformat()} is no holiday."
    done(request, sentence, way="holiday removed", about={"on": row.on.isoformat(), "name": row.name})
    return redirect("rhythm_holidays", w=access.workspace.key)


@way_back("holidays added")
def remove_added(request: Inside, about: dict[str, Any]) -> str:
    """Undo of adding days."""
    request.access.need("rhythm")
    for day in about["days"]:
        remove_holiday(
            workspace=request.access.workspace, on=date.fromisoformat(day), by=request.access.person, at=request.now
        )
    return "These days are no holidays."


@way_back("holiday removed")
def add_again(request: Inside, about: dict[str, Any]) -> str:
    """Undo of removing a day."""
    request.access.need("rhythm")
    day = FreeDay(date.fromisoformat(about["on"]), about["name"])
    add_holidays(workspace=request.access.workspace, days=[day], by=request.access.person, at=request.now)
    return f"{day.name or day.on.isoformat()} is a holiday again."
