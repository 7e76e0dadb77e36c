"""What charts over time share: a band with its middle line, the months below, and the lines of a scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from headway.charts.scale import month_text, month_ticks, place_in_time
from headway.charts.svg import line, number, path, percent, words


def traced(corners: Sequence[tuple[float, float]], css: str, *, closed: bool = False) -> str:
    """A line (or an area) through places from 0 to 1, across and down, for a stretched picture."""
    points = " L".join(f"{number(100 * across)} {number(100 * down)}" for across, down in corners)
    return path(f"M{points}{' Z' if closed else ''}", css)


def band_and_line(
    days: Sequence[date], spans: Sequence[tuple[float, float, float]], down: Callable[[float], float], *,
    first: date | None = None, last: date | None = None,
) -> list[str]:  # fmt: skip
    """Low, middle and high of each day as a band and the line in it, for a stretched picture from `first` to `last`.

    `down`: where a value stands, 0 at the top and 1 at the bottom. Without `first` and `last`: the days' own span.
    """
    start, end = first or days[0], last or days[-1]
    across = [place_in_time(day, start, end) for day in days]
    high = [(x, down(span[2])) for x, span in zip(across, spans, strict=True)]
    low = [(x, down(span[0])) for x, span in zip(across, spans, strict=True)]
    middle = [(x, down(span[1])) for x, span in zip(across, spans, strict=True)]
    return [traced([*high, *reversed(low)], "band", closed=True), traced(middle, "line")]


def months(first: date, last: date, y: float) -> list[str]:
    """The names of some months below; every second one only where there is room."""
    children = []
    for index, tick in enumerate(month_ticks(first, last)):
        place = place_in_time(tick, first, last)
        anchor = "start" if place < 0.04 else "end" if place > 0.96 else "middle"
        css = "tick" if index % 2 == 0 else "tick roomy"
        children.append(words(month_text(tick), x=percent(place), y=y, css=css, anchor=anchor))
    return children


def scale_lines(ticks: Sequence[tuple[float, str]], *, zero: bool = False) -> list[str]:
    """Lines across at (pixels down, name), the name left of them; `zero`: the first one is drawn stronger."""
    children = []
    for index, (y, name) in enumerate(ticks):
        children.append(line("0%", y, "100%", y, "zero" if zero and index == 0 else "grid"))
        children.append(words(name, x=0, y=y + 4, css="tick", anchor="end", dx=-6))
    return children
