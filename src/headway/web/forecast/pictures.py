"""Pictures of the forecast: the fan with one's calls, and marks that stand beside each other on one scale."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from headway.basics.money import money_text
from headway.charts import fan
from headway.charts.marks import share_mark
from headway.charts.svg import box, chart, dot, fraction, line, percent
from headway.forecast.value import Chance, FanDay, Period, Total

AT = 10.0  # the middle of a mark, in pixels


def fan_picture(
    days: Sequence[FanDay], period: Period, calls: Sequence[fan.Call], currency: str | None, desc: str
) -> SafeString:
    """The period as it was forecast day by day; empty where there are no days."""
    if not days:
        return SafeString("")
    title = f"{period.name}: the total as forecast week by week, with what was booked"
    return SafeString(  # the chart escapes every word
        fan.period_fan(
            days, period, calls=calls, amount_text=lambda amount: money_text(amount, currency), title=title, desc=desc
        )
    )


def total_mark(total: Total, top: float) -> SafeString:
    """What is booked, the 80 % range and its middle on the scale from 0 to `top`."""
    low, middle, high, booked = (max(one, 0.0) for one in (total.low, total.middle, total.high, total.booked))
    return SafeString(fan.total_mark(low, middle, high, top, booked=booked))


def said_mark(least: float, most: float | None, top: float) -> SafeString:
    """What a person called: from commit to best case, hollow as claims are drawn."""
    left, right = fraction(max(least, 0), top), fraction(max(most or least, 0), top)
    between = line(percent(left), AT, percent(right), AT, "said-range")
    ends = [dot(percent(place), AT, 4.5, "ring") for place in dict.fromkeys((left, right))]
    return _drawn(between, *ends)


def point_mark(value: float, top: float) -> SafeString:
    """One number without a range."""
    place = percent(fraction(max(value, 0), top))
    return _drawn(line(place, AT - 7, place, AT + 7, "said-tick"))


def booked_mark(value: float, top: float) -> SafeString:
    """What is won already."""
    return _drawn(box(0, AT - 4, percent(fraction(max(value, 0), top)), 8, "booked-area", round_by=2))


def chance_mark(chance: Chance) -> SafeString:
    """A chance from 0 to 100 % with its 80 % range."""
    return SafeString(share_mark(chance.value, chance.low, chance.high))


def _drawn(*children: str) -> SafeString:
    track = box(0, AT - 1.5, "100%", 3, "track")
    return SafeString(chart((track, *children), height=2 * AT, title=None))


def step_mark(start: float, end: float, lowest: float, highest: float) -> SafeString:
    """One step of a waterfall: from the level before to the level after it, all steps on one scale."""

    def at(level: float) -> float:
        return 0.02 + 0.96 * fraction(level - lowest, highest - lowest)

    left, right = sorted((at(start), at(end)))
    css = "more" if end > start else "less" if end < start else "same"
    children = [
        line(percent(at(start)), -4, percent(at(start)), 22, "link"),
        line(percent(at(end)), 10, percent(at(end)), 46, "link"),
        box(percent(left), 4, percent(max(right - left, 0.003)), 12, f"change {css}", round_by=1),
    ]
    return SafeString(chart(children, height=20, title=None))


def level_mark(level: float, lowest: float, highest: float, *, last: bool) -> SafeString:
    """Where a waterfall begins or ends."""
    at = percent(0.02 + 0.96 * fraction(level - lowest, highest - lowest))
    way = () if last else (line(at, 10, at, 46, "link"),)
    return SafeString(chart((*way, dot(at, 10, 5, "level-point")), height=20, title=None))
