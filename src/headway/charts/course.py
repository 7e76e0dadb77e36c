"""A course of days with its phases, its steps as dots and today as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.charts.svg import box, chart, dot, line, percent, words

ROAD, TALL = 44.0, 74.0


@dataclass(frozen=True, slots=True)
class CourseStep:
    """A step on its `day` (1 is the first). `state`: done, passed over, late, now or ahead."""

    day: int
    state: str
    said: str = ""


def course_line(
    phases: Sequence[tuple[int, int, str]], steps: Sequence[CourseStep], today: int | None, *, days: int, title: str
) -> str:
    """`phases`: first day, last day, name; `today`: None before it has begun, beyond the end it stands at the end."""

    def across(day: float) -> float:
        return min(max((day - 0.5) / days, 0.0), 1.0)

    children = []
    for place, (first, last, name) in enumerate(phases):
        left, right = (first - 1) / days, last / days
        css = "phase" if today is not None and first <= today <= last else "phase quiet"
        children.append(box(percent(left), ROAD - 12, percent(right - left), 24, css))
        children.append(words(name, x=percent(left), y=14, css="phase-name", dx=0 if place == 0 else 6))
        children.append(words(f"{first}–{last}", x=percent(left), y=TALL - 4, css="tick", dx=0 if place == 0 else 6))
        if place:
            children.append(line(percent(left), 2, percent(left), TALL - 2, "grid"))
    if today is not None:
        x = percent(across(min(today, days)))
        children.append(line(x, ROAD - 17, x, ROAD + 17, "today"))
    for step in steps:
        radius = 4.5 if step.state in ("done", "late") else 3.5
        css = f"step-{step.state.replace(' ', '-')}"
        children.append(dot(percent(across(step.day)), ROAD, radius, css, step.said))
    return chart(children, height=TALL, title=title, css="course")
