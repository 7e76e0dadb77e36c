"""Who stands on which side of a sale: the nouns, pronouns and owners that name the buyer or the seller."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from headway.process.linter.vocabulary import sections_of


class Side(StrEnum):
    """A side of the sale. BOTH includes the buyer, so the buyer's part can be shown."""

    SELLER = "seller"
    BUYER = "buyer"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Party:
    """A noun that names somebody: on which side, and whether an owner ("our", "their") may move it to the other."""

    side: Side
    movable: bool = False


def _parties() -> dict[tuple[str, ...], Party]:
    found: dict[tuple[str, ...], Party] = {}
    for section in sections_of("parties.txt"):
        party = Party(Side(section.name), movable="movable" in section.flags)
        found |= {tuple(phrase.split()): party for phrase in section.phrases}
    return found


PARTIES = _parties()
LONGEST = max(len(words) for words in PARTIES)

OWNERS = {
    "our": Side.SELLER,
    "ours": Side.SELLER,
    "my": Side.SELLER,
    "their": Side.BUYER,
    "theirs": Side.BUYER,
    "his": Side.BUYER,
    "her": Side.BUYER,
}  # fmt: skip
PRONOUNS = {
    "we": Side.SELLER, "i": Side.SELLER, "you": Side.SELLER, "us": Side.SELLER, "me": Side.SELLER,
    "they": Side.BUYER, "he": Side.BUYER, "she": Side.BUYER, "them": Side.BUYER, "him": Side.BUYER,
}  # fmt: skip


def singular(word: str) -> str:
    """A noun without its plural ending, good enough to look a noun up."""
    if word in ("success", "process", "business", "access", "news", "sales", "analysis", "ciso", "consensus"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        return word[:-1]
    return {"analyses": "analysis", "criteria": "criterion", "people": "person"}.get(word, word)
