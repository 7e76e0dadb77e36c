"""The outbox of a workspace: every message with its state; what failed or is unsure is sent again by one press."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.store.actions.sending import drop_message, keep_message, replay_message
from headway.store.queries.outbox import count_messages, find_hook, get_message, list_messages
from headway.web.notices.rows import STATE_WORDS, message_row
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back

NEED_SOMEBODY = ("unsure", "failed")


@inside("rhythm")
def outbox(request: Inside) -> HttpResponse:
    """GET state (one of the states, else all), page."""
    asked, page = request.GET.get("state", ""), request.GET.get("page", "1")
    state = asked if asked in STATE_WORDS else ""
    number = min(int(page), 10_000) if page.isascii() and page.isdecimal() else 1
    counts = count_messages(request.access)
    rows, more = list_messages(request.access, state, page=number)
    context: dict[str, Any] = {
        "rows": [message_row(row, request.now) for row in rows], "more": more, "page": number, "state": state,
        "states": [(name, words, counts.get(name, 0)) for name, (words, _) in STATE_WORDS.items()],
        "wanting": sum(counts.get(name, 0) for name in NEED_SOMEBODY), "hook": find_hook(request.access.workspace),
        "at": request.now,
    }  # fmt: skip
    return render(request, "notices/outbox.html", context)


@require_POST
@inside("rhythm")
def replay(request: Inside, key: str) -> HttpResponse:
    """Send it again."""
    message = get_message(request.access, key)
    replay_message(message=message, by=request.access.person, at=request.now)
    done(request, f"“{message.subject}” is sent again.")
    return redirect("outbox", w=request.access.workspace.key)


@require_POST
@inside("rhythm")
def drop(request: Inside, key: str) -> HttpResponse:
    """Send it no more."""
    message = get_message(request.access, key)
    was = drop_message(message=message, by=request.access.person, at=request.now)
    done(request, f"“{message.subject}” is not sent.", way="kept message", about={"key": key, "state": was})
    return redirect("outbox", w=request.access.workspace.key)


@way_back("kept message")
def kept(request: Inside, about: dict[str, Any]) -> str:
    """Undo of `drop`."""
    request.access.need("rhythm")
    message = get_message(request.access, about["key"])
    keep_message(message=message, state=about["state"], by=request.access.person, at=request.now)
    return "It stands in the outbox as before."
