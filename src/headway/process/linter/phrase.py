"""Noun phrases: the head, whose it is, and on which side of the sale it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from headway.process.linter.artefacts import Artefact, find_artefact
from headway.process.linter.parties import LONGEST, OWNERS, PARTIES, PRONOUNS, Party, Side, singular
from headway.process.linter.tokens import Token
from headway.process.linter.vocabulary import words_of

DETERMINERS = words_of("determiners")
PREPOSITIONS = words_of("prepositions")
CONJUNCTIONS = words_of("conjunctions") | frozenset("&/,;:")
JOINTS = frozenset(["/", "&", "+", "and", "or"])
PARTICLES = frozenset(["off", "out", "up", "back", "down", "away"])
# Adverbs that may stand between a subject and its verb.
ADVERBS = words_of("adverbs")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase. `party` is the side of the person or group it is headed by, None when it is headed by a thing.

    `owner` is the side of a possessive before the head ("their", "customer's"); `modifier` that of a noun before
    it ("customer sign-off"); `role` is True for a word that names a part in the decision rather than the company.
    """

    words: tuple[str, ...] = ()
    party: Side | None = None
    artefact: Artefact | None = None
    owner: Side | None = None
    modifier: Side | None = None
    role: bool = False
    plural: bool = False

    @property
    def text(self) -> str:
        """The phrase in lower case."""
        return " ".join(self.words)


COMPANY_NOUNS = words_of("company-nouns")


def find_party(words: tuple[str, ...]) -> tuple[Party, int] | None:
    """The party named by the longest known ending of `words` (lower case), and how many words name it."""
    for size in range(min(LONGEST, len(words)), 0, -1):
        tail = words[-size:]
        for form in (tail, (*tail[:-1], singular(tail[-1]))):
            if form in PARTIES:
                return PARTIES[form], size
    return None


def starts_known_phrase(tokens: Sequence[Token]) -> int:
    """How many words (two or more) of a known party or artefact the tokens start with, else 0."""
    words = tuple(token.low for token in tokens[:5] if not token.possessive)
    for size in range(len(words), 1, -1):
        head = words[:size]
        for form in (head, (*head[:-1], singular(head[-1]))):
            if form in PARTIES or ((found := find_artefact(form)) and found[1] == size):
                return size
    return 0


# What may trail a noun without being its head: "Demo complete", "Proposal stage", "Follow-up due".
_TRAILING = words_of("trailing")


def _without_trailing(words: tuple[str, ...]) -> tuple[str, ...]:
    while len(words) > 1 and words[-1] in _TRAILING and find_artefact(words) is None:
        words = words[:-1]
    return words[:-1] if len(words) > 1 and words[-1] == "in" else words


def _head_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words up to and with the head: before the first preposition, or a known name with a preposition in it."""
    cut = next((i for i, word in enumerate(words) if i and (word in PREPOSITIONS or word in CONJUNCTIONS)), len(words))
    for end in range(min(len(words), cut + 4), cut, -1):
        if words[end - 1] in PREPOSITIONS:
            continue
        artefact, party = find_artefact(words[:end]), find_party(words[:end])
        if max(artefact[1] if artefact else 0, party[1] if party else 0) > end - cut:
            return words[:end]
    return words[:cut]


def _modifier_side(words: tuple[str, ...]) -> Side | None:
    """Side of the last party among nouns that stand before a head."""
    for end in range(len(words), 0, -1):
        if found := find_party(words[:end]):
            return found[0].side
    return None


def phrase_of(tokens: Sequence[Token]) -> Phrase:
    """Read tokens as one noun phrase: of several nouns the last, without what only narrows it ("with", "from")."""
    joints = [i for i, token in enumerate(tokens) if token.low in JOINTS and 0 < i < len(tokens) - 1]
    if joints and not any(token.low in PREPOSITIONS for token in tokens[: joints[0]]):
        last, first = phrase_of(tokens[joints[-1] + 1 :]), phrase_of(tokens[: joints[0]])
        if tokens[joints[-1]].low == "and" and last.party and first.party:
            side = last.party if last.party is first.party else Side.BOTH
            return replace(last, party=side, plural=True, words=tuple(token.low for token in tokens))
        return last if last.party or last.artefact or not (first.party or first.artefact) else first
    owner: Side | None = None
    kept: list[str] = []
    for i, token in enumerate(tokens):
        if token.is_sign and token.low != "-":
            break
        if token.low in PREPOSITIONS and kept and token.low != "of":
            kept += [t.low for t in tokens[i:]]
            break
        if kept and (token.low in OWNERS or token.low == "your"):
            break
        if token.low in OWNERS or (token.low == "your" and len(tokens) - i < 3):
            owner = OWNERS.get(token.low, Side.BUYER)
            kept = []
        elif token.possessive:
            found = find_party((*kept, token.low))
            owner = found[0].side if found else owner
            kept = []
        elif (
            token.low not in DETERMINERS
            or kept
            or tuple(t.low for t in tokens[i : i + 2]) in PARTIES
            or (token.low == "both" and len(tokens) == 1)
        ):
            kept.append(token.low)
    head = _without_trailing(_head_words(_without_trailing(tuple(kept))))
    return _resolved(head, owner, tuple(kept))


def _resolved(head: tuple[str, ...], owner: Side | None, words: tuple[str, ...]) -> Phrase:
    """Decide the side and the kind of a phrase from its head words."""
    if len(head) == 1 and head[0] in PRONOUNS:
        return Phrase(words, PRONOUNS[head[0]], role=False, plural=head[0] in ("we", "they", "i", "you", "them"))
    party, artefact = find_party(head), find_artefact(head)
    before = head[: -(party[1] if party else artefact[1] if artefact else 1)] if head else ()
    modifier = _modifier_side(before)
    if party and artefact and artefact[1] > party[1]:
        party = None
    side: Side | None = None
    if party:
        side = party[0].side
        if party[0].movable:
            side = owner or modifier or side
    plural = bool(head) and singular(head[-1]) != head[-1]
    role = bool(party) and singular(head[-1]) not in COMPANY_NOUNS
    return Phrase(words, side, artefact[0] if artefact else None, owner, modifier, role, plural)
