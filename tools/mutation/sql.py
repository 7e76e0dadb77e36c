"""Mutants of a query: each changes one operator, word or constant. Comments and quoted text are left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<skip>--[^\n]*|\s+)
      | (?P<text>'(?:[^']|'')*'|"[^"]*")
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<word>[$A-Za-z_][A-Za-z_0-9]*)
      | (?P<sign><=|>=|<>|[-+*/<>=(),.;])
      | (?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)
SIGNS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "="}
WORDS = {
    "AND": "OR",
    "OR": "AND",
    "TRUE": "FALSE",
    "FALSE": "TRUE",
    "EXISTS": "NOT EXISTS",
    "IN": "NOT IN",
    "DISTINCT": "",
    "DESC": "",
}
CALLS = {"min": "max", "max": "min", "least": "greatest", "greatest": "least", "bool_or": "bool_and", "ceil": "floor"}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}
KEPT = {("CREATE", "OR"), ("DISTINCT", "FROM"), ("NOT", "IN")}  # pairs of words that say nothing apart
LARGE = 1000  # one more would be lost in the tolerance of any comparison, so large constants are doubled


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query: where it begins and ends, what it is and what it says."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Edit:
    """`query[start:end]` is replaced by `text`."""

    start: int
    end: int
    text: str

    def applied(self, query: str) -> str:
        """The mutant."""
        return query[: self.start] + self.text + query[self.end :]

    def line(self, query: str) -> int:
        """Line (1-based) on which the change begins."""
        return query.count("\n", 0, self.start) + 1

    def change(self, query: str) -> str:
        """What was there and what stands there now."""
        before = " ".join(query[self.start : self.end].split())
        return f"`{before}` → `{' '.join(self.text.split()) or 'nothing'}`"


def tokens_of(query: str) -> list[Token]:
    """The query without white space and comments."""
    matches = (match for match in TOKEN.finditer(query) if match.lastgroup != "skip")
    return [Token(str(match.lastgroup), match.group(), match.start(), match.end()) for match in matches]


def edits_of(query: str) -> list[Edit]:
    """Every single change that the mutator knows, in the order of the query."""
    tokens = tokens_of(query)
    return [edit for place in range(len(tokens)) for edit in _edits_at(tokens, place, query)]


def _edits_at(tokens: list[Token], place: int, query: str) -> Iterator[Edit]:
    token = tokens[place]
    word = token.text.upper()
    before = tokens[place - 1].text.upper() if place else ""
    after = tokens[place + 1].text.upper() if place + 1 < len(tokens) else ""
    if token.kind == "number" and before not in ("DECIMAL", "INTERVAL"):
        yield Edit(token.start, token.end, _other_number(token.text))
    elif token.text in SIGNS:
        yield Edit(token.start, token.end, SIGNS[token.text])
    elif token.text in ARITHMETIC and _is_arithmetic(before, after):
        yield Edit(token.start, token.end, ARITHMETIC[token.text])
    elif token.text in CALLS and after == "(":
        yield Edit(token.start, token.end, CALLS[token.text])
    elif token.kind == "word":
        yield from _edits_of_word(tokens, place, word, before, after, query)


def _edits_of_word(tokens: list[Token], place: int, word: str, before: str, after: str, query: str) -> Iterator[Edit]:
    token = tokens[place]
    if word == "NOT" and after != "MATERIALIZED":
        yield Edit(token.start, token.end, "")
    elif word == "NULL" and before == "IS":
        yield Edit(token.start, token.end, "NOT NULL")
    elif word == "JOIN":
        start = tokens[place - 1].start if before == "LEFT" else token.start
        yield Edit(start, token.end, "JOIN" if before == "LEFT" else "LEFT JOIN")
    elif word in ("COALESCE", "CAST") and after == "(":
        first, last = _argument(tokens, place + 1, "," if word == "COALESCE" else "AS")
        yield Edit(token.start, tokens[last].end, f"({query[tokens[place + 2].start : tokens[first].start].strip()})")
    elif word == "ORDER":
        last = next((n for n in range(place, len(tokens)) if tokens[n].text == ")"), len(tokens))
        yield Edit(token.start, tokens[last - 1].end, "")
    elif word == "UNION" and after == "ALL":
        yield Edit(token.start, tokens[place + 1].end, "EXCEPT")
    elif word in WORDS and (before, word) not in KEPT and (word, after) not in KEPT:
        yield Edit(token.start, token.end, WORDS[word])


def _argument(tokens: list[Token], opening: int, mark: str) -> tuple[int, int]:
    """Of a call whose parenthesis is at `opening`: the place of `mark` that ends its first part, and of its end."""
    depth, first = 0, None
    for place in range(opening, len(tokens)):
        text = tokens[place].text
        depth += {"(": 1, ")": -1}.get(text, 0)
        if depth == 1 and text.upper() == mark and first is None:
            first = place
        if depth == 0:
            return first if first is not None else place, place
    raise ValueError("a call is never closed")


def _is_arithmetic(before: str, after: str) -> bool:
    """Told from the star of `count(*)`, `e.*` and `SELECT *`, and from a sign."""
    ends_operand = before == ")" or before.replace("_", "").isalnum()
    return (
        ends_operand and before not in ("SELECT", "DISTINCT", "ALL") and after not in (")", "", ",", "FROM", "EXCLUDE")
    )


def _other_number(text: str) -> str:
    if "." in text and float(text) < 1:
        return f"{float(text) / 2:g}"
    if float(text) >= LARGE:
        return f"{float(text) * 2:.1f}" if "." in text else str(int(text) * 2)
    return f"{float(text) + 1}" if "." in text else str(int(text) + 1)
