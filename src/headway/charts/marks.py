"""Marks that stand in a cell beside their own numbers: shares, amounts, pairs, ranges, outcomes.

All marks of one column share one scale, so that a table of them is the chart and its own table twin.
"""

from __future__ import annotations

from collections.abc import Sequence

from headway.charts.scale import round_ticks
from headway.charts.svg import Attribute, box, chart, dot, element, fraction, hint, line, number, percent, words


def share_mark(value: float, low: float, high: float, *, title: str | None = None) -> str:
    """A share as a bar on a track from 0 to 100 %, its interval as a line with ends."""
    left, right = fraction(low, 1), fraction(high, 1)
    interval = (
        line(percent(left), 7, percent(right), 7, "whisker"),
        line(percent(left), 4, percent(left), 10, "whisker"),
        line(percent(right), 4, percent(right), 10, "whisker"),
    )
    track = box(0, 3, "100%", 8, "track", round_by=2)
    return chart(
        (track, box(0, 3, percent(fraction(value, 1)), 8, "fill", round_by=2), *interval), height=14, title=title
    )


def amount_mark(value: float, top: float, *, css: str = "fill", title: str | None = None) -> str:
    """An amount as a bar; `top` is the whole width."""
    return chart((box(0, 3, percent(fraction(value, top)), 8, css, round_by=2),), height=14, title=title)


def pair_mark(claimed: float, evidenced: float, top: float, *, title: str | None = None) -> str:
    """Claimed as a hollow bar, evidenced as a full one inside it: what is hollow rests on nobody's act."""
    children = (
        box(0, 2, percent(fraction(claimed, top)), 16, "hollow", round_by=3),
        box(0, 2, percent(fraction(evidenced, top)), 16, "fill edged", round_by=3),
    )
    return chart(children, height=20, title=title)


def _step(rank: float, last: int) -> str:
    """Where a stage stands: a little inside both ends, so that its mark is never cut."""
    return percent(0.03 + 0.94 * fraction(rank, max(last, 1)))


def dumbbell_mark(claimed: int | None, evidenced: int | None, last: int, *, title: str | None = None) -> str:
    """Stages 0 to `last` from left to right: a ring where the deal is claimed, a dot where it is evidenced."""
    children = [line(_step(0, last), 10, _step(last, last), 10, "rail")]
    if last <= 12:
        children += [line(_step(rank, last), 7, _step(rank, last), 13, "rail") for rank in range(last + 1)]
    if claimed is not None and evidenced is not None and claimed != evidenced:
        css = "distance" if claimed > evidenced else "distance under"
        children.append(line(_step(evidenced, last), 10, _step(claimed, last), 10, css))
    if claimed is not None:
        children.append(dot(_step(claimed, last), 10, 6, "ring", f"claimed: stage {claimed}"))
    if evidenced is not None:
        radius = 3.2 if evidenced == claimed else 5
        children.append(dot(_step(evidenced, last), 10, radius, "mark", f"evidenced: stage {evidenced}"))
    return chart(children, height=20, title=title)


def range_mark(
    median: float, p75: float, p90: float, top: float, *, won_p90: float | None = None, title: str | None = None
) -> str:
    """Median as a thick tick, up to the 75th percentile a thick bar, to the 90th a thin one; won deals as a ring."""
    children = [
        box(0, 8.5, percent(fraction(p90, top)), 3, "range-far"),
        box(0, 5, percent(fraction(p75, top)), 10, "range-near", round_by=2),
        element("g", {"transform": "translate(-1.5 0)"}, (box(percent(fraction(median, top)), 1.5, 3, 17, "median"),)),
        line(percent(fraction(p90, top)), 5, percent(fraction(p90, top)), 15, "whisker"),
    ]
    if won_p90 is not None:
        children.append(dot(percent(fraction(won_p90, top)), 10, 4, "ring", f"won deals: {number(won_p90)}"))
    return chart(children, height=20, title=title)


def axis_marks(top: float, unit: str = "") -> str:
    """The scale above a column of marks: 0 and a few round numbers."""
    children = []
    for tick in round_ticks(top, 3):
        place = fraction(tick, top)
        anchor = "start" if place < 0.04 else "end" if place > 0.9 else "middle"
        children.append(
            words(f"{number(tick)}{unit if tick else ''}", x=percent(place), y=11, css="tick", anchor=anchor)
        )
    return chart(children, height=14, title=None)


def parts_mark(
    parts: Sequence[tuple[str, float, str]], *, whole: float | None = None, title: str | None = None, height: float = 14
) -> str:
    """Parts side by side: name, size, class. A gap of paper stands between them; `whole` is the full width."""
    whole = sum(size for _, size, _ in parts) if whole is None else whole
    children: list[str] = []
    left = 0.0
    for name, size, css in parts:
        width = fraction(size, whole)
        if width > 0:
            place: dict[str, Attribute] = {"x": percent(left), "y": 0, "width": percent(width), "height": height}
            place["class"] = f"part {css}"
            children.append(element("rect", place, (hint(f"{name}: {number(size)}"),)))
        left += width
    return chart(children, height=height, title=title)


def difference_mark(
    value: float, reach: float, *, low: float | None = None, high: float | None = None, css: str = "fill",
    title: str | None = None,
) -> str:  # fmt: skip
    """A difference as a bar from a common zero in the middle; `reach` is half the width, the interval a whisker."""

    def place(one: float) -> float:
        return 0.5 + 0.5 * min(max(one / reach if reach > 0 else 0.0, -1.0), 1.0)

    left, right = sorted((place(0), place(value)))
    children = [box(percent(left), 4, percent(right - left), 8, css, round_by=1), line("50%", 0, "50%", 16, "middle")]
    if low is not None and high is not None:
        near, far = percent(place(low)), percent(place(high))
        children += [
            line(near, 8, far, 8, "whisker"),
            line(near, 5, near, 11, "whisker"),
            line(far, 5, far, 11, "whisker"),
        ]
    return chart(children, height=16, title=title)
