"""Forms of verbs, told by suffix: past or participle, gerund, third person, base."""

from __future__ import annotations

from functools import cache

from headway.process.linter import verbs
from headway.process.linter.verbs import IRREGULAR, VERB_OR_NOUN, VERBS
from headway.process.linter.vocabulary import words_of

KNOWN = (
    VERBS | VERB_OR_NOUN | frozenset(IRREGULAR.values()) | verbs.STATES | verbs.SENDING | verbs.ASSENTING | verbs.NOTING
)
# End like a participle, a gerund or a third person and are none.
NOT_PAST = words_of("not-past")
GERUND_NOUNS = words_of("gerund-nouns")
NOT_THIRD = words_of("not-third")


def _british(lemma: str) -> str:
    """Spell American -ize and -yze as -ise and -yse, the spelling of the tables."""
    if lemma.endswith(("ize", "yze")) and lemma not in ("size", "prize", "seize"):
        return lemma[:-2] + "se"
    return lemma


def _stems(stem: str) -> tuple[str, ...]:
    """Bases that could have lost their ending before -ed or -ing, likeliest first."""
    soft = stem.endswith(("c", "v", "u", "g", "z")) or (
        stem.endswith("l") and len(stem) > 2 and stem[-2] not in "aeioul"
    )
    options = [stem + "e", stem] if soft and not stem.endswith("ng") else [stem, stem + "e"]
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "aeiou":
        options.insert(0, stem[:-1]) if stem[-1] not in "ls" else options.append(stem[:-1])
    if stem.endswith("i"):
        options.insert(0, stem[:-1] + "y")
    return tuple(_british(option) for option in options)


def _best(options: tuple[str, ...]) -> str:
    return next((option for option in options if option in KNOWN), options[0])


@cache
def lemma_of_past(word: str) -> str | None:
    """Base of a past tense or past participle ("sent" → "send", "zorbed" → "zorb"), None when it is neither."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in NOT_PAST or not word.isascii() or len(word) < 4 or not word.endswith("ed"):
        return None
    if word.startswith("re") and word[2:].removeprefix("-") in IRREGULAR:
        return IRREGULAR[word[2:].removeprefix("-")]
    return _best(_stems(word[:-2]))


@cache
def lemma_of_gerund(word: str) -> str | None:
    """Base of a form in -ing ("gathering" → "gather"), None when the word is a plain noun such as "meeting"."""
    if word in GERUND_NOUNS or len(word) < 5 or not word.endswith("ing"):
        return None
    return _best(_stems(word[:-3]))


@cache
def lemma_of_third(word: str) -> str | None:
    """Base of a third person singular ("confirms" → "confirm"); a plural noun has the same form."""
    if word in NOT_THIRD or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return None
    options = [word[:-2], word[:-1]] if word.endswith(("ches", "shes", "sses", "xes", "zzes")) else [word[:-1]]
    if word.endswith("ies"):
        options.insert(0, word[:-3] + "y")
    elif word.endswith("es"):
        options.append(word[:-2])
    return _best(tuple(_british(option) for option in options))


@cache
def base_of(word: str) -> str | None:
    """The word itself where it is the base form of a known verb or ends like one (-ise, -ify), else None."""
    spelled = _british(word)
    if spelled in VERBS or spelled in VERB_OR_NOUN:
        return spelled
    if len(word) > 5 and spelled.endswith(("ise", "ify")) and spelled not in ("enterprise", "expertise", "franchise"):
        return spelled
    return None
