"""Claimed and evidenced pipeline day by day: what lies between the two lines rests on nobody's act.

For a cursor that a script moves, each day has a rect of class `day` over the whole height with what it stands for:
`data-index`, `data-on`, `data-claimed`, `data-evidenced` (the numbers), `data-x` (its place across, for `x1`, `x2` and
`cx`), `data-claimed-y` and `data-evidenced-y` (places down, for `cy`). The cursor itself is drawn: the group `cursor`
with a line and two dots, on the day asked for, so that the picture also speaks without any script.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from headway.charts.scale import day_text, place_in_time, round_ticks, spread
from headway.charts.svg import (
    Attribute,
    chart,
    dot,
    element,
    fraction,
    hint,
    line,
    number,
    path,
    percent,
    stretched,
    words,
)

TOP, BOTTOM = 10.0, 24.0  # of the picture, above and below the plot
NAME_HEIGHT = 16.0


@dataclass(frozen=True, slots=True)
class RewindPoint:
    """What was claimed on a day, and how much of that was evidenced (no more than the claim); None: not observed."""

    on: date
    claimed: float
    evidenced: float | None


def claimed_and_evidenced(
    points: Sequence[RewindPoint],
    ends: Sequence[tuple[date, str]],
    *,
    cursor: date | None = None,
    amount_text: Callable[[float], str] = number,
    title: str,
    desc: str = "",
    height: float = 260,
) -> str:
    """Two lines over the days of `points` (rising), the gap between them filled, `ends` of periods as ticks with names.

    The cursor stands on the last day not after `cursor`; without one, on the last day. `amount_text` writes numbers.
    Where evidence was not observed on some day, the claims alone are drawn.
    """
    plot = height - TOP - BOTTOM
    top = max((max(point.claimed, point.evidenced or 0.0) for point in points), default=0.0)
    ticks = round_ticks(top, 3)
    children = []
    for tick in ticks:
        y = TOP + plot * (1 - fraction(tick, top))
        children += [
            line("0%", y, "100%", y, "grid"),
            words(amount_text(tick), x=0, y=y + 4, css="tick", anchor="end", dx=-6),
        ]
    if not points:
        return chart(children, height=height, title=title, desc=desc, css="rewind")
    if any(point.evidenced is None for point in points):
        points = [replace(point, evidenced=None) for point in points]
    frame = _Frame(points[0].on, points[-1].on, top, plot)
    children += _ends(ends, frame, height)
    children.append(stretched(_areas(points, frame), y=TOP, height=plot))
    children += _names(points[-1], frame)
    children += _days(points, frame, amount_text)
    children.append(_cursor(points, cursor, frame))
    return chart(children, height=height, title=title, desc=desc, css="rewind")


@dataclass(frozen=True, slots=True)
class _Frame:
    """The span of days across, and the number that is as high as the plot."""

    first: date
    last: date
    top: float
    plot: float

    def across(self, day: date) -> float:
        return place_in_time(day, self.first, self.last)

    def down(self, value: float) -> float:
        return TOP + self.plot * (1 - fraction(value, self.top))


def _areas(points: Sequence[RewindPoint], frame: _Frame) -> list[str]:
    def corner(point: RewindPoint, value: float) -> str:
        return f"{number(100 * frame.across(point.on))} {number(100 * (1 - fraction(value, frame.top)))}"

    claimed = [corner(point, point.claimed) for point in points]
    evidenced = [corner(point, point.evidenced) for point in points if point.evidenced is not None]
    floor = [corner(point, 0.0) for point in (points[-1], points[0])]
    outline = path("M" + " L".join(claimed), "claim-line")
    if not evidenced:
        return [path("M" + " L".join([*claimed, *floor]) + " Z", "claim-area"), outline]
    return [
        path("M" + " L".join([*claimed, *reversed(evidenced)]) + " Z", "unbacked"),
        path("M" + " L".join([*evidenced, *floor]) + " Z", "band"),
        outline,
        path("M" + " L".join(evidenced), "line"),
    ]


def _names(last: RewindPoint, frame: _Frame) -> list[str]:
    named = [("claimed", last.claimed)]
    if last.evidenced is not None:
        named.append(("evidenced", last.evidenced))
    places = [frame.down(value) for _, value in named]
    moved = spread(places, NAME_HEIGHT, TOP, max(TOP + frame.plot, TOP + NAME_HEIGHT))
    return [
        words(name, x="100%", y=place + 4, dx=8, css=f"name {name}")
        for (name, _), place in zip(named, moved, strict=True)
    ]


def _ends(ends: Sequence[tuple[date, str]], frame: _Frame, height: float) -> list[str]:
    inside = [(day, name) for day, name in ends if frame.first <= day <= frame.last]
    thin = -(-len(inside) // 8)  # about eight names have room on a wide screen
    children = []
    for back, (day, name) in enumerate(reversed(inside)):
        place = frame.across(day)
        children.append(line(percent(place), TOP, percent(place), TOP + frame.plot + 6, "period-end"))
        if back % thin == 0:
            css = "tick" if back // thin % 2 == 0 else "tick roomy"
            children.append(words(name, x=percent(place), y=height - 6, css=css, anchor="end", dx=-4))
    return children


def _days(points: Sequence[RewindPoint], frame: _Frame, amount_text: Callable[[float], str]) -> list[str]:
    places = [frame.across(point.on) for point in points]
    edges = [0.0, *((one + two) / 2 for one, two in pairwise(places)), 1.0]
    return [
        _day(index, point, (edges[index], edges[index + 1]), frame, amount_text) for index, point in enumerate(points)
    ]


def _day(
    index: int, point: RewindPoint, edges: tuple[float, float], frame: _Frame, amount_text: Callable[[float], str]
) -> str:
    left, right = edges
    attributes: dict[str, Attribute] = {
        "class": "day",
        "x": percent(left),
        "y": TOP,
        "width": percent(max(right - left, 0.0)),
        "height": frame.plot,
        "data-index": index,
        "data-on": point.on.isoformat(),
        "data-claimed": point.claimed,
        "data-evidenced": point.evidenced,
        "data-x": percent(frame.across(point.on)),
        "data-claimed-y": frame.down(point.claimed),
        "data-evidenced-y": None if point.evidenced is None else frame.down(point.evidenced),
    }
    said = f"{day_text(point.on)}: {amount_text(point.claimed)} claimed"
    said += "" if point.evidenced is None else f", {amount_text(point.evidenced)} of it evidenced"
    return element("rect", attributes, (hint(said),))


def _cursor(points: Sequence[RewindPoint], on: date | None, frame: _Frame) -> str:
    at = next((point for point in reversed(points) if on is None or point.on <= on), points[0])
    x = percent(frame.across(at.on))
    parts = [line(x, TOP, x, TOP + frame.plot, "cursor-line"), dot(x, frame.down(at.claimed), 4, "ring")]
    if at.evidenced is not None:
        parts.append(dot(x, frame.down(at.evidenced), 4, "mark"))
    return element("g", {"class": "cursor"}, parts)
