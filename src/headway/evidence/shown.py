"""What a buyer has shown so far, in words that can be said to that buyer.

A milestone's text speaks of the buyer ("They name the person ..."); to the buyer it is said in the second person and
the past ("you named the person ..."), by the same reading of the line that the linter uses. Where a line cannot be
turned, the milestone's id stands for it ("budget owner named").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from headway.basics.language.told import Told
from headway.evidence.deal_about import LastAct
from headway.evidence.kinds import State
from headway.evidence.proof import MilestoneProof
from headway.process.definition import Process
from headway.process.linter.clause import Clause, Shape, parse
from headway.process.linter.morphology import lemma_of_third
from headway.process.linter.rewrite import participle
from headway.process.linter.tokens import Token
from headway.process.linter.verbs import IRREGULAR, VERB_OR_NOUN, VERBS

LONGEST_PHRASE = 90  # characters; longer lines are named by their id
MOST_NAMED = 2  # beyond these, a stage whose milestones are all proven is named as one
SUFFIXES = {
    State.PROVEN: "",
    State.WEAK: ", only a note",
    State.LAPSED: ", long ago",
    State.DISPUTED: ", heard both ways",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OPENING_CLAUSES = ("what", "who", "whom", "whose", "when", "how", "why", "whether", "which", "since", "where")
_YOU = {"they": "you", "them": "you", "their": "your", "theirs": "yours", "themselves": "yourselves"}
# Words that begin a question and are no names, so that they may stand small inside a sentence.
_STARTS = frozenset(
    (
        *("a", "after", "an", "and", "are", "as", "at", "besides", "by", "can", "could", "did", "do", "does", "for"),
        *("from", "had", "has", "have", "how", "if", "in", "is", "it", "looking", "may", "of", "on", "once", "over"),
        *("since", "so", "the", "there", "to", "until", "we", "were", "what", "when", "where", "whether", "which"),
        *("who", "whom", "whose", "why", "will", "with", "working", "would", "you", "your"),
    )
)
_PAST: dict[str, str] = {}
for _form, _base in IRREGULAR.items():
    _PAST.setdefault(_base, _form)


@dataclass(frozen=True, slots=True)
class Teller:
    """Who speaks to whom about one deal: the process, whom the words address (None: nobody known yet), the company and
    today. Dates of another year than today's carry their year."""

    process: Process
    addressed: str | None
    company: str
    today: date
    _told: Mapping[str, tuple[str, str | None]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lines = tuple((m.id, m.buyer) for stage in self.process.stages for m in stage.milestones)
        object.__setattr__(self, "_told", told_of(lines))

    @property
    def speaks_english(self) -> bool:
        """Whether the process is written in English: then what is said to its buyers is, whatever the seller reads."""
        told = self._told.values()
        return 2 * sum(phrase is not None for _, phrase in told) > len(told)

    def verbatim(self, text: str) -> str:
        """Words for the buyer; in an English process nothing translates them, so that a mail is of one language."""
        return Told(text) if self.speaks_english else text

    def day(self, at: datetime | date) -> str:
        """`3 Nov`, or `3 Nov 2025` of another year."""
        year = "" if at.year == self.today.year else f" {at.year}"
        return f"{at.day} {MONTHS[at.month - 1]}{year}"

    def topic(self, proof: MilestoneProof) -> str:
        """A milestone in a few words, no two of a process alike: its id as words."""
        return self._told.get(proof.milestone.id, (proof.milestone.id, None))[0]

    def seen(self, proof: MilestoneProof) -> str:
        """When, and by whom where that is not the one addressed: `3 Nov`, `8 Nov (Jan Novak)`, `9 Nov (someone)`."""
        day = self.day(proof.at) if proof.at else "no date"
        who = "" if proof.contact == self.addressed else f" ({proof.contact or 'someone'})"
        return f"{day}{who}"

    def sentence(self, proof: MilestoneProof) -> str:
        """`on 3 Nov you told us what is wrong`, without a full stop."""
        phrase = self._told.get(proof.milestone.id, ("", None))[1]
        you = proof.contact is not None and proof.contact == self.addressed
        someone = f"someone at {self.company}" if self.addressed is None else "someone on your side"
        who = "you" if you else proof.contact or someone
        said = f"showed us: {self.topic(proof)}" if phrase is None else _to_you(phrase) if you else phrase
        return f"on {self.day(proof.at)} {who} {said}" if proof.at else f"{who} {said}"

    def doubt(self, proof: MilestoneProof) -> str:
        """Why what was shown is not enough, said to the buyer, without a full stop."""
        topic = f"“{self.topic(proof)}” of {self.seen(proof)}"
        if proof.state is State.WEAK:
            return f"on {topic} I have no more than a note"
        if proof.state is State.DISPUTED:
            return f"on {topic} I have heard different things"
        return f"{topic} may have changed since"

    def last_heard(self, act: LastAct) -> str:
        """`we last heard from you on 3 Nov (reply)`."""
        who = "you" if act.who and act.who == self.addressed else act.who or f"someone at {self.company}"
        return f"we last heard from {who} on {self.day(act.at)} ({act.what.strip()})"

    def named(self, proofs: Sequence[MilestoneProof]) -> str:
        """`problem stated 3 Nov; problem confirmed 8 Nov (Jan Novak)`; of many, whole stages at once."""
        parts: list[str] = []
        whole = self._whole_stages(proofs) if len(proofs) > MOST_NAMED else {}
        for proof in proofs:
            if proof.rank not in whole:
                parts.append(f"{self.topic(proof)} {self.seen(proof)}{SUFFIXES.get(proof.state, '')}")
            elif proof is whole[proof.rank][0]:
                seen = [self.seen(one) for one in whole[proof.rank]]
                days = seen[0] if len(set(seen)) == 1 else ", ".join(seen)
                parts.append(f"“{self.process.stages[proof.rank - 1].name}” {days}")
        return "; ".join(parts)

    def _whole_stages(self, proofs: Sequence[MilestoneProof]) -> dict[int, list[MilestoneProof]]:
        found = {}
        for rank, stage in enumerate(self.process.stages, 1):
            proven = [p for p in proofs if p.rank == rank and p.state is State.PROVEN]
            if len(proven) > 1 and len(proven) == len(stage.milestones):
                found[rank] = proven
        return found


def latest_proof(proofs: Sequence[MilestoneProof]) -> MilestoneProof | None:
    """The milestone proven last; of several at one moment, the furthest; None where none is proven."""
    proven = [(p.at, p.rank, -place, p) for place, p in enumerate(proofs) if p.state is State.PROVEN and p.at]
    return max(proven, key=lambda found: found[:3])[3] if proven else None


def in_sentence(text: str) -> str:
    """A sentence as it goes on after a comma: its first letter small, where that word is no name."""
    first, _, rest = text.partition(" ")
    return f"{first.lower()} {rest}" if first.lower() in _STARTS else text


@lru_cache(maxsize=256)
def told_of(lines: tuple[tuple[str, str], ...]) -> Mapping[str, tuple[str, str | None]]:
    """Of each milestone (id, line) of a process: its topic, and what was done where no other is told alike."""
    topics = {name: " ".join(re.split(r"[_\-\s]+", name.strip())) for name, _ in lines}
    phrases = {name: past_of(line) for name, line in lines}
    many, alike = Counter(topics.values()), Counter(phrases.values())
    return {
        name: (
            topics[name] if many[topics[name]] == 1 else name,
            phrases[name] if alike[phrases[name]] == 1 else None,
        )
        for name, _ in lines
    }


@lru_cache(maxsize=4_096)
def past_of(line: str) -> str | None:
    """What a milestone's line says was done, in the past and without its subject; None where it cannot be told well.

    "They name the person who can release the money, and that person talks with us" -> "named the person who can
    release the money".
    """
    if not line.strip() or len(line) > 400:
        return None
    clause = parse(line)
    if clause.shape is not Shape.ACTIVE or clause.negated or clause.modal or clause.progressive or clause.question:
        return None
    if clause.verb in ("", "be", "have", "do") or not clause.after:
        return None
    past = _PAST.get(clause.verb) or participle(clause.verb)
    said = f"{past} {_spoken(clause)}".replace(" the buyer's ", " their ").replace(" ,", ",")
    said = said.replace(", in their own words,", "")
    for name in ("buyer", "customer", "client", "prospect"):
        said = re.sub(rf"\bat the {name}\b", "on their side", said)
    return said if len(said) <= LONGEST_PHRASE and not re.search(r"[“”\"()]", said) else None


def _spoken(clause: Clause) -> str:
    """The words after the verb, up to where a second act begins: that one has not been turned into the past."""
    said = ""
    tokens = clause.after
    for place, token in enumerate(tokens):
        if _second_act(tokens, place):
            break
        word = token.raw + ("'s" if token.possessive and not token.raw.endswith("s") else "")
        said += word if token.is_sign and token.raw in ",;:." else f" {word}"
    return said.strip().rstrip(",;:.")


def _second_act(tokens: Sequence[Token], place: int) -> bool:
    low = tokens[place].low
    after = tokens[place + 1].low if place + 1 < len(tokens) else ""
    if tokens[place].is_sign and low in (",", ";"):
        following = tokens[place + 2].low if place + 2 < len(tokens) else ""
        return after == "or" or (after == "and" and following not in _OPENING_CLAUSES)
    verb = lemma_of_third(after) if low in ("and", "or") else None
    return verb is not None and (verb in VERBS or verb in VERB_OR_NOUN)


def _to_you(phrase: str) -> str:
    return re.sub(r"\b(?:they|them|theirs?|themselves)\b", lambda found: _YOU[found[0]], phrase)
