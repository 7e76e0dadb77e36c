"""Five rhythms to begin with. Each is a form that is filled in already; everything in it can be changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from headway.basics.errors import UserError
from headway.reviews.kinds import ReviewKind
from headway.reviews.recurrence import Every


@dataclass(frozen=True, slots=True)
class Starter:
    """A rhythm to begin with. `weekday`: 0 Monday ... 4; `roles`: whose members are ticked; `one`: with one seller."""

    id: str
    kind: ReviewKind
    name: str
    purpose: str
    every: Every
    weekday: int
    starts: time
    minutes: int
    roles: tuple[str, ...]
    one: bool = False


STARTERS = (
    Starter(
        "weekly", ReviewKind.PIPELINE, "Pipeline review",
        "The deals where talking changes most, each with a decision.",
        Every.WEEK, 1, time(10), 30, ("leader", "seller"),
    ),
    Starter(
        "one_to_one", ReviewKind.ONE_TO_ONE, "One-to-one",
        "One seller’s deals and promises; the seller speaks first.",
        Every.FORTNIGHT, 2, time(14), 30, ("leader",), one=True,
    ),
    Starter(
        "coaching", ReviewKind.COACHING, "Group coaching",
        "One departure that several deals share, worked on together.",
        Every.FORTNIGHT, 3, time(15), 45, ("leader", "seller"),
    ),
    Starter(
        "process", ReviewKind.PROCESS, "Process review",
        "What the verdicts say about the process: change it, try it, or leave it.",
        Every.MONTH, 0, time(11), 60, ("leader", "operations"),
    ),
    Starter(
        "reset", ReviewKind.RESET, "Quarterly reset",
        "What is kept, what is let go, and what the next quarter must prove.",
        Every.QUARTER, 0, time(13), 120, ("leader", "seller", "operations"),
    ),
)  # fmt: skip


def find_starter(id: str) -> Starter | None:
    """The starter of this id."""
    return next((one for one in STARTERS if one.id == id), None)


def get_starter(id: str) -> Starter:
    """The starter of this id. UserError where there is none."""
    found = find_starter(id)
    if found is None:
        raise UserError("There is no such starter: choose one of the five.")
    return found


def starter_of(kind: str) -> Starter:
    """The starter of this kind of review; the first for one that is unknown."""
    return next((one for one in STARTERS if one.kind == kind), STARTERS[0])


def first_day(starter: Starter, today: date) -> date:
    """A good first day after `today`: the next such weekday; for a month's or quarter's the first one in it."""
    if starter.every in (Every.WEEK, Every.FORTNIGHT):
        return _next_weekday(today + timedelta(days=1), starter.weekday)
    month = today.replace(day=1)
    while True:
        found = _next_weekday(month, starter.weekday)
        if found > today and (starter.every == Every.MONTH or found.month % 3 == 1):
            return found
        month = (month + timedelta(days=32)).replace(day=1)


def _next_weekday(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
