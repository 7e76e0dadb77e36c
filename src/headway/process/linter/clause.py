"""The clause of a line: subject, verb, voice, agent and the parties its prepositions name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from headway.process.linter.morphology import base_of, lemma_of_gerund, lemma_of_past
from headway.process.linter.parties import OWNERS, PRONOUNS, Side
from headway.process.linter.phrase import (
    ADVERBS,
    CONJUNCTIONS,
    DETERMINERS,
    PARTICLES,
    PREPOSITIONS,
    Phrase,
    find_party,
    phrase_of,
    starts_known_phrase,
)
from headway.process.linter.predicate import Predicate, find_predicate
from headway.process.linter.tokens import Token, bare_text, tokens_of
from headway.process.linter.verbs import AUXILIARIES, NOUN_FIRST, STATE_WORDS, VERB_OR_NOUN
from headway.process.linter.vocabulary import words_of


class Shape(StrEnum):
    """How a line is built."""

    IMPERATIVE = "imperative"  # "Send proposal"
    ELIDED = "elided"  # "Sent proposal": a past tense whose subject is left out
    GERUND = "gerund"  # "Handling objections"
    ACTIVE = "active"  # "Customer confirms budget"
    PASSIVE = "passive"  # "Proposal sent"
    STATE = "state"  # "Customer is interested"
    NOUN = "noun"  # "Purchase order"


@dataclass(frozen=True, slots=True)
class Clause:
    """One parsed line. `verb` is a base form; `parties` maps a preposition to the phrase after it."""

    shape: Shape
    subject: Phrase
    verb: str = ""
    after: tuple[Token, ...] = ()
    target: Phrase = field(default_factory=Phrase)
    parties: dict[str, Phrase] = field(default_factory=dict)
    tokens: tuple[Token, ...] = ()
    negated: bool = False
    progressive: bool = False
    modal: bool = False
    question: bool = False

    @property
    def words(self) -> frozenset[str]:
        """Every word of the line, in lower case."""
        return frozenset(token.low for token in self.tokens)

    @property
    def agent(self) -> Phrase | None:
        """The party of a by-phrase; a date or a means after "by" is none."""
        phrase = self.parties.get("by")
        return phrase if phrase and phrase.party else None


_ATTRIBUTIVE = words_of("attributive")


_STATES_OF_BUYERS = words_of("states-of-buyers")


def _unfolded(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """ "Customer-signed order form" as "order form signed by customer"."""
    doer, hyphen, past = tokens[0].low.rpartition("-")
    if not (hyphen and len(tokens) > 1 and find_party((doer,)) and lemma_of_past(past)):
        return tokens
    return (*tokens[1:], Token(past, past), Token("by", "by"), Token(doer, doer))


def parties_after(tokens: Sequence[Token]) -> dict[str, Phrase]:
    """The first phrase after each preposition."""
    found: dict[str, Phrase] = {}
    for i, token in enumerate(tokens):
        if token.low in PREPOSITIONS and token.low not in found:
            end = next(
                (j for j in range(i + 1, len(tokens)) if tokens[j].low in PREPOSITIONS and tokens[j].low != "of"),
                len(tokens),
            )
            found[token.low] = phrase_of(tokens[i + 1 : end])
    return found


def _starts_phrase(token: Token | None) -> bool:
    """True when a determiner, an owner or a pronoun comes next, so that what stood before was no noun."""
    return token is not None and (
        token.low in DETERMINERS
        or token.low in OWNERS
        or token.low in PRONOUNS
        or token.low == "your"
        or token.possessive
    )


def _is_imperative(tokens: Sequence[Token], predicate: Predicate | None) -> str | None:
    """The base form when the line starts with an order, else None."""
    first = tokens[0]
    following = tokens[1] if len(tokens) > 1 else None
    if first.low in ADVERBS and following:
        return _is_imperative(tokens[1:], predicate)
    if following and following.low == "of":
        return None
    if first.possessive or starts_known_phrase(tokens) or first.low in DETERMINERS or first.low in PRONOUNS:
        return None
    base = base_of(first.low)
    if (
        _starts_phrase(following)
        and first.low not in PREPOSITIONS
        and first.low not in OWNERS
        and not find_party((first.low,))
    ):
        return base or first.low
    if base is None or predicate is not None:
        return None if base is None or base in VERB_OR_NOUN or find_party((first.low,)) else base
    if base not in VERB_OR_NOUN:
        return base
    if following is None:
        return None if base in NOUN_FIRST else base
    if base not in NOUN_FIRST:
        return base
    named = find_party((following.low,)) if len(tokens) == 2 or tokens[2].low in PREPOSITIONS else None
    with_particle = following.low in ("up", "back", "with") and base in (
        "follow",
        "call",
        "report",
        "deal",
        "work",
        "meet",
    )
    return base if named or with_particle else None


def _leading_participle(tokens: Sequence[Token], predicate: Predicate | None) -> str | None:
    """The base form when the line starts with a past tense without a subject ("Sent proposal"), else None."""
    first = tokens[0].low
    if (
        predicate is not None
        or first in _ATTRIBUTIVE
        or first in STATE_WORDS
        or starts_known_phrase(tokens)
        or base_of(first)
    ):
        return None
    return lemma_of_past(first)


def _without_negation(tokens: Sequence[Token]) -> tuple[tuple[Token, ...], bool]:
    """The tokens without "not" and "never", and without a "no" at the start or after a verb."""
    drop = {i for i, token in enumerate(tokens) if token.low in ("not", "never")}
    drop |= {i for i, t in enumerate(tokens) if t.low == "no" and (i == 0 or tokens[i - 1].low in AUXILIARIES)}
    kept = tuple(token for i, token in enumerate(tokens) if i not in drop)
    return (kept, True) if kept and drop else (tuple(tokens), False)


def _target(after: Sequence[Token]) -> Phrase:
    """The object: what follows the verb and its particles, up to a preposition."""
    start = 0
    while start < len(after) and (after[start].low in PARTICLES or after[start].low in ADVERBS):
        start += 1
    end = next(
        (i for i in range(start, len(after)) if after[i].low in PREPOSITIONS | CONJUNCTIONS and after[i].low != "of"),
        len(after),
    )
    return phrase_of(after[start:end])


def parse(text: str) -> Clause:
    """Parse one line (never fails: what is not understood is a noun phrase)."""
    tokens, negated = _without_negation(tokens_of(bare_text(text)))
    question = bool(tokens) and tokens[-1].low == "?"
    tokens = tuple(token for token in tokens if token.low not in "?!")
    if not tokens:
        return Clause(Shape.NOUN, Phrase())
    tokens = _unfolded(tokens)
    asked = tokens[0].low in AUXILIARIES and len(tokens) > 2
    body = tokens[1:] if asked else tokens
    while len(body) > 1 and body[0].low in ("and", "then", "-", "–", "—", ":", "/", ",", "&"):
        body = body[1:]
    predicate = find_predicate(body, helper=tokens[0].low if asked else None)

    def built(shape: Shape, subject: Phrase, verb: str, after: Sequence[Token], **more: bool) -> Clause:
        found = parties_after(after)
        return Clause(
            shape,
            subject,
            verb,
            tuple(after),
            _target(after),
            found,
            tokens,
            negated,
            question=question or asked,
            **more,
        )

    if not asked:
        if base := _is_imperative(body, predicate):
            skip = 2 if body[0].low in ADVERBS else 1
            return built(Shape.IMPERATIVE, Phrase(), base, body[skip:])
        if past := _leading_participle(body, predicate):
            return built(Shape.ELIDED, Phrase(), past, body[1:])
        gerund = None if predicate or starts_known_phrase(body) else lemma_of_gerund(body[0].low)
        if gerund:
            return built(Shape.GERUND, Phrase(), gerund, body[1:], progressive=True)
    if predicate is None and body[0].low in _STATES_OF_BUYERS and not starts_known_phrase(body):
        return built(Shape.STATE, Phrase(("the buyer",), Side.BUYER), body[0].low, body[1:])
    if predicate is None:
        start = next((i for i, token in enumerate(body) if token.low in PREPOSITIONS and i), len(body))
        return built(Shape.NOUN, phrase_of(body), "", body[start:])
    shape = Shape.STATE if predicate.state else Shape.PASSIVE if predicate.passive else Shape.ACTIVE
    return built(
        shape,
        phrase_of(body[: predicate.start]),
        predicate.verb,
        body[predicate.end :],
        progressive=predicate.progressive,
        modal=predicate.modal,
    )
