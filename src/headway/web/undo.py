"""Undo of everything done with one press: the page says what was done and carries a signed way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from headway.basics.errors import UserError
from headway.store.actions.events import take_back
from headway.store.queries.events import EventRow, get_events
from headway.web.requests import Inside, inside

SALT = "headway undo"
HOURS = 24
WayBack = Callable[[Inside, dict[str, Any]], str]
WAYS_BACK: dict[str, WayBack] = {}


def way_back(name: str) -> Callable[[WayBack], WayBack]:
    """Registers how to undo something that is no event of a deal; the function returns the sentence to show."""

    def register(function: WayBack) -> WayBack:
        WAYS_BACK[name] = function
        return function

    return register


def done(request: Inside, sentence: str, *events: EventRow, way: str = "", about: dict[str, Any] | None = None) -> None:
    """Show `sentence` after the next page load, with an undo of these events, or by the way back named `way`."""
    token = ""
    if events or way:
        payload = {"w": request.access.workspace.key, "p": request.access.person.pk}
        payload |= {"way": way, "about": about or {}} if way else {"events": [event.pk for event in events]}
        token = signing.dumps(payload, salt=SALT)
    messages.success(request, sentence, extra_tags=token)


@inside()
def undo(request: Inside) -> HttpResponse:
    """POST token: take it back, and return to where one was."""
    if request.method != "POST":
        return redirect("home", w=request.access.workspace.key)
    try:
        payload = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        raise UserError("This can no longer be undone with one press: record what is true now.") from None
    if payload["w"] != request.access.workspace.key or payload["p"] != request.access.person.pk:
        raise UserError("This was done by somebody else: record what is true now.")
    if "way" in payload:
        sentence = WAYS_BACK[payload["way"]](request, payload["about"])
    else:
        request.access.need("record")  # what somebody was allowed when they did it, they may not be any more
        for event in reversed(get_events(request.access, payload["events"])):
            take_back(event=event, by=request.access.person, at=request.now)
        sentence = "Undone."
    messages.info(request, sentence)
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("home", w=request.access.workspace.key)
