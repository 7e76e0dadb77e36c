"""Whether the number is shown yet: after one's own call, or because one asked to see it without."""

from __future__ import annotations

from datetime import date

from headway.forecast import forecast_json
from headway.forecast.value import NOTHING, Forecast
from headway.store.queries.calls import CallRow, Scope
from headway.store.queries.forecasts import find_forecast
from headway.web.forecast.asked import Choice
from headway.web.requests import Inside

KEPT = 24  # periods, over all workspaces
REMEMBERED = "forecast without a call"


def read_forecast(request: Inside) -> Forecast | None:
    """The newest forecast without its deals; None before the first, and where it is of a kind no longer read."""
    text = find_forecast(request.access.workspace)
    try:
        return forecast_json.from_json(text) if text else None
    except ValueError:
        return None


def is_asked(
    request: Inside, found: Forecast | None, choice: Choice, today: date, own: list[CallRow], scopes: tuple[Scope, ...]
) -> bool:
    """Whether this person is asked for a call before the number of the period is shown: where there is one to show."""
    known = found is not None and found.basis != NOTHING
    return known and bool(scopes) and not own and today <= choice.period.ends_on and not goes_without(request, choice)


def goes_without(request: Inside, choice: Choice) -> bool:
    """Whether this person asked to see the period's number without a call, in this session."""
    return _mark(request, choice) in request.session.get(REMEMBERED, [])


def go_without(request: Inside, choice: Choice) -> None:
    """Remember it."""
    known = [one for one in request.session.get(REMEMBERED, []) if one != _mark(request, choice)]
    request.session[REMEMBERED] = [*known, _mark(request, choice)][-KEPT:]


def _mark(request: Inside, choice: Choice) -> str:
    return f"{request.access.workspace.key} {choice.key}"
