"""Where the verb of a line stands, told by form and place, and in which voice it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.process.linter.artefacts import find_artefact
from headway.process.linter.morphology import KNOWN, base_of, lemma_of_gerund, lemma_of_past, lemma_of_third
from headway.process.linter.parties import OWNERS, PRONOUNS
from headway.process.linter.phrase import (
    ADVERBS,
    CONJUNCTIONS,
    DETERMINERS,
    PARTICLES,
    PREPOSITIONS,
    Phrase,
    phrase_of,
    starts_known_phrase,
)
from headway.process.linter.tokens import Token
from headway.process.linter.verbs import AUXILIARIES, INTRANSITIVE, MODALS, NOUN_FIRST, STATE_WORDS, VERB_OR_NOUN, VERBS


@dataclass(frozen=True, slots=True)
class Predicate:
    """The verb group: tokens `start` to `end` (exclusive), base form, voice and aspect."""

    start: int
    end: int
    verb: str
    passive: bool = False
    state: bool = False
    progressive: bool = False
    modal: bool = False


def find_predicate(tokens: Sequence[Token], helper: str | None = None) -> Predicate | None:
    """The verb group of a line with a subject, None when it has none. `helper` is an auxiliary moved to the front."""
    for i in range(max(1, starts_known_phrase(tokens)), len(tokens)):
        token = tokens[i]
        if token.possessive or token.low in ADVERBS:
            continue
        if token.low in ("who", "that", "which", "whose"):
            return _after_relative(tokens, i)
        if token.low in ("where", "when", "if", ":"):
            return None
        if token.low in AUXILIARIES:
            return _group(tokens, i)
        subject = phrase_of(tokens[:i])
        found = _at(tokens, i, subject, helper)
        if found:
            return found
    return None


def _after_relative(tokens: Sequence[Token], i: int) -> Predicate | None:
    """The verb of "the users who must work with it have said": the first finite one after the relative clause's own."""
    own = i + 1 if i + 1 < len(tokens) and tokens[i + 1].low in AUXILIARIES else i
    for j in range(own + 2, len(tokens)):
        low, before = tokens[j].low, tokens[j - 1].low
        if low in ("has", "have", "is", "are"):
            group = _group(tokens, j)
            return Predicate(i, group.end, group.verb, group.passive, group.state, group.progressive, group.modal)
        third = lemma_of_third(low)
        if third in VERBS and before not in DETERMINERS and before not in OWNERS and before not in PREPOSITIONS:
            return Predicate(i, j + 1, third)
    return None


def _skip_adverbs(tokens: Sequence[Token], i: int) -> int:
    while i < len(tokens) and (
        tokens[i].low in ADVERBS or (tokens[i].low.endswith("ly") and tokens[i].low not in ("reply", "supply", "apply"))
    ):
        i += 1
    return i


def _group(tokens: Sequence[Token], start: int) -> Predicate:
    """A verb group that starts with an auxiliary."""
    i, helpers = start, []
    while i < len(tokens) and (tokens[i].low in AUXILIARIES or tokens[i].low in ADVERBS):
        helpers.append(tokens[i].low)
        i += 1
    i = _skip_adverbs(tokens, i)
    modal = any(word in MODALS for word in helpers)
    being = any(word in ("is", "are", "was", "were", "be", "been", "being", "am") for word in helpers)
    if i >= len(tokens):
        return Predicate(start, i, "be" if being else "have", state=True, modal=modal)
    word = tokens[i].low
    past, gerund = lemma_of_past(word), lemma_of_gerund(word)
    if being and word in STATE_WORDS:
        return Predicate(start, i + 1, word, state=True, modal=modal)
    if being and past:
        return Predicate(start, i + 1, past, passive=True, modal=modal)
    if being and gerund:
        return Predicate(start, i + 1, gerund, progressive=True, modal=modal)
    if being:
        return Predicate(start, i, "be", state=True, modal=modal)
    if past and any(word in ("has", "have", "had") for word in helpers):
        return Predicate(start, i + 1, past, modal=modal)
    if any(word in ("has", "have", "had") for word in helpers):
        return Predicate(start, i, "have", state=True, modal=modal)
    return Predicate(start, i + 1, base_of(word) or past or word, modal=modal)


def _at(tokens: Sequence[Token], i: int, subject: Phrase, helper: str | None) -> Predicate | None:
    """The predicate when the token at `i` is its verb."""
    low, before, after = tokens[i].low, tokens[i - 1], tokens[i + 1 :]
    if before.low in DETERMINERS or before.low in OWNERS or before.possessive or before.low in PREPOSITIONS - {"of"}:
        return None
    if before.low in CONJUNCTIONS and before.low not in ("and", "&", ","):
        return None
    if low in STATE_WORDS and subject.party and (not after or after[0].low in PREPOSITIONS or after[0].low == "that"):
        return Predicate(i, i + 1, low, state=True)
    past = lemma_of_past(low)
    if past and not _is_attribute(tokens, i, subject):
        passive = _is_passive(past, subject, after, helper)
        return Predicate(i, i + 1, past, passive=passive)
    if subject.words and subject.words[-1] in PRONOUNS and len(subject.words) == 1 and low not in PREPOSITIONS:
        return Predicate(i, i + 1, base_of(low) or low)
    if low == "out" and not subject.party and (not after or after[0].low in ("for", "to", "with")):
        return Predicate(i, i + 1, "send", passive=True)
    if not subject.party:
        return None
    return _present(tokens, i, subject, helper)


def _is_attribute(tokens: Sequence[Token], i: int, subject: Phrase) -> bool:
    """True for a participle that belongs to the noun after it ("Customer signed contract copy", "a tailored deck")."""
    later = [lemma_of_past(token.low) for token in tokens[i + 1 : i + 5]]
    follows = tokens[i + 1].low if i + 1 < len(tokens) else ""
    noun_follows = (
        bool(follows) and follows not in PREPOSITIONS | DETERMINERS | CONJUNCTIONS | PARTICLES and follows not in OWNERS
    )
    return (
        noun_follows
        and subject.party is None
        and any(later)
        and lemma_of_past(follows) is None
        and follows not in PRONOUNS
    )


def _is_passive(verb: str, subject: Phrase, after: Sequence[Token], helper: str | None) -> bool:
    """Active when an object follows or the verb needs none; else the subject is what it was done to."""
    if helper in ("has", "have", "had", "did"):
        return False
    if helper in ("is", "are", "was", "were"):
        return True
    rest = list(after)
    while rest and (rest[0].low in PARTICLES or rest[0].low in ADVERBS or rest[0].low.endswith("ly")):
        rest = rest[1:]
    follows = rest[0].low if rest else ""
    clause_follows = follows in ("that", "how", "why", "whether", "what", "who", "which", "where")
    object_follows = bool(follows) and not rest[0].is_sign and follows not in PREPOSITIONS | CONJUNCTIONS
    if subject.words and len(subject.words) == 1 and subject.words[0] in PRONOUNS:
        return False
    if subject.party:
        if object_follows or clause_follows:
            return False
        if verb == "confirm" and subject.role and not rest:
            return True
        return verb not in INTRANSITIVE or follows == "by"
    return not (object_follows and (follows in DETERMINERS or follows in OWNERS or follows in PRONOUNS))


def _present(tokens: Sequence[Token], i: int, subject: Phrase, helper: str | None) -> Predicate | None:
    """A present tense or a gerund after a party ("Customer confirms", "Users attend", "Customer evaluating")."""
    low = tokens[i].low
    follows = tokens[i + 1] if i + 1 < len(tokens) else None
    if (third := lemma_of_third(low)) and _is_third(low, third, tokens[i + 1 :]):
        return Predicate(i, i + 1, third)
    gerund = lemma_of_gerund(low)
    if gerund and gerund in KNOWN and follows and tokens[i - 1].low != "decision":
        return Predicate(i, i + 1, gerund, progressive=True)
    if low == "to" and follows and base_of(follows.low):
        return Predicate(i, i + 2, base_of(follows.low) or follows.low, modal=True)
    base = base_of(low)
    if base and (helper or (subject.plural and base not in NOUN_FIRST)):
        return Predicate(i, i + 1, base)
    if helper and base is None and follows and (follows.low in DETERMINERS or follows.low in OWNERS):
        return Predicate(i, i + 1, low)
    return None


def _is_third(word: str, verb: str, after: Sequence[Token]) -> bool:
    """True when a word in -s after a party is its verb and no plural noun ("needs" in "Customer needs analysed")."""
    follows = after[0] if after else None
    if follows and lemma_of_past(follows.low) and follows.low not in VERBS:
        return False
    if follows and (found := find_artefact((word, follows.low))) and found[1] == 2:
        return False
    if verb in VERBS and verb not in NOUN_FIRST:
        return True
    if follows is None:
        return verb in VERB_OR_NOUN and verb not in NOUN_FIRST
    if follows.low in DETERMINERS or follows.low in OWNERS or follows.low in PRONOUNS or follows.possessive:
        return True
    if follows.low == "to" and len(after) > 1 and base_of(after[1].low):
        return True
    return not follows.is_sign and follows.low not in PREPOSITIONS | CONJUNCTIONS | AUXILIARIES
