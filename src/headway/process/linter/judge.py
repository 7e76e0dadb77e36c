"""Whose act a line describes: decided by its grammatical subject and by who could show the proof."""

from __future__ import annotations

import re
from dataclasses import dataclass

from headway.process.linter import verbs
from headway.process.linter.artefacts import Artefact, Kind
from headway.process.linter.clause import Clause, Shape, parse
from headway.process.linter.morphology import lemma_of_gerund
from headway.process.linter.outcome import is_outcome
from headway.process.linter.parties import Side
from headway.process.linter.phrase import PREPOSITIONS, Phrase, phrase_of
from headway.process.linter.report import Who
from headway.process.linter.things import INTERNAL_NOUNS, doer_of, side_after
from headway.process.linter.tokens import bare_text, tokens_of
from headway.process.linter.vocabulary import words_of


@dataclass(frozen=True, slots=True)
class Judgement:
    """Who acts and why, with the clause it was read from."""

    who: Who
    reason: str
    clause: Clause


_BARE_GERUNDS_OF_BOTH = words_of("bare-gerunds-of-both")
_JOINTS = re.compile(r"/|&|\+|,| and | or ", re.IGNORECASE)


def who_of(side: Side | None) -> Who:
    """A side as a verdict; where both act, the buyer's part can be shown."""
    return Who.UNCLEAR if side is None else Who.SELLER if side is Side.SELLER else Who.BUYER


def judge(text: str) -> Judgement:
    """Judge one line. Never fails; what cannot be told is unclear."""
    plain = bare_text(text)
    if is_outcome(plain):
        return Judgement(
            Who.OUTCOME, "An outcome says how the deal ended, not what anybody did on the way there.", parse(plain)
        )
    return _judge_parts(plain)


def _judge_parts(plain: str) -> Judgement:
    """Judge a line, or of "Label: text" and "label - text" the part that says more."""
    for sign in (": ", " - ", " – ", " — "):
        label, found, rest = plain.partition(sign)
        if found and rest.strip() and label.strip():
            first, second = _judge_one(label), _judge_one(rest)
            if first.clause.shape is Shape.NOUN and second.clause.shape is not Shape.NOUN and len(label.split()) <= 5:
                return _judge_parts(rest)
            return first if first.who is not Who.UNCLEAR or second.clause.shape is Shape.NOUN else second
    return _judge_one(plain)


def _judge_one(plain: str) -> Judgement:
    clause = parse(plain)
    decide = {
        Shape.IMPERATIVE: _imperative,
        Shape.ELIDED: _elided,
        Shape.GERUND: _gerund,
        Shape.ACTIVE: _active,
        Shape.STATE: _active,
        Shape.PASSIVE: _passive,
        Shape.NOUN: _noun,
    }[clause.shape]
    who, reason = decide(clause, plain)
    return Judgement(who, reason, clause)


def _imperative(clause: Clause, _: str) -> tuple[Who, str]:
    return Who.SELLER, f'An order to the seller ("{clause.verb} …"); the proof would be ours.'


def _gerund(clause: Clause, plain: str) -> tuple[Who, str]:
    if not clause.after and clause.verb in _BARE_GERUNDS_OF_BOTH:
        return Who.UNCLEAR, "Both sides may do this, and the line does not say who."
    found = phrase_of(tokens_of(plain))
    if found.artefact and found.artefact.bare is None and len(found.words) == 1:
        return Who.UNCLEAR, "Both sides may do this, and the line does not say who."
    if found.artefact and found.artefact.bare is Side.BUYER and len(found.words) == 1:
        return Who.BUYER, "Only a buyer does this."
    return Who.SELLER, "Work in progress whose unnamed doer is the seller."


def _elided(clause: Clause, _: str) -> tuple[Who, str]:
    """A past tense without a subject is read as the passive of its object: "Sent proposal" is "Proposal sent"."""
    if clause.target.artefact and not clause.target.party:
        side, why = doer_of(clause, clause.target)
        return who_of(side), why
    if not clause.after and (clause.verb in verbs.ASSENTING or clause.verb in ("respond", "reply", "agree")):
        return Who.BUYER, f"Of the two sides the buyer is the one to {clause.verb}."
    if clause.verb in ("select", "choose", "shortlist", "award", "appoint", "nominate"):
        return Who.BUYER, "Only a buyer can choose the seller."
    return Who.SELLER, "A past tense whose left-out subject is the seller."


def _active(clause: Clause, _: str) -> tuple[Who, str]:
    subject = clause.subject
    if subject.party:
        name = subject.text or "the subject"
        which = "seller" if subject.party is Side.SELLER else "buyer"
        return who_of(subject.party), f'The subject, "{name}", is the {which}.'
    if agent := clause.agent:
        return who_of(agent.party), f'"by {agent.text}" names who acts.'
    artefact = subject.artefact
    if subject.owner or (artefact and (artefact.bare or artefact.topic == "budget")):
        side = subject.owner or (artefact.bare or artefact.issuer if artefact else None)
        return who_of(side), f'The subject, "{subject.text}", comes from the {side}.'
    return Who.UNCLEAR, "The subject is a thing, and either side could have brought it there."


def _passive(clause: Clause, _: str) -> tuple[Who, str]:
    agent = clause.agent
    if agent:
        which = "seller" if agent.party is Side.SELLER else "buyer"
        return who_of(agent.party), f'"by {agent.text}" names the {which} as the one who acts.'
    subject = clause.subject
    if subject.party is Side.SELLER:
        chosen = clause.verb in verbs.ASSENTING
        why = "Only a buyer can choose the seller." if chosen else "Something done on the seller's own side."
        return (Who.BUYER if chosen else Who.SELLER), why
    if subject.party:
        return Who.SELLER, f'"{subject.text}" is whom it was done to; the unnamed doer is the seller.'
    side, why = doer_of(clause, subject)
    return who_of(side), why


def _noun(clause: Clause, plain: str) -> tuple[Who, str]:
    """A bare noun is a side's only where only that side does it; of several nouns all must agree."""
    tokens = tokens_of(plain)
    if len(tokens) > 1 and tokens[0].low == "out":
        return Who.SELLER, "What is out was sent by the seller; nothing says what the buyer did."
    if len(tokens) > 1 and tokens[0].low in ("in", "with", "at", "under"):
        inner = _judge_one(plain.partition(" ")[2])
        return inner.who, inner.reason
    cut = next((token.raw for token in tokens[1:] if token.low in PREPOSITIONS), None)
    named, _, rest = plain.partition(f" {cut} ") if cut else (plain, "", "")
    parts = [part for part in _JOINTS.split(named) if part.strip()]
    if parts and rest:
        parts[-1] += f" {cut} {rest}"
    verdicts = [_one_noun(clause if len(parts) == 1 else parse(part)) for part in parts] or [
        (Who.UNCLEAR, "There is no word.")
    ]
    if len(parts) > 1 and "from" in clause.parties and clause.parties["from"].party:
        return verdicts[-1]
    if len({who for who, _ in verdicts}) > 1:
        return Who.UNCLEAR, "It names things of both sides."
    return verdicts[0]


def _one_noun(clause: Clause) -> tuple[Who, str]:
    thing, name = clause.subject, f'"{clause.subject.text}"'
    if clause.shape is not Shape.NOUN:
        return Who.SELLER if clause.shape in (
            Shape.IMPERATIVE,
            Shape.GERUND,
        ) else Who.UNCLEAR, f"{name} stands for an act."
    if agent := clause.agent:
        return who_of(agent.party), f'"by {agent.text}" names who acts.'
    source, to = (
        side_after(clause, "from"),
        side_after(clause, "to") or side_after(clause, "for"),
    )
    if source:
        return who_of(source), f"{name} comes from the {source}."
    if to is Side.BUYER and (
        thing.artefact is None or thing.artefact.bare is not Side.BUYER or thing.artefact.topic == "reply"
    ):
        return Who.SELLER, f"{name} goes to the buyer."
    artefact = thing.artefact
    if artefact is None or thing.party:
        return _unknown_noun(thing, artefact)
    if artefact.kind not in (Kind.ATTRIBUTE, Kind.STATUS) and thing.owner:
        return who_of(thing.owner), f"{name} belongs to the {thing.owner}."
    if thing.modifier is Side.SELLER or (artefact.topic == "approval" and INTERNAL_NOUNS & set(thing.words)):
        return Who.SELLER, f"{name} happens inside the seller's company."
    if artefact.bare:
        return who_of(artefact.bare), f"{name} is a bare noun, and only a {artefact.bare} does it."
    if thing.modifier is Side.BUYER and artefact.kind is Kind.WORK:
        return Who.BUYER, f"{name} is the buyer's own work."
    return Who.UNCLEAR, f"{name} is a bare noun, and either side may be meant."


def _unknown_noun(thing: Phrase, artefact: Artefact | None) -> tuple[Who, str]:
    if artefact and artefact.bare and len(thing.words) == 1:
        return who_of(artefact.bare), f'"{thing.text}" is a bare noun, and only a {artefact.bare} does it.'
    if thing.party:
        return Who.UNCLEAR, f'"{thing.text}" is somebody, and nothing is said to have happened.'
    if thing.owner:
        return who_of(thing.owner), f'"{thing.text}" belongs to the {thing.owner}.'
    if thing.modifier is Side.SELLER:
        return Who.SELLER, f'"{thing.text}" happens inside the seller\'s company.'
    if len(thing.words) == 1 and lemma_of_gerund(thing.words[0]):
        return Who.SELLER, "Work in progress whose unnamed doer is the seller."
    return Who.UNCLEAR, "Nothing says who acts."
