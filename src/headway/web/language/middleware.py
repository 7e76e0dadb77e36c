"""Each answer in the language of who asked: their own setting, else what their browser asks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from headway.basics.language import SOURCE, best_of, language
from headway.basics.language.now import is_settled, speaking_as


class Spoken:
    """Speak one language in the whole of a request, in our words and in those of the libraries."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer. Who asks is only looked up when the first word is said: what says none (a poll) costs nothing."""
        before = translation.get_language()
        try:
            with speaking_as(partial(activated, request)):
                response = self.answer(request)
                if is_settled():
                    response.headers.setdefault("Content-Language", language())
        finally:
            translation.activate(before or SOURCE)
        patch_vary_headers(response, ("Accept-Language",))
        return response


def activated(request: HttpRequest) -> str:
    """The language of a request, which the libraries speak from now on too."""
    code = language_for(request)
    translation.activate(code)
    return code


def language_for(request: HttpRequest) -> str:
    """The language of a request."""
    person = getattr(request, "user", None)
    own = str(getattr(person, "language", "")) if person is not None and person.is_authenticated else ""
    return own or best_of(request.headers.get("Accept-Language", ""))
