"""The rewrite of a line with the buyer as its subject: observable, binary and provable."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from headway.process.linter import verbs
from headway.process.linter.artefacts import LONGEST, Artefact, Kind, find_artefact
from headway.process.linter.checks import Checks
from headway.process.linter.clause import Clause, Shape
from headway.process.linter.morphology import lemma_of_past
from headway.process.linter.parties import OWNERS, PRONOUNS, Side, singular
from headway.process.linter.phrase import ADVERBS, DETERMINERS, PREPOSITIONS, Phrase, find_party
from headway.process.linter.report import Who
from headway.process.linter.sentences import AFTER, BEFORE, BY_PERSON, BY_STATE, BY_TOPIC, BY_VERB, NOT_YET, OTHERWISE
from headway.process.linter.tokens import Token
from headway.process.linter.verbs import IRREGULAR
from headway.process.linter.vocabulary import words_of

_COMPANIES = ("customer", "client", "prospect", "buyer")
_PREPARING = words_of("preparing")
_ACRONYMS = words_of("acronyms")
_PLURALS_OF_ONE = words_of("plurals-of-one")
_WITHOUT_ARTICLE = _PLURALS_OF_ONE - {"board", "committee"}
_BEGINNINGS = words_of("beginnings")
_DETAIL = {
    "budget": ", with the amount and who released it",
    "timeline": ", with what happens if it slips",
    "criteria": ", in the order they count",
    "pricing": ", with the figure",
    "plan": ", with its dates",
}
_ROLE = {
    "budget": "budget holder",
    "business case": "budget holder",
    "security review": "security team",
    "pricing": "budget holder",
}
_PARTICIPLES = {lemma: form for form, lemma in IRREGULAR.items()}


def buyer_word(clause: Clause) -> str:
    """The line's own word for the buyer, "buyer" where it has none."""
    seen = {singular(word) for word in clause.words}
    return next((word for word in _COMPANIES if word in seen), "prospect" if "lead" in seen else "buyer")


def rewrite_of(clause: Clause, who: Who, checks: Checks, text: str) -> str | None:
    """The rewrite, None where the line is an outcome or needs none."""
    if who is Who.OUTCOME or (who is Who.BUYER and checks.observable and checks.binary and checks.provable):
        return None
    sentence = (_sharpened(clause, checks) if who is Who.BUYER else None) or _by_sense(clause, text)
    return sentence.format(buyer=buyer_word(clause))


def _sentence(topic: str, when: str) -> str:
    options = BY_TOPIC[topic]
    return options.get(when) or options[AFTER]


def _by_sense(clause: Clause, text: str) -> str:
    """The sentence for what the line is about: a person, an artefact, a verb, else one of a few that always fit."""
    when = BEFORE if clause.verb in _PREPARING else AFTER
    phrases = [clause.target, clause.subject] if clause.shape is not Shape.PASSIVE else [clause.subject]
    for phrase in phrases:
        if phrase.party is Side.BUYER and (sentence := _for_person(phrase, clause.verb)):
            return sentence
        if phrase.artefact and (not phrase.party or phrase.artefact.kind is not Kind.STATUS):
            return _sentence(phrase.artefact.topic, when)
    for phrase in clause.parties.values():
        if phrase.party is Side.BUYER and (sentence := _for_person(phrase, clause.verb)):
            return sentence
    if clause.subject.party is Side.BUYER and clause.verb in verbs.NOTING and clause.shape is Shape.PASSIVE:
        return _sentence("prospecting", AFTER)
    if clause.verb in BY_VERB:
        chosen = BY_VERB[clause.verb]
        return _sentence(chosen, when) if chosen in BY_TOPIC else chosen
    if artefact := _any_artefact(clause):
        return _sentence(artefact.topic, when)
    return OTHERWISE[zlib.crc32(text.lower().encode()) % len(OTHERWISE)]


def _for_person(phrase: Phrase, verb: str) -> str | None:
    if verb in ("qualify", "screen"):
        return _sentence("qualification", AFTER)
    for word in phrase.words:
        if singular(word) in BY_PERSON:
            return BY_PERSON[singular(word)]
    return None


def _any_artefact(clause: Clause) -> Artefact | None:
    """The first artefact named anywhere in the line."""
    words = [token.low for token in clause.tokens]
    for start in range(len(words)):
        for size in range(min(LONGEST, len(words) - start), 0, -1):
            found = find_artefact(tuple(words[start : start + size]))
            if found and found[1] == size and found[0].kind is not Kind.STATUS:
                return found[0]
    return None


def _sharpened(clause: Clause, checks: Checks) -> str | None:
    """A buyer's line made observable, binary and provable; None where only its sense can be kept."""
    if clause.negated:
        return NOT_YET
    if clause.shape is Shape.NOUN:
        return _noun_in_writing(clause)
    if not (checks.observable and checks.binary):
        return _for_state(clause)
    if clause.shape is Shape.ACTIVE:
        return _active_in_writing(clause)
    if clause.shape in (Shape.PASSIVE, Shape.ELIDED):
        return _passive_in_writing(clause)
    return None


def _noun_in_writing(clause: Clause) -> str | None:
    """ "Board approval" names the one who approves; other bare nouns are left to their topic."""
    artefact = clause.subject.artefact
    if artefact is None or artefact.topic != "approval":
        return None
    source = clause.parties.get("from")
    if source and source.party is Side.BUYER and (doer := _doer(source)):
        return f"{doer} approved the purchase in writing"
    for end in range(len(clause.subject.words) - 1, 0, -1):
        found = find_party(clause.subject.words[:end])
        if found and found[0].side is Side.BUYER:
            name = clause.subject.words[end - found[1] : end]
            doer = _doer(Phrase(name, Side.BUYER))
            return f"{doer} approved the purchase in writing" if doer else None
    return None


def _for_state(clause: Clause) -> str | None:
    person = next(
        (singular(word) for word in clause.subject.words if singular(word) in ("champion", "economic", "sponsor")), ""
    )
    if person and clause.verb in ("engaged", "involved", "active", "committed", "bought-in", "convinced"):
        return BY_PERSON[person]
    if clause.verb in BY_STATE:
        return BY_STATE[clause.verb]
    if clause.modal and clause.shape is Shape.ACTIVE:
        return _active_in_writing(clause) if clause.verb not in verbs.STATES else None
    return None


def participle(verb: str) -> str:
    """Past participle of a base form ("confirm" → "confirmed")."""
    if verb in _PARTICIPLES:
        return _PARTICIPLES[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ied"
    doubled = len(verb) > 2 and verb[-1] in "bdgklmnprt" and verb[-2] in "aeiou" and verb[-3] not in "aeiou"
    short = len(verb) <= 4 or verb in ("commit", "permit", "admit", "submit", "refer", "prefer", "transfer", "control")
    return verb + (verb[-1] if doubled and short else "") + "ed"


def _spelled(words: Sequence[str]) -> str:
    return " ".join(word.upper() if word in _ACRONYMS else word for word in words)


def _doer(phrase: Phrase) -> str | None:
    """A party as the subject of a sentence with its auxiliary ("The CFO has"), None where it cannot be named well."""
    words = [word for word in phrase.words if word not in DETERMINERS]
    if not words or len(words) > 4 or any(word in PREPOSITIONS and word != "of" for word in words):
        return None
    if words[0] in PRONOUNS:
        return "The {buyer} has" if words == ["they"] else None
    if words[-1] in ("person", "people", "one", "everyone", "everybody", "someone"):
        return "The {buyer} has"
    if phrase.party is Side.BOTH:
        return None
    if "and" in words or "/" in words or "or" in words:
        return None
    if len(words) == 1 and words[0] in _WITHOUT_ARTICLE:
        return f"{_spelled(words) if words[0] in _ACRONYMS else words[0].capitalize()} has"
    many = phrase.plural and words[-1] not in _PLURALS_OF_ONE
    name = _spelled(words)
    return f"The {name} {'have' if many else 'has'}"


def _object(tokens: Sequence[Token]) -> str | None:
    """The words after a verb as they stand, with an article where a bare noun needs one; None when too long."""
    if len(tokens) > 7 or any(token.is_sign or token.low in ("and", "or", "but", "if") for token in tokens):
        return None
    said: list[str] = []
    for i, token in enumerate(tokens):
        starts = i == 0 or tokens[i - 1].low in PREPOSITIONS - {"of", "in"}
        known = token.low in DETERMINERS or token.low in OWNERS or token.low in PRONOUNS or token.low in PREPOSITIONS
        plain = (
            not known
            and not token.possessive
            and token.low not in ADVERBS
            and token.low not in ("that", "how", "what", "us")
        )
        mass = (
            token.low.endswith("s")
            or token.low.endswith("ly")
            or token.low in ("feedback", "access", "interest", "willingness", "investment")
        )
        if starts and plain and not mass and not token.raw[:1].isdigit():
            said.append("the")
        said.append(
            token.low.upper()
            if token.low in _ACRONYMS
            else token.raw
            if token.raw.isupper()
            else token.low + ("'s" if token.possessive else "")
        )
    return " ".join(said)


def _as_said(tokens: Sequence[Token]) -> str:
    """Words and signs as the line has them."""
    said = ""
    for token in tokens:
        said += token.low if token.low in (",", ";", ":") else f" {token.raw}"
    return said.strip()


def _active_in_writing(clause: Clause) -> str | None:
    """The line itself in the perfect, with what makes it provable; None where that would not read well."""
    doer, rest = _doer(clause.subject), _object(clause.after)
    if (
        doer is None
        or clause.verb in verbs.STATES
        or not lemma_of_past(participle(clause.verb))
        or len(clause.after) > 30
    ):
        return None
    if clause.verb in _BEGINNINGS and not clause.after:
        return None
    done = participle(clause.verb)
    speaks = clause.verb in verbs.SPEAKING or clause.modal
    for i, token in enumerate(clause.after):
        if speaks and token.low in ("that", "how", "why", "what", "whether", "which", "who", "when"):
            return _plain(f"{doer} {done} {_as_said(clause.after[:i])} in writing {_as_said(clause.after[i:])}")
    if rest is None:
        aux = "have" if doer.endswith((" has", " have")) else "has"
        return _plain(f"{doer} confirmed in writing that they {aux} {done} {_as_said(clause.after)}")
    topic = clause.target.artefact.topic if clause.target.artefact else ""
    return _plain(
        f"{doer} {done} {rest} in writing{_DETAIL.get(topic, '')}"
        if speaks
        else f"{doer} {done} {rest} and told us so in writing"
    )


def _plain(sentence: str) -> str:
    """One space between words, and no braces but those of the buyer's word."""
    kept = sentence.replace("{buyer}", "\0").replace("{", "").replace("}", "").replace("\0", "{buyer}")
    return " ".join(kept.split())


def _passive_in_writing(clause: Clause) -> str | None:
    thing = clause.subject if clause.shape is Shape.PASSIVE else clause.target
    words = [word for word in thing.words if word not in DETERMINERS]
    if not words or len(words) > 5 or any(word in PREPOSITIONS and word != "of" for word in words) or "and" in words:
        return None
    agent = clause.agent
    topic = thing.artefact.topic if thing.artefact else ""
    doer = (_doer(agent) if agent and agent.party is Side.BUYER else None) or f"The {_ROLE.get(topic, '{buyer}')} has"
    if clause.verb in _BEGINNINGS:
        return None
    if topic == "decision" or clause.verb in verbs.NOTING:
        return None
    said = "agreed to" if clause.verb == "agree" else participle(clause.verb)
    return _plain(f"{doer} {said} the {_spelled(words)} in writing{_DETAIL.get(topic, '')}")
