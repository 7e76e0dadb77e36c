"""What the head of every page of the forecast shows: the period, and the ways to the others."""

from __future__ import annotations

from datetime import date
from typing import Any

from headway.forecast.value import Forecast
from headway.store.queries.analyses import find_waiting
from headway.store.queries.clock import shown_at
from headway.web.forecast.asked import Choice, asked_period, list_choices, query_of
from headway.web.requests import Inside


def head_of(request: Inside, choice: Choice, here: str) -> dict[str, Any]:
    """What the head of every page of the forecast shows."""
    today = today_of(request)
    return {
        "choice": choice, "choices": list_choices(today), "here": here, "today": today,
        "days_left": (choice.period.ends_on - today).days, "has_begun": today >= choice.period.starts_on,
        "period_query": "" if choice.key == list_choices(today)[1].key else query_of(period=choice.key),
    }  # fmt: skip


def today_of(request: Inside) -> date:
    """The day that pages show."""
    return shown_at(request.access.workspace, request.now).date()


def asked_choice(request: Inside, text: str) -> Choice:
    """The period asked for."""
    return asked_period(text, today_of(request))


def currency_of(request: Inside, found: Forecast | None) -> str | None:
    """In which amounts are summed."""
    return (found.currency if found else None) or request.access.workspace.currency


def nothing_of(request: Inside, here: str) -> dict[str, Any]:
    """For a page that has nothing to show before the first forecast."""
    return {**head_of(request, asked_choice(request, ""), here), "job": find_waiting(request.access.workspace)}
