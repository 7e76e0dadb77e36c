"""A trial as its card and its page show it: arms with their counts, what the test says, and the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.safestring import SafeString

from headway.basics.figures import points_text
from headway.charts.trial import LookShown, narrowing
from headway.store.queries.people import WorkspaceRow
from headway.store.queries.trials import Pace, TrialRow, horizon_of, looked_at
from headway.trials.assignment import LEFT_OUT
from headway.trials.course import Course, Look
from headway.trials.results import Assignment, Plan, course_of, leaves_out, result_from
from headway.trials.sequential import deals_until
from headway.verdict.value import TrialResult

FOUND = 0.20  # the difference that the announced length is about
MOST_LOOKS = 12


@dataclass(frozen=True, slots=True)
class ArmCount:
    """One arm: deals assigned, and of those that count how many are won."""

    words: str
    assigned: int
    counting: int
    won: int


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look as a row of the picture's table twin."""

    on: date
    deals: int
    value: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class TrialShown:
    """`row` None: it came with an import. `leaves`: the other arm leaves the step out. `picture` empty: too early."""

    row: TrialRow | None
    label: str
    leaves: bool
    other: str
    result: TrialResult | None
    arms: tuple[ArmCount, ...]
    said_on: date | None
    picture: SafeString
    looks: tuple[LookRow, ...]
    earlier_looks: int
    follows: int

    @property
    def runs(self) -> bool:
        """Whether deals are still being assigned."""
        return self.row is None or self.row.ended_at is None

    @property
    def says_stop(self) -> bool:
        """Whether there is an answer."""
        return self.result is not None and self.result.state not in ("running", "stopped")


def shown_trial(
    workspace: WorkspaceRow, row: TrialRow | None, label: str, deals: Sequence[Assignment], now: datetime
) -> TrialShown:
    """Work it out. `deals`: those assigned to it, in order."""
    plan = Plan(row.horizon_days if row else horizon_of(workspace), row is not None and row.ended_at is not None)
    leaves = LEFT_OUT in row.arms if row else leaves_out(deals)
    other = row.other if row else ""
    if not deals:
        none = (ArmCount("as usual", 0, 0, 0), ArmCount(_arm(leaves), 0, 0, 0))
        return TrialShown(row, label, leaves, other, None, none, None, SafeString(""), (), 0, round(plan.horizon_days))
    margin = workspace.margin_points / 100
    seen = course_of(deals, looked_at(workspace, deals, now), plan, margin)
    result = result_from(label, seen, leaves, plan, margin)
    start = deals[0].assigned_at
    said = (start + timedelta(days=seen.said_on)).date() if seen.said_on is not None else None
    rows = [_row(look, start) for look in seen.looks if look.value is not None]
    return TrialShown(
        row, label, leaves, other, result, _arms(seen, leaves), said,
        _picture(seen, start, margin, result.sentence), tuple(reversed(rows[-MOST_LOOKS:])),
        max(0, len(rows) - MOST_LOOKS), round(plan.horizon_days),
    )  # fmt: skip


def announced(pace: Pace, margin: float) -> str:
    """How long a trial takes here, in one sentence; empty where nothing is known of this team's deals."""
    if pace.won is None or not 0 < pace.won < 1 or pace.deals_a_month < 0.5:
        return ""
    apart = deals_until(FOUND, min(max(pace.won, 0.05), 0.95), margin=margin)
    alike = deals_until(0.0, pace.won, margin=margin)
    found = f"finds a difference of 20 points after about {_after(apart, pace)}" if apart else ""
    none = f"needs about {_after(alike, pace)} to show that there is none of {100 * margin:.0f} points" if alike else ""
    does = " and ".join(part for part in (found, none) if part)
    here = f"With {100 * pace.won:.0f} % won and about {pace.deals_a_month:.0f} new deals a month"
    return f"{here}, a trial {does}." if does else ""


def _after(deals: int, pace: Pace) -> str:
    months = max(1, round(deals / pace.deals_a_month))
    return f"{round(deals, -1)} decided deals, {months} month{'s'[: months != 1]} of new ones,"


def _arms(seen: Course, leaves: bool) -> tuple[ArmCount, ...]:
    last = seen.last
    usual = ArmCount("as usual", seen.usual, last.usual, last.usual_won)
    return usual, ArmCount(_arm(leaves), seen.other, last.other, last.other_won)


def _arm(leaves: bool) -> str:
    return "left out" if leaves else "in other words"


def _picture(seen: Course, start: datetime, margin: float, sentence: str) -> SafeString:
    looks = [
        LookShown((start + timedelta(days=look.on)).date(), look.value, look.low, look.high, look.deals)
        for look in seen.looks
        if look.value is not None and look.low is not None and look.high is not None
    ]
    if not looks:
        return SafeString("")
    title = "The difference at every look, in points, with its interval"
    return SafeString(narrowing(looks, margin, title=title, desc=sentence))  # our own text, escaped there


def _row(look: Look, start: datetime) -> LookRow:
    value, low, high = (points_text(share or 0.0) for share in (look.value, look.low, look.high))
    return LookRow((start + timedelta(days=look.on)).date(), look.deals, value, low, high)
