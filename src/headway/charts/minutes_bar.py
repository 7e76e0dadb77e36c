"""How the minutes of a meeting are spread over what is on its agenda: one bar, a part each, settled ones hollow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.charts.svg import box, chart, element, hint, percent, words

HEIGHT = 28.0
ROOM_FOR_FIGURE = 0.045  # of the width: a part narrower than that says its minutes when pointed at


@dataclass(frozen=True, slots=True)
class Share:
    """A point of the agenda: its name, its minutes, whether they are given back."""

    name: str
    minutes: float
    settled: bool = False


def minutes_bar(shares: Sequence[Share], minutes: float, *, title: str, desc: str = "") -> str:
    """`minutes`: of the whole meeting; what is not given to any point stays empty. Longer than that, it is squeezed."""
    whole = max(minutes, sum(share.minutes for share in shares), 1.0)
    children, left = [box("0%", 0, "100%", HEIGHT, "track", round_by=4)], 0.0
    for share in shares:
        children.append(_part(share, left / whole, share.minutes / whole))
        left += share.minutes
    return chart(children, height=HEIGHT, title=title, desc=desc, css="minutes-bar")


def _part(share: Share, left: float, width: float) -> str:
    said = f"{share.name}: {figure(share.minutes)} min" + (", settled before the meeting" if share.settled else "")
    drawn = [
        hint(said),
        box(percent(left), 1, percent(width), HEIGHT - 2, "given-back" if share.settled else "planned"),
    ]
    if width >= ROOM_FOR_FIGURE:
        css = "back" if share.settled else "taken"
        drawn.append(words(figure(share.minutes), x=percent(left + width / 2), y=18.5, anchor="middle", css=css))
    return element("g", {}, drawn)


def figure(minutes: float) -> str:
    """`4`, `2.5`."""
    return f"{minutes:.1f}".removesuffix(".0")
