"""From one number to the next: what each cause added or took away, on one scale, adding up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from headway.charts.lettering import shortened
from headway.charts.svg import box, chart, dot, element, hint, line, number, percent, words

ROW, BAR_TOP, BAR = 40.0, 19.0, 12.0
LABEL = 200.0  # what a name may take beside its amount on a narrow screen


@dataclass(frozen=True, slots=True)
class Change:
    """What a cause added (above 0) or took away, and what it says when pointed at."""

    name: str
    amount: float
    said: str = ""


def changes(
    before: tuple[str, float], steps: Sequence[Change], after: tuple[str, float], *,
    amount_text: Callable[[float], str] = number, title: str, desc: str = "",
) -> str:  # fmt: skip
    """Rows from `before` to `after` (name, amount): each change starts where the one above it ended.

    The scale shows the span in which the number moved, not zero: the two ends are points, the changes bars.
    """
    levels = list(accumulate((step.amount for step in steps), initial=before[1]))
    lowest, highest = min(*levels, after[1]), max(*levels, after[1])
    room = 0.04 * (highest - lowest) or max(abs(highest), 1.0) * 0.1

    def at(level: float) -> float:
        return (level - lowest + room) / (highest - lowest + 2 * room)

    children = _end(0, before, at(before[1]), amount_text)
    for row, step in enumerate(steps, 1):
        children += _step(row, step, at(levels[row - 1]), at(levels[row]), amount_text)
    children += _end(len(steps) + 1, after, at(after[1]), amount_text)
    links = [
        line(percent(at(level)), ROW * row + BAR_TOP + BAR, percent(at(level)), ROW * (row + 1) + BAR_TOP, "link")
        for row, level in enumerate(levels)
    ]
    return chart([*links, *children], height=ROW * (len(steps) + 2), title=title, desc=desc, css="changes")


def _end(row: int, end: tuple[str, float], at: float, amount_text: Callable[[float], str]) -> list[str]:
    y = ROW * row
    return [
        line("0%", y + BAR_TOP + BAR / 2, "100%", y + BAR_TOP + BAR / 2, "grid"),
        words(shortened(end[0], LABEL, 12.5), x=0, y=y + 13, css="stage-name"),
        words(amount_text(end[1]), x="100%", y=y + 13, css="stage-name", anchor="end"),
        dot(percent(at), y + BAR_TOP + BAR / 2, 5.5, "level-point"),
    ]


def _step(row: int, step: Change, start: float, end: float, amount_text: Callable[[float], str]) -> list[str]:
    y = ROW * row
    left, right = sorted((start, end))
    css = "more" if step.amount > 0 else "less" if step.amount < 0 else "same"
    sign = "+" if step.amount > 0 else ""
    bar = box(percent(left), y + BAR_TOP, percent(max(right - left, 0.002)), BAR, f"change {css}", round_by=1)
    return [
        words(shortened(step.name, LABEL, 12.5), x=0, y=y + 13, css="change-name halo"),
        words(sign + amount_text(step.amount), x="100%", y=y + 13, css="change-name halo", anchor="end"),
        element("g", {}, (hint(step.said or f"{step.name}: {sign}{amount_text(step.amount)}"), bar)),
    ]
