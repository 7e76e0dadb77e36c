"""A line of a documented process as words: without numbering, tick boxes, percentages and brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKS = re.compile(
    r"""^(?:
        [\s\-*+•–—·▪◦‣>#|✓✔☐☑□○●→]+ | \[[ xX✓]?\]\s* |
        \(?\d{1,3}(?:\.\d{1,3})*[.)\]:]\s* | \d{1,3}\s*[-–—]\s+ | [A-Za-z][.)]\s+ | \(?[ivxIVX]{1,4}[.)]\s+ |
        (?:stage|step|phase|gate|milestone|exit|entry|ps|s|p)\s*\#?\d{1,2}[a-z]?\s*(?:[:.)\-–—|]+\s*|\s) |
        \d{1,3}(?:\.\d+)?\s*%\s*[-–—:|]*\s*
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_QUOTED = re.compile(r"[\"“”][^\"“”]{1,60}[\"“”]")
_TAIL = re.compile(r"[\s\-–—:|]*\(?\d{1,3}(?:\.\d+)?\s*%\)?\s*$")
_WORD = re.compile(r"[^\W_]+(?:[-‑'’.&+][^\W_]+)*(?:['’](?=\s|$))?|[/:;,&+?!–—()-]")
_CONTRACTIONS = {
    "hasn't": ("has", "not"), "haven't": ("have", "not"), "didn't": ("did", "not"), "doesn't": ("does", "not"),
    "don't": ("do", "not"), "isn't": ("is", "not"), "aren't": ("are", "not"), "wasn't": ("was", "not"),
    "won't": ("will", "not"), "can't": ("can", "not"), "cannot": ("can", "not"), "we've": ("we", "have"),
    "they've": ("they", "have"), "i've": ("i", "have"), "we're": ("we", "are"), "they're": ("they", "are"),
    "you've": ("you", "have"), "we'll": ("we", "will"), "they'll": ("they", "will"), "couldn't": ("could", "not"),
    "p.o": ("po",), "id": ("identify",), "what's": ("what", "is"), "who's": ("who", "is"), "it's": ("it", "is"),
}  # fmt: skip
LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign: lower case, its spelling in the line, and whether it is a possessive ("customer's")."""

    low: str
    raw: str
    possessive: bool = False

    @property
    def is_sign(self) -> bool:
        """True for punctuation."""
        return not self.low[0].isalnum()


def bare_text(text: str) -> str:
    """The line without list marks, numbering ("Stage 3:", "10 % -"), bracketed asides and a trailing full stop."""
    text = " ".join(text.split())[:LONGEST_LINE]
    for _ in range(4):
        shorter = _MARKS.sub("", text, count=1)
        if shorter == text or not shorter.strip():
            break
        text = shorter
    text = _TAIL.sub("", text) or text
    unquoted = _QUOTED.sub(" it ", text)
    text = unquoted if len(unquoted.split()) > 2 else text
    without = " ".join(_BRACKETS.sub(" ", text).split())
    return (without or text).strip(" .;,*_`\"'“”") or text


def tokens_of(text: str) -> tuple[Token, ...]:
    """Words and signs of a line, contractions taken apart, possessives marked."""
    found: list[Token] = []
    for match in _WORD.finditer(text.replace("’", "'").replace("`", "'").replace("‑", "-")):
        raw = match.group()
        low = raw.lower()
        if low in _CONTRACTIONS:
            found += [Token(part, raw) for part in _CONTRACTIONS[low]]
        elif low.endswith("'s"):
            found.append(Token(low[:-2], raw, possessive=True))
        elif low.endswith("'"):
            found.append(Token(low[:-1], raw, possessive=True))
        else:
            found.append(Token(low, raw))
    return tuple(found)
