"""The total of a period: how its forecast narrowed from week to week, and where it lies beside other numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from headway.charts.over_time import band_and_line, months, scale_lines, traced
from headway.charts.scale import day_text, place_in_time, round_ticks, spread
from headway.charts.svg import (
    Attribute,
    box,
    chart,
    dot,
    element,
    fraction,
    hint,
    line,
    number,
    percent,
    stretched,
    words,
)
from headway.forecast.value import FanDay, Period

TOP, FOOT = 12.0, 26.0
LEAST = 14.0  # between two labels
DIAMOND = "M0 -6 L6 0 L0 6 L-6 0 Z"


@dataclass(frozen=True, slots=True)
class Call:
    """What somebody called on a day. `name` says who and which: `Leader, commit`."""

    on: date
    amount: float
    name: str


@dataclass(frozen=True, slots=True)
class _Frame:
    period: Period
    top: float
    plot: float

    def across(self, day: date) -> float:
        return place_in_time(day, self.period.starts_on, self.period.ends_on)

    def share(self, amount: float) -> float:
        return 1 - fraction(amount, self.top)

    def down(self, amount: float) -> float:
        return TOP + self.plot * self.share(amount)


def period_fan(
    days: Sequence[FanDay], period: Period, *, calls: Sequence[Call] = (),
    amount_text: Callable[[float], str] = number, title: str, desc: str = "", height: float = 280,
) -> str:  # fmt: skip
    """The forecast of the whole period's total as it was at the end of each day of `days` (rising): 10, 50, 90 %.

    What was booked by then is filled; stage-weighted is a thin line; calls are diamonds. From the last day to the end
    of the period the newest range goes on, broken. `amount_text` writes amounts.
    """
    tops = [amount for day in days for amount in (day.high, day.stage_weighted, day.booked) if amount is not None]
    frame = _Frame(period, 1.06 * max([*tops, *(call.amount for call in calls)], default=0.0), height - TOP - FOOT)
    ticks = [(frame.down(tick), amount_text(tick)) for tick in round_ticks(frame.top, 4)]
    children = scale_lines(ticks)
    children += months(period.starts_on, period.ends_on, height - 4)
    if not days:
        return chart(children, height=height, title=title, desc=desc, css="fan")
    children.append(line("100%", TOP - 6, "100%", TOP + frame.plot, "period-end"))
    children.append(stretched(_layers(days, frame), y=TOP, height=frame.plot))
    children += _going_on(days[-1], frame)
    children += [_day(day, frame, amount_text) for day in days]
    children += [_call(call, frame, amount_text) for call in calls]
    children += _labels(days[-1], frame, amount_text)
    return chart(children, height=height, title=title, desc=desc, css="fan")


def _layers(days: Sequence[FanDay], frame: _Frame) -> list[str]:
    """Booked as an area, the range as a band, stage-weighted as a line; a single day has neither."""
    booked = [(frame.across(day.on), frame.share(day.booked)) for day in days]
    floor = [(booked[-1][0], 1.0), (booked[0][0], 1.0)]
    drawn = [traced([*booked, *floor], "booked-area", closed=True), traced(booked, "booked-line")]
    weighted = [
        (frame.across(day.on), frame.share(day.stage_weighted)) for day in days if day.stage_weighted is not None
    ]
    if len(weighted) > 1:
        drawn.append(traced(weighted, "weighted-line"))
    known = [day for day in days if None not in (day.low, day.middle, day.high)]
    if len(known) > 1:
        spans = [(day.low or 0.0, day.middle or 0.0, day.high or 0.0) for day in known]
        on = [day.on for day in known]
        drawn += band_and_line(on, spans, frame.share, first=frame.period.starts_on, last=frame.period.ends_on)
    return drawn


def _going_on(last: FanDay, frame: _Frame) -> list[str]:
    """The newest range up to the end of the period, and its ends there."""
    if last.low is None or last.middle is None or last.high is None:
        return []
    at = percent(frame.across(last.on))
    low, middle, high = (frame.down(amount) for amount in (last.low, last.middle, last.high))
    width = percent(1 - frame.across(last.on))
    return [
        box(at, high, width, max(low - high, 0.0), "band ahead"),
        line(at, high, "100%", high, "ahead-edge"),
        line(at, low, "100%", low, "ahead-edge"),
        line(at, middle, "100%", middle, "ahead-line"),
        line("100%", high, "100%", low, "whisker"),
        line(at, high, at, low, "whisker"),
        dot(at, middle, 4, "point"),
    ]


def _day(day: FanDay, frame: _Frame, amount_text: Callable[[float], str]) -> str:
    """An unseen strip over the day that says its numbers when pointed at."""
    said = f"{day_text(day.on)}: {amount_text(day.booked)} booked"
    if day.low is not None and day.middle is not None and day.high is not None:
        said += f"; total {amount_text(day.low)} to {amount_text(day.high)}, middle {amount_text(day.middle)}"
    if day.stage_weighted is not None:
        said += f"; stage-weighted {amount_text(day.stage_weighted)}"
    half = 3.5 / max((frame.period.ends_on - frame.period.starts_on).days, 7)
    left, right = max(frame.across(day.on) - half, 0.0), min(frame.across(day.on) + half, 1.0)
    place: dict[str, Attribute] = {"class": "day", "x": percent(left), "y": TOP, "width": percent(right - left)}
    return element("rect", place | {"height": frame.plot}, (hint(said),))


def _call(call: Call, frame: _Frame, amount_text: Callable[[float], str]) -> str:
    said = hint(f"{call.name}, {day_text(call.on)}: {amount_text(call.amount)}")
    place: dict[str, Attribute] = {
        "x": percent(frame.across(call.on)),
        "y": frame.down(call.amount),
        "overflow": "visible",
    }
    return element("svg", place, (element("path", {"d": DIAMOND, "class": "call"}, (said,)),))


def _labels(last: FanDay, frame: _Frame, amount_text: Callable[[float], str]) -> list[str]:
    """The newest numbers beside the end of the period."""
    wanted = (
        (last.high, "range-label"), (last.middle, "count"), (last.low, "range-label"),
        (last.booked, "booked-label"), (last.stage_weighted, "weighted-label"),
    )  # fmt: skip
    named = [(amount, css) for amount, css in wanted if amount is not None]
    places = spread([frame.down(amount) for amount, _ in named], LEAST, TOP, TOP + frame.plot)
    return [
        words(amount_text(amount), x="100%", y=y + 4, dx=8, css=css)
        for (amount, css), y in zip(named, places, strict=True)
    ]


def total_mark(
    low: float, middle: float, high: float, top: float, *, booked: float = 0.0,
    others: Sequence[tuple[float, str, str]] = (), title: str | None = None,
) -> str:  # fmt: skip
    """A total on a scale from 0 to `top`: booked filled, its range as a band with the middle in it.

    `others`: (amount, class, what it says): ticks of other numbers for the same.
    """
    left, right = percent(fraction(low, top)), fraction(high, top) - fraction(low, top)
    children = [box(0, 8.5, "100%", 3, "track"), box(0, 6, percent(fraction(booked, top)), 8, "booked-area")]
    children += [box(left, 4, percent(max(right, 0.0)), 12, "span-box", round_by=2)]
    middle_at = percent(fraction(middle, top))
    children.append(element("g", {"transform": "translate(-1.5 0)"}, (box(middle_at, 1.5, 3, 17, "median"),)))
    for amount, css, said in others:
        at = percent(fraction(amount, top))
        mark = element("line", {"x1": at, "y1": 0, "x2": at, "y2": 20, "class": f"other {css}"}, (hint(said),))
        children.append(mark)
    return chart(children, height=20, title=title)
