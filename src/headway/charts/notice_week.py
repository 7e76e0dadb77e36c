"""A week of somebody's own time: when they are told, when they may be told, and when it is quiet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from headway.charts.svg import box, chart, dot, percent, words

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LEFT, ROW, BAR, TOP = 0.13, 28.0, 16.0, 6.0
HOURS = (0, 6, 12, 18, 24)


def notice_week(
    *, quiet_from: time, quiet_until: time, digest_at: time | None, weekdays: str, title: str, desc: str
) -> str:
    """Seven bars of 24 hours: shaded where it is quiet, a dot for the digest. `digest_at` None: nothing at all."""
    children: list[str] = []
    for day, name in enumerate(DAYS):
        top = TOP + day * ROW
        middle = top + BAR / 2
        children.append(words(name, x=0, y=middle + 4, css="week-day"))
        children.append(box(percent(LEFT), top, percent(1 - LEFT), BAR, "week-open" if digest_at else "week-quiet"))
        if digest_at is None:
            continue
        for begins, ends in quiet_spans(quiet_from, quiet_until):
            children.append(box(_place(begins), top, percent((1 - LEFT) * (ends - begins) / 24), BAR, "week-quiet"))
        if str(day) in weekdays:
            said = f"{name}, {digest_at:%H:%M}: the digest"
            children.append(dot(_place(_hours(digest_at)), middle, 6, "week-digest", said))
    bottom = TOP + len(DAYS) * ROW + 10
    children += [
        words(
            f"{hour}",
            x=_place(hour),
            y=bottom,
            css="week-hour",
            anchor="end" if hour == 24 else "middle" if hour else None,
        )
        for hour in HOURS
    ]
    return chart(children, height=bottom + 6, title=title, desc=desc, css="notice-week")


def quiet_spans(begins: time, ends: time) -> Sequence[tuple[float, float]]:
    """Hours of one day that are quiet, as (from, until); those past midnight stand at both its ends."""
    first, last = _hours(begins), _hours(ends)
    if first == last:
        return []
    if first < last:
        return [(first, last)]
    return [span for span in ((0.0, last), (first, 24.0)) if span[0] < span[1]]


def _hours(clock: time) -> float:
    return clock.hour + clock.minute / 60


def _place(hours: float) -> str:
    return percent(LEFT + (1 - LEFT) * hours / 24)
