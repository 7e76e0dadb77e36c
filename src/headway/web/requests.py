"""A request inside a workspace, and the doors of views."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from headway.store.actions.audit import record_first_sight, record_sight
from headway.store.queries.access import Access, get_access
from headway.store.queries.people import PersonRow
from headway.web.second_factor import need_second_factor

OPENED = "invitation"  # in the session: the key of the invitation whose link was opened; never the token


class Request(HttpRequest):
    """`now`: the moment of the request; `access`: set inside a workspace."""

    now: datetime
    access: Access | None
    htmx: HtmxDetails


class Inside(Request):
    """A request of somebody inside a workspace."""

    access: Access


View = Callable[..., HttpResponse]


def inside(verb: str | None = None) -> Callable[[View], View]:
    """The view is for members of the workspace `w` in the URL; with `verb`, for those whose role may.

    Where the workspace asks for a second factor, this is the one place that lets nobody in without.
    """

    def door(view: View) -> View:
        @wraps(view)
        @login_required
        def entered(request: HttpRequest, w: str, **rest: Any) -> HttpResponse:
            here = cast(Inside, request)
            access = get_access(cast(PersonRow, request.user), w)
            need_second_factor(here, access.workspace, here.now)
            here.access = access
            if verb:
                here.access.need(verb)
            return remember_workspace(here, view(here, **rest))

        return cast(View, entered)

    return door


def saw(request: Inside, target: str) -> None:
    """For the audit: this person saw `target` ("deal KEY", "person KEY"); at most one entry an hour each.

    Call it once the page is sure to be shown. One query where the entry is there already.
    """
    record_sight(workspace=request.access.workspace, by=request.access.person, at=request.now, target=target)


def saw_first(request: Inside, target: str) -> bool:
    """`saw`, where the page has read the looks of the last hour itself; True where an entry was made."""
    return record_first_sight(
        workspace=request.access.workspace, by=request.access.person, at=request.now, target=target
    )


def last_workspace(request: HttpRequest) -> str:
    """The key of the workspace that this browser visited last; empty for none. It opens nothing by itself."""
    return request.COOKIES.get(_cookie(), "")


def remember_workspace(request: Inside, response: HttpResponse) -> HttpResponse:
    """Keep the workspace in a cookie, where it is another than before: a GET writes nothing to the database."""
    key = request.access.workspace.key
    if last_workspace(request) != key:
        age = settings.SESSION_COOKIE_AGE
        response.set_cookie(_cookie(), key, age, secure=settings.SECURE, httponly=True, samesite="Lax")
    return response


def _cookie() -> str:
    return "__Host-workspace" if settings.SECURE else "headway-workspace"
