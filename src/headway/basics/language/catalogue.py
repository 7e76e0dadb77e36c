"""The catalogue of one language, read from its gettext file: whole texts, and sentences with gaps.

A gap is `{0}`, `{1}` … in the English text; the same gaps stand, in any order, in the translation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

GAP = re.compile(r"\{(\d+)\}")
SAID_GAP = re.compile(r"\{(\d+)(:n)?\}")  # in a translation: also in the dative
WORD = re.compile(r"[^\W\d_]{2,}")
LONG = 4  # letters of a word by which a sentence is found
AT_LEAST = 7  # letters of its own that a sentence needs, else only figures may stand in its gaps


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with gaps: how it is recognised, and what is said in its place."""

    shape: re.Pattern[str]
    order: tuple[int, ...]
    said: str
    own: int
    written: int  # all signs outside its gaps, where two have as many letters
    figures_only: bool
    dropped: frozenset[int]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`whole`: English to translation. `by_word`: a word that a sentence surely holds to the sentences that hold it."""

    whole: Mapping[str, str]
    by_word: Mapping[str, tuple[Sentence, ...]]

    def sentences(self, text: str) -> list[Sentence]:
        """Those that `text` could be, the one with the most letters of its own first."""
        found = {id(one): one for word in set(WORD.findall(text.lower())) for one in self.by_word.get(word, ())}
        return sorted(found.values(), key=lambda one: (-one.own, -one.written))


def catalogue_of(pairs: Iterable[tuple[str, str]]) -> Catalogue:
    """The catalogue of (English, translation) pairs; a text without a translation is left out."""
    whole: dict[str, str] = {}
    by_word: defaultdict[str, list[Sentence]] = defaultdict(list)
    for written, said in pairs:
        english = plain_of(written)
        if not said:
            continue
        whole[english] = said
        sentence = sentence_of(english, said) if said != english else None  # what stays as it is says nothing
        if sentence:
            by_word[_anchor(english)].append(sentence)
    return Catalogue(whole, {word: tuple(found) for word, found in by_word.items()})


def sentence_of(english: str, said: str) -> Sentence | None:
    """The sentence with gaps of one pair; None where there is no gap, or no word to know it by."""
    order = tuple(int(number) for number in GAP.findall(english))
    if not order or not _anchor(english):
        return None
    parts = GAP.split(english)[::2]
    seen: set[int] = set()
    shape = [re.escape(parts[0])]
    for place, number in enumerate(order):
        after = parts[place + 1]
        shape.append(f"(?P=g{number})" if number in seen else f"(?P<g{number}>{_filling(parts, place)})")
        shape.append(re.escape(after))
        seen.add(number)
    own = sum(len(word) for part in parts for word in WORD.findall(part))
    dropped = frozenset(seen - {int(number) for number, _ in SAID_GAP.findall(said)})
    shaped, written = re.compile("".join(shape), re.DOTALL), sum(map(len, parts))
    return Sentence(shaped, tuple(sorted(seen)), said, own, written, own < AT_LEAST, dropped)


def _filling(parts: list[str], place: int) -> str:
    """What may stand in a gap: anything; a figure first where another gap follows at once; nothing too at the end."""
    if not parts[place + 1] and place + 2 < len(parts):
        return r"\d[\d,.]*|.*?"
    may_lack = place + 2 == len(parts) or (place > 0 and not parts[place])
    return ".*?" if may_lack and not parts[place + 1] else ".+?"


def plain_of(text: str) -> str:
    """The text without what only keeps a line from breaking."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2060", "")


def _anchor(english: str) -> str:
    """The longest word outside the gaps; sentences are looked for by it."""
    words = [word for part in GAP.split(english)[::2] for word in _whole_words(part)]
    return max(words, key=len, default="").lower()


def _whole_words(part: str) -> list[str]:
    """Words that stand between spaces or signs, so that they are words of the filled sentence too."""
    return WORD.findall(part)


@cache
def catalogue(code: str) -> Catalogue:
    """The catalogue of a language; an empty one for English."""
    file = files("headway") / "locale" / code / "LC_MESSAGES" / "headway.po"
    if not file.is_file():
        return Catalogue({}, {})
    with file.open("rb") as handle:
        found = read_po(handle, locale=code)
    return catalogue_of((str(one.id), str(one.string)) for one in found if one.id and not one.fuzzy)
