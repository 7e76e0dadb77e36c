"""Verbs of English business prose, and what the classes of them imply about who acted (vocabulary/verbs.txt).

The lists of base forms say only that a word *can* be a verb; who acted is decided by structure (`judge`).
A verb in none of the classes is judged by its subject, by-phrase and the artefact alone.
"""

from __future__ import annotations

from headway.process.linter.vocabulary import sections_of

_SECTIONS = {section.name: section.phrases for section in sections_of("verbs.txt")}


def _class(name: str) -> frozenset[str]:
    return frozenset(_SECTIONS[name])


VERBS = _class("verbs")
VERB_OR_NOUN = _class("verb-or-noun")
NOUN_FIRST = _class("noun-first")
AUXILIARIES = _class("auxiliaries")
MODALS = _class("modals")
SENDING = _class("sending")
RETURNING = _class("returning")
ASSENTING = _class("assenting")
NOTING = _class("noting")
CONVENING = _class("convening")
MAKING = _class("making")
SPEAKING = _class("speaking")
STATES = _class("states")
ONGOING = _class("ongoing")
INTRANSITIVE = _class("intransitive")
STATE_WORDS = _class("state-words")
# Past tense or participle → base form.
IRREGULAR = {form: entry.split()[0] for entry in _SECTIONS["irregular"] for form in entry.split()[1:]}
