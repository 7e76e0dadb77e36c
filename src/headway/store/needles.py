"""Find what is said of somebody in any text, however it is written down, and put a number in its place. Pure."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

SHORTEST = 3  # letters of a name that is looked for inside other words' company
ERASED = "[erased]"


def _escaped_apostrophe(text: str) -> str:
    return html.escape(text).replace("&#x27;", "&#39;")


def _as_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _as_json_twice(text: str) -> str:
    return _as_json(_as_json(text))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


WRITTEN: tuple[Callable[[str], str], ...] = (
    str, html.escape, _escaped_apostrophe, _as_json, _as_json_twice, quote, quote_plus, _decomposed,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Needles:
    """What to look for and what to put there. `places`: every way of writing one, folded, to its replacement."""

    places: dict[str, str]
    pattern: re.Pattern[str]
    fragments: tuple[str, ...]

    def finds(self, text: str) -> bool:
        """Whether it occurs in the text."""
        return self.pattern.search(text) is not None

    def replaced(self, text: str) -> str:
        """The text without it."""
        return self.pattern.sub(lambda match: self.places.get(match.group().casefold(), ERASED), text)

    def is_all_of(self, text: str) -> bool:
        """Whether the text is nothing but that."""
        return self.pattern.fullmatch(text.strip()) is not None

    def replaced_within(self, value: Any) -> Any:
        """The same of a value of JSON, at any depth, keys too."""
        if isinstance(value, str):
            return self.replaced(value)
        if isinstance(value, list):
            return [self.replaced_within(one) for one in value]
        if isinstance(value, dict):
            return {self.replaced(name): self.replaced_within(one) for name, one in value.items()}
        return value


def needles(told: dict[str, str]) -> Needles | None:
    """Of texts and their replacements; None where no text is long enough to be looked for."""
    places: dict[str, str] = {}
    forms: set[str] = set()
    kept = {text.strip(): instead for text, instead in told.items() if len(text.strip()) >= SHORTEST}
    for text, instead in kept.items():
        for form in {text, " ".join(text.split()), unicodedata.normalize("NFC", text)}:
            for written in WRITTEN:
                forms |= {written(form), written(form).casefold()}
                places.setdefault(written(form).casefold(), written(instead))
    if not places:
        return None
    found = "|".join(re.escape(place) for place in sorted(forms, key=len, reverse=True))
    pattern = re.compile(rf"(?<![^\W_])(?:{found})(?![^\W_])", re.IGNORECASE)
    return Needles(places, pattern, tuple(sorted({_fragment(text) for text in kept})))


def _fragment(text: str) -> str:
    """The longest run of plain letters: what a database finds in any of the ways of writing; else the text itself."""
    runs = re.findall(r"[A-Za-z0-9]+", unicodedata.normalize("NFC", text))
    return max(runs, key=len, default=text)


def told_of(names: Iterable[str], emails: Iterable[str], number: int) -> dict[str, str]:
    """What stands for somebody's names and addresses from now on."""
    instead = {name: pseudonym(number) for name in names if name.strip()}
    return instead | {email: f"erased-{number}@erased.invalid" for email in emails if email.strip()}


def pseudonym(number: int) -> str:
    """`Erased person 3`: the same everywhere, so that what was counted as one person still is."""
    return f"Erased person {number}"
