"""Each answer in the language of who asked: their own setting, else what their browser asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from headway.basics.language import best_of, language, speaking


class Spoken:
    """Speak one language in the whole of a request, in our words and in those of the libraries."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        with speaking(language_for(request)), translation.override(language_for(request)):
            response = self.answer(request)
            response.headers.setdefault("Content-Language", language())
        patch_vary_headers(response, ("Accept-Language",))
        return response


def language_for(request: HttpRequest) -> str:
    """The language of a request."""
    person = getattr(request, "user", None)
    own = str(getattr(person, "language", "")) if person is not None and person.is_authenticated else ""
    return own or best_of(request.headers.get("Accept-Language", ""))
