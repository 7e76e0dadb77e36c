"""Verdicts in plain sentences with the figures behind them, and what to do about each."""

from __future__ import annotations

from headway.basics.figures import count_text, counted, percent_figure, points_said, points_text
from headway.verdict.decide import MIN_EACH, MIN_OUTCOMES
from headway.verdict.landmark import Judgement
from headway.verdict.question import LEAST_SEEN, Question
from headway.verdict.value import Interval, Signal, TrialResult

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


class Speech:
    """How a step or a rule is spoken of: `without`: the deals that left it out; `left`: that they did."""

    def __init__(self, question: Question) -> None:
        rule, label = question.subject == "rule", f"“{question.label}”"
        self.without = f"Deals that did not keep to {label}" if rule else f"Deals without {label}"
        self.gets = f"keeps to {label}" if rule else f"gets {label}"
        self.left = "did not keep to it" if rule else "left it out"
        self.useless = f"The {question.subject} asks for something that does not matter: rewrite or drop it."
        if question.meant_for:
            self.useless = f"It wins no deals; it is for {question.meant_for}, which this does not measure."


def verdict_sentence(question: Question, found: Judgement, margin: float) -> str:
    """What was found, with its figures; then what that means."""
    speech = Speech(question)
    if not question.landmark.won.size:
        return f"No deal was open {question.when} and could be followed since, so there is nothing to compare."
    figures = _figures(question, found, speech)
    if found.ground == "at the buyer's request":
        counts = _counts(question, speech)
        return f"Buyers ask for “{question.label}”, so leaving it out says nothing about the seller ({counts})."
    if found.ground == "kept by nearly all":
        every = "Every deal" if not question.landmark.left_out.any() else "Nearly every deal"
        return f"{every} {speech.gets} {figures}."
    if found.word == "unknown":
        return _unknown(question, found, speech, figures)
    if found.ground == "harmless":
        doubt = _by_way_of_the_buyer(found, margin)
        return f"{speech.without} were won {_as_often(found.effect, margin)} {figures}. {speech.useless}{doubt}"
    if found.word == "helps":
        return f"{speech.without} were won more often than the others {figures}. Leaving it out is the better way here."
    return f"{speech.without} were won less often than the others {figures}. {_fault(found, speech)}"


def _by_way_of_the_buyer(found: Judgement, margin: float) -> str:
    """A caution where what the buyer had done by then takes away a difference that would matter.

    It may have come about through the step itself, and then it is part of what the step does.
    """
    blind = found.without_evidence
    if blind is None or blind > -margin:
        return ""
    return (
        f" Without looking at what buyers had done by then the difference is {points_said(blind)}: if the step is what "
        "made them do it, leaving it out costs that."
    )


def so_of(question: Question, found: Judgement) -> str:
    """What to do, and to whom it falls."""
    if found.word == "process" and question.meant_for and found.ground in ("harmless", "trial"):
        return f"Keep it if it serves {question.meant_for}; do not enforce it for the sake of winning."
    if found.ground == "trial":
        return BY_WORD[found.word]
    if found.word != "unknown":
        return SO.get(found.ground, "")
    if found.ground == "no buyer evidence":
        return f"Record with its date what buyers do, or {TRY_IT}."
    if found.ground == "evidence tells nothing":
        return f"Record more of what buyers do, or {TRY_IT}."
    if question.unseen:
        return "Name under `activities` what the CRM calls it; if it is never recorded, drop the step."
    if found.deals_needed and question.landmark.won.size:
        return f"Wait for about {count_text(found.deals_needed)} more decided deals, or {TRY_IT}."
    return f"Wait for more decided deals, or {TRY_IT}."


def trial_sentence(question: Question, trial: TrialResult, found: Judgement) -> str:
    """A trial outranks the comparison: what it found, and what that means."""
    if trial.state == "better with":
        meaning = _fault(found, Speech(question))
    elif trial.state == "better without":
        meaning = "Leaving it out is the better way here."
    else:
        meaning = Speech(question).useless
    return f"A trial has settled it. {trial.sentence} {meaning}".strip()


def _fault(found: Judgement, speech: Speech) -> str:
    looked = f"{_percent(found.inspected.value)} of them" if found.inspected else ""
    owners = f"{count_text(found.owners_leaving_out)} of {counted(found.owners, 'owner')} often {speech.left}"
    return {
        "costly": "No review was ever recorded, so it is not known whether the practice or the rhythm is at fault.",
        "rhythm": f"Reviews looked at only {looked}: hold the reviews, it is the leader's to mend.",
        "practice": f"Reviews looked at {looked}, and only {owners}: coach these deals.",
        "process": f"Reviews looked at {looked}, and still {owners}: it cannot be met or is unclear, so rewrite how it "
        "is asked.",
    }[found.word]


def _unknown(question: Question, found: Judgement, speech: Speech, figures: str) -> str:
    """What is unknown, and why."""
    if found.ground == "no buyer evidence":
        seen = f"{_percent(question.evidence_seen)} of {counted(question.landmark.won.size, 'deal')}"
        shown = f" {speech.without} differ {figures}, but the reason may be the buyer." if found.effect else ""
        return (
            f"Cannot be judged without buyer evidence: a dated buyer act was known by then on {seen}, and "
            f"{_percent(LEAST_SEEN)} are needed.{shown}"
        )
    if found.ground == "evidence tells nothing":
        return (
            f"{speech.without} were won {_as_often(found.effect)} {figures}. But what buyers are known to have done by "
            "then hardly tells who wins, so it may be the buyers who made the difference, or hid one."
        )
    if found.ground == "too few" and question.unseen:
        return f"Nothing in this log shows that “{question.label}” was ever done, so there is nothing to compare."
    if found.ground == "too few":
        needed = f"{MIN_EACH} of each, {MIN_OUTCOMES} won and {MIN_OUTCOMES} not"
        return f"Too few deals to tell: {_counts(question, speech)}; it takes {needed}."
    more = f" About {count_text(found.deals_needed)} more decided deals will tell." if found.deals_needed else ""
    return f"Whether “{question.label}” matters cannot be told yet {figures}.{more}"


def _as_often(effect: Interval | None, margin: float | None = None) -> str:
    """As often, where the interval holds no difference; else how little less (where `margin` bounds it), or more."""
    if effect is not None and effect.high < -NO_DIFFERENCE:
        bound = f", but surely by less than {100 * margin:.0f} points" if margin is not None else ""
        return f"less often than the others{bound}"
    if effect is not None and effect.low > NO_DIFFERENCE:
        return "more often than the others"
    return "as often as the others"


def _figures(question: Question, found: Judgement, speech: Speech) -> str:
    deals = counted(question.landmark.won.size, "deal")
    share = _percent(found.left_out.value) if found.left_out else ""
    if found.effect is None:
        return f"({share} of {deals} {speech.left})"
    low, high = points_text(found.effect.low), points_text(found.effect.high)
    difference = f"difference {points_said(found.effect.value)}, 90 % interval {low} to {high}"
    return f"({difference}, {deals}, {share} {speech.left})"


def _counts(question: Question, speech: Speech) -> str:
    """`12 of 40 deals open then left it out, 15 were won`."""
    landmark = question.landmark
    return (
        f"{count_text(int(landmark.left_out.sum()))} of {counted(landmark.won.size, 'deal')} open then {speech.left}, "
        f"{count_text(int(landmark.won.sum()))} were won"
    )


def signal_sentence(signal: Signal, seen: float, margin: float) -> str:
    """What having a milestone tells, with its figures. `seen`: share of the deals with a buyer act by the landmark."""
    n = signal.with_it + signal.without_it
    of = f"{count_text(signal.with_it)} of {counted(n, 'deal')} alive {signal.landmark}"
    if not n:
        return f"No deal was alive {signal.landmark} and could be followed since, so there is nothing to compare."
    if signal.ground == "no buyer evidence":
        return (
            f"Cannot be told without buyer evidence: a dated buyer act was known by then on {_percent(seen)} of "
            f"{counted(n, 'deal')}, and {_percent(LEAST_SEEN)} are needed."
        )
    if signal.ground == "nearly all have it":
        return f"{of} had it, so what lacking it means cannot be told."
    if signal.effect is None or signal.ground == "too few":
        return f"Too few deals to tell: {of} had it; it takes {MIN_EACH} with and {MIN_EACH} without it."
    low, high = points_text(signal.effect.low), points_text(signal.effect.high)
    figures = f"(difference {points_said(signal.effect.value)}, 90 % interval {low} to {high}; {of} had it)"
    if signal.word == "telling":
        return f"It tells: deals that had it were won more often {figures}."
    if signal.word == "not telling":
        ahead = f"surely not {100 * margin:.0f} points ahead of the others"
        return f"It does not tell: deals that had it were {ahead} {figures}."
    more = f" About {count_text(signal.deals_needed)} more decided deals will tell." if signal.deals_needed else ""
    return f"Whether it tells is not known yet {figures}.{more}"


def why_naive_is_off(question: Question, found: Judgement) -> str:
    """Why the comparison of finished deals, ever done against never, says something else; empty where it does not."""
    naive, value = question.naive.difference, found.effect.value if found.effect else found.raw
    if naive is None or value is None or found.raw is None:
        return ""
    if abs(naive - value) < 3 * NO_DIFFERENCE:
        return "Here it is not off."
    of_time, of_mix = found.raw - naive, value - found.raw
    if abs(of_time) < abs(of_mix):
        stood = "weaker" if of_mix > 0 else "better"
        return f"Deals on which it was left out stood {stood} anyway: by size, owner, time, or how far the buyer was."
    rule, ended = question.subject == "rule", counted(question.decided_before, "deal")
    if of_time > 0 and rule:
        return "Deals that drag on have longer to depart from it, and are won less often whatever the reason."
    if of_time > 0:
        return f"A deal that ends early has no time for it and counts as never done: {ended} ended before it was due."
    if rule:
        return (
            f"A deal that ends early has no time to depart from it and counts as kept: {ended} ended before that age."
        )
    return "It counts whenever it was done: deals that drag on gather it, and are won less often."


def _percent(share: float) -> str:
    return f"{percent_figure(share)} %"
