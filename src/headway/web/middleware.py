"""What holds for every page: private, one moment per request, and a sentence instead of a traceback."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from headway.basics.errors import UserError
from headway.store.guards import NONE, enter
from headway.store.queries.access import NotAllowedError, NotFoundError
from headway.web.requests import Request
from headway.web.second_factor import SecondFactorNeededError, page_to_set_one_up
from headway.web.tries import WITHIN_S, TooManyLinksError

Answer = Callable[[HttpRequest], HttpResponse]


class PrivatePages:
    """Nothing is cached, nothing is indexed, no feature of the device is asked for."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with headers that keep the page private."""
        response = self.answer(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Robots-Tag", "noindex")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Moment:
    """`request.now`: the one moment at which everything in this request is asked and recorded. Enters no workspace."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with a clock that stands still."""
        request = cast(Request, request)
        request.now = timezone.now()
        request.access = None
        enter(NONE)
        return self.answer(request)


class UserErrors:
    """What a user can cause is told in a sentence; what is not theirs looks like what is not there."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for an error that somebody can do something about."""
        if isinstance(error, NotFoundError):
            return render(request, "web/not_found.html", status=404)
        if isinstance(error, SecondFactorNeededError):
            enter(NONE)  # what follows stands outside every workspace
            return page_to_set_one_up(request, error)
        if isinstance(error, NotAllowedError):
            return render(request, "web/sentence.html", {"sentence": str(error), "title": "Not allowed"}, status=403)
        if isinstance(error, TooManyLinksError):
            told = {"sentence": str(error), "title": "Too many attempts"}
            answer = render(request, "web/sentence.html", told, status=429)
            answer["Retry-After"] = str(WITHIN_S)
            return answer
        if isinstance(error, UserError):
            return render(request, "web/sentence.html", {"sentence": str(error), "title": "Not done"}, status=422)
        return None
