"""How much room words take before a browser has drawn them: estimates, rather too wide, so that nothing collides."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

NARROW_SIGNS = frozenset("ijltfr.,:;'|!()[]{}1I- ")
ELLIPSIS = "…"


def text_width(text: str, size: float = 12) -> float:
    """Pixels that `text` takes in the page's letters of `size` pixels, rounded up."""
    return sum(_sign_width(sign) for sign in text) * size


def _sign_width(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.05
    if sign in NARROW_SIGNS:
        return 0.34
    return 0.9 if sign in "mwMW@%" else 0.72 if sign.isupper() else 0.58


def shortened(text: str, width: float, size: float = 12) -> str:
    """The text, or as much of its beginning as fits into `width` pixels, with an ellipsis where it is cut."""
    text = " ".join(text.split())
    if text_width(text, size) <= width:
        return text
    kept = ""
    for sign in text:
        if text_width(kept + sign + ELLIPSIS, size) > width:
            break
        kept += sign
    words = kept.rsplit(" ", 1)
    kept = words[0] if len(words) == 2 and len(words[0]) >= 0.6 * len(kept) else kept
    return kept.rstrip(" ,.;:–-") + ELLIPSIS if kept else ""


def wrapped(text: str, width: float, lines: int, size: float = 12) -> tuple[str, ...]:
    """The text in at most `lines` lines of `width` pixels, the last one shortened."""
    made: list[str] = []
    rest = " ".join(text.split()).split(" ")
    while rest and len(made) < lines - 1:
        taken = 1
        while taken < len(rest) and text_width(" ".join(rest[: taken + 1]), size) <= width:
            taken += 1
        made.append(shortened(" ".join(rest[:taken]), width, size))
        rest = rest[taken:]
    return (*made, shortened(" ".join(rest), width, size)) if rest else tuple(made)


@dataclass(frozen=True, slots=True)
class Room:
    """A rectangle that is taken, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Room) -> bool:
        """Whether the two share any room."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def within(self, other: Room) -> bool:
        """Whether this lies wholly in `other`."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )
