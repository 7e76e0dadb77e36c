"""Whether a line is observable, binary and provable (by something the buyer made)."""

from __future__ import annotations

from dataclasses import dataclass

from headway.process.linter import verbs
from headway.process.linter.artefacts import Kind
from headway.process.linter.clause import Clause, Shape
from headway.process.linter.parties import Side
from headway.process.linter.report import Who
from headway.process.linter.vocabulary import words_of

_VAGUE = words_of("vague")
_WRITTEN = words_of("written")
# Verbs whose doing leaves something behind that the doer made.
_LEAVES_A_TRACE = words_of("leaves-a-trace")


@dataclass(frozen=True, slots=True)
class Checks:
    """The three properties of a milestone, and a sentence on the first one that a buyer's line lacks."""

    observable: bool
    binary: bool
    provable: bool
    lack: str = ""


def checks_of(clause: Clause, who: Who) -> Checks:
    """Check a parsed line whose doer is known."""
    if who is Who.OUTCOME:
        return Checks(True, True, True)
    observable = _is_observable(clause)
    binary = _is_binary(clause)
    provable = who is Who.BUYER and _is_provable(clause)
    return Checks(observable, binary, provable, _lack(clause, observable, binary, provable) if who is Who.BUYER else "")


def _is_observable(clause: Clause) -> bool:
    if clause.negated or clause.modal or clause.shape is Shape.STATE:
        return False
    if clause.shape is Shape.NOUN:
        artefact = clause.subject.artefact
        return artefact is not None and artefact.kind in (Kind.DOCUMENT, Kind.EVENT)
    inward = clause.progressive or clause.shape is Shape.ACTIVE
    return clause.verb not in verbs.STATES and not (inward and clause.verb in ("consider", "evaluate"))


def _is_binary(clause: Clause) -> bool:
    if clause.shape in (Shape.NOUN, Shape.STATE, Shape.GERUND) or clause.negated or clause.progressive or clause.modal:
        return False
    if clause.shape is Shape.ACTIVE and clause.verb in verbs.ONGOING:
        return False
    return clause.verb not in verbs.STATES and not clause.words & _VAGUE


def _is_provable(clause: Clause) -> bool:
    thing = clause.target if clause.shape is Shape.ACTIVE else clause.subject
    artefact = thing.artefact
    if clause.negated or clause.modal or clause.progressive or clause.shape is Shape.STATE:
        return False
    if clause.shape is Shape.NOUN:
        written = bool(clause.words & _WRITTEN)
        bare = artefact is not None and artefact.kind is Kind.DOCUMENT and artefact.bare is Side.BUYER
        return written or (bare and artefact is not None and artefact.topic not in ("commitment", "decision", "reply"))
    if clause.verb in verbs.STATES:
        return False
    if clause.words & _WRITTEN:
        return True
    if clause.verb in ("accept", "confirm", "decline") and artefact is not None and artefact.kind is Kind.EVENT:
        return True
    if clause.verb in verbs.SPEAKING:
        return False
    if clause.verb == "receive":  # what came to us was sent by them; what came to them was sent by us
        return clause.shape is not Shape.ACTIVE
    return clause.verb in _LEAVES_A_TRACE


def _lack(clause: Clause, observable: bool, binary: bool, provable: bool) -> str:
    if clause.negated:
        return "What has not happened leaves no trace."
    if clause.modal:
        return "It is still to come."
    if not observable:
        return "Nobody could see it happen."
    if not binary:
        return "It has no moment at which it is done."
    if not provable:
        return "It may be said without leaving anything behind that shows it."
    return ""
