"""Pictures of the rhythm's health and of before and after, as SVG of our own making."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from headway.charts.course import CourseStep, course_line
from headway.charts.marks import share_mark
from headway.charts.mended import MendedBy, mended_curve
from headway.charts.occurrences import OccurrenceMark, strip
from headway.charts.ranges import Ranged, ranged
from headway.charts.reinforcement import AfterReview, after_reviews
from headway.charts.scale import day_text
from headway.reviews.embedding import DAYS, Change, Measure, Reading, Verdict
from headway.reviews.health import Correction, Month, Occurrence
from headway.reviews.install import LASTS_DAYS, PHASES, Course

HELD_WORDS = {"held": "held on time", "late": "held late", "empty": "without a decision", "skipped": "skipped"}
LONGEST_DAYS = 180.0  # of the curve: beyond it a deviation is simply not corrected


def share_picture(value: float, low: float, high: float) -> SafeString:
    """A share as a bar with its interval."""
    return SafeString(share_mark(value, low, high))


def strip_picture(name: str, past: Sequence[Occurrence], first: date, last: date, *, named: bool) -> SafeString:
    """The reviews of one rhythm along time."""
    marks = [
        OccurrenceMark(one.due_at.date(), one.state.value, f"{day_text(one.due_at.date())}: {HELD_WORDS[one.state]}")
        for one in past
    ]
    desc = ", ".join(f"{sum(one.state == state for one in past)} {words}" for state, words in HELD_WORDS.items())
    return SafeString(strip(marks, first, last, title=f"{name}: {desc}", named=named))


def months_picture(months: Sequence[Month]) -> SafeString:
    """Decisions per deal talked about, every four weeks."""
    points = [
        Ranged(
            f"{month.until.day} {month.until:%b}", month.rate.value, month.rate.low, month.rate.high,
            said=f"four weeks to {day_text(month.until.date())}: {month.rate.count} decisions on {month.rate.of} deals",
        )
        for month in months
    ]  # fmt: skip
    top = max([month.rate.high for month in months if month.rate.of >= 3] or [1.0])
    most = 1.0 if top <= 1.2 else 2.0 if top <= 2.5 else 4.0
    ticks = [(0.0, "0"), (most / 2, f"{most / 2:g}"), (most, f"{most:g}")]
    return SafeString(
        ranged(points, ticks=ticks, title="Decisions per deal talked about, every four weeks", height=190, every=3)
    )


def correction_picture(correction: Correction) -> SafeString:
    """The share of named deviations that is corrected, by days since a review first named them."""
    curve = correction.curve
    if curve is None or not correction.corrected:
        return SafeString("")
    until = min(max(curve.followed_days, 7.0), LONGEST_DAYS)
    steps = [
        MendedBy(float(day), 1 - float(value), 1 - float(high), 1 - float(low))
        for day, value, low, high in zip(curve.times_days, curve.value, curve.low, curve.high, strict=True)
        if day <= until
    ]
    half = correction.half.days if correction.half else None
    return SafeString(
        mended_curve(steps, until, half_days=half, title="Share of named deviations corrected, by days since named")
    )


def reinforcement_picture(found: Mapping[str, Any]) -> SafeString:
    """Adherence after held and after missed reviews, week by week, as the newest analysis found it."""
    held, missed = (_weeks(found, which) for which in ("held", "missed"))
    if len(held) + len(missed) < 2:
        return SafeString("")
    return SafeString(after_reviews(held, missed, title="What the process asks, kept so many weeks after a review"))


def _weeks(found: Mapping[str, Any], which: str) -> list[AfterReview]:
    return [
        AfterReview(week["weeks"], one["value"], one["low"], one["high"], one["n"])
        for week in found.get("curve", ())
        if (one := week.get(which))
    ]


def outcome_picture(measure: Measure, readings: Sequence[Reading], changes: Sequence[Change]) -> SafeString:
    """A measure on day 0, 30, 60 and 90 with its intervals; the first one hollow."""
    by_day = {reading.day: reading.figure(measure.id) for reading in readings}
    said = {change.day: change.verdict for change in changes}
    css = {Verdict.BETTER: "better", Verdict.WORSE: "worse"}
    points = []
    for day in DAYS:
        one = by_day.get(day)
        mark = "first" if day == 0 else css.get(said.get(day, Verdict.UNKNOWN), "")
        known = one is not None and one.value is not None
        words = f"day {day}: {100 * one.value:.0f} %, n {one.n}" if one is not None and one.value is not None else ""
        points.append(
            Ranged(str(day), one.value, one.low, one.high, mark, words) if one and known else Ranged(str(day), None)
        )
    high = max([one.high or one.value or 0 for one in by_day.values()] or [1.0])
    least = measure.least if any((one.low or 0) < 0 for one in by_day.values()) else 0.0
    most = 0.25 if high <= 0.25 and least == 0 else 0.5 if high <= 0.5 and least == 0 else 1.0
    ticks = [(one, f"{100 * one:.0f}{' %' if one == most else ''}") for one in (least, (least + most) / 2, most)]
    return SafeString(ranged(points, ticks=ticks, title=f"{measure.words}, on day 0, 30, 60 and 90", height=150))


def course_picture(course: Course) -> SafeString:
    """The ninety days, their steps and today."""
    phases = [(first, last, name) for first, last, name, _ in PHASES.values()]
    steps = [
        CourseStep(one.step.day, one.state.value, f"day {one.step.day}: {one.step.what}, {one.state.value}")
        for one in course.steps
    ]
    title = f"Day {min(course.day, LASTS_DAYS)} of {LASTS_DAYS}: {course.over} of {len(course.steps)} steps done"
    return SafeString(course_line(phases, steps, course.day, days=LASTS_DAYS, title=title))
