"""The portfolio: every company of a person, with the figures of those that they lead or run."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from headway.store.queries.access import list_memberships
from headway.store.queries.people import PersonRow
from headway.store.queries.portfolio import list_companies
from headway.web.portfolio.shown import cards_of
from headway.web.requests import Request
from headway.web.second_factor import closed_keys


@login_required
def portfolio(request: HttpRequest) -> HttpResponse:
    """One card for each company led; the others by name. Nothing is added up over companies."""
    person, now = cast(PersonRow, request.user), cast(Request, request).now
    closed = closed_keys(request, [one.workspace for one in list_memberships(person)], now)
    cards = cards_of(list_companies(person, now, closed), now)
    led = [card for card in cards if card.figures]
    context = {
        "led": led, "others": [card for card in cards if not card.figures],
        "waiting": sum(bool(card.first) for card in led),
    }  # fmt: skip
    return render(request, "portfolio/page.html", context)
