"""A share week by week with its interval as a band, and the day on which its level changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from headway.charts.scale import day_text, month_text, month_ticks, place_in_time
from headway.charts.svg import box, chart, dot, line, number, path, percent, stretched, words


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
    children = [line("0%", 22 + plot * (1 - share), "100%", 22 + plot * (1 - share), "grid") for share in (0, 0.5, 1)]
    for share, text in ((0.0, "0"), (0.5, "50"), (1.0, "100 %")):
        children.append(words(text, x=0, y=26 + plot * (1 - share), css="tick", anchor="end", dx=-6))
    if not weeks:
        return chart(children, height=height, title=title, desc=desc, css="weeks")
    first, last = weeks[0].starts_on, weeks[-1].starts_on
    if change is not None:
        children += _change_band(change, first, last, plot)
    children.append(stretched(_band_and_line(weeks, first, last), y=22, height=plot))
    children += [
        dot(
            percent(place_in_time(week.starts_on, first, last)),
            22 + plot * (1 - min(max(week.value, 0), 1)),
            2,
            "point",
            f"week of {day_text(week.starts_on)}: {100 * week.value:.0f} %, n {week.n}",
        )
        for week in weeks
    ]
    children += _months(first, last, height)
    if change is not None:
        children += _change_words(change, first, last, plot)
    return chart(children, height=height, title=title, desc=desc, css="weeks")


def _band_and_line(weeks: Sequence[WeekShare], first: date, last: date) -> list[str]:
    def corner(week: WeekShare, share: float) -> str:
        return f"{number(100 * place_in_time(week.starts_on, first, last))} {number(100 * (1 - min(max(share, 0), 1)))}"

    band = [corner(week, week.high) for week in weeks] + [corner(week, week.low) for week in reversed(weeks)]
    middle = [corner(week, week.value) for week in weeks]
    return [path("M" + " L".join(band) + " Z", "band"), path("M" + " L".join(middle), "line")]


def _months(first: date, last: date, height: float) -> list[str]:
    children = []
    for index, tick in enumerate(month_ticks(first, last)):
        place = place_in_time(tick, first, last)
        anchor = "start" if place < 0.04 else "end" if place > 0.96 else "middle"
        css = "tick" if index % 2 == 0 else "tick roomy"
        children.append(words(month_text(tick), x=percent(place), y=height - 4, css=css, anchor=anchor))
    return children


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
            y = 22 + plot * (1 - min(max(level, 0), 1))
            children.append(line(percent(left), y, percent(right), y, "level"))
            at, anchor = (left, "start") if left == 0 else (right, "end")
            label = words(f"{100 * level:.0f} %", x=percent(at), y=y - 6, anchor=anchor, css="count halo")
            children += [label] if right - left > 0.08 else []
    return children
