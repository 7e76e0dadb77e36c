"""Where the lines of an axis stand: few, round numbers and dates."""

from __future__ import annotations

import math
from datetime import date, timedelta

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def round_ticks(top: float, wanted: int = 4) -> tuple[float, ...]:
    """Round numbers from 0 up to `top`, about `wanted` of them beside the 0."""
    if not math.isfinite(top):
        raise ValueError(f"an axis needs a finite end, not {top}")
    if top <= 0:
        return (0.0,)
    raw = top / max(wanted, 1)
    if raw < 1e-300:
        return (0.0,)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next((factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999), 10 * power)
    return tuple(step * index for index in range(int(top / step * 1.0001) + 1))


def month_text(day: date) -> str:
    """`Mar 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_text(day: date) -> str:
    """`4 Mar 2026`."""
    return f"{day.day} {month_text(day)}"


def month_ticks(first: date, last: date, wanted: int = 6) -> tuple[date, ...]:
    """First days of months within the span, evenly spaced, at most about `wanted` of them."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if months / step <= wanted), 600)
    ticks = []
    for index in range(months + 1):
        year, month = divmod(first.month - 1 + index, 12)
        if month % min(step, 12) == 0 and (step <= 12 or (first.year + year) % (step // 12) == 0):
            day = date(first.year + year, month + 1, 1)
            if first <= day <= last:
                ticks.append(day)
    return tuple(ticks)


def place_in_time(day: date, first: date, last: date) -> float:
    """0 at `first`, 1 at `last`."""
    span = (last - first) / timedelta(days=1)
    return min(max((day - first) / timedelta(days=1) / span, 0.0), 1.0) if span > 0 else 0.0


def spread(places: list[float], least: float, low: float, high: float) -> list[float]:
    """The same places moved as little as needed to stand `least` apart, in their order, within `low` and `high`."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    floor = low
    for index in order:
        moved[index] = max(moved[index], floor)
        floor = moved[index] + least
    ceiling = high
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - least
    return moved
