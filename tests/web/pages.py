"""What tests of screens do with a page: find its address, read its words, press its undo button."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from headway.store.models import Deal
from tests.cast import Cast


def to(where: Cast | Deal, name: str, **keys: Any) -> str:
    """The address of a screen of the cast's workspace, or of a deal's."""
    if isinstance(where, Deal):
        keys = {"key": where.key, **keys}
    return reverse(name, kwargs={"w": where.workspace.key, **keys})


def main_of(answer: HttpResponse) -> str:
    """The markup of the main part."""
    return answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0]


def words(markup: str) -> str:
    """The words of markup: tags and repeated spaces gone."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))).strip()


def text_of(answer: HttpResponse) -> str:
    """The words of the main part; of everything, where the answer is a part itself."""
    return words(main_of(answer))


def undo(client: Client, cast: Cast, page: HttpResponse | str, back: str = "") -> HttpResponse:
    """Press the newest undo button of a page, or of the page that an answer leads to; `back`: where to go then."""
    if not isinstance(page, str):
        shown = client.get(page["Location"].split("#")[0]) if "Location" in page else page
        page = shown.content.decode()
    tokens = re.findall(r'name="token" value="([^"]+)"', page)
    assert tokens, "the page offers no undo"
    given = {"token": tokens[-1]} | ({"back": back} if back else {})
    return client.post(to(cast, "undo"), given, follow=True)
