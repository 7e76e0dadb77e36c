"""A deal's page: where the buyer is, what to ask, and everything behind it, now or on any past day."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from headway.basics.figures import counted
from headway.store.actions.deals import field_text
from headway.store.queries.access import NotFoundError, get_deal
from headway.store.queries.changes import last_seen
from headway.store.queries.commitments import KnownPromise, owed_on
from headway.store.queries.deal_list import was_dropped
from headway.store.queries.deal_page import DealRow, deal_facts, version_at
from headway.store.queries.owners import list_owner_names
from headway.store.queries.trials import arms_of
from headway.store.queries.versions import process_of
from headway.web.deals.editing import FIELDS
from headway.web.deals.forecast import forecast_of
from headway.web.deals.moment import moment_of
from headway.web.deals.picture import deal_picture
from headway.web.deals.time_line import ALL_ROWS, MOST_ROWS
from headway.web.requests import Inside, inside


@inside()
def deal(request: Inside, key: str) -> HttpResponse:
    """GET on: a past day; events=all: the whole table."""
    try:
        row = get_deal(request.access, key)
    except NotFoundError:
        was_dropped(request.access, key)
        return redirect("deals", w=request.access.workspace.key)
    moment = moment_of(request, row)
    past = moment.past_on is not None
    facts = deal_facts(row, moment.as_of.known_by if past else None)
    version = version_at(row, moment.at) if past else row.version
    most = ALL_ROWS if request.GET.get("events") == "all" else MOST_ROWS
    picture = deal_picture(row, facts, process_of(version) if version else None, moment, most)
    context: dict[str, Any] = {
        "deal": row,
        "here": reverse("deal", kwargs={"w": request.access.workspace.key, "key": row.key}),
        "moment": moment,
        "at": moment.at,
        "past": past,
        "p": picture,
        "facts": picture.facts,
        "more_lines": picture.happened - len(picture.lines),
        "analysed_at": facts.analysed_at,
        "edits": not past and request.access.may("record"),
        "last_day": moment.at.date() if not past else request.now.date(),
    }
    if not past:
        context["seen"] = last_seen(request.access)
        context["arms"] = () if row.outcome else arms_of([row]).get(row.pk, ())
        context["forecast"] = forecast_of(row, picture)
        context["promises"] = [(one, due_words(one)) for one in owed_on(row, request.now)]
    if context["edits"]:
        context |= {"was": was_of(row), "owners": list_owner_names(request.access)}
    return render(request, "deals/deal.html", context)


def due_words(promise: KnownPromise) -> str:
    """`due today`, `due in 3 days`, `2 days overdue`, and `broken, by word` before its day."""
    left = promise.days_left
    if left < 0:
        return f"{counted(-left, 'day')} overdue"
    if promise.is_overdue:
        return "broken, by word"
    return "due today" if left == 0 else f"due in {counted(left, 'day')}"


def was_of(deal: DealRow) -> dict[str, str]:
    """Every field as the forms carry it, so that two people who edit the same one notice."""
    return {name.replace(" ", "_"): field_text(deal, name) for name in FIELDS.values()}
