"""How the primary constraint is said: the evidence for and against each candidate, one sentence, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headway.verdict.value import ConstraintCandidate, Interval

if TYPE_CHECKING:
    from headway.verdict.constraint import Stops

MUCH = 0.25  # a share from here on speaks for a candidate, below it against
LEAVE = "Leave the process as it is: changing it would not mend this."
SO = {
    "Attention": "Look at whom you start deals with, and when: begin with buyers who say what is wrong and why now. "
    f"{LEAVE}",
    "Trust": "Give the buyer's people what they need to say yes among themselves: proof, references, answers to the "
    f"risks they see. {LEAVE}",
    "Movement": "Mend how deals move: agree the next act of the buyer, with a name and a day, and ask of sellers only "
    "what the verdicts say matters.",
    "Control": "Make claims follow what buyers did, and hold the reviews on that. Decide nothing from the claimed "
    f"pipeline until then. {LEAVE}",
}
NO_REASONS = "Deals are closed as lost without a reason: a buyer who said no cannot be told from one who went silent."


@dataclass(frozen=True, slots=True)
class Facts:
    """What else speaks for or against a candidate.

    `stages`: names, process by process. `beginning`: the stage that ends the beginning. `counts`:
    the row of `constraint_facts.sql`. `reason`: the most frequent one for losing, with its deals. `reasons_told`: a no
    can be told from silence. `theatre`: found, not found, or not asked.
    """

    stages: tuple[str, ...]
    beginning: str
    silence_days: float
    counts: Mapping[str, Any]
    reason: tuple[str, int] | None
    reasons_told: bool
    theatre: bool | None


class _Evidence:
    """Sentences for and against one candidate, and what they are made from."""

    def __init__(self, stops: Stops, facts: Facts, piled_at: int | None) -> None:
        self.stops, self.facts, self.piled_at = stops, facts, piled_at
        self.for_it: list[str] = []
        self.against_it: list[str] = []

    def say(self, speaks_for: bool, text: str) -> None:
        """File one sentence."""
        (self.for_it if speaks_for else self.against_it).append(text)


def candidates_of(
    names: Sequence[str], shares: Sequence[Interval], stops: Stops, facts: Facts, piled_at: int | None
) -> tuple[ConstraintCandidate, ...]:
    """All four, the one at which most deals stop first. `score`: deals a year that stop there."""
    tell = {"Attention": _attention, "Trust": _trust, "Movement": _movement, "Control": _control}
    found: list[tuple[float, ConstraintCandidate]] = []
    for name, share in zip(names, shares, strict=True):
        if name in ("Trust", "Movement") and not facts.reasons_told:
            found.append((-1.0, ConstraintCandidate(name, None, (), (NO_REASONS,))))
            continue
        evidence = _Evidence(stops, facts, piled_at)
        evidence.say(share.value >= MUCH, _what(name, share, stops.per_year, facts))
        tell[name](evidence)
        score = round((share.value + _moved(name, shares, stops, piled_at)) * stops.per_year, 1)
        found.append((score, ConstraintCandidate(name, score, tuple(evidence.for_it), tuple(evidence.against_it))))
    return tuple(candidate for _, candidate in sorted(found, key=lambda pair: -pair[0]))


def _moved(name: str, shares: Sequence[Interval], stops: Stops, piled_at: int | None) -> float:
    """The share of silent deals that sits at one stage counts for Trust, and no longer for Movement."""
    if piled_at is None or name not in ("Trust", "Movement"):
        return 0.0
    piled = shares[2].value * float(stops.silent_at[piled_at]) / float(stops.silent_at.sum())
    return piled if name == "Trust" else -piled


def _what(name: str, share: Interval, per_year: float, facts: Facts) -> str:
    happens = {
        "Attention": f"stop before the buyer has shown what {facts.beginning} takes",
        "Trust": "stop because a buyer who had shown interest says no, or chooses another",
        "Movement": "have a buyer who showed interest and never decides",
        "Control": "stop while the CRM claims a stage beyond what the buyer has shown",
    }[name]
    return (
        f"{_percent(share.value)} of the deals started {happens} (90 % interval {100 * share.low:.0f} to "
        f"{_percent(share.high)}, {share.n:,} deals): about {share.value * per_year:,.0f} a year."
    )


def _attention(evidence: _Evidence) -> None:
    counts = evidence.facts.counts
    unseen, open_deals = counts["open_deals"] - counts["open_observed"], counts["open_deals"]
    if open_deals:
        evidence.say(unseen >= MUCH * open_deals, f"In {unseen} of {open_deals} open deals no buyer act was ever seen.")


def _trust(evidence: _Evidence) -> None:
    stops, facts = evidence.stops, evidence.facts
    if evidence.piled_at is not None:
        sits, silent = int(stops.silent_at[evidence.piled_at]), int(stops.silent_at.sum())
        stage = facts.stages[evidence.piled_at]
        evidence.say(True, f"{sits} of the {silent} who never decide stop at one stage, {stage}: it lacks something.")
    refused = int(stops.refused_at.sum())
    if not refused:
        return
    at = int(stops.refused_at.argmax())
    evidence.say(True, f"{int(stops.refused_at[at])} of the {refused} who say no do so at {facts.stages[at]}.")
    evidence.say(
        2 * stops.alone >= refused,
        f"In {stops.alone} of these {refused} deals one person at the buyer was heard, at most.",
    )
    if facts.reason:
        text, deals = facts.reason
        evidence.say(True, f"Most frequent reason for losing: “{text}” ({deals} of {facts.counts['lost']} lost deals).")


def _movement(evidence: _Evidence) -> None:
    stops, facts, piled = evidence.stops, evidence.facts, evidence.piled_at is not None
    silent = int(stops.silent_at.sum())
    if silent:
        at = int(stops.silent_at.argmax())
        sits = f"Most of them sit at {facts.stages[at]}, {int(stops.silent_at[at])} of {silent}"
        spread = f"At no stage are they more than {int(stops.silent_at[at])} of {silent}: they are spread"
        evidence.say(not piled, f"{sits if piled else spread}.")
    quiet, seen = facts.counts["open_silent"], facts.counts["open_observed"]
    if seen:
        evidence.say(
            quiet >= MUCH * seen,
            f"In {quiet} of {seen} open deals with a buyer act the buyer has been silent for more than "
            f"{facts.silence_days:.0f} days.",
        )


def _control(evidence: _Evidence) -> None:
    counts, theatre = evidence.facts.counts, evidence.facts.theatre
    if seen := counts["open_observed"]:
        ahead = counts["open_ahead"]
        evidence.say(
            ahead >= MUCH * seen, f"{ahead} of {seen} open deals with a buyer act claim more than is evidenced."
        )
    if ended := counts["ended"]:
        pushed = counts["pushed"]
        evidence.say(pushed >= MUCH * ended, f"In {pushed} of {ended} ended deals the close date was pushed too often.")
    if due := counts["reviews_held"] + counts["reviews_missed"]:
        missed = counts["reviews_missed"]
        evidence.say(missed >= MUCH * due, f"{missed} of {due} reviews were missed.")
    if theatre is not None:
        evidence.say(theatre, "Theatre was found." if theatre else "Theatre was looked for and not found.")


def named_words(name: str, shares: Sequence[Interval], facts: Facts, piled_at: int | None) -> tuple[str, str]:
    """The sentence that names it, and what to do."""
    of_hundred = _of_hundred(shares, facts)
    if piled_at is not None:
        stage = facts.stages[piled_at]
        so = f"Find out who at the buyer must agree at {stage}, and what they lack. {SO[name]}"
        return f"{name} holds this team back most: buyers who showed interest stop at {stage}. {of_hundred}", so
    return f"{name} holds this team back most. {of_hundred}", SO[name]


def unnamed_words(
    two: Sequence[str], shares: Sequence[Interval], facts: Facts, more: int | None, *, not_movement: bool
) -> tuple[str, str]:
    """The sentence where none is named, and what to do then. `two`: the largest and the second.

    `more`: deals needed; 0: only where the silent deals sit is not clear; None: they are surely alike.
    """
    of_hundred = _of_hundred(shares, facts)
    if not facts.reasons_told:
        return (
            f"What holds this team back most cannot be told: deals are closed as lost without a reason. {of_hundred}",
            "Say at each closing whether the buyer said no, or never decided. Until then, change nothing for this.",
        )
    if not_movement:
        first = f"It is not Movement, but {two[0]} or {two[1]}; which cannot be told yet."
        return f"{first} {of_hundred}", f"{LEAVE} Look at both: the evidence for and against each stands below."
    if more == 0:
        return (
            "It is Movement or Trust: whether silence is spread, or piled at one stage, cannot be told yet. "
            f"{of_hundred}",
            "Change nothing in the process for this yet; ask those who went silent who there had to agree.",
        )
    pair = " and ".join(two)
    if more is None:
        return (
            f"No single thing holds this team back: {pair} come first and lie close together. {of_hundred}",
            "Change nothing in the process for this; look at the single steps.",
        )
    return (
        f"What holds this team back most cannot be told yet: {pair} lie too close. {of_hundred} "
        f"About {more:,} more ended deals are needed.",
        "Change nothing in the process for this yet.",
    )


def _of_hundred(shares: Sequence[Interval], facts: Facts) -> str:
    """Where 100 deals go; the first three and what was won add up to them."""
    attention, refused, silent, claimed = (100 * share.value for share in shares)
    if facts.reasons_told:
        after = f"{refused:.0f} end with a no after interest, {silent:.0f} never reach a decision"
    else:
        after = f"{refused:.0f} end after interest, with a no or without"
    return (
        f"Of 100 deals started, {attention:.0f} stop before the buyer shows interest, {after}, "
        f"{100 - attention - refused - silent:.0f} are won; in {claimed:.0f} that stopped the CRM claimed more than "
        "the buyer had shown."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
