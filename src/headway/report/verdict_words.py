"""What is judged in words: a verdict's figures and its comparison in plain sentences, alike in report and terminal.

Effects are shares won without minus with; here they are said in points, where below zero fewer were won without it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from headway.report.comparison_words import grounds, points
from headway.report.words import (
    NO_BREAK,
    UNKNOWN,
    count_text,
    counted,
)
from headway.verdict.value import Judged, OwnWay, Signal, Verdict

WORD_MEANINGS = {
    "works": "nearly every deal gets it",
    "process": "the step is at fault",
    "practice": "few leave it out, and it costs",
    "rhythm": "it costs, and reviews rarely look",
    "costly": "it costs, and no review was held",
    "helps": "better without it",
    "unknown": "cannot be told yet",
}
NOT_JUDGED = "not judged"
TOLD_AGAIN = re.compile(r"(: rewrite or drop it(?=\.)| About [\d,]+ more decided deals? will tell\.)")
STATES = {True: "found", False: "not found", None: UNKNOWN}


def word_of(verdict: Verdict) -> str:
    """The verdict's word; *not judged* where the buyer asks for the step."""
    return verdict.word or NOT_JUDGED


def sentence_below(verdict: Verdict) -> str:
    """Its sentence where its name stands before it: the name is not said again, and no figure leaves its sign."""
    text = verdict.sentence.replace(f"“{verdict.label}”", "it").replace(" %", f"{NO_BREAK}%")
    return text[:1].upper() + text[1:]


def sentence_beside(verdict: Verdict) -> str:
    """The same where what to do stands after it: neither is said twice."""
    text = sentence_below(verdict)
    return TOLD_AGAIN.sub("", text) if verdict.so else text


def way_beside(way: OwnWay) -> str:
    """The sentence of an own way without the name before it."""
    text = way.sentence.removeprefix(way.label).lstrip(" :")
    return text[:1].upper() + text[1:]


def truth_sentence(verdict: Verdict) -> str:
    """What is really so, on a simulated firm."""
    if verdict.truth is None:
        return ""
    cost = verdict.truth.cost
    points_lost = round(100 * cost)
    if points_lost == 0:
        said = "leaving it out costs nothing"
    else:
        said = f"leaving it out {'costs' if cost > 0 else 'gains'} {counted(abs(points_lost), 'point')}"
    return f"In truth: {verdict.truth.word + ', ' if verdict.truth.word else ''}{said}."


def rightness(verdict: Verdict) -> str | None:
    """right | wrong | not told, where the truth is known and the step is judged."""
    if verdict.truth is None or not verdict.truth.word or not verdict.word:
        return None
    if verdict.word == "unknown":
        return "not told"
    return "right" if verdict.word == verdict.truth.word else "wrong"


def naive_misleads(verdict: Verdict) -> bool | None:
    """Whether the naive figure lies on the other side of the margin than the truth; None where either is unknown."""
    comparison = verdict.comparison
    if verdict.truth is None or comparison is None or comparison.naive is None:
        return None
    return (-comparison.naive >= verdict.margin) != (verdict.truth.cost >= verdict.margin)


def was_it_right(verdicts: Sequence[Verdict]) -> str | None:
    """One sentence on a simulated firm: how many verdicts are right, and how many naive figures would have misled."""
    found = Counter(filter(None, map(rightness, verdicts)))
    asked = sum(found.values())
    if not asked:
        return None
    text = (
        f"This firm is simulated, so the truth is known: of {counted(asked, 'verdict')} {_or_none(found['right'])} "
        f"{'is' if found['right'] == 1 else 'are'} right, {_or_none(found['wrong'])} wrong, and "
        f"{_or_none(found['not told'])} cannot be told yet."
    )
    misled = [naive_misleads(verdict) for verdict in verdicts]
    known = sum(one is not None for one in misled)
    if known:
        wrong = sum(bool(one) for one in misled)
        text += (
            f" The usual comparison, done against not done, lies on the wrong side of the margin in "
            f"{count_text(wrong)} of {count_text(known)}."
        )
    return text


URGENCY = ("rhythm", "practice", "costly", "process", "helps", "unknown", "works", "")


def by_urgency(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Those that ask for something first, word by word, and of one word what loses most deals first."""

    def key(verdict: Verdict) -> tuple[int, float]:
        share = verdict.left_out.value if verdict.left_out else 0.0
        effect = abs(verdict.effect.value) if verdict.effect else 0.0
        return URGENCY.index(verdict.word), -share * (1.0 if verdict.word == "process" else effect)

    return tuple(sorted(verdicts, key=key))


def _or_none(count: int) -> str:
    return count_text(count) if count else "none"


def words_by_step(judged: Judged) -> dict[str, str]:
    """Verdict by step id; a step that several processes judge differently has none."""
    words: dict[str, set[str]] = {}
    for verdict in steps_of(judged):
        words.setdefault(verdict.id, set()).add(word_of(verdict))
    return {step: one.pop() for step, one in words.items() if len(one) == 1}


def steps_of(judged: Judged) -> tuple[Verdict, ...]:
    """The verdicts on steps, most urgent first."""
    return by_urgency([verdict for verdict in judged.verdicts if verdict.subject == "step"])


def rules_of(judged: Judged) -> tuple[Verdict, ...]:
    """The verdicts on rules, most urgent first."""
    return by_urgency([verdict for verdict in judged.verdicts if verdict.subject == "rule"])


def signals_takeaway(signals: Sequence[Signal]) -> str:
    """How many milestones tell something, and which tells most."""
    found = Counter(signal.word for signal in signals)
    tell = "tells" if found["telling"] == 1 else "tell"
    text = f"{count_text(found['telling'])} of {counted(len(signals), 'milestone')} {tell} how a deal will end"
    rest = (("not telling", "do not"), ("unknown", "cannot be told yet"))
    said = ", ".join([text, *(f"{count_text(found[word])} {end}" for word, end in rest if found[word])])
    told = [(signal.effect, signal.buyer) for signal in signals if signal.word == "telling" and signal.effect]
    if not told:
        return f"{said}."
    effect, buyer = max(told, key=lambda one: one[0].value)
    return f"{said}. Most of all: “{buyer}”, {points(effect)} ({grounds(effect)})."


def ways_takeaway(ways: Sequence[OwnWay]) -> str:
    """Exceptions that were allowed with a predicted result, and how they did."""
    winning = sum(way.word == "keeps winning" for way in ways)
    allowed = counted(sum(way.allowed for way in ways), "exception")
    text = f"{allowed} with a predicted result, in {counted(len(ways), 'way')} of leaving the process"
    if not winning:
        return f"{text}; none keeps winning so far."
    return f"{text}: {count_text(winning)} {'keeps' if winning == 1 else 'keep'} winning and should be tried."
