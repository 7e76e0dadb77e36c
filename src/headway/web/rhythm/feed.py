"""The one address that opens something without a login: a calendar, by a secret that can be revoked.

docs/decisions/0006-calendar-address.md: what it opens, and why nothing that goes wrong here is written to a log.
"""

from __future__ import annotations

import hashlib
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from headway.reviews.calendar_text import feed_text
from headway.store.queries.rhythms import find_calendar, list_entries
from headway.web.pace import is_too_often
from headway.web.requests import Request
from headway.web.tries import WITHIN_S, TooManyLinksError, try_link

MINUTES_KEPT = 10
PLAIN = "text/plain; charset=utf-8"


@csrf_exempt  # nothing is ever changed here
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """text/calendar of whoever made this address; 404 for one revoked, unknown or malformed alike."""
    if is_too_often(cast(Request, request), "calendar"):
        return HttpResponse("Asked too often: try again in a minute.\n", PLAIN, 429)
    try:
        tried = try_link(request, token)
    except TooManyLinksError as problem:
        return HttpResponse(f"{problem}\n", status=429, headers={"Content-Type": PLAIN, "Retry-After": str(WITHIN_S)})
    calendar = find_calendar(token)
    if calendar is None:
        tried.was_wrong()
        return HttpResponse("There is no such calendar: make an address anew on your page My calendar.\n", PLAIN, 404)
    tried.was_right()
    entries = list_entries(calendar, cast(Request, request).now)
    text = feed_text(f"Headway: {calendar.workspace.name}", entries).encode()
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    answer["Cache-Control"] = f"private, max-age={60 * MINUTES_KEPT}"
    answer["Content-Disposition"] = content_disposition_header(False, "headway.ics") or "inline"
    answer["Referrer-Policy"] = "no-referrer"
    if answer["ETag"] in request.headers.get("If-None-Match", ""):
        answer.status_code, answer.content = 304, b""
    return answer
