"""How often each step is left out against what that costs, in regions named after the verdicts.

Verdicts are told apart by shape as well as colour: works a circle, process a square, practice a triangle, rhythm a
diamond, costly a cross, helps a star, unknown a ring. Every mark carries its number in the list beside the chart, and
its name where that finds room: words never lie on each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headway.charts.lettering import Room, shortened, text_width
from headway.charts.svg import box, element, fixed_chart, hint, line, number, words

WIDE, NARROW = 880.0, 320.0
WORKS_BELOW = 0.10  # left out in fewer deals: the step works
SIZE = 12
SHAPES = {
    "process": "M-5.5 -5.5H5.5V5.5H-5.5Z",
    "practice": "M0 -7L6.6 5.2H-6.6Z",
    "rhythm": "M0 -7.2L7.2 0L0 7.2L-7.2 0Z",
    "costly": "M-2.3 -6.5H2.3V-2.3H6.5V2.3H2.3V6.5H-2.3V2.3H-6.5V-2.3H-2.3Z",
    "helps": "M0 -7.6L2.2 -2.6L7.6 -2.2L3.5 1.4L4.8 6.8L0 3.9L-4.8 6.8L-3.5 1.4L-7.6 -2.2L-2.2 -2.6Z",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """One step: its number in the list, its verdict, the share that leaves it out, what that costs with the interval.

    Costs are shares (0.12: twelve of a hundred deals fewer are won without it); `truth`: the cost as it really is.
    """

    number: int
    name: str
    word: str
    left_out: float
    cost: float
    low: float
    high: float
    truth: float | None = None


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where things stand: the plot's box in pixels, and the costs at its top and bottom."""

    plot: Room
    highest: float
    lowest: float
    wide: bool

    def x(self, share: float) -> float:
        return self.plot.left + (self.plot.right - self.plot.left) * min(max(share, 0.0), 1.0)

    def y(self, cost: float) -> float:
        part = (self.highest - cost) / (self.highest - self.lowest)
        return self.plot.top + (self.plot.bottom - self.plot.top) * min(max(part, 0.0), 1.0)


def verdict_map(spots: Sequence[Spot], *, margin: float, width: float, title: str, desc: str = "") -> str:
    """The picture for one of the two widths, WIDE or NARROW (px). `margin`: cost below which a step does not matter."""
    if any(not math.isfinite(value) for spot in spots for value in (spot.cost, spot.low, spot.high, spot.left_out)):
        raise ValueError("a chart needs finite numbers")
    wide = width == WIDE
    height = (480.0 if wide else 440.0) + (120.0 if len(spots) > 24 else 0.0)
    plot = Room(94.0 if wide else 58.0, 28.0, width - 8, height - 42)
    ground = _Ground(plot, *_costs(spots, margin), wide)
    children = [*_regions(ground, margin), *_axes(ground)]
    named, taken = _names_of_regions(ground, margin)
    children += named
    children += [_whisker(spot, ground) for spot in spots]
    children += [_truth(spot, ground) for spot in spots if spot.truth is not None]
    children += [_mark(spot, ground) for spot in spots]
    children += _names(spots, ground, taken)
    return fixed_chart(children, width=width, height=height, title=title, desc=desc, css="verdict-map")


def _costs(spots: Sequence[Spot], margin: float) -> tuple[float, float]:
    """(highest, lowest) cost drawn: every mark, and the intervals of what is known; wider ones are cut at the edge."""
    told = [spot for spot in spots if spot.word != "unknown"]
    high = [spot.high for spot in told] + [spot.cost for spot in spots] + [spot.truth or 0.0 for spot in spots]
    low = [spot.low for spot in told] + [spot.cost for spot in spots] + [spot.truth or 0.0 for spot in spots]
    highest = min(max([*high, 1.9 * margin, 0.2]) + 0.03, 1.0)
    return highest, max(min([*low, -0.9 * margin, -0.1]) - 0.03, -1.0)


def _regions(ground: _Ground, margin: float) -> list[str]:
    plot, edge = ground.plot, ground.x(WORKS_BELOW)
    zero, limit = ground.y(0), ground.y(margin)
    width = plot.right - edge
    return [
        box(plot.left, plot.top, edge - plot.left, zero - plot.top, "region works"),
        box(edge, plot.top, width, limit - plot.top, "region people"),
        box(edge, limit, width, zero - limit, "region process"),
        box(plot.left, zero, plot.right - plot.left, plot.bottom - zero, "region helps"),
        line(edge, plot.top, edge, zero, "grid"),
        line(plot.left, limit, plot.right, limit, "margin-line"),
    ]


def _names_of_regions(ground: _Ground, margin: float) -> tuple[list[str], list[Room]]:
    """The words in the regions, and the room they take."""
    plot, right = ground.plot, ground.plot.right - 5
    zero, limit = ground.y(0), ground.y(margin)
    told = [
        (plot.left + 5, plot.top + 15, "works", "start"),
        (right, plot.top + 15, "practice, rhythm or costly", "end"),
        (right, limit - 5, f"margin {number(round(100 * margin, 1))} points", "end"),
        (right, zero - 6, "process" if zero - limit > 20 else "", "end"),
        (right, plot.bottom - 8, "helps", "end"),
    ]
    drawn, taken = [], []
    for x, y, text, anchor in told:
        if text:
            css = "note" if text.startswith("margin") else "region-name"
            drawn.append(words(text, x=x, y=y, css=css, anchor=anchor))
            left = x if anchor == "start" else x - text_width(text, SIZE)
            taken.append(Room(left, y - 12, left + text_width(text, SIZE), y + 4))
    return drawn, taken


def _axes(ground: _Ground) -> list[str]:
    plot = ground.plot
    children = []
    span = 100 * (ground.highest - ground.lowest)
    step = 10 if span <= 75 else 20
    for points in range(-100, 101, step):
        if ground.lowest <= points / 100 <= ground.highest:
            y = ground.y(points / 100)
            children.append(line(plot.left, y, plot.right, y, "zero" if points == 0 else "grid"))
            text = "no difference" if points == 0 else f"{abs(points)} {'fewer' if points > 0 else 'more'}"
            text += " won" if ground.wide and points else ""
            text = text if ground.wide or points else "as many"
            children.append(words(text, x=plot.left - 6, y=y + 4, css="tick", anchor="end"))
    for share in (0, 25, 50, 75, 100):
        anchor = "start" if share == 0 else "end" if share == 100 else "middle"
        x = ground.x(share / 100)
        children.append(line(x, plot.bottom, x, plot.bottom + 4, "rail"))
        children.append(words(f"{share}{' %' if share else ''}", x=x, y=plot.bottom + 17, css="tick", anchor=anchor))
    children.append(words("how often it is left out →", x=plot.right, y=plot.bottom + 34, css="note", anchor="end"))
    side = "Of 100 deals that leave it out:" if ground.wide else "Of 100 deals without it:"
    children.append(words(side, x=0, y=12, css="note"))
    return children


def _whisker(spot: Spot, ground: _Ground) -> str:
    x, top, bottom = ground.x(spot.left_out), ground.y(spot.high), ground.y(spot.low)
    ends = [line(x, top, x, bottom, "reach")]
    ends += [line(x - 3, top, x + 3, top, "reach")] if spot.high <= ground.highest else []
    ends += [line(x - 3, bottom, x + 3, bottom, "reach")] if spot.low >= ground.lowest else []
    return element("g", {"class": f"said {spot.word or 'none'}"}, ends)


def _truth(spot: Spot, ground: _Ground) -> str:
    """A hollow lozenge where the step really stands."""
    x, y = ground.x(spot.left_out), ground.y(spot.truth or 0.0)
    return element(
        "path", {"d": f"M{number(x)} {number(y - 6)}L{number(x + 10)} {number(y)}L{number(x)} {number(y + 6)}"
                      f"L{number(x - 10)} {number(y)}Z", "class": "truth"},
        (hint(f"{spot.name}: in truth {_said(spot.truth or 0.0)}"),),
    )  # fmt: skip


def _mark(spot: Spot, ground: _Ground) -> str:
    x, y = ground.x(spot.left_out), ground.y(spot.cost)
    said = hint(f"{spot.number} {spot.name}: {spot.word}, left out in {100 * spot.left_out:.0f} %, {_said(spot.cost)}")
    css = f"said {spot.word or 'none'}"
    if spot.word not in SHAPES:
        return element("circle", {"cx": x, "cy": y, "r": 5.5, "class": css}, (said,))
    place = f"translate({number(x)} {number(y)})"
    return element("path", {"d": SHAPES[spot.word], "transform": place, "class": css}, (said,))


def _said(cost: float) -> str:
    points = round(100 * cost)
    return "no difference" if points == 0 else f"{abs(points)} of 100 deals {'fewer' if points > 0 else 'more'} won"


def _names(spots: Sequence[Spot], ground: _Ground, taken: Sequence[Room]) -> list[str]:
    """A name beside each mark that has room for it, else its number, else nothing; what costs most is named first.

    Numbers find their room before any name does, so that none goes without because another name was long.
    """
    marks = [_around(spot, ground) for spot in spots]
    marks += [_around_truth(spot, ground) for spot in spots if spot.truth is not None]
    reaches = [_reach(spot, ground) for spot in spots]
    order = sorted(range(len(spots)), key=lambda at: (spots[at].word == "unknown", -abs(spots[at].cost), at))
    drawn: dict[int, tuple[str, Room]] = {}
    for named in (False, True):
        for at in order:
            labels = (room for other, (_, room) in drawn.items() if other != at)
            blocked = [*taken, *marks, *labels]
            free = [*blocked, *(room for other, room in enumerate(reaches) if other != at)]
            tries = _tries(spots[at], ground.wide) if named else ((str(spots[at].number), True),)
            for text, freely in tries:
                found = _placed(text, spots[at], ground, free if freely else blocked)
                if found is not None:
                    drawn[at] = found
                    break
    return [text for text, _ in drawn.values()]


def _tries(spot: Spot, wide: bool) -> Iterator[tuple[str, bool]]:
    """Number and name, and whether no interval may run through it; the best look first."""
    whole, half, least = (260.0, 190.0, 130.0) if wide else (130.0, 110.0, 80.0)
    for length, freely in ((whole, True), (half, True), (whole, False), (half, False), (least, True), (least, False)):
        yield f"{spot.number} {shortened(spot.name, length, SIZE)}", freely


def _placed(text: str, spot: Spot, ground: _Ground, blocked: Sequence[Room]) -> tuple[str, Room] | None:
    """The first place at which nothing is in the way."""
    for x, y, anchor in _places(spot, ground):
        wide = text_width(text, SIZE)
        left = x if anchor == "start" else x - wide
        room = Room(left - 2, y - 11, left + wide + 2, y + 4)
        if room.within(ground.plot) and not any(room.meets(other) for other in blocked):
            return words(text, x=x, y=y, css="spot-name halo", anchor=anchor), room
    return None


def _places(spot: Spot, ground: _Ground) -> Iterator[tuple[float, float, str]]:
    """Where a label may stand: beside its mark first, then above and below on either side."""
    x, y = ground.x(spot.left_out), ground.y(spot.cost)
    for down in (0, -9, 9, -18, 18):
        yield x + 11, y + 4 + down, "start"
        yield x - 11, y + 4 + down, "end"


def _around(spot: Spot, ground: _Ground) -> Room:
    x, y = ground.x(spot.left_out), ground.y(spot.cost)
    return Room(x - 8, y - 8, x + 8, y + 8)


def _around_truth(spot: Spot, ground: _Ground) -> Room:
    x, y = ground.x(spot.left_out), ground.y(spot.truth or 0.0)
    return Room(x - 10, y - 6, x + 10, y + 6)


def _reach(spot: Spot, ground: _Ground) -> Room:
    x = ground.x(spot.left_out)
    return Room(x - 2, ground.y(spot.high), x + 2, ground.y(spot.low))
