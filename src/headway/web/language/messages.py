"""The texts of a template as messages, and the template with other texts in their place.

In a message `{0}` stands for a variable and `<0>…</0>` for an element in it: "<0>{0} of {1}</0> kept in time".
What is written into attributes that people read or hear (aria-label, title …) are messages too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from headway.basics.language.catalogue import plain_of
from headway.web.language.pieces import TEMPLATE, Kind, Piece, runs_of
from headway.web.language.variables import shown_in, texts_in

SPOKEN = (
    "aria-label|aria-description|aria-valuetext|aria-roledescription|title|placeholder|alt|data-label|data-words|data-key-words"
    "|data-confirm|data-say|data-text|data-empty|data-done|data-failed"
)
ATTRIBUTE = re.compile(rf'(\s(?:{SPOKEN}|data-say-[\w-]+)=")((?:{TEMPLATE}|[^"])*)(")', re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")
ENTITY = re.compile(r"&\w+;")
SPACE = re.compile(r"\s+")
HOLE = re.compile(r"\{(\d+)(:n)?\}|<(/?)(\d+)>")
LITERAL = re.compile(r"""\b\w+=(?:"([^"{}]*)"|'([^'{}]*)')""")

Say = Callable[[str], str]


def messages_in(source: str) -> Iterator[str]:
    """Every text of a template that people read, in order, some more than once."""
    found: list[str] = []

    def note(message: str) -> str:
        found.append(message)
        return ""

    rewritten(source, note)
    yield from found


def rewritten(source: str, say: Say, jinja: bool = False) -> str:
    """The template with each message replaced by what `say` makes of it; an empty answer leaves it in English."""
    return "".join(_run(run, say, jinja) for run in runs_of(source))


def _run(run: tuple[Piece, ...], say: Say, jinja: bool) -> str:
    if len(run) == 1 and run[0].kind in (Kind.BREAK, Kind.OPEN, Kind.CLOSE):
        return _markup(run[0], say, jinja)
    holes: dict[str, str] = {}
    message = _message(run, say, jinja, holes)
    message = plain_of(message)
    plain = HOLE.sub("", message)
    said = say(message.strip()) if LETTERS.search(ENTITY.sub("", plain)) else ""
    text = message if not said else f"{_edge(message, 0)}{said}{_edge(message, -1)}"
    return _filled(text, holes)


def _filled(text: str, holes: dict[str, str]) -> str:
    """The text with its variables and elements in place; `{0:n}` is variable 0 in the dative."""

    def put(hole: re.Match[str]) -> str:
        if hole[2]:
            return holes.get(f"{{{hole[1]}}}", "").replace(" }}", "|in_dative }}")
        return holes.get(hole[0], hole[0])

    return HOLE.sub(put, text)


def _edge(message: str, end: int) -> str:
    """The blank before or after a message, which is kept."""
    return " " if message[end] == " " else ""


def _message(run: tuple[Piece, ...], say: Say, jinja: bool, holes: dict[str, str]) -> str:
    """The run as one message; `holes` gets what stands for each of its gaps."""
    parts: list[str] = []
    opened: list[int] = []
    variables = elements = 0
    for piece in run:
        if piece.kind is Kind.TEXT:
            parts.append(SPACE.sub(" ", piece.source))
            continue
        if piece.kind is Kind.VARIABLE:
            gap, variables = f"{{{variables}}}", variables + 1
            _note_texts(piece.source, say)
            holes[gap] = shown_in(piece.source, jinja, say)
        elif piece.kind is Kind.OPEN:
            gap = f"<{elements}>"
            opened.append(elements)
            elements += 1
            holes[gap] = _markup(piece, say, jinja)
        else:
            gap = f"</{opened.pop()}>" if opened else piece.source
            holes[gap] = piece.source
        parts.append(gap)
    return "".join(parts)


def _note_texts(source: str, say: Say) -> None:
    for text in texts_in(source):
        if LETTERS.search(text):
            say(text)


def _markup(piece: Piece, say: Say, jinja: bool) -> str:
    """A tag with its spoken attributes rewritten; texts handed on by tags of the template language are messages."""
    source = piece.source
    if source.startswith("{%"):
        for literal in LITERAL.finditer(source):
            text = literal[1] or literal[2] or ""
            if LETTERS.search(text) and (" " in text or text[:1].isupper()):
                say(text)
        return source
    if not source.startswith("<"):
        return source
    return ATTRIBUTE.sub(partial(_attribute, say=say, jinja=jinja), source)


def _attribute(match: re.Match[str], say: Say, jinja: bool) -> str:
    """One attribute, rewritten piece by piece between the tags of the template language in it."""
    parts = re.split(r"(\{%.*?%\})", match[2])
    said = "".join(part if part.startswith("{%") else _words(part, say, jinja) for part in parts)
    return f"{match[1]}{said}{match[3]}"


def _words(text: str, say: Say, jinja: bool) -> str:
    pieces = tuple(
        Piece(Kind.VARIABLE if part.startswith("{{") else Kind.TEXT, part)
        for part in re.split(r"(\{\{.*?\}\})", text)
        if part
    )
    if not pieces:
        return text
    holes: dict[str, str] = {}
    message = _message(pieces, say, jinja, holes)
    plain = HOLE.sub("", message)
    said = say(message.strip()) if LETTERS.search(ENTITY.sub("", plain)) else ""
    whole = f"{_edge(message, 0)}{said.replace(chr(34), '&quot;')}{_edge(message, -1)}" if said else message
    return _filled(whole, holes)
