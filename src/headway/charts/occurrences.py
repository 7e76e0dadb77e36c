"""Reviews along time, one strip per rhythm: held, late, empty and skipped ones told apart by their shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from headway.charts.over_time import months
from headway.charts.scale import place_in_time
from headway.charts.svg import box, chart, element, hint, line, percent

TALL = 26.0


@dataclass(frozen=True, slots=True)
class OccurrenceMark:
    """One review on its day. `state`: held, late, empty or skipped; `said`: when pointed at."""

    on: date
    state: str
    said: str = ""


def strip(
    marks: Sequence[OccurrenceMark], first: date, last: date, *, title: str, desc: str = "", named: bool = True
) -> str:
    """The marks from `first` to `last`, as wide as a week leaves room; `named`: with the months below."""
    weeks = max((last - first).days / 7, 1.0)
    width = min(0.72 / weeks, 0.022)
    children = [line("0%", TALL, "100%", TALL, "rail")]
    for mark in marks:
        left = place_in_time(mark.on, first, last) * (1 - width)
        children.append(_drawn(mark, left, width))
    if named:
        children += months(first, last, TALL + 18)
    return chart(children, height=TALL + (22 if named else 2), title=title, desc=desc, css="occurrences")


def _drawn(mark: OccurrenceMark, left: float, width: float) -> str:
    """Held: full and tall. Late: half as tall. Empty: a hollow one. Skipped: a ring on the line."""
    x, middle = percent(left), percent(left + width / 2)
    if mark.state == "skipped":
        picture = [element("circle", {"cx": middle, "cy": TALL, "r": 3.5, "class": "gone"})]
    elif mark.state == "empty":
        picture = [box(x, 3.5, percent(width), TALL - 5, "hollow-mark", round_by=1)]
    else:
        top = 2.5 if mark.state == "held" else TALL / 2
        picture = [box(x, top, percent(width), TALL - top - 1, f"{mark.state}-mark", round_by=1)]
    touch = box(percent(max(left - 0.002, 0)), 0, percent(width + 0.004), TALL + 6, "day")
    return element("g", {"class": "mark-group"}, (hint(mark.said), *picture, touch))
