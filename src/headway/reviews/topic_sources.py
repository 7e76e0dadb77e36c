"""Where topics of a process review come from: verdicts, exceptions, criteria nobody meets, fields nobody uses, habits.

Pure: from counts and the judge's values to topics. Method page: docs/methods/process-review.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from headway.basics.figures import count_text, counted, percent_figure
from headway.basics.money import money_text
from headway.conformance.shares import share
from headway.reviews.kinds import What
from headway.reviews.process_topics import (
    ASK_HOURS,
    LOOK_HOURS,
    TYPE_HOURS,
    About,
    Cost,
    Figure,
    Firm,
    Topic,
)
from headway.verdict.value import Interval, OwnWay, Signal, Verdict

LEVEL = 0.90
NOBODY = 0.20  # met, filled or done by surely fewer than this share: nobody does
LEAST = 10  # deals, before a share says anything
LEFT_BY_MOST = 0.80


@dataclass(frozen=True, slots=True)
class CriterionSeen:
    """A milestone of the published process: of `past` deals that a CRM claims beyond its stage, `proven` showed it."""

    id: str
    buyer: str
    process: str
    past: int
    proven: int


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """A field of deals or evidence. Of `n` it could stand on, `filled` have it, with `values` different values (None:
    free text). `used`: what here depends on it, empty for nothing. `odd`: a sentence on how it is filled, with figures.
    """

    id: str
    name: str
    n: int
    filled: int
    values: int | None = None
    used: str = ""
    odd: str = ""


@dataclass(frozen=True, slots=True)
class HabitSeen:
    """A departure of the reviews themselves: happened `times` of `n`. `did`: of what, and what it did, as in "reviews
    of the last quarter did not take place". `each`: hours it costs each time, in a year's terms."""

    id: str
    name: str
    did: str
    times: int
    n: int
    each: float
    so: str


def priced(topic: Topic, cost: Cost, firm: Firm) -> Topic:
    """The topic with what it costs a year, and what that is made of."""
    parts = []
    if cost.wins > 0 and firm.win_amount:
        parts.append(f"{cost.wins:.1f} deals a year × {money_text(firm.win_amount, firm.currency)} a win")
    if cost.hours >= 0.5 and firm.hour:
        parts.append(f"{counted(round(cost.hours), 'hour')} × {money_text(firm.hour, firm.currency)} sold an hour")
    return replace(
        topic, cost=cost, cost_amount=cost.amount(firm), cost_words=" and ".join(parts), currency=firm.currency
    )


def verdict_topics(verdicts: Iterable[Verdict], firm: Firm) -> list[Topic]:
    """Steps and rules that are neither *works* nor *unknown*, and steps that nobody does and nobody misses."""
    found = []
    for verdict in verdicts:
        unused = verdict.subject == "step" and _left_by_most(verdict)
        if verdict.word not in ("", "works", "unknown") or (verdict.word == "unknown" and unused):
            found.append(priced(_verdict_topic(verdict, unused), _cost_of(verdict, firm), firm))
    return found


def way_topics(ways: Iterable[OwnWay], firm: Firm, a_year: Mapping[str, float]) -> list[Topic]:
    """Exceptions that keep winning or come true, and those allowed again and again without saying what is expected.

    `a_year`: how often each rule's exceptions were allowed in the last year.
    """
    found = []
    for way in ways:
        unsaid = not way.predicted and way.allowed >= 3
        if way.word not in ("keeps winning", "comes true") and not unsaid:
            continue
        often = a_year.get(way.rule, float(way.allowed))
        gain = (way.share.value - (way.expected or 0.0)) if way.share and way.word == "keeps winning" else 0.0
        figures = [Figure("allowed a year", often, way.allowed, unit="count")]
        if way.share:
            figures.insert(0, Figure("came true", way.share.value, way.share.n, way.share.low, way.share.high))
        topic = Topic(
            about=About.WAY, id=f"{way.rule} {way.predicted}".strip(), title=f"Exception: {way.label}",
            word=way.word if way.predicted else "not said what is expected", sentence=way.sentence,
            to_know="Say what is expected each time; ten that are decided will tell." if unsaid
            else "It is known well enough to decide." if way.word == "keeps winning" else "A trial would make sure.",
            proposed=What.NOTHING if unsaid else What.CHANGE,
            so="Keep the rule; from now on every exception says what it expects." if unsaid
            else "An exception that keeps winning is the better way: make it the process.",
            figures=tuple(figures),
        )  # fmt: skip
        found.append(priced(topic, Cost(wins=gain * often, hours=often * LOOK_HOURS), firm))
    return found


def criterion_topics(seen: Iterable[CriterionSeen], signals: Iterable[Signal], firm: Firm) -> list[Topic]:
    """Milestones that (almost) no deal past their stage has proven: surely fewer than one in five, of ten at least."""
    telling = {(signal.process, signal.milestone): signal.word for signal in signals}
    found = []
    for one in seen:
        proven = share(min(one.proven, one.past), one.past, level=LEVEL)
        if one.past < LEAST or proven.value is None or proven.high >= NOBODY:
            continue
        word = telling.get((one.process, one.id), "unknown")
        tells = word == "telling"
        topic = Topic(
            about=About.MILESTONE, id=one.id, title=one.buyer, process=one.process,
            word="met by nobody" if not one.proven else "met by almost nobody",
            sentence=f"{count_text(one.proven)} of {counted(one.past, 'deal')} claimed beyond its stage have shown it "
            f"({percent_figure(proven.value)} %, 90 % interval {percent_figure(proven.low)} to "
            f"{percent_figure(proven.high)} %). {TELLS[word]}",
            to_know="Put its question to the buyer on the next ten deals, and see who answers."
            if not tells else "It tells already; what is not known is whether it can be asked for sooner.",
            proposed=What.CHANGE,
            so="It tells who wins: ask for it in other words, or later." if tells
            else "Nobody meets it, so no deal past it is ever real: drop it, or ask for it on large deals only.",
            figures=(Figure("shown", proven.value, one.past, proven.low, proven.high),),
        )  # fmt: skip
        found.append(priced(topic, Cost(hours=(one.past - one.proven) * LOOK_HOURS), firm))
    return found


def field_topics(seen: Iterable[FieldSeen], firm: Firm) -> list[Topic]:
    """Fields (almost) never filled, those that nothing depends on and are always alike, those filled in an odd way."""
    found = []
    for one in seen:
        filled = share(min(one.filled, one.n), one.n, level=LEVEL)
        if one.n < LEAST or filled.value is None:
            continue
        empty, alike = filled.high < NOBODY, one.values == 1 and one.filled > 0
        asked = bool(one.filled or one.used)  # a field that nobody fills and nothing needs is only a column
        if not ((empty and asked) or one.odd or (alike and not one.used)):
            continue
        word = "hardly ever filled" if empty else "always the same" if alike else "says little"
        percent = percent_figure(filled.value)
        says = f"{one.name} is filled on {count_text(one.filled)} of {count_text(one.n)} ({percent} %)"
        if alike:
            says += ", always with the same value"
        feeds = f" It feeds {one.used}." if one.used else " Nothing here depends on it."
        topic = Topic(
            about=About.FIELD, id=one.id, title=one.name, word=word,
            sentence=f"{says}.{feeds}{' ' + one.odd if one.odd else ''}",
            to_know="Ask those who fill it, or would have to, what it did for them last month.",
            proposed=What.CHANGE if empty or one.odd or alike else What.NOTHING,
            so="Agree how it is filled from now on, or stop asking for it." if one.used or one.odd
            else "Stop asking for it: it costs typing and decides nothing.",
            figures=(Figure("filled", filled.value, one.n, filled.low, filled.high),),
        )  # fmt: skip
        found.append(priced(topic, Cost(hours=one.filled * TYPE_HOURS), firm))
    return found


def habit_topics(seen: Iterable[HabitSeen], firm: Firm) -> list[Topic]:
    """The one departure of the reviews themselves that costs most; none where every one is rare (under one in ten)."""
    found = []
    for one in seen:
        often = share(one.times, one.n, level=LEVEL)
        if one.n < 3 or not one.times or often.value is None or often.value < 0.1:
            continue
        topic = Topic(
            about=About.HABIT, id=one.id, title=one.name, word="our own departure",
            sentence=f"{count_text(one.times)} of {count_text(one.n)} {one.did} ({percent_figure(often.value)} %, 90 % "
            f"interval {percent_figure(often.low)} to {percent_figure(often.high)} %).",
            to_know="It is on record; ask what got in the way.",
            proposed=What.CHANGE, so=one.so,
            figures=(Figure(one.name, often.value, one.n, often.low, often.high),),
        )  # fmt: skip
        found.append(priced(topic, Cost(hours=one.times * one.each), firm))
    return sorted(found, key=lambda topic: (-topic.cost.hours, topic.id))[:1]


TELLS = {
    "telling": "Those that have it are won more often.",
    "not telling": "Having it does not tell who wins.",
    "unknown": "Whether it tells who wins is not known.",
}


def _left_by_most(verdict: Verdict) -> bool:
    """Surely left out by four in five, and not surely worse for it."""
    missed = verdict.effect is not None and verdict.effect.high < 0
    return verdict.left_out is not None and verdict.left_out.low >= LEFT_BY_MOST and not missed


def _verdict_topic(verdict: Verdict, unused: bool) -> Topic:
    proposed, so = _end_of(verdict, unused)
    figures = [
        Figure(words, one.value, one.n, one.low, one.high, unit)
        for words, one, unit in (
            ("won without minus with", verdict.effect, "points"),
            ("left out" if verdict.subject == "step" else "not kept to", verdict.left_out, "share"),
        )
        if one is not None
    ]
    return Topic(
        about=About(verdict.subject), id=verdict.id, title=verdict.label, process=verdict.process,
        word="nobody does it, nobody misses it" if verdict.word == "unknown" else verdict.word,
        sentence=_short(verdict), to_know=_to_know(verdict), proposed=proposed, so=so, figures=tuple(figures),
        provisional=verdict.provisional,
    )  # fmt: skip


def _short(verdict: Verdict) -> str:
    """Its sentence without its name, which stands above it as the topic's title."""
    said = verdict.sentence.replace(f"“{verdict.label}”", "it")
    return said[:1].upper() + said[1:]


def _end_of(verdict: Verdict, unused: bool) -> tuple[What, str]:
    step = verdict.subject == "step"
    if unused and verdict.word == "unknown":
        return What.CHANGE, "Almost nobody does it and no loss shows: drop it, or say why it stays."
    if verdict.word in ("practice", "rhythm", "costly"):
        return What.NOTHING, verdict.so
    if verdict.word == "helps" or (verdict.provisional and verdict.ground == "harmless"):
        first = "Not confirmed yet: try it before changing it." if verdict.provisional else verdict.so
        return (What.TRIAL if step else What.NOTHING), first
    if not step and verdict.ground == "harmless":
        return What.NOTHING, verdict.so
    return What.CHANGE, verdict.so


def _to_know(verdict: Verdict) -> str:
    if verdict.deals_needed:
        return f"About {count_text(verdict.deals_needed)} more decided deals, or a trial on half of the new ones."
    if verdict.provisional:
        return "Provisional: the next estimate with a tenth more decided deals must agree. A trial is surer."
    return "Two estimates agree. Only a trial would be surer."


def _cost_of(verdict: Verdict, firm: Firm) -> Cost:
    """Harmful to leave out: wins lost. Better left out: wins forgone where it is done. Harmless: hours for nothing."""
    left = verdict.left_out or Interval(0.0, 0.0, 0.0, 0)
    value = verdict.effect.value if verdict.effect else 0.0
    harmless = verdict.ground == "harmless" or verdict.word == "unknown"
    if harmless and verdict.subject == "step":
        return Cost(hours=(1 - left.value) * firm.opened * ASK_HOURS)
    if harmless:
        return Cost(hours=left.value * firm.opened * LOOK_HOURS)
    if verdict.word == "helps":
        return Cost(wins=value * (1 - left.value) * firm.decided)
    return Cost(wins=-value * left.value * firm.decided)
