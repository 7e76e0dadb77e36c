"""A request inside a workspace, and the doors of views."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from headway.store.queries.access import Access, get_access
from headway.store.queries.people import PersonRow


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
    """The view is for members of the workspace `w` in the URL; with `verb`, for those whose role may."""

    def door(view: View) -> View:
        @wraps(view)
        @login_required
        def entered(request: HttpRequest, w: str, **rest: Any) -> HttpResponse:
            here = cast(Inside, request)
            here.access = get_access(cast(PersonRow, request.user), w)
            if verb:
                here.access.need(verb)
            return view(here, **rest)

        return cast(View, entered)

    return door
