"""A share week by week with its interval as a band, and the day on which its level changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from headway.charts.over_time import band_and_line, months, scale_lines
from headway.charts.scale import day_text, place_in_time
from headway.charts.svg import box, chart, dot, line, percent, stretched, words


@dataclass(frozen=True, slots=True)
class WeekShare:
    """A share of the week that starts on `starts_on`, with its interval and how many cases it rests on."""

    starts_on: date
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Change:
    """The day of a change with its interval, and the level before and after."""

    on: date
    low: date
    high: date
    before: float | None = None
    after: float | None = None


def weekly_share(
    weeks: Sequence[WeekShare], change: Change | None, *, title: str, desc: str = "", height: float = 220
) -> str:
    """The weekly line in its band; a change point as a dashed line with both levels written on it."""
    plot = height - 44
    children = scale_lines([(22 + plot * _down(share), text) for share, text in ((0, "0"), (0.5, "50"), (1, "100 %"))])
    if not weeks:
        return chart(children, height=height, title=title, desc=desc, css="weeks")
    first, last = weeks[0].starts_on, weeks[-1].starts_on
    if change is not None:
        children += _change_band(change, first, last, plot)
    spans = [(week.low, week.value, week.high) for week in weeks]
    children.append(stretched(band_and_line([week.starts_on for week in weeks], spans, _down), y=22, height=plot))
    children += [
        dot(
            percent(place_in_time(week.starts_on, first, last)),
            22 + plot * _down(week.value),
            2,
            "point",
            f"week of {day_text(week.starts_on)}: {100 * week.value:.0f} %, n {week.n}",
        )
        for week in weeks
    ]
    children += months(first, last, height - 4)
    if change is not None:
        children += _change_words(change, first, last, plot)
    return chart(children, height=height, title=title, desc=desc, css="weeks")


def _down(share: float) -> float:
    return 1 - min(max(share, 0), 1)


def _change_band(change: Change, first: date, last: date, plot: float) -> list[str]:
    left, right = place_in_time(change.low, first, last), place_in_time(change.high, first, last)
    return [box(percent(left), 22, percent(max(right - left, 0)), plot, "change-span")]


def _change_words(change: Change, first: date, last: date, plot: float) -> list[str]:
    place = place_in_time(change.on, first, last)
    ends = place > 0.5
    children = [
        line(percent(place), 16, percent(place), 22 + plot, "usual"),
        words(f"changed about {day_text(change.on)}", x=percent(place), y=11, css="note",
              anchor="end" if ends else "start", dx=4 if ends else -4),
    ]  # fmt: skip
    for level, left, right in ((change.before, 0.0, place), (change.after, place, 1.0)):
        if level is not None:
            y = 22 + plot * _down(level)
            children.append(line(percent(left), y, percent(right), y, "level"))
            at, anchor = (left, "start") if left == 0 else (right, "end")
            label = words(f"{100 * level:.0f} %", x=percent(at), y=y - 6, anchor=anchor, css="count halo")
            children += [label] if right - left > 0.08 else []
    return children
