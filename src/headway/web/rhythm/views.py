"""The rhythms of a workspace, and one of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from headway.reviews.recurrence import EVERY_WORDS
from headway.reviews.rhythm import zone_of
from headway.reviews.starters import STARTERS
from headway.store.queries.access import get_rhythm
from headway.store.queries.rhythms import (
    OF_ONE,
    count_states,
    list_occurrences,
    list_reviews_without_rhythm,
    list_rhythms,
)
from headway.web.requests import Inside, inside
from headway.web.rhythm.shown import elsewhere, moment_words, review_url, shown


@inside()
def rhythms(request: Inside) -> HttpResponse:
    """Which reviews are held and whether they took place; with none, the starters."""
    access, w = request.access, request.access.workspace.key
    rows = list_rhythms(access)
    occurrences = list_occurrences(rows)
    listed = [shown(row, occurrences.get(row.pk, []), w, request.now) for row in rows]
    zone = zone_of(access.workspace.zone)
    single = [
        (row, moment_words(row.due_at, zone, request.now), review_url(w, row))
        for row in list_reviews_without_rhythm(access)
    ]
    context = {
        "rhythms": sorted(listed, key=lambda one: (one.next is None, one.next.row.due_at if one.next else None)),
        "ended": list_rhythms(access, ended=True),
        "starters": [(one, EVERY_WORDS[one.every]) for one in STARTERS],
        "single": single,
        "may": access.may("rhythm"),
        "may_hold": access.may("review"),
    }
    return render(request, "rhythm/list.html", context)


@inside()
def one(request: Inside, key: str) -> HttpResponse:
    """One rhythm: every occurrence, what comes, who takes part."""
    access = request.access
    row = get_rhythm(access, key)
    rows = list_occurrences([row], OF_ONE).get(row.pk, [])
    found = shown(row, rows, access.workspace.key, request.now, count_states([row]).get(row.pk, {}))
    context = {
        "one": found,
        "coming": [(each, elsewhere(each.row.due_at, row.zone, access.person.zone)) for each in found.coming],
        "table": list(reversed(found.strip)),
        "may": access.may("rhythm") and row.ended_at is None,
        "earlier": max(0, sum(n for _, n, _ in found.counts) - len(found.strip)),
    }
    return render(request, "rhythm/one.html", context)
