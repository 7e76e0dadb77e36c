"""Verdicts in plain sentences with the figures behind them, and what to do about each."""

from __future__ import annotations

from headway.basics.figures import count_text, percent_figure, points_text
from headway.verdict.decide import MIN_EACH, MIN_OUTCOMES
from headway.verdict.landmark import Judgement
from headway.verdict.question import LEAST_SEEN, Question
from headway.verdict.value import Interval, TrialResult

SO = {
    "kept by nearly all": "Leave it alone.",
    "harmless": "Rewrite or drop it; that falls to whoever owns the process.",
    "many leave it out": "Rewrite how it is asked; that falls to whoever owns the process.",
    "met by few": "Rewrite how it is asked; that falls to whoever owns the process.",
    "few leave it out": "Coach these deals; that falls to the sellers' leader, deal by deal.",
    "not inspected": "Look at these deals in the reviews; that falls to the leader.",
    "no reviews": "Start holding reviews; then it shows whether the practice or the rhythm is at fault.",
    "better without": "Propose a trial of leaving it out as the new way.",
    "at the buyer's request": "",
}
BY_WORD = {
    "process": SO["harmless"],
    "practice": SO["few leave it out"],
    "rhythm": SO["not inspected"],
    "costly": SO["no reviews"],
    "helps": "Make leaving it out the new way.",
}
TRY_IT = "run a trial: ask for it on a randomly chosen half of new deals"
NO_DIFFERENCE = 0.005  # half a point: less is said as none


def verdict_sentence(question: Question, found: Judgement, margin: float) -> str:
    """What was found, with its figures; then what that means."""
    subject = Subject(question)
    if not question.landmark.won.size:
        return f"No deal was open {question.when} and could be followed since, so there is nothing to compare."
    figures = _figures(question, found)
    if found.ground == "at the buyer's request":
        return (
            f"Buyers ask for “{question.label}”, so leaving it out says nothing about the seller ({_shares(question)})."
        )
    if found.ground == "kept by nearly all":
        return f"Nearly every deal gets “{question.label}” {figures}."
    if found.word == "unknown":
        return _unknown(question, found, subject, figures)
    if found.ground == "harmless":
        return f"{subject.without} were won {_as_often(found.effect, margin)} {figures}. {subject.asks_for_nothing}"
    if found.word == "helps":
        return (
            f"{subject.without} were won more often than the others {figures}. Leaving it out is the better way here."
        )
    return f"{subject.without} were won less often than the others {figures}. {_fault(found)}"


class Subject:
    """How a step or a rule is spoken of."""

    def __init__(self, question: Question) -> None:
        rule = question.subject == "rule"
        self.without = f"Deals that did not keep “{question.label}”" if rule else f"Deals without “{question.label}”"
        self.asks_for_nothing = f"The {question.subject} asks for something that does not matter: rewrite or drop it."


def so_of(question: Question, found: Judgement) -> str:
    """What to do, and to whom it falls."""
    if found.ground == "trial":
        return BY_WORD[found.word]
    if found.word != "unknown":
        return SO.get(found.ground, "")
    if found.ground == "no buyer evidence":
        return f"Record with its date what buyers do, or {TRY_IT}."
    if found.ground == "evidence tells nothing":
        return f"To know, {TRY_IT}."
    if found.deals_needed and question.landmark.won.size:
        return f"Wait for about {count_text(found.deals_needed)} more decided deals, or {TRY_IT}."
    return f"Wait for more decided deals, or {TRY_IT}."


def trial_sentence(question: Question, trial: TrialResult, found: Judgement) -> str:
    """A trial outranks the comparison: what it found, and what that means."""
    if trial.state == "better with":
        meaning = _fault(found)
    elif trial.state == "better without":
        meaning = "Leaving it out is the better way here."
    else:
        meaning = Subject(question).asks_for_nothing
    return f"A trial has settled it. {trial.sentence} {meaning}".strip()


def _fault(found: Judgement) -> str:
    looked = f"{_percent(found.inspected.value)} of them" if found.inspected else ""
    owners = f"{count_text(found.owners_leaving_out)} of {_counted(found.owners, 'owner')} leave it out"
    return {
        "costly": "No review was ever recorded, so it is not known whether the practice or the rhythm is at fault.",
        "rhythm": f"Reviews looked at only {looked}: hold the reviews, it is the leader's to mend.",
        "practice": f"Reviews looked at {looked}, and {owners}: coach these deals.",
        "process": f"Reviews looked at {looked}, and still {owners}: it cannot be met or is unclear, so rewrite how it "
        "is asked.",
    }[found.word]


def _unknown(question: Question, found: Judgement, subject: Subject, figures: str) -> str:
    """What is unknown, and why."""
    if found.ground == "no buyer evidence":
        seen = f"{_percent(question.evidence_seen)} of {_counted(question.landmark.won.size, 'deal')}"
        shown = f" {subject.without} differ {figures}, but the reason may be the buyer." if found.effect else ""
        return (
            f"Cannot be judged without buyer evidence: a dated buyer act was known by then on {seen}, and "
            f"{_percent(LEAST_SEEN)} are needed.{shown}"
        )
    if found.ground == "evidence tells nothing":
        return (
            f"{subject.without} were won about as often as the others {figures}, but what buyers are known to have "
            "done by then tells nothing about who wins: whether it was left out because the buyer was already "
            "convinced cannot be told apart."
        )
    if found.ground == "too few":
        needed = f"{MIN_EACH} of each, {MIN_OUTCOMES} won and {MIN_OUTCOMES} not"
        return f"Too few deals to tell: {_shares(question)}; it takes {needed}."
    more = f" About {count_text(found.deals_needed)} more decided deals will tell." if found.deals_needed else ""
    return f"Whether “{question.label}” matters cannot be told yet {figures}.{more}"


def _as_often(effect: Interval | None, margin: float) -> str:
    """As often, where the interval holds no difference; else by how little or how much."""
    if effect is not None and effect.high < -NO_DIFFERENCE:
        return f"less often than the others, but surely by less than {100 * margin:.0f} points"
    if effect is not None and effect.low > NO_DIFFERENCE:
        return "rather more often than the others"
    return "as often as the others"


def _figures(question: Question, found: Judgement) -> str:
    deals = _counted(question.landmark.won.size, "deal")
    kept = "did not keep it" if question.subject == "rule" else "left it out"
    share = f"{_percent(found.left_out.value)} {kept}" if found.left_out else ""
    if found.effect is None:
        return f"({share} of {deals})"
    low, high = points_text(found.effect.low), points_text(found.effect.high)
    return f"(difference {points_said(found.effect.value)}, 90 % interval {low} to {high}, {deals}, {share})"


def _shares(question: Question) -> str:
    """`12 of 40 deals open then left it out, 15 were won`."""
    landmark = question.landmark
    kept = "did not keep it" if question.subject == "rule" else "left it out"
    return (
        f"{count_text(int(landmark.left_out.sum()))} of {_counted(landmark.won.size, 'deal')} open then {kept}, "
        f"{count_text(int(landmark.won.sum()))} were won"
    )


def why_naive_is_off(question: Question, found: Judgement) -> str:
    """Why the comparison of finished deals, ever done against never, says something else; empty where it does not."""
    naive, value = question.naive.difference, found.effect.value if found.effect else found.raw
    if naive is None or value is None or found.raw is None:
        return ""
    if abs(naive - value) < 3 * NO_DIFFERENCE:
        return "Here it is not off."
    before = f"{_counted(question.decided_before, 'deal')} {'was' if question.decided_before == 1 else 'were'}"
    of_time, of_mix = found.raw - naive, value - found.raw
    if abs(of_time) >= abs(of_mix) and of_time > 0:
        return (
            f"A deal that ends early has no time for it and counts as never done: {before} decided before it was due."
        )
    if abs(of_time) >= abs(of_mix):
        return "It counts whenever it was done, and deals that drag on gather it and are won less often."
    stood = "weaker" if of_mix > 0 else "better"
    return f"Deals on which it was left out stood {stood} anyway: by size, owner, time, or how far the buyer was."


def points_said(difference: float) -> str:
    """`+2 points`, `−1 point`."""
    return f"{points_text(difference)} {'point' if abs(round(100 * difference)) == 1 else 'points'}"


def _percent(share: float) -> str:
    return f"{percent_figure(share)} %"


def _counted(count: int, thing: str) -> str:
    return f"{count_text(count)} {thing}" if count == 1 else f"{count_text(count)} {thing}s"
