"""The queue of open findings, what is looked at again, and what ended."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render

from headway.store.queries.clock import shown_at
from headway.store.queries.corrections import TITLES, Filters, Queue, list_queue, sees_all
from headway.store.queries.ended_findings import count_ended, list_coached, list_ended
from headway.store.queries.finding_counts import AGES
from headway.web.corrections.shown import age_links, coached_rows, ended_rows, group_rows
from headway.web.requests import Inside, inside

LATELY_DAYS = 30


@inside()
def findings(request: Inside) -> HttpResponse:
    """GET rule, team, age (number of a band), mine, page."""
    access = request.access
    filters = _filters(request)
    queue = list_queue(access, filters, request.now)
    narrowed = bool(filters.rule or filters.team or filters.age is not None)
    context: dict[str, Any] = {
        "queue": queue, "filters": filters, "narrowed": narrowed, "all": sees_all(access),
        "ages": age_links(queue.ages, filters),
        "groups": group_rows(request, queue, shown_at(access.workspace, request.now)),
        "rule_title": TITLES.get(filters.rule, ""), "titles": TITLES, "page": filters.page,
        "may": access.may("correct"), "named": access.membership.owner_id is not None,
    }  # fmt: skip
    if not queue.groups and not narrowed:
        context |= _emptied(request, queue)
    return render(request, "corrections/queue.html", context)


@inside()
def looks(request: Inside) -> HttpResponse:
    """What was agreed, when it is looked at again, and whether the next deals changed."""
    today = request.now.astimezone(ZoneInfo(request.access.workspace.zone)).date()
    rows = coached_rows(request, list_coached(request.access), today)
    to_come, seen = [row for row in rows if not row.changed], [row for row in rows if row.changed]
    return render(
        request, "corrections/looks.html", {"to_come": to_come, "seen": seen, "all": sees_all(request.access)}
    )


@inside()
def ended(request: Inside) -> HttpResponse:
    """GET page: what ended, by people or by itself, the newest first."""
    page = _number(request.GET.get("page", "")) or 1
    rows, more = list_ended(request.access, page=page)
    context = {"rows": ended_rows(request, rows), "page": page, "more": more, "all": sees_all(request.access)}
    return render(request, "corrections/ended.html", context)


def _emptied(request: Inside, queue: Queue) -> dict[str, Any]:
    by_people, by_itself = count_ended(request.access, request.now, LATELY_DAYS)
    return {"by_people": by_people, "by_itself": by_itself, "days": LATELY_DAYS, "analysed": queue.analysed_at}


def _filters(request: Inside) -> Filters:
    given = request.GET
    age = _number(given.get("age", ""))
    rule = given.get("rule", "")
    return Filters(
        rule=rule if rule in TITLES else "", team=given.get("team", "")[:200],
        age=age if age is not None and age < len(AGES) else None, mine=given.get("mine") == "1",
        page=max(1, _number(given.get("page", "")) or 1),
    )  # fmt: skip


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
