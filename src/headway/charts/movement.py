"""Movement curves: what became of the deals that entered a stage, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.charts.scale import round_ticks, spread
from headway.charts.svg import chart, fraction, line, number, path, percent, stretched, words


@dataclass(frozen=True, slots=True)
class Shares:
    """Cumulative shares `days` after the entry; with the share still open they add up to 1."""

    days: float
    won: float
    lost: float
    ended: float


def movement_curves(
    points: Sequence[Shares], usual_days: float | None, *, title: str, desc: str = "", height: float = 200
) -> str:
    """Stacked shares over time: won, lost, ended, and above them still open; the usual time as a dashed line.

    Each part is named at its right end with its last share. `points` may be empty: then only the frame is drawn.
    """
    plot = height - 38
    last = max((point.days for point in points), default=0.0)
    last = max(last, usual_days or 0.0)
    children = [line("0%", 18 + plot * (1 - share), "100%", 18 + plot * (1 - share), "grid") for share in (0, 0.5, 1)]
    for share, text in ((0.0, "0"), (0.5, "50"), (1.0, "100 %")):
        children.append(words(text, x=0, y=22 + plot * (1 - share), css="tick", anchor="end", dx=-6))
    if points:
        children.insert(0, stretched(_areas(points, last), y=18, height=plot))
        children += _names(points[-1], plot)
    children += _day_ticks(last, height)
    if usual_days is not None and last > 0:
        children += _usual(usual_days, last, plot)
    return chart(children, height=height, title=title, desc=desc, css="curves")


def _areas(points: Sequence[Shares], last: float) -> list[str]:
    layers = (
        ("won", [0.0] * len(points), [point.won for point in points]),
        ("lost", [point.won for point in points], [point.won + point.lost for point in points]),
        (
            "ended",
            [point.won + point.lost for point in points],
            [point.won + point.lost + point.ended for point in points],
        ),
    )
    across = [100 * fraction(point.days, last) for point in points]
    return [path(_area(across, below, above), f"area {css}") for css, below, above in layers]


def _area(across: list[float], below: list[float], above: list[float]) -> str:
    """A closed outline of two step lines: shares change on the day of a decision, not between."""
    there = _steps(across, above)
    back = list(reversed(_steps(across, below)))
    return (
        "M" + " L".join(f"{number(x)} {number(100 * (1 - min(max(share, 0), 1)))}" for x, share in there + back) + " Z"
    )


def _steps(across: list[float], shares: list[float]) -> list[tuple[float, float]]:
    corners, before = [], 0.0
    for x, share in zip(across, shares, strict=True):
        corners += [(x, before), (x, share)]
        before = share
    return [*corners, (100.0, before)]


def _names(end: Shares, plot: float) -> list[str]:
    is_open = max(1 - end.won - end.lost - end.ended, 0)
    parts = (("Won", end.won), ("Lost", end.lost), ("Ended", end.ended), ("Open", is_open))
    middles, below = [], 0.0
    for _, share in parts:
        middles.append(18 + plot * (1 - min(below + share / 2, 1)))
        below += share
    places = spread(middles[::-1], 15, 22, 18 + plot)[::-1]  # from the top, so that equal ones keep their order
    return [
        words(f"{name} {100 * share:.0f} %", x="100%", y=place + 4, dx=8, css=f"name {name.lower()}")
        for (name, share), place in zip(parts, places, strict=True)
    ]


def _day_ticks(last: float, height: float) -> list[str]:
    ticks = round_ticks(last, 4)
    children = []
    for index, tick in enumerate(ticks):
        place = fraction(tick, last)
        anchor = "start" if place == 0 else "end" if place > 0.9 else "middle"
        text = f"{number(tick)} days" if tick == ticks[-1] else number(tick)
        from_end = len(ticks) - 1 - index
        css = "tick roomy" if len(ticks) > 4 and from_end % 2 == 1 else "tick"
        children.append(words(text, x=percent(place), y=height - 4, css=css, anchor=anchor))
    return children


def _usual(usual_days: float, last: float, plot: float) -> list[str]:
    place = fraction(usual_days, last)
    ends = place > 0.55
    label = words(f"usual time {number(round(usual_days))} days", x=percent(place), y=11, css="note",
                  anchor="end" if ends else "start", dx=4 if ends else -4)  # fmt: skip
    return [line(percent(place), 15, percent(place), 18 + plot, "usual"), label]
