"""A template's source in pieces: text, variables, tags of the template language, and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

TEMPLATE = r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"
HTML = rf"<!--.*?-->|<(?:[!/a-zA-Z]|\{{\{{)(?:{TEMPLATE}|[^<>])*>"
TOKEN = re.compile(rf"({TEMPLATE}|{HTML})", re.DOTALL)
NAME = re.compile(r"</?([a-zA-Z][\w-]*)")
INLINE = frozenset(
    ("a", "strong", "em", "b", "i", "span", "small", "sub", "sup", "abbr", "time", "code", "kbd", "q", "mark")
)
RAW = frozenset(("script", "style", "textarea"))


class Kind(Enum):
    """What a piece is. `BREAK` ends a message: a tag of the template language, or HTML that begins a block."""

    TEXT = "text"
    VARIABLE = "variable"
    OPEN = "open"
    CLOSE = "close"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of source; `element` is the name of the HTML element it opens or closes."""

    kind: Kind
    source: str
    element: str = ""


def pieces_of(source: str) -> Iterator[Piece]:
    """The pieces of a template, in order; together they are the source. What scripts and styles hold is never text."""
    raw = ""
    for token in TOKEN.split(source):
        if not token:
            continue
        piece = _piece(token)
        if raw:
            raw = "" if piece.element == raw and token.startswith("</") else raw
            yield Piece(Kind.BREAK, token)
            continue
        raw = piece.element if piece.element in RAW and not token.startswith("</") else ""
        yield piece


def _piece(token: str) -> Piece:
    if token.startswith("{{"):
        return Piece(Kind.VARIABLE, token)
    if token.startswith(("{%", "{#", "<!")):
        return Piece(Kind.BREAK, token)
    name = NAME.match(token)
    if not name:
        return Piece(Kind.BREAK if token.startswith("<") else Kind.TEXT, token)
    element = name[1].lower()
    if element not in INLINE or token.endswith("/>"):
        return Piece(Kind.BREAK, token, element)
    return Piece(Kind.CLOSE if token.startswith("</") else Kind.OPEN, token, element)


def runs_of(source: str) -> Iterator[tuple[Piece, ...]]:
    """Runs of pieces that are read together as one text, and between them single breaks."""
    run: list[Piece] = []
    for piece in pieces_of(source):
        if piece.kind is Kind.BREAK:
            yield from _whole(run)
            run = []
            yield (piece,)
        else:
            run.append(piece)
    yield from _whole(run)


def _whole(run: list[Piece]) -> Iterator[tuple[Piece, ...]]:
    """A run cut where an element in it is opened or closed elsewhere, and between elements that touch."""
    partners = _partners(run)
    part: list[Piece] = []
    for place, piece in enumerate(run):
        alone = piece.kind in (Kind.OPEN, Kind.CLOSE) and place not in partners
        if alone:
            yield from _shelled(part)
            yield (piece,)
            part = []
            continue
        outside = not any(one <= place - 1 and partners[one] >= place for one in partners if one < partners[one])
        touches = piece.kind is Kind.OPEN and place > 0 and run[place - 1].kind is Kind.CLOSE
        if touches and outside:
            yield from _shelled(part)
            part = []
        part.append(piece)
    yield from _shelled(part)


def _partners(run: list[Piece]) -> dict[int, int]:
    """Place of each opened element to the place where it is closed, and back."""
    waiting: list[int] = []
    found: dict[int, int] = {}
    for place, piece in enumerate(run):
        if piece.kind is Kind.OPEN:
            waiting.append(place)
        elif piece.kind is Kind.CLOSE:
            while waiting:
                opened = waiting.pop()
                if run[opened].element == piece.element:
                    found[opened], found[place] = place, opened
                    break
    return found


def _shelled(part: list[Piece]) -> Iterator[tuple[Piece, ...]]:
    """The part without elements that only enclose it: these come before and after it."""
    before: list[Piece] = []
    after: list[Piece] = []
    while part:
        if part[0].kind is Kind.TEXT and not part[0].source.strip():
            before.append(part.pop(0))
        elif part[-1].kind is Kind.TEXT and not part[-1].source.strip():
            after.insert(0, part.pop())
        elif part[0].kind is Kind.OPEN and _partners(part).get(0) == len(part) - 1:
            before.append(part.pop(0))
            after.insert(0, part.pop())
        else:
            break
    for piece in before:
        yield (piece,)
    if part:
        yield tuple(part)
    for piece in after:
        yield (piece,)
