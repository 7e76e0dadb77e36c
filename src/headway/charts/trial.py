"""How a trial narrows in: the difference week by week in its interval, beside the margin within which none matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from headway.basics.figures import points_text
from headway.charts.over_time import band_and_line, months
from headway.charts.scale import day_text, place_in_time, spread
from headway.charts.svg import box, chart, dot, line, percent, stretched, words

REACHES = (0.2, 0.3, 0.4, 0.6, 1.0)
ROOM = 1.2  # the newest interval fills at most 1 / this of the height; wider ones of the first weeks are cut
LEAST = 13.0  # between two labels
TOP, FOOT = 8.0, 22.0


@dataclass(frozen=True, slots=True)
class LookShown:
    """One look: shares of the other arm minus the usual one, and the deals that count."""

    on: date
    value: float
    low: float
    high: float
    deals: int


def narrowing(looks: Sequence[LookShown], margin: float, *, title: str, desc: str = "", height: float = 180) -> str:
    """The band of the intervals closing in on the difference; the margin as a lighter band around none."""
    if not looks:
        raise ValueError("a trial without a look that says something has no picture")
    plot = height - TOP - FOOT
    end = looks[-1]
    farthest = max(abs(end.low), abs(end.high), margin)
    reach = next((reach for reach in REACHES if ROOM * farthest <= reach), 1.0)

    def down(share: float) -> float:
        return 0.5 - 0.5 * min(max(share / reach, -1.0), 1.0)

    first, last = looks[0].on, looks[-1].on
    edge = TOP + plot * down(margin), TOP + plot * down(-margin)
    children = [box(0, edge[0], "100%", edge[1] - edge[0], "margin")]
    for share, text in ((reach, f"+{100 * reach:.0f}"), (0.0, "0"), (-reach, f"−{100 * reach:.0f}")):
        y = TOP + plot * down(share)
        children.append(line("0%", y, "100%", y, "zero" if share == 0 else "grid"))
        children.append(words(text, x=0, y=y + 4, css="tick", anchor="end", dx=-6))
    if last > first:
        spans = [(look.low, look.value, look.high) for look in looks]
        children.append(stretched(band_and_line([look.on for look in looks], spans, down), y=TOP, height=plot))
        children += months(first, last, height - 4)
    at = percent(place_in_time(end.on, first, last)) if last > first else "50%"
    children.append(line(at, TOP + plot * down(end.high), at, TOP + plot * down(end.low), "whisker"))
    value, low, high = (points_text(share) for share in (end.value, end.low, end.high))
    said = f"{day_text(end.on)}: {value} points, {low} to {high}, n {end.deals}"
    children.append(dot(at, TOP + plot * down(end.value), 4, "point", said))
    shares = (end.high, end.value, end.low)
    places = spread([TOP + plot * down(share) for share in shares], LEAST, TOP, TOP + plot)
    for share, css, y in zip(shares, ("tick", "count", "tick"), places, strict=True):
        children.append(words(points_text(share), x=at, y=y + 4, css=css, dx=8))
    return chart(children, height=height, title=title, desc=desc, css="trial-course")
