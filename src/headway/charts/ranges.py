"""A figure at a few moments, each as a dot with its interval as a whisker: before and after, month by month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headway.charts.svg import chart, dot, fraction, line, percent, words

TOP, FOOT = 12.0, 26.0


@dataclass(frozen=True, slots=True)
class Ranged:
    """A figure under its `label`; None where nothing is known. `css`: `first` is drawn hollow, `better`, `worse`."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    css: str = ""
    said: str = ""


def ranged(
    points: Sequence[Ranged], *, ticks: Sequence[tuple[float, str]], title: str, desc: str = "", height: float = 150,
    every: int = 1,
) -> str:  # fmt: skip
    """Dots from left to right on the scale from the first tick to the last; unknown ones as a dash at the foot.

    `every`: every which label is written where the picture is narrow.
    """
    least, most = ticks[0][0], ticks[-1][0]
    plot = height - TOP - FOOT

    def down(value: float) -> float:
        return TOP + plot * (1 - fraction(value - least, most - least))

    children = []
    for value, text in ticks:
        children.append(line("0%", down(value), "100%", down(value), "grid"))
        children.append(words(text, x=0, y=down(value) + 4, css="tick", anchor="end", dx=-8))
    first = next((one for one in points if one.value is not None), None)
    if first is not None and first.value is not None and first.css == "first":
        children.append(line("0%", down(first.value), "100%", down(first.value), "from-start"))
    for place, point in enumerate(points):
        x = percent((place + 0.5) / len(points))
        children += _mark(point, x, down, height - FOOT)
        css = "tick" if place % every == 0 else "tick roomy"
        children.append(words(point.label, x=x, y=height - 6, css=css, anchor="middle"))
    return chart(children, height=height, title=title, desc=desc, css="ranges")


def _mark(point: Ranged, x: str, down: Callable[[float], float], foot: float) -> list[str]:
    if point.value is None:
        return [words("–", x=x, y=foot - 6, css="tick", anchor="middle")]
    children = []
    if point.low is not None and point.high is not None:
        children.append(line(x, down(point.low), x, down(point.high), f"range-line {point.css}"))
    return [*children, dot(x, down(point.value), 5, f"range-dot {point.css}", point.said)]
