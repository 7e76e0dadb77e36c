"""A comparison in words: who was compared with whom, and how far from the usual figure to the adjusted one.

Effects are shares won without minus with; here they are said in points, where below zero fewer were won without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.report.words import DASH, NO_BREAK, UNKNOWN, count_text, counted, listed, percent_text, points_text
from headway.verdict.value import Comparison, Interval, Verdict


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


def hidden_cause_sentence(verdict: Verdict) -> str | None:
    """The E-value, for somebody who has never heard of one. Of a harmless step: what would hide the margin."""
    comparison = verdict.comparison
    if comparison is None or comparison.e_value is None or not verdict.word:
        return None
    times = f"{comparison.e_value:.1f}{NO_BREAK}times"
    cost = f"a cost of {count_text(100 * verdict.margin)} points"
    text = (
        f"To {f'hide {cost}' if verdict.ground == 'harmless' else 'explain the difference away'}, something that "
        f"nobody recorded would have to be {times} as frequent on one side, and to make winning {times} as likely."
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


@dataclass(frozen=True, slots=True)
class Rung:
    """One comparison on the way from the usual figure to the adjusted one; `mark`: the class of its bar."""

    what: str
    value: float
    interval: Interval | None
    n: int
    mark: str


def ladder(verdict: Verdict) -> tuple[Rung, ...]:
    """The usual figure, the same at the landmark, adjusted without and with the buyer's evidence, and the truth."""
    comparison, effect, truth = verdict.comparison, verdict.effect, verdict.truth
    if comparison is None or not verdict.word:  # what buyers ask for says nothing about sellers
        return ()
    ours = "As the trial found" if verdict.ground == "trial" else "Adjusted"
    usual = "What a dashboard shows: never done against done, among finished deals"
    rows = (
        (usual, comparison.naive, None, comparison.naive_n, "light"),
        ("The same among deals open at that moment", comparison.raw, None, comparison.n, "light"),
        ("Adjusted, without looking at the buyer", comparison.without_evidence, None, comparison.n, "light"),
        (ours, effect.value if effect else None, effect, comparison.n, "fill"),
        ("In truth", -truth.cost if truth else None, None, 0, "true"),
    )
    return tuple(Rung(what, value, interval, n, mark) for what, value, interval, n, mark in rows if value is not None)


def ladder_reach(verdict: Verdict) -> float:
    """Half the width of its bars: a round number of points."""
    rungs = ladder(verdict)
    return widest([rung.interval for rung in rungs], [rung.value for rung in rungs])


def widest(intervals: Sequence[Interval | None], values: Sequence[float] = ()) -> float:
    """A round number of points (as a share) that holds them all, on either side of zero."""
    ends = [abs(end) for one in intervals if one for end in (one.low, one.high)]
    largest = max([*ends, *map(abs, values)], default=0.0)
    return next((step for step in (0.1, 0.2, 0.3, 0.5, 0.75) if largest <= step), 1.0)
