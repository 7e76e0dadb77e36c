"""Five minutes with oneself, once a week: three questions, and the weeks in a row in which the habit was kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)
WORKING_DAYS = 5
LEAST_WORKING_DAYS = 3  # a week with fewer is a holiday week: it counts for nothing and breaks nothing
LONGEST = 520  # weeks; ten years are a habit


@dataclass(frozen=True, slots=True)
class AskedOneself:
    """`name`: the answer's field; `hint`: what an answer looks like."""

    name: str
    words: str
    hint: str


QUESTIONS = (
    AskedOneself("moved", "What moved at a buyer?", "Something they did. Nothing is an answer too."),
    AskedOneself("stuck", "What is stuck?", "The deal you would rather not open."),
    AskedOneself("next", "What must happen next?", "One act of one buyer, and how you will get it."),
)


@dataclass(frozen=True, slots=True)
class Streak:
    """`weeks` in a row until now; `this_week`: whether this one is among them already."""

    weeks: int
    this_week: bool


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def is_holiday_week(monday: date, holidays: Collection[date]) -> bool:
    """Whether fewer than three working days are left of it."""
    days = [monday + timedelta(days=index) for index in range(WORKING_DAYS)]
    return sum(day not in holidays for day in days) < LEAST_WORKING_DAYS


def streak(kept_days: Collection[date], holidays: Collection[date], today: date) -> Streak:
    """Weeks in a row with a self-review done or a review held on any of `kept_days`.

    This week is not over: without either it breaks nothing yet. A holiday week breaks nothing and counts only if kept.
    """
    weeks = {monday_of(day) for day in kept_days if day <= today}
    monday = monday_of(today)
    this_week, length = monday in weeks, 0
    if not this_week:
        monday -= WEEK
    for _ in range(LONGEST):
        if monday in weeks:
            length += 1
        elif not is_holiday_week(monday, holidays):
            break
        monday -= WEEK
    return Streak(length, this_week)
