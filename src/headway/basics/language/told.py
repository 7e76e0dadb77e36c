"""What Headway says, in the language spoken now: `told("2 of 3 deals are quiet")`.

A text is looked up whole; else as a sentence of the catalogue with gaps, whose fillings are told in turn; else part by
part. Figures, days and money in gaps take the form of the language. What nobody of us wrote is left as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from headway.basics.language.catalogue import SAID_GAP, Catalogue, Sentence, catalogue, plain_of
from headway.basics.language.forms import in_dative, is_figure, localised, name_of, quoted
from headway.basics.language.now import SOURCE, language

LONGEST = 2_000  # characters; what is longer was not written by us
DEEPEST = 7
SURE = 15  # letters by which a sentence is known even where a gap reaches over a joint
LITTLE = re.compile(r"\s?[a-z]{0,9}(?: [a-z]{1,9})?")  # what a translation may do without: an s, `was`, `the buyer`
MOST_WORDS = 3  # in a gap for figures: `3 days`, `most of them`
QUOTED = re.compile(r"“[^“”]*”")
OUTSIDE = "(?![^“]*”)"  # not inside somebody's words
TWO_DOTS = re.compile(r"(?<!\.)\.\.(?!\.)")  # of a month in short, `31. Dez.`, and of the sentence that ends with it
ENDS = re.compile(rf"(?<=[.!?…])\s+(?=[A-Z“0-9]){OUTSIDE}")
JOINED = re.compile(rf"(?:[;:](?:\s|$)|\. | · ){OUTSIDE}")
JOINTS = tuple((joint, re.compile(f"{joint}{OUTSIDE}")) for joint in ("\n", " · ", "; ", ": ", ", "))


class Told(str):
    """A text in the language spoken: telling it again changes nothing."""

    __slots__ = ()


def told(text: str) -> str:
    """The text in the language spoken now."""
    code = language()
    if code == SOURCE or not text or len(text) > LONGEST or isinstance(text, Told):
        return text
    return Told(_told(code, plain_of(text), 0))


@lru_cache(maxsize=20_000)
def _told(code: str, text: str, depth: int) -> str:
    known = catalogue(code)
    plain = text.strip()
    if plain != text and plain:
        before, _, after = text.partition(plain)
        return before + _told(code, plain, depth) + after
    if QUOTED.fullmatch(plain):  # somebody's words, as they are
        return quoted(plain[1:-1], code)
    if is_figure(plain):
        return localised(plain, code)
    name = name_of(plain, code)
    if name:
        return name
    return (
        _whole(known, plain)
        or _sentence(known, plain, code, depth, tight=True, own=SURE if ENDS.search(plain) else 0)
        or _without_dot(known, plain, code, depth)
        or _each_known(plain, code, depth)
        or _sentence(known, plain, code, depth, tight=True)
        or _sentence(known, plain, code, depth, tight=False, own=SURE)
        or _in_parts(plain, code, depth)
        or _sentence(known, plain, code, depth, tight=False)
        or text
    )


def _whole(known: Catalogue, text: str) -> str:
    """The translation of a text that stands in the catalogue, also as a phrase at the beginning of a line."""
    whole = known.whole.get(text)
    if whole is not None:
        return whole
    lower = known.whole.get(text[:1].lower() + text[1:], "")
    return lower[:1].upper() + lower[1:]


def _each_known(text: str, code: str, depth: int) -> str:
    """The text sentence by sentence, where each of them is known."""
    sentences = ENDS.split(text)
    if len(sentences) < 2 or depth >= DEEPEST:
        return ""
    said = [_told(code, one, depth + 1) for one in sentences]
    return "" if any(one == was for one, was in zip(said, sentences, strict=True)) else " ".join(said)


def _without_dot(known: Catalogue, text: str, code: str, depth: int) -> str:
    """The translation of a text that the catalogue holds without the dot at its end."""
    if not text.endswith(".") or ENDS.search(text):
        return ""
    said = _whole(known, text[:-1]) or _sentence(known, text[:-1], code, depth, tight=True)
    return f"{said}." if said else ""


def _sentence(known: Catalogue, text: str, code: str, depth: int, tight: bool, own: int = 0) -> str:
    """The translation of the sentence with gaps that the text is, with at least `own` letters outside its gaps.

    `tight`: no gap may reach over a joint.
    """
    if depth >= DEEPEST:
        return ""
    ways = (text, text[:1].lower() + text[1:], text[:1].upper() + text[1:])
    for sentence in known.sentences(text):
        if sentence.own < own:
            break
        match = next(filter(None, map(sentence.shape.fullmatch, ways)), None)
        filled = _filled(sentence, match, code, depth, tight) if match else ""
        if filled:
            return filled[:1].upper() + filled[1:] if text[:1].isupper() else filled
    return ""


def _filled(sentence: Sentence, match: re.Match[str], code: str, depth: int, tight: bool) -> str:
    """The translation with its gaps filled; nothing where something other than figures stands in gaps for figures."""
    fillings = {}
    for number in sentence.order:
        filling = match[f"g{number}"]
        if not _is_whole(filling) or (tight and JOINED.search(filling)):
            return ""
        if number in sentence.dropped and not LITTLE.fullmatch(filling):
            return ""  # a figure or a name would be lost
        fillings[number] = _told(code, filling, depth + 1)
        short = fillings[number] != filling and len(filling.split()) <= MOST_WORDS
        if sentence.figures_only and not (short or is_figure(filling) or QUOTED.fullmatch(filling)):
            return ""
    said = SAID_GAP.sub(lambda gap: _in_form(fillings.get(int(gap[1]), gap[0]), gap[2]), sentence.said)
    return TWO_DOTS.sub(".", said)


def _is_whole(text: str) -> bool:
    """Whether no quotation begins in the text and ends outside of it: then it would be cut out of somebody's words."""
    return text.count("“") == text.count("”")


def _in_form(filling: str, form: str | None) -> str:
    return in_dative(filling) if form else filling


def _in_parts(text: str, code: str, depth: int) -> str:
    """The text told sentence by sentence, or piece by piece, where every piece but at most one is known."""
    if depth >= DEEPEST:
        return ""
    sentences = ENDS.split(text)
    if len(sentences) > 1:
        return " ".join(_told(code, one, depth + 1) for one in sentences)
    for joint, where in JOINTS:
        pieces = where.split(text)
        if 1 < len(pieces) <= 12:
            said = [_told(code, one, depth + 1) for one in pieces]
            if any(one != piece for one, piece in zip(said, pieces, strict=True)):
                return joint.join(said)
    return ""
