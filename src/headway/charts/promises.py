"""Promises over time: one mark each (made, due, kept) on a scale they share, and how many of them were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from headway.charts.over_time import scale_lines, traced
from headway.charts.scale import MONTHS, day_text, place_in_time
from headway.charts.svg import chart, dot, line, percent, stretched, words

MIDDLE, TALL = 11.0, 22.0
INSIDE = 0.03  # marks at both ends stay whole


@dataclass(frozen=True, slots=True)
class Scale:
    """The days that all marks of a list share, and today."""

    first: date
    last: date
    today: date


@dataclass(frozen=True, slots=True)
class Stretch:
    """`kept`: of `n`; `low`, `high`: its interval. `known`: whether it is shown as a share."""

    month_on: date
    kept: int
    n: int
    low: float
    high: float
    known: bool


def promise_mark(
    scale: Scale, *, made_on: date, due_on: date, ended_on: date | None, ended: str, title: str | None = None
) -> str:
    """From the day it was made (a tick) to its day (a ring); kept: a dot on the day it was, broken: red past its day.

    `ended`: kept, late, broken, let_go, or empty while open. The words beside it say the same.
    """

    def at(day: date) -> str:
        return percent(INSIDE + (1 - 2 * INSIDE) * place_in_time(day, scale.first, scale.last))

    today = min(max(scale.today, scale.first), scale.last)
    children = [line(at(today), 0, at(today), TALL, "promise-today")]
    if ended == "broken":
        children.append(line(at(due_on), MIDDLE, at(max(today, due_on)), MIDDLE, "promise-over"))
    if ended == "late" and ended_on:
        children.append(line(at(due_on), MIDDLE, at(ended_on), MIDDLE, "promise-over"))
    children.append(line(at(made_on), MIDDLE, at(due_on), MIDDLE, "promise-span"))
    children.append(line(at(made_on), MIDDLE - 4, at(made_on), MIDDLE + 4, "promise-made"))
    children.append(dot(at(due_on), MIDDLE, 4.5, "promise-due broken" if ended == "broken" else "promise-due"))
    if ended_on and ended in ("kept", "late"):
        children.append(dot(at(ended_on), MIDDLE, 4.5, "promise-kept"))
    if ended_on and ended == "let_go":
        children.append(line(at(ended_on), MIDDLE - 5, at(ended_on), MIDDLE + 5, "promise-let-go"))
    return chart(children, height=TALL, title=title, css="promise-mark")


def promise_axis(scale: Scale) -> str:
    """The days at both ends above the marks, and today between them where there is room."""
    place = place_in_time(scale.today, scale.first, scale.last)
    children = []
    if place > 0.3:
        children.append(words(_short(scale.first), x="0%", y=11, css="tick"))
    if place < 0.7:
        children.append(words(_short(scale.last), x="100%", y=11, css="tick", anchor="end"))
    anchor = "start" if place < 0.15 else "end" if place > 0.85 else "middle"
    children.append(words("today", x=percent(INSIDE + (1 - 2 * INSIDE) * place), y=11, css="tick", anchor=anchor))
    return chart(children, height=14, title=None, css="promise-axis")


def kept_over_time(stretches: Sequence[Stretch], *, title: str, desc: str = "", height: float = 150) -> str:
    """Share kept, a dot per month with its interval; where too few were due a pale interval without a dot."""
    if not stretches:
        raise ValueError("without a promise that was due there is nothing to draw")
    top, plot = 10.0, height - 46
    share = [(top + plot * (1 - value), f"{100 * value:.0f} %") for value in (0.0, 0.5, 1.0)]
    children = scale_lines(share, zero=True)
    many, places = len(stretches), [(index + 0.5) / len(stretches) for index in range(len(stretches))]
    known = [(place, one) for place, one in zip(places, stretches, strict=True) if one.known]
    if len(known) > 1:
        corners = [(place, 1 - one.kept / one.n) for place, one in known]
        children.append(stretched([traced(corners, "line")], y=top, height=plot))
    for place, one in zip(places, stretches, strict=True):
        x = percent(place)
        said = f"{MONTHS[one.month_on.month - 1]} {one.month_on.year}: {one.kept} of {one.n} kept"
        if one.known:
            children.append(line(x, top + plot * (1 - one.high), x, top + plot * (1 - one.low), "whisker"))
            children.append(dot(x, top + plot * (1 - one.kept / one.n), 4, "point", said))
        else:
            children.append(line(x, top + plot * (1 - one.high), x, top + plot * (1 - one.low), "kept-unknown"))
        roomy = "" if many <= 6 or (many - 1 - round(place * many - 0.5)) % 2 == 0 else " roomy"
        count = f"{one.kept} of {one.n}"
        children.append(words(count, x=x, y=height - 20, css=f"tick count-tick{roomy}", anchor="middle"))
        children.append(words(MONTHS[one.month_on.month - 1], x=x, y=height - 5, css=f"tick{roomy}", anchor="middle"))
    return chart(children, height=height, title=title, desc=desc, css="kept-course")


def _short(day: date) -> str:
    """`4 Mar`."""
    return day_text(day).rsplit(" ", 1)[0]
