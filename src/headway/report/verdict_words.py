"""What is judged in words: a verdict's figures and its comparison in plain sentences, alike in report and terminal.

Effects are shares won without minus with; here they are said in points, where below zero fewer were won without it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from headway.report.words import (
    DASH,
    NO_BREAK,
    UNKNOWN,
    count_text,
    counted,
    listed,
    percent_text,
    points_text,
)
from headway.verdict.value import Comparison, Interval, Judged, OwnWay, Signal, Verdict

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


def sentence_beside(verdict: Verdict) -> str:
    """Its sentence where the name stands above and what to do stands below: neither is said twice."""
    text = verdict.sentence.replace(f"“{verdict.label}”", "it")
    if verdict.so:
        text = TOLD_AGAIN.sub("", text)
    return text[:1].upper() + text[1:]


def way_beside(way: OwnWay) -> str:
    """The sentence of an own way without the name before it."""
    text = way.sentence.removeprefix(way.label).lstrip(" :")
    return text[:1].upper() + text[1:]


def points(interval: Interval | None) -> str:
    """`−17 points`."""
    return UNKNOWN if interval is None else points_only(interval.value)


def points_only(difference: float | None) -> str:
    """`−17 points`; `unknown`."""
    if difference is None:
        return UNKNOWN
    return f"{points_text(difference)}{NO_BREAK}{'point' if abs(round(100 * difference)) == 1 else 'points'}"


def reach(interval: Interval) -> str:
    """`−24 to −10`."""
    low, high = points_text(interval.low), points_text(interval.high)
    return low if low == high else f"{low}{NO_BREAK}to{NO_BREAK}{high}"


def grounds(interval: Interval | None) -> str:
    """`90 %: −24 to −10, n 618`."""
    if interval is None:
        return ""
    return f"90{NO_BREAK}%: {reach(interval)}, n{NO_BREAK}{count_text(interval.n)}"


def share_grounds(interval: Interval) -> str:
    """`42 % (37–47 %, n 136)`."""
    low, high = f"{100 * interval.low:.0f}", f"{100 * interval.high:.0f}"
    between = low if low == high else f"{low}{DASH}{high}"
    return f"{percent_text(interval.value)} ({between}{NO_BREAK}%, n{NO_BREAK}{count_text(interval.n)})"


def won_sentence(comparison: Comparison) -> str:
    """How many of each side were won."""
    done = comparison.n - comparison.left_out
    without = _of(comparison.won_without, comparison.left_out)
    within = f" within {count_text(comparison.horizon_days)} days" if comparison.horizon_days else ""
    return f"Without it {without} were won{within}, with it {_of(comparison.won_with, done)}."


def _of(part: int, whole: int) -> str:
    share = f" ({percent_text(part / whole)})" if whole else ""
    return f"{count_text(part)} of {count_text(whole)}{share}"


def compared_sentence(comparison: Comparison) -> str:
    """Who was compared with whom."""
    done = comparison.n - comparison.left_out
    text = (
        f"{counted(comparison.n, 'deal')} that were still open {comparison.landmark}: "
        f"{count_text(comparison.left_out)} had left it out by then, {count_text(done)} had not."
    )
    rest = []
    if comparison.not_followed:
        rest.append(f"{count_text(comparison.not_followed)} are too recent to know")
    if comparison.decided_before:
        rest.append(f"{count_text(comparison.decided_before)} were decided before")
    return f"{text} Not compared: {listed(rest)}." if rest else text


def adjusted_sentence(comparison: Comparison) -> str:
    """What the two sides were made alike in."""
    if not comparison.adjusted_for:
        return "Nothing: there was nothing to adjust for."
    return f"{listed(comparison.adjusted_for).capitalize()}."


def hidden_cause_sentence(comparison: Comparison) -> str | None:
    """The E-value, for somebody who has never heard of one."""
    if comparison.e_value is None:
        return None
    times = f"{comparison.e_value:.1f}{NO_BREAK}times"
    text = (
        f"To explain the difference away, something that nobody recorded would have to be {times} as frequent on one "
        f"side, and to make winning {times} as likely."
    )
    if comparison.e_value_bound is not None and comparison.e_value_bound > 1:
        text += f" {comparison.e_value_bound:.1f}{NO_BREAK}times would be enough to leave it in doubt."
    return text


def breadth_sentence(comparison: Comparison) -> str:
    """How many owners leave it out, without a name."""
    return f"{count_text(comparison.owners_leaving_out)} of {counted(comparison.owners, 'owner')} leave it out."


def inspected_sentence(comparison: Comparison) -> str:
    """Whether reviews looked at the deals that left it out."""
    if comparison.inspected is None:
        return "No review was recorded."
    return f"Reviews looked at {share_grounds(comparison.inspected)} of the deals that left it out."


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
        f"This firm is simulated, so the truth is known: of {counted(asked, 'verdict')} {count_text(found['right'])} "
        f"{'is' if found['right'] == 1 else 'are'} right, {count_text(found['wrong'])} wrong, and "
        f"{count_text(found['not told'])} cannot be told yet."
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


def ladder(verdict: Verdict) -> tuple[tuple[str, float, Interval | None, str], ...]:
    """From the usual figure to the adjusted one: what it is, the difference, its interval, the class of its mark."""
    comparison = verdict.comparison
    if comparison is None:
        return ()
    rows: list[tuple[str, float | None, Interval | None, str]] = [
        ("What a dashboard shows: never done against done, among finished deals", comparison.naive, None, "light"),
        ("The same among deals open at that moment", comparison.raw, None, "light"),
        ("Adjusted, without looking at the buyer", comparison.without_evidence, None, "light"),
        ("Adjusted", verdict.effect.value if verdict.effect else None, verdict.effect, "fill"),
        ("In truth", -verdict.truth.cost if verdict.truth else None, None, "true"),
    ]
    return tuple((what, value, interval, css) for what, value, interval, css in rows if value is not None)


def ladder_reach(verdict: Verdict) -> float:
    """Half the width of its bars: a round number of points."""
    rows = ladder(verdict)
    return widest([one for _, _, one, _ in rows], [value for _, value, _, _ in rows])


def widest(intervals: Sequence[Interval | None], values: Sequence[float] = ()) -> float:
    """A round number of points (as a share) that holds them all, on either side of zero."""
    ends = [abs(end) for one in intervals if one for end in (one.low, one.high)]
    largest = max([*ends, *map(abs, values)], default=0.0)
    return next((step for step in (0.1, 0.2, 0.3, 0.5, 0.75) if largest <= step), 1.0)


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
