"""My week: promises due, three deals to move, silent buyers, five minutes with oneself; with a team or without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.reviews.self_review import QUESTIONS, Streak, monday_of, streak
from headway.store.actions.commitments import record_self_review
from headway.store.queries.clock import shown_at
from headway.store.queries.commitments import KnownPromise, due_for
from headway.store.queries.my_deals import DealRow
from headway.store.queries.weeks import SelfReviewRow, habit_days, list_self_reviews, list_to_move
from headway.web.mine.views import rows_of
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
    rows = rows_of(request, deals, at - SINCE, 2)
    return {
        "rows": rows, "silent": [_silent(request, deal) for deal in found[:SILENT_SHOWN]], "many_silent": len(found),
        "everyone": owner is None,
    }  # fmt: skip


def _silent(request: Inside, deal: DealRow) -> Silent:
    at = shown_at(request.access.workspace, request.now)
    last = deal.last_buyer_act_at
    url = find_url("deal", w=request.access.workspace.key, key=deal.key)
    return Silent(deal.name, url, max((at - last).days, 0) if last else None)


def _self_review(request: Inside, today: date, typed: dict[str, str] | None) -> dict[str, Any]:
    access = request.access
    own = list_self_reviews(access)
    this = next((one for one in own if one.week_on == monday_of(today)), None)
    answers = typed or _answers(this)
    held, off = habit_days(access, today)
    habit: Streak = streak({one.week_on for one in own} | held, off, today)
    return {
        "asked": [Asked(one.name, one.words, one.hint, answers[one.name]) for one in QUESTIONS],
        "done_at": this.at if this else None, "streak": habit, "edit": typed is not None or "edit" in request.GET,
        "earlier": [(one.week_on, _told(one)) for one in _earlier(own, this)], "dots": _dots(own, held, today),
        "may_review": access.may("review"),
    }  # fmt: skip


def _earlier(own: Sequence[SelfReviewRow], this: SelfReviewRow | None) -> list[SelfReviewRow]:
    return [one for one in own if this is None or one.pk != this.pk][:EARLIER]


def _answers(row: SelfReviewRow | None) -> dict[str, str]:
    return {one.name: getattr(row, one.name).text or "" if row and getattr(row, one.name) else "" for one in QUESTIONS}


def _told(row: SelfReviewRow) -> list[tuple[str, str]]:
    answers = _answers(row)
    return [(one.words, answers[one.name]) for one in QUESTIONS if answers[one.name]]


def _dots(own: Sequence[SelfReviewRow], held: set[date], today: date, weeks: int = 12) -> list[tuple[date, bool]]:
    """The last weeks, the oldest first: whether the habit was kept in each."""
    kept = {one.week_on for one in own} | {monday_of(day) for day in held}
    mondays = [monday_of(today) - timedelta(weeks=back) for back in reversed(range(weeks))]
    return [(monday, monday in kept) for monday in mondays]


def _today(request: Inside) -> date:
    return request.now.astimezone(ZoneInfo(request.access.workspace.zone)).date()
