"""My week: promises due, three deals to move, silent buyers, five minutes with oneself; with a team or without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.reviews.self_review import QUESTIONS, monday_of, streak
from headway.store.actions.commitments import record_self_review
from headway.store.actions.standing import moment_of_deal
from headway.store.queries.analyses import scale_of
from headway.store.queries.clock import shown_at
from headway.store.queries.commitments import KnownPromise, due_for
from headway.store.queries.my_deals import NO_PROCESS, DealRow, known_of
from headway.store.queries.versions import process_of
from headway.store.queries.weeks import MOST_SILENT, OwnWeek, habit_of, list_to_move
from headway.web.mine.rows import Moment, Places, mine_row
from headway.web.requests import Inside, inside
from headway.web.shell import find_url
from headway.web.undo import done

TO_MOVE, SILENT_SHOWN, PROMISES_SHOWN, EARLIER = 3, 6, 6, 12
SINCE = timedelta(days=7)
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Due:
    """A promise of one's own that is due within the week, or overdue."""

    key: str
    what: str
    shows: str
    deal: str
    deal_url: str
    words: str
    badge: str
    proof_url: str
    sayable: bool


@dataclass(frozen=True, slots=True)
class Silent:
    """A deal whose buyer went silent. `days`: since they were last seen."""

    name: str
    url: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the self-review with what stands in its field."""

    name: str
    words: str
    hint: str
    answer: str


@inside()
def my_week(request: Inside) -> HttpResponse:
    """GET; POST moved, stuck, next: the self-review of this week."""
    access, today = request.access, _today(request)
    typed: dict[str, str] | None = None
    problem = ""
    if request.method == "POST":
        access.need("review")
        typed = {one.name: request.POST.get(one.name, "")[:LONGEST] for one in QUESTIONS}
        try:
            record_self_review(workspace=access.workspace, person=access.person, week_on=today, at=request.now, **typed)
        except UserError as error:
            problem = str(error)
        else:
            done(request, "Noted, for you alone.")
            return redirect("my_week", w=access.workspace.key)
    context = _promises(request) | _deals(request) | _self_review(request, today, typed)
    context |= {"problem": problem, "monday": monday_of(today), "may": access.may("record")}
    return render(request, "mine/week.html", context, status=422 if problem else 200)


@inside()
def due_strip(request: Inside) -> HttpResponse:
    """A part for My deals: one's own promises that are due, or nothing."""
    return render(request, "mine/_due.html", _promises(request))


def _promises(request: Inside) -> dict[str, Any]:
    access = request.access
    due = due_for(access.workspace, access.person, request.now)
    rows = [_due(request, promise) for promise in due[:PROMISES_SHOWN]]
    return {"due": rows, "many_due": len(due), "overdue": sum(one.is_overdue for one in due)}


def _due(request: Inside, promise: KnownPromise) -> Due:
    row, w, left = promise.row, request.access.workspace.key, promise.days_left
    deal = row.deal
    proof = ""
    if deal is not None and row.milestone and not deal.outcome:
        proof = find_url("record_evidence", w=w, key=deal.key, milestone=row.milestone)
    if left >= 0:
        words = "due today" if left == 0 else "due tomorrow" if left == 1 else f"due {row.due_on:%A}"
    else:
        words = "due yesterday" if left == -1 else f"{-left} days overdue"
    return Due(
        key=promise.key, what=promise.what, shows=promise.shows, deal=deal.name if deal else "",
        deal_url=find_url("deal", w=w, key=deal.key) if deal else "", words=words,
        badge="bad" if left < 0 else "warn" if left <= 1 else "pill", proof_url=proof, sayable=not row.milestone,
    )  # fmt: skip


def _deals(request: Inside) -> dict[str, Any]:
    """The three deals to move, first by attention, each with its question; and whose buyer went silent."""
    access, owner = request.access, request.access.membership.owner_id
    if owner is None and access.role == "seller":
        return {"unlinked": True}
    at = shown_at(access.workspace, request.now)
    deals, found = list_to_move(access, owner, TO_MOVE)
    known, scale, places = known_of(deals), scale_of(access.workspace), Places.of(access.workspace.key)
    rows = []
    for deal in deals:
        process = process_of(deal.version) if deal.version else NO_PROCESS
        moment = Moment(moment_of_deal(deal, request.now), at - SINCE, scale.silence_limit_days(process))
        rows.append(mine_row(deal, process, known[deal.pk], moment, places))
    return {
        "rows": rows, "silent": [_silent(request, deal) for deal in found[:SILENT_SHOWN]], "many_silent": len(found),
        "or_more": len(found) >= MOST_SILENT,
        "everyone": owner is None,
    }  # fmt: skip


def _silent(request: Inside, deal: DealRow) -> Silent:
    at = shown_at(request.access.workspace, request.now)
    last = deal.last_buyer_act_at
    url = find_url("deal", w=request.access.workspace.key, key=deal.key)
    return Silent(deal.name, url, max((at - last).days, 0) if last else None)


def _self_review(request: Inside, today: date, typed: dict[str, str] | None) -> dict[str, Any]:
    access = request.access
    habit = habit_of(access, today)
    this = next((one for one in habit.own if one.monday == monday_of(today)), None)
    answers = typed or (_answers(this) if this else {one.name: "" for one in QUESTIONS})
    kept = {one.monday for one in habit.own} | habit.held
    return {
        "asked": [Asked(one.name, one.words, one.hint, answers[one.name]) for one in QUESTIONS],
        "done": this is not None, "streak": streak(kept, habit.off, today),
        "edit": typed is not None or "edit" in request.GET, "dots": _dots(kept, today),
        "earlier": [(one.monday, _told(one)) for one in habit.own if one is not this][:EARLIER],
        "may_review": access.may("review"),
    }  # fmt: skip


def _answers(week: OwnWeek) -> dict[str, str]:
    return {"moved": week.moved, "stuck": week.stuck, "next": week.next}


def _told(week: OwnWeek) -> list[tuple[str, str]]:
    answers = _answers(week)
    return [(one.words, answers[one.name]) for one in QUESTIONS if answers[one.name]]


def _dots(kept: set[date], today: date, weeks: int = 12) -> list[tuple[date, bool]]:
    """The last weeks, the oldest first: whether the habit was kept in each."""
    mondays = {monday_of(day) for day in kept}
    shown = [monday_of(today) - timedelta(weeks=back) for back in reversed(range(weeks))]
    return [(monday, monday in mondays) for monday in shown]


def _today(request: Inside) -> date:
    return request.now.astimezone(ZoneInfo(request.access.workspace.zone)).date()
