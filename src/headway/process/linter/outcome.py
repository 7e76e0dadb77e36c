"""Lines that name how a deal ended rather than a step on the way."""

from __future__ import annotations

from headway.process.linter.tokens import tokens_of
from headway.process.linter.vocabulary import words_of

_ENDS = words_of("ends")
_DEAL = words_of("deal")
_CAUSE = words_of("cause")


def is_outcome(text: str) -> bool:
    """True for "Closed Won", "Lost to competitor", "Closed - no decision"; not for "Customer lost its budget"."""
    tokens = tokens_of(text)
    words = [token.low for token in tokens]
    for word in list(words):
        if word in ("closed-won", "closed-lost"):
            place = words.index(word)
            words[place : place + 1] = word.split("-")
    plain = [word for word in words if word[0].isalnum()]
    if plain in (["no", "decision"], ["no", "decision", "made"], ["no", "sale"]):
        return True
    start = 0
    while start < len(plain) and plain[start] in _DEAL and not (plain[start] == "closed" and start + 1 == len(plain)):
        start += 1
    if start and start < len(plain) and plain[start] == "no":
        return plain[0] == "closed"
    if start >= len(plain) or plain[start] not in _ENDS:
        return False
    rest = plain[start + 1 :]
    sign = next((word for word in words[words.index(plain[start]) + 1 :]), "")
    return not rest or rest[0] in _CAUSE | _DEAL | _ENDS or (bool(sign) and not sign[0].isalnum())
